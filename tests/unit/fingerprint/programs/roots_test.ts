import assert from "node:assert/strict";
import { LabelChanges } from "../../../../fingerprint/labels/changes.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { BasePaths, NO_OVERRIDES } from "../../../../fingerprint/base/programs.ts";
import { openFilesBelow } from "../../open_files.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { HOST, NO_ROOT, type RootReader as ProcReader, Roots } from "../../../../fingerprint/programs/roots.ts";
import { RootReader, type RootRequest } from "../../../../fingerprint/programs/root_readings.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/mod.ts";
import { MapFiles } from "../map_files.ts";

const libc = new Libc();
void libc.background; // opened by the first test that needs it, it would be that test's leak
const OWN_NAMESPACE = 100;

/** Folders that pass for roots of processes; a process's id is that of its root. */
class Folders implements ProcReader, Disposable {
  readonly top = Deno.makeTempDirSync();
  readonly gone = new Set<number>();
  readonly relabels: number[] = [];
  readonly told: (number | string)[] = [];
  readonly requests: RootRequest[] = [];
  /** Processes in a user namespace of somebody's. */
  readonly owners = new Map<number, number>();
  /** Those of which it was asked whose namespace theirs is. */
  readonly ownersAsked: number[] = [];
  /** Roots whose file system doesn't answer, by the process in them, and how it answers at last. */
  readonly silent = new Map<number, () => void>();
  /** Nanoseconds that have passed: none by themselves, so that a slow machine has as much time as a fast one. */
  time = 0;
  answered = 0;
  readonly roots: Roots;
  readonly #procfs = new Procfs(libc);
  readonly #reader: RootReader;
  readonly #readings: Promise<void>[] = [];

  constructor() {
    const host = new Labeller(BasePaths.load(new MapFiles()));
    const changes = new LabelChanges({ clock: (number) => (this.relabels.push(1), libc.clock(number)) });
    const { call, number } = libc, began = libc.clock(c.CLOCK_MONOTONIC), clock = () => began + this.time;
    this.#reader = new RootReader(libc, { openRoot: this.openRoot, reopen: (place) => this.#procfs.reopen(place) });
    this.roots = new Roots(
      { call, number, clock } as unknown as Libc,
      this,
      host,
      changes,
      this,
      this,
      undefined,
      { full: (roots) => this.told.push(roots), stalled: (path) => this.told.push(path) },
      64,
    );
    this.roots.patienceNs = 3e7;
  }

  /** Makes the root of a process, with a database that calls `programs` base. */
  make(pid: number, programs: readonly string[]): void {
    const info = `${this.path(pid)}/var/lib/dpkg/info`;
    Deno.mkdirSync(info, { recursive: true });
    Deno.writeTextFileSync(`${info}/p.list`, programs.map((path) => `${path}\n`).join(""));
    const status = `${this.path(pid)}/var/lib/dpkg/status`;
    Deno.writeTextFileSync(status, "Package: p\nStatus: install ok installed\nPriority: required\n\n");
    Deno.utimeSync(status, 1000, programs.length);
  }

  path(pid: number): string {
    return pid === 0 ? "/" : `${this.top}/${pid}`;
  }

  /** The label of a program in a root, as it is known now. */
  label(pid: number, path: string): string {
    return this.roots.labeller(this.roots.of(pid)).executable(this.path(pid) + path).label;
  }

