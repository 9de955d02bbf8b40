import assert from "node:assert/strict";
import { CachedPlaces, findPlace, NOT_CACHED } from "../../../../netlink/linux/places.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/linux/mod.ts";

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

Deno.test({ name: "places: found in another thread too", sanitizeResources: false }, async () => {
  const libc = new Libc();
  using root = Descriptor.of(libc, libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC));
  using there = await findPlace(libc, root!, "/proc/self", c.RESOLVE_IN_ROOT | c.RESOLVE_NO_MAGICLINKS);
  assert.ok(there !== undefined && there.fd >= 0);
  assert.equal(await findPlace(libc, root!, "/none/below", c.RESOLVE_IN_ROOT), undefined);
});
