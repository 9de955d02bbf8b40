import assert from "node:assert/strict";
import { CachedPlaces, findPlace, NOT_CACHED } from "../../../../netlink/linux/places.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/linux/mod.ts";
import { openFilesBelow } from "../../open_files.ts";

const EAGAIN = c.EAGAIN, EINVAL = c.EINVAL, ENOENT = c.ENOENT;

/** What openat2(2) answers, one call after the other: a descriptor, or an error number below 0. */
function scene(...answers: number[]) {
  const resolves: number[] = [];
  const libc = {
    errno: 0,
    number: { openat2: 437 },
    call: {
      openat2(_number: number, _folder: number, _path: Uint8Array, how: Uint8Array<ArrayBuffer>) {
        const view = new DataView(how.buffer), answer = answers.shift()!;
        assert.equal(how.length, 24);
        assert.equal(Number(view.getBigUint64(0, true)), c.O_PATH | c.O_CLOEXEC);
        resolves.push(Number(view.getBigUint64(16, true)));
        libc.errno = Math.max(0, -answer);
        return answer < 0 ? -1 : answer;
      },
    },
  };
  const places = new CachedPlaces(libc as unknown as Libc, c.RESOLVE_IN_ROOT);
  return {
    places,
    resolves,
    libc,
    find: () => places.find(3, cString("/x")),
    wait: () => places.wait(3, cString("/x")),
  };
}

const CACHED = c.RESOLVE_IN_ROOT | c.RESOLVE_CACHED;

Deno.test("places: a cache that changes is asked again, three times", () => {
  const s = scene(-EAGAIN, -EAGAIN, 7, -EAGAIN, -EAGAIN, -EAGAIN, 8);
  assert.deepEqual([s.find(), s.find(), s.places.isSupported, s.wait()], [7, NOT_CACHED, true, 8]);
  assert.deepEqual(s.resolves, [...Array(6).fill(CACHED), c.RESOLVE_IN_ROOT]);
});

Deno.test("places: an error is one at once", () => {
  const s = scene(-ENOENT);
  assert.deepEqual([s.find(), s.libc.errno, s.resolves.length], [-1, ENOENT, 1]);
});

Deno.test("places: a kernel that doesn't know the flag is asked once", () => {
  const s = scene(-EINVAL);
  assert.deepEqual([s.find(), s.find(), s.places.isSupported, s.resolves.length], [NOT_CACHED, NOT_CACHED, false, 1]);
});

/** The real C library without openat2(2), as a filter of system calls has it. */
function withoutOpenat2(): Libc {
  const libc = new Libc(), { number, background } = libc;
  let isMissing = false;
  const openat2 = () => (isMissing = true, -1);
  const call = new Proxy(libc.call, {
    get: (calls, name) => {
      if (name === "openat2") return openat2;
      isMissing = false;
      return Reflect.get(calls, name);
    },
  });
  return {
    call,
    number,
    background,
    returned: libc.returned.bind(libc),
    get errno() {
      return isMissing ? c.ENOSYS : libc.errno;
    },
  } as unknown as Libc;
}

Deno.test(
  { name: "places: without openat2 each path leads where it leads with it", sanitizeResources: false },
  async () => {
    const folder = await Deno.makeTempDir(), libc = new Libc(), without = withoutOpenat2();
    try {
      await Deno.mkdir(`${folder}/a/b`, { recursive: true });
      await Deno.writeTextFile(`${folder}/a/b/file`, "");
      const links = {
        "a/up": "../a/b",
        "a/root": "/a",
        "file": "/a/b/file",
        "out": "../../../etc",
        "loop": "loop",
        "a/broken": "none",
      };
      for (const [name, target] of Object.entries(links)) await Deno.symlink(target, `${folder}/${name}`);
      const paths = [
        "/",
        ".",
        "/..",
        "/a",
        "/a/b/file",
        "a//b/./file",
        "/a/../a/b",
        "/a/up/file",
        "/a/root/root/b/file",
        "/file",
      ]
        .concat("/out", "/out/passwd", "/loop", "/a/broken", "/none", "/a/b/file/x", "/a/up", "/a/up/..");
      using root = Descriptor.of(libc, libc.call.open(cString(folder), c.O_PATH | c.O_CLOEXEC))!;
      /** The inode of a descriptor, or the error. */
      const told = (fd: number, { errno }: Pick<Libc, "errno">) => {
        if (fd < 0) return errno;
        const { ino } = Deno.statSync(`/proc/self/fd/${fd}`);
        libc.call.close(fd);
        return ino!;
      };
      const open = () => openFilesBelow(folder);
      const before = open();
      assert.deepEqual(before, [folder], "the root itself");
      for (const resolve of [c.RESOLVE_IN_ROOT, c.RESOLVE_IN_ROOT | c.RESOLVE_NO_SYMLINKS]) {
        const one = new CachedPlaces(libc, resolve), other = new CachedPlaces(without, resolve);
        assert.deepEqual([other.find(root.fd, cString("/a")), other.isSupported], [NOT_CACHED, false]);
        for (const path of paths) {
          const want = told(one.wait(root.fd, cString(path)), libc),
            have = told(other.wait(root.fd, cString(path)), without);
          // What a link ends is told in other words, of which all mean that nothing is there.
          const isSame = have === want || [c.ELOOP, c.ENOTDIR].includes(want) && [c.ELOOP, c.ENOTDIR].includes(have);
          assert.ok(isSame, `${path}, ${resolve}: ${have}, want ${want}`);
          const found = await findPlace(libc, root, path, resolve),
            walked = await findPlace(without, root, path, resolve);
          assert.equal(walked === undefined, found === undefined, path);
          if (found !== undefined) assert.equal(told(walked!.fd, libc), told(found.fd, libc), path);
        }
      }
      assert.deepEqual(open(), before, "open files");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test({ name: "places: found in another thread too", sanitizeResources: false }, async () => {
  const libc = new Libc();
  using root = Descriptor.of(libc, libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC));
  using there = await findPlace(libc, root!, "/proc/self", c.RESOLVE_IN_ROOT | c.RESOLVE_NO_MAGICLINKS);
  assert.ok(there !== undefined && there.fd >= 0);
  assert.equal(await findPlace(libc, root!, "/none/below", c.RESOLVE_IN_ROOT), undefined);
});