  /** All that can be read is. */
  async settle(): Promise<void> {
    for (let before = -1; before !== this.#readings.length;) {
      before = this.#readings.length;
      await Promise.all(this.#readings);
      this.roots.step(Infinity);
    }
  }

  // What is asked of /proc.
  readRoot: Procfs["readRoot"] = (pid, into) => !this.gone.has(pid) && into.read(c.AT_FDCWD, cString(this.path(pid)));
  openRoot: Procfs["openRoot"] = (pid) =>
    Descriptor.of(libc, libc.call.open(cString(this.path(pid)), c.O_PATH | c.O_CLOEXEC));
  readRootPath: Procfs["readRootPath"] = (pid) => this.path(pid);
  readNamespace: Procfs["readNamespace"] = (pid) => OWN_NAMESPACE + (this.owners.has(pid) ? pid : 0);
  readNamespaceOwner: Procfs["readNamespaceOwner"] = (pid) => {
    this.ownersAsked.push(pid);
    return this.owners.get(pid) ?? 0;
  };
  readText: Procfs["readText"] = (name) => {
    if (name.endsWith("/mountinfo")) return "600 599 0:50 / / rw - overlay x rw,lowerdir=/l,upperdir=/u,workdir=/w\n";
    return name.endsWith("/uid_map") ? `         0 ${Deno.uid()} 1\n` : undefined;
  };

  // What is asked of the thread that reads.
  ask(request: RootRequest, answer: SharedArrayBuffer): void {
    this.requests.push(request);
    const read = () => this.#reader.read(request, answer).then(() => void this.answered++);
    if (this.silent.has(request.pid)) this.silent.set(request.pid, () => this.#readings.push(read()));
    else this.#readings.push(read());
  }

  /** A file system that was silent answers. */
  answer(pid: number): void {
    const read = this.silent.get(pid)!;
    this.silent.delete(pid);
    read();
  }

  wait(_seen: number, milliseconds: number): void {
    this.time += milliseconds * 1e6;
  }

  pidIn(root: number): number {
    return root === HOST || this.gone.has(root) ? -1 : root;
  }

  rootsInUse(): Set<number> {
    return new Set(Array.from({ length: 70 }, (_, root) => root).filter((root) => !this.gone.has(root)));
  }

  get openFiles(): number {
    return openFilesBelow(this.top).length;
  }

  /** Lets the time of looks at all roots pass. */
  async check(seconds = 30): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.time += 1e9;
      this.roots.check(libc.clock(c.CLOCK_MONOTONIC) + this.time);
      await this.settle();
    }
  }

  [Symbol.dispose](): void {
    this.#procfs.close();
    Deno.removeSync(this.top, { recursive: true });
  }
}

/** Whose files count is tested where they are the administrator's. */
const ignore = Deno.uid() !== 0;

Deno.test({ name: "each root is labelled by its own database", ignore }, async () => {
  using folders = new Folders();
  const { roots } = folders, before = folders.openFiles;
  folders.make(1, ["/opt/tool"]);
  folders.make(2, ["/usr/bin/ls"]);
  assert.deepEqual([roots.hasOthers, roots.of(0)], [false, HOST]);
  assert.deepEqual([roots.of(1), roots.of(2), roots.of(1), roots.of(2), roots.hasOthers], [1, 2, 1, 2, true]);
  assert.equal(roots.isPending, true);
  await folders.settle();
  assert.deepEqual([roots.isPending, roots.isReading, roots.unreadable], [false, false, 0]);
  const label = folders.label.bind(folders);
  assert.deepEqual([label(1, "/opt/tool"), label(1, "/usr/bin/ls")], ["base", "ls"]);
  assert.deepEqual([label(2, "/opt/tool"), label(2, "/usr/bin/ls")], ["tool", "base"]);
  assert.equal(roots.labeller(HOST).executable("/usr/bin/ls").label, "base");
  assert.equal(folders.openFiles, before, "a root that was read isn't kept open");
  assert.deepEqual(folders.relabels, []);
});

Deno.test({
  name: "until a root is read the built-in list tells, and what was labelled by it is labelled anew",
  ignore,
}, async () => {
  using folders = new Folders();
  folders.make(1, ["/opt/tool"]);
  assert.deepEqual([folders.label(1, "/opt/tool"), folders.label(1, "/usr/bin/ls")], ["tool", "base"]);
  await folders.settle();
  assert.equal(folders.label(1, "/opt/tool"), "base");
  assert.equal(folders.relabels.length, 1);
});

