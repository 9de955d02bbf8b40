/** Execs through BPF of the running kernel: nothing is missed, and each is told as /proc tells it. */

import assert from "node:assert/strict";
import { CUT, DELETED, DETACHED, ExecRing, EXIT_RECORD, FORK_RECORD } from "../../netlink/bpf/mod.ts";
import { constants as c, Libc, SourceUnavailableError, SystemCallError } from "../../netlink/linux/mod.ts";
import { requireRoot, requireTool } from "../require.ts";
import { assertBpfGone, type BpfIds, bpfIds, bpfProgramName, newBpfIds, requireBpf } from "./bpf.ts";
import type { ChildReport } from "./bpf_child.ts";
import { drain, type Told } from "./told_execs.ts";

// The C library stays open, as it does in the exporter.
const live = {
  ignore: requireRoot() || requireBpf(),
  sanitizeResources: false,
};
const UTF8 = new TextDecoder();

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "bpf" });
  await Deno.chmod(path, 0o755);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test({ ...live, name: "bpf: 2,000 launches flat out, each with its path, arguments and folder" }, async () => {
  await using folder = await temporaryFolder();
  using ring = ExecRing.open(new Libc(), { ringBytes: 2 << 20 });
  const script = "i=0; while [ $i -lt 2000 ]; do /bin/true launch $i; i=$((i+1)); done";
  assert.ok((await new Deno.Command("/bin/sh", { args: ["-c", script], cwd: folder.path }).output()).success);
  const path = await Deno.realPath("/bin/true"), all = drain(ring).filter(({ args }) => args[1] === "launch");
  assert.equal(ring.lost(), 0);
  assert.deepEqual(
    all.map((exec) => ({ path: exec.path, name: exec.name, args: exec.args, folder: exec.folder })),
    Array.from({ length: 2000 }, (_, i) => ({
      path,
      name: "/bin/true",
      args: ["/bin/true", "launch", `${i}`],
      folder: folder.path,
    })),
  );
});