Deno.test("in a root that any user may have made, its own database has no say", async () => {
  using folders = new Folders();
  folders.make(1, ["/opt/miner"]);
  folders.owners.set(1, 1000);
  const labels = () => ["/opt/miner", "/usr/bin/ls", "/usr/sbin/sshd"].map((path) => folders.label(1, path));
  assert.deepEqual(labels(), ["miner", "ls@user-root", "sshd@user-root"]);
  await folders.check();
  assert.deepEqual(labels(), ["miner", "ls@user-root", "sshd@user-root"]);
  assert.equal(folders.requests.length, 0);
  assert.equal(folders.roots.userNamespaceOf(folders.roots.of(1)), OWN_NAMESPACE + 1);
  folders.owners.delete(1); // a process of the administrator's lives there too
  await folders.check();
  assert.equal(folders.requests.length > 0, true);
  assert.deepEqual(labels(), ["base", "ls", "sshd"]);
});

Deno.test("files count that are the administrator's, and those of the root of a namespace that the administrator made", async () => {
  using folders = new Folders();
  folders.make(1, ["/opt/tool"]);
  folders.owners.set(1, 0);
  folders.roots.of(1);
  await folders.settle();
  assert.deepEqual(folders.requests.map(({ owners }) => owners), [Deno.uid() === 0 ? [0] : [0, Deno.uid()]]);
  assert.equal(folders.label(1, "/opt/tool"), "base");
});

Deno.test("whose a root is costs one question when it is found", async () => {
  using folders = new Folders();
  for (const [pid, owner] of [[1, 1000], [2, 0], [3, 1000]] as const) {
    folders.make(pid, []);
    folders.owners.set(pid, owner);
    folders.roots.of(pid);
  }
  await folders.settle();
  assert.deepEqual(folders.ownersAsked, [1, 2, 3]);
  assert.deepEqual(folders.requests.map(({ pid }) => pid), [2]);
});