Deno.test(
  { ...live, name: "bpf: sh, script and true flat out: the script by its name, the interpreter by its path" },
  async () => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/step.sh`, "#!/bin/sh\n/bin/true under $1\n", { mode: 0o755 });
    using ring = ExecRing.open(new Libc(), { ringBytes: 2 << 20 });
    const script = "i=0; while [ $i -lt 1000 ]; do ./step.sh $i; i=$((i+1)); done";
    assert.ok((await new Deno.Command("/bin/sh", { args: ["-c", script], cwd: folder.path }).output()).success);
    const shell = await Deno.realPath("/bin/sh"), all = drain(ring).filter(({ folder: at }) => at === folder.path);
    assert.equal(ring.lost(), 0);
    const scripts = all.filter(({ isScript }) => isScript), leaves = all.filter(({ args }) => args[1] === "under");
    assert.deepEqual(
      scripts.map(({ path, name, args }) => ({ path, name, args })),
      Array.from(
        { length: 1000 },
        (_, i) => ({ path: shell, name: "./step.sh", args: ["/bin/sh", "./step.sh", `${i}`] }),
      ),
    );
    assert.deepEqual(leaves.map(({ args }) => args[2]), Array.from({ length: 1000 }, (_, i) => `${i}`));
    const parents = new Map(scripts.map(({ pid, args }) => [args[2], pid]));
    for (const { record, args } of leaves) assert.equal(record.parent, parents.get(args[2]));
  },
);

for (const lifecycle of [false, true]) {
  const name =
    `bpf: a ring of ${lifecycle ? "all events" : "execs"} is handed over by its descriptors; what is none is ` +
    "refused and left open";
  Deno.test({ ...live, name }, () => {
    const libc = new Libc();
    using opened = ExecRing.open(libc, { ringBytes: 64 << 10, lifecycle });
    const numbers = opened.handOver();
    const adopted = ExecRing.adopt(libc, numbers, { ringBytes: 64 << 10, lifecycle }); // owns the same descriptors
    assert.ok(new Deno.Command("/bin/true", { args: ["handed", "over"] }).outputSync().success);
    const lengths = new Set<number>();
    assert.ok(drain(adopted, lengths).some(({ args }) => args[1] === "handed"));
    assert.deepEqual([FORK_RECORD.length, EXIT_RECORD.length].map((length) => lengths.has(length)), [
      lifecycle,
      lifecycle,
    ]);
    assert.equal(adopted.lost(), 0);
    for (const rubbish of ["", "none", "1,2", "0,1,2,3", numbers.split(",").reverse().join(","), `${numbers},9`]) {
      assert.throws(
        () => ExecRing.adopt(libc, rubbish, { ringBytes: 64 << 10, lifecycle }),
        SourceUnavailableError,
        rubbish,
      );
    }
    for (const wrong of [{ ringBytes: 64 << 10, lifecycle: !lifecycle }, { ringBytes: 128 << 10, lifecycle }]) {
      assert.throws(() => ExecRing.adopt(libc, numbers, wrong), SourceUnavailableError, "of another kind");
    }
    assert.equal(libc.call.write(1, new Uint8Array(0), 0), 0, "standard output is still open");
  });
}

/** A C library for which the kernel refuses bpf(2), as it does before Linux 5.19 to who has given CAP_BPF up. */
function withoutBpf(libc: Libc): Libc {
  let isRefused = false;
  const call = {
    ...libc.call,
    bpf: () => {
      isRefused = true;
      return -1;
    },
  };
  return new Proxy(libc, {
    get(_, name) {
      if (name === "call") return call;
      if (name === "errno" && isRefused) {
        isRefused = false;
        return c.EPERM;
      }
      const value: unknown = Reflect.get(libc, name, libc);
      return typeof value !== "function" ? value : name === "check"
        ? (result: number, op: string) => {
          if (result < 0) throw new SystemCallError(op, c.EPERM);
          return result;
        }
        : value.bind(libc);
    },
  });
}

Deno.test({ ...live, name: "bpf: a ring is taken over where the kernel tells nothing of it" }, () => {
  const libc = new Libc(), blind = withoutBpf(libc), ringBytes = 64 << 10;
  using opened = ExecRing.open(libc, { ringBytes });
  const numbers = opened.handOver();
  for (const rubbish of ["0,1,2,3", numbers.split(",").reverse().join(",")]) {
    assert.throws(() => ExecRing.adopt(blind, rubbish, { ringBytes }), SourceUnavailableError, rubbish);
  }
  assert.throws(
    () => ExecRing.adopt(blind, numbers, { ringBytes: 128 << 10 }),
    SourceUnavailableError,
    "it is smaller",
  );
  assert.equal(libc.call.write(1, new Uint8Array(0), 0), 0, "standard output is still open");
  const adopted = ExecRing.adopt(blind, numbers, { ringBytes }); // owns the same descriptors
  assert.ok(new Deno.Command("/bin/true", { args: ["taken", "over"] }).outputSync().success);
  assert.ok(drain(adopted).some(({ args }) => args[1] === "taken"));
  assert.equal(adopted.lost(), 0);
});

/** Ways to run a program that stays, `$1` being a folder and `$2` a copy of sleep(1) in it. */
const WAYS: readonly {
  readonly name: string;
  readonly command: string;
  readonly flags?: number;
  readonly path?: string;
}[] = [
  { name: "a plain file", command: 'exec "$2" 60' },
  { name: "a name with a line feed", command: 'cp "$2" "$1/new\nline"; exec "$1/new\nline" 60' },
  { name: "a name in UTF-8", command: 'cp "$2" "$1/größe 😀"; exec "$1/größe 😀" 60' },
  { name: "a name of 255 bytes", command: 'n=$(printf %0255d 7); cp "$2" "$1/$n"; exec "$1/$n" 60' },
  {
    name: "24 folders",
    command:
      'd=$1; for i in $(seq 24); do d="$d/folder-$i"; done; mkdir -p "$d"; cp "$2" "$d/s"; cd "$d"; exec "$d/s" 60',
  },
  {
    name: "40 folders, which are too many",
    command: 'd=$1; for i in $(seq 40); do d="$d/$i"; done; mkdir -p "$d"; cp "$2" "$d/s"; exec "$d/s" 60',
    flags: CUT,
    path: "?",
  },
  { name: "a hard link", command: 'ln "$2" "$1/link"; exec "$1/link" 60' },
  { name: "a symbolic link", command: 'ln -s "$2" "$1/symlink"; exec "$1/symlink" 60' },
  {
    name: "a file that was deleted",
    command: 'cp "$2" "$1/gone"; exec 3<"$1/gone"; rm "$1/gone"; exec /proc/self/fd/3 60',
    flags: DELETED,
  },
  {
    name: "a memfd",
    command: `exec python3 -c 'import os,sys
f = os.memfd_create("secret")
os.write(f, open(sys.argv[1], "rb").read())
os.execve(f, ["x", "60"], {})' "$2"`,
    flags: DETACHED,
  },
  {
    name: "a tmpfs",
    command: 'mkdir "$1/t"; mount -t tmpfs none "$1/t"; cp "$2" "$1/t/s"; cd "$1/t"; exec "$1/t/s" 60',
  },
  { name: "a bind mount", command: 'mkdir "$1/b"; mount --bind "$1" "$1/b"; exec "$1/b/sleep" 60' },
  { name: "a chroot", command: 'mkdir "$1/c"; mount --bind / "$1/c"; exec chroot "$1/c" /bin/sleep 60' },
  {
    name: "a private mount namespace",
    command:
      'exec unshare -m sh -c \'mount -t tmpfs none "$1"; cp /bin/sleep "$1/own"; cd "$1"; exec "$1/own" 60\' - "$1"',
  },
  {
    name: "an overlay",
    command:
      'cd "$1"; mkdir ovl; mount -t tmpfs none ovl; mkdir ovl/l ovl/u ovl/w ovl/m; cp "$2" ovl/l/s; mount -t overlay overlay -o lowerdir=ovl/l,upperdir=ovl/u,workdir=ovl/w ovl/m; exec "$1/ovl/m/s" 60',
  },
];