Deno.test("file systems that don't answer cost four readings, one word, and nobody else's", async () => {
  using folders = new Folders();
  const { roots } = folders;
  for (let pid = 1; pid <= 10; pid++) {
    folders.make(pid, [`/opt/tool-${pid}`]);
    if (pid <= 4) folders.silent.set(pid, () => {});
  }
  folders.owners.set(9, 0);
  roots.prepare([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(folders.time <= 3e8, true, "the start waits for a third of a second at most");
  for (let pid = 1; pid <= 10; pid++) assert.notEqual(folders.label(pid, `/opt/tool-${pid}`), "base");
  assert.equal(folders.time <= 3e8 + 4 * 3e7, true, "the first program of each for 30 ms");
  await folders.check();
  assert.deepEqual([folders.requests.length, roots.unreadable], [4, 10]);
  assert.deepEqual(folders.told, [folders.path(1)]);
  folders.answer(2);
  await folders.check();
  assert.equal(roots.unreadable, 3);
  for (const pid of [2, 5, 10]) if (!ignore) assert.equal(folders.label(pid, `/opt/tool-${pid}`), "base");
  assert.notEqual(folders.label(1, "/opt/tool-1"), "base");
  assert.equal(folders.told.length, 1);
});

Deno.test({ name: "a script's path and a working folder are those of the root", ignore }, async () => {
  using folders = new Folders();
  folders.make(1, ["/usr/bin/sh", "/usr/bin/basic"]);
  folders.roots.of(1);
  await folders.settle();
  const labeller = folders.roots.labeller(folders.roots.of(1));
  const sh = labeller.executable(`${folders.path(1)}/usr/bin/sh`);
  const label = (script: string, cwd?: string) => labeller.program(sh, ["sh", script], () => cwd).label;
  assert.equal(sh.label, "base");
  assert.equal(label("/usr/bin/basic"), "base");
  assert.equal(label("./basic", `${folders.path(1)}/usr/bin`), "base");
  assert.equal(label("usr/bin/basic", folders.path(1)), "base");
  assert.equal(label("basic", "/usr/bin"), "base"); // a folder that the kernel shows as the process sees it
  assert.equal(label("./basic", `${folders.path(1)}/srv`), "basic");
});

Deno.test("a left-out root counts in the machine's own root only", async () => {
  using folders = new Folders();
  folders.make(1, ["/usr/lib/systemd/systemd"]);
  const rules = { ...NO_OVERRIDES, rename: () => undefined, roots: new Set(["shim"]) };
  folders.roots.override(rules);
  assert.equal(folders.label(1, "/usr/lib/systemd/systemd"), "\\systemd");
  assert.equal(folders.label(1, "/usr/bin/shim"), "\\shim");
  await folders.settle();
});

Deno.test("a process that has gone has no root", () => {
  using folders = new Folders();
  folders.make(1, ["/opt/tool"]);
  folders.gone.add(1);
  assert.equal(folders.roots.of(1), NO_ROOT);
  assert.equal(folders.roots.hasOthers, false);
});

Deno.test(
  { name: "a root whose database changed is read anew, through a process that lives in it", ignore },
  async () => {
    using folders = new Folders();
    const before = folders.openFiles;
    folders.make(1, ["/opt/tool"]);
    folders.roots.of(1);
    await folders.settle();
    assert.equal(folders.label(1, "/opt/other"), "\\other");
    await folders.check();
    assert.equal(folders.relabels.length, 0);
    folders.make(1, ["/opt/tool", "/opt/other"]);
    await folders.check();
    assert.equal(folders.label(1, "/opt/other"), "base");
    assert.equal(folders.relabels.length, 1);
    assert.equal(folders.openFiles, before);
  },
);

Deno.test({ name: "an operator's word counts in every root", ignore }, async () => {
  using folders = new Folders();
  const { roots } = folders;
  folders.make(1, ["/opt/tool"]);
  const known = roots.of(1);
  roots.override({
    adds: (path) => path === "/opt/mine",
    removes: (path) => path === "/opt/tool",
    rename: () => undefined,
  });
  folders.make(2, ["/opt/tool"]);
  roots.of(2);
  await folders.settle();
  for (const [number, pid] of [[known, 1], [roots.of(2), 2]] as const) {
    const labeller = roots.labeller(number);
    const names = ["/opt/mine", "/opt/tool"].map((path) => labeller.executable(folders.path(pid) + path).label);
    assert.deepEqual(names, ["base", "tool"]);
  }
});

Deno.test("roots are bounded: the numbers of those without processes are given to others, and then all are one", async () => {
  using folders = new Folders();
  const { roots } = folders, before = folders.openFiles;
  for (let pid = 1; pid <= 70; pid++) folders.make(pid, [`/opt/tool-of-${pid}`]);
  for (let pid = 1; pid <= 70; pid++) roots.of(pid);
  await folders.settle();
  assert.equal(roots.of(70), 63);
  assert.equal(roots.of(62), 62);
  assert.equal(roots.labeller(63).executable("/usr/bin/ls").label, "base"); // by the built-in list
  assert.deepEqual([folders.told, roots.refused > 0, roots.size], [[63], true, 63]);
  folders.gone.add(5);
  assert.equal(roots.of(70), 63, "who is in which root isn't looked for again at once");
  folders.time += 1e9;
  assert.equal(roots.of(70), 5);
  assert.deepEqual(folders.relabels.length, 1);
  await folders.settle();
  if (!ignore) assert.equal(folders.label(70, "/opt/tool-of-70"), "base");
  assert.equal(folders.openFiles, before);
});

Deno.test("the writable layer of a root is known where the administrator set it up", async () => {
  using folders = new Folders();
  for (const pid of [2, 3, 4]) folders.make(pid, []);
  folders.owners.set(3, 1000).set(4, 0);
  const layers = [0, 2, 3, 4].map((pid) => folders.roots.layerOf(folders.roots.of(pid)));
  assert.deepEqual(layers, [undefined, "/u", undefined, "/u"]);
  await folders.settle();
});