for (const { name, command, flags = 0, path } of WAYS) {
  Deno.test({ ...live, name: `bpf: ${name} is told as /proc tells it` }, async () => {
    await using folder = await temporaryFolder();
    await Deno.copyFile("/bin/sleep", `${folder.path}/sleep`);
    using ring = ExecRing.open(new Libc(), { ringBytes: 1 << 20 });
    // In a mount namespace of its own, so that the mounts go with it; its processes are read there.
    const args = ["-m", "--propagation", "private", "sh", "-c", command, "-", folder.path, `${folder.path}/sleep`];
    const child = new Deno.Command("unshare", { args, stdout: "null" }).spawn();
    try {
      let told: Told | undefined;
      for (const end = performance.now() + 10_000; told === undefined && performance.now() < end;) {
        told = drain(ring).find(({ pid, args }) => pid === child.pid && args.length === 2 && args[1] === "60");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.ok(told !== undefined, "no record came");
      const link = (what: string) => Deno.readLinkSync(`/proc/${told.pid}/${what}`);
      assert.equal(told.path, path ?? link("exe").replace(/ \(deleted\)$/, ""));
      assert.equal(told.folder, link("cwd"));
      assert.equal(told.pathFlags, flags);
      assert.equal(told.args.join("\0") + "\0", Deno.readTextFileSync(`/proc/${told.pid}/cmdline`));
      assert.equal(`mnt:[${told.record.mountNs}]`, link("ns/mnt"));
      assert.equal(`user:[${told.record.userNs}]`, link("ns/user"));
      assert.equal(told.record.rootInode, Deno.statSync(`/proc/${told.pid}/root/.`).ino);
      const file = Deno.statSync(`/proc/${told.pid}/exe`);
      assert.equal(told.record.inode, file.ino);
      assert.equal(told.record.links, file.nlink);
      assert.equal(told.record.owner, file.uid);
      assert.equal(told.record.changeSeconds, Math.floor(file.ctime!.getTime() / 1000));
      assert.deepEqual([told.record.uid, told.record.euid, told.record.parent], [0, 0, Deno.pid]);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  });
}

Deno.test({
  ...live,
  name: "bpf: a set-uid program has another effective user than the one who runs it",
  ignore: live.ignore || requireTool("setpriv", "util-linux"),
}, async () => {
  await using folder = await temporaryFolder();
  await Deno.copyFile("/bin/true", `${folder.path}/suid`);
  await Deno.chmod(`${folder.path}/suid`, 0o4755);
  using ring = ExecRing.open(new Libc(), { ringBytes: 64 << 10 });
  await new Deno.Command("setpriv", { args: ["--reuid=1234", "--clear-groups", `${folder.path}/suid`] }).output();
  const told = drain(ring).find(({ path }) => path === `${folder.path}/suid`)!;
  assert.deepEqual([told.record.uid, told.record.euid, told.record.owner], [1234, 0, 0]);
});

Deno.test({ ...live, name: "bpf: who enters another root than its parent's is marked" }, async () => {
  using ring = ExecRing.open(new Libc(), { ringBytes: 64 << 10 });
  const command = `d=$(mktemp -d); mount -t tmpfs none "$d"; mkdir "$d/usr"; mount --bind /usr "$d/usr"
    for name in bin lib lib64; do ln -s usr/$name "$d/$name"; done
    chroot "$d" /bin/sh -c '/bin/true within; exit'; umount -R "$d"; rmdir "$d"; /bin/true outside`;
  await new Deno.Command("unshare", { args: ["-m", "sh", "-c", command] }).output();
  const all = drain(ring), find = (last: string) => all.findLast(({ args }) => args.at(-1) === last)!;
  const shell = find("/bin/true within; exit"), within = find("within"), outside = find("outside");
  assert.deepEqual([shell, within, outside].map(({ enteredRoot }) => enteredRoot), [true, false, false]);
  assert.match(shell.path, /^\/tmp\/tmp\.\w+\/usr\/bin\/\w+$/);
  assert.equal(within.record.rootDevice, shell.record.rootDevice);
  assert.notEqual(within.record.rootDevice, outside.record.rootDevice);
});

Deno.test({ ...live, name: "bpf: what a ring that nobody reads has no room for is counted exactly" }, async () => {
  const libc = new Libc(), now = () => libc.clock(c.CLOCK_MONOTONIC);
  // Others launch too, and perhaps while the ring is opened: another one with room for all says how many there were.
  using reference = ExecRing.open(libc, { ringBytes: 8 << 20 });
  const opening = now();
  using ring = ExecRing.open(libc, { ringBytes: 64 << 10 });
  const opened = now();
  const launches = 2000, script = `i=0; while [ $i -lt ${launches} ]; do /bin/true; i=$((i+1)); done`;
  const { success } = await new Deno.Command("/bin/sh", { args: ["-c", script] }).output();
  assert.ok(success);
  const reading = now(), lost = ring.lost(), told = drain(ring).length + lost, read = now();
  const times = drain(reference).map(({ timeNs }) => timeNs);
  assert.equal(reference.lost(), 0);
  const between = (from: number, to: number) => times.filter((time) => time >= from && time <= to).length;
  assert.ok(lost > 500, `${lost} lost`);
  assert.ok(between(opened, reading) > launches);
  assert.ok(told >= between(opened, reading) && told <= between(opening, read), `${told} told or lost`);
  await new Deno.Command("/bin/true").output();
  assert.ok(drain(ring).length >= 1, "there is room again");
  assert.equal(ring.lost(), lost);
});

/** Runs the child with these rights, and reads its line. */
function startChild(setpriv: readonly string[]) {
  const script = new URL("bpf_child.ts", import.meta.url).pathname,
    lock = new URL("../../deno.lock", import.meta.url).pathname;
  const run = [Deno.execPath(), "run", "-A", "--quiet", "--no-check", `--lock=${lock}`, script];
  const child = new Deno.Command("setpriv", { args: [...setpriv, ...run], stdin: "piped", stdout: "piped" }).spawn();
  const line = async (): Promise<ChildReport> => {
    for await (const chunk of child.stdout) return JSON.parse(UTF8.decode(chunk)) as ChildReport;
    throw new Error("the child said nothing");
  };
  return { child, line };
}

const privileges = { ...live, ignore: live.ignore || requireTool("setpriv", "util-linux") };
const AS_USER = ["--reuid=1000", "--regid=1000", "--clear-groups"];
const capabilities = (...names: string[]) =>
  ["inh", "ambient"].map((set) => `--${set}-caps=${names.map((name) => `+${name}`).join(",")}`);

Deno.test({
  ...privileges,
  name: "bpf: two capabilities are enough for another user, and aren't needed once it is open",
}, async () => {
  const { child, line } = startChild([...AS_USER, ...capabilities("bpf", "perfmon")]);
  const report = await line();
  await child.stdin.close();
  await child.status;
  assert.equal(report.error, undefined);
  assert.ok(report.records! >= 3, `${report.records} records`);
  assert.equal(report.lost, 0);
});

Deno.test({ ...privileges, name: "bpf: without a right the error says which" }, async () => {
  for (const rights of [[], capabilities("bpf")]) {
    const { child, line } = startChild([...AS_USER, ...rights]);
    const report = await line();
    await child.stdin.close();
    await child.status;
    assert.equal(report.reason, "not-permitted");
    assert.match(
      report.error!,
      /^Cannot use BPF: not permitted \(EPERM\); run as root, or with CAP_BPF and CAP_PERFMON/,
    );
  }
});

Deno.test({ ...privileges, name: "bpf: nothing stays in the kernel after a close, or SIGKILL" }, async () => {
  const libc = new Libc();
  const open = (before: BpfIds): BpfIds => {
    const ids = newBpfIds(libc, before);
    assert.deepEqual(ids.programs.map((id) => bpfProgramName(libc, id)), ["cnproc_exec"]);
    assert.deepEqual([ids.maps.length, ids.links.length], [4, 1]);
    return ids;
  };
  const beforeRing = bpfIds(libc);
  using ring = ExecRing.open(libc, { ringBytes: 64 << 10 });
  const ofRing = open(beforeRing);
  ring.close();
  await assertBpfGone(libc, ofRing);
  const beforeChild = bpfIds(libc);
  const { child, line } = startChild([]);
  assert.equal((await line()).error, undefined);
  const ofChild = open(beforeChild);
  child.kill("SIGKILL");
  await child.stdin.close().catch(() => {});
  await child.status;
  await assertBpfGone(libc, ofChild);
});
