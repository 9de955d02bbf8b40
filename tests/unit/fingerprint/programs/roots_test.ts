import assert from "node:assert/strict";
import { LabelChanges } from "../../../../fingerprint/labels/changes.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { HOST, NO_ROOT, type RootReader, Roots } from "../../../../fingerprint/programs/roots.ts";
import { constants as c, cString, Descriptor, Libc } from "../../../../netlink/mod.ts";
import { MapFiles } from "../map_files.ts";

const libc = new Libc();

/** Folders that pass for roots of processes; a process's id is that of its root. */
class Folders implements RootReader, Disposable {
  readonly top = Deno.makeTempDirSync();
  readonly gone = new Set<number>();
  readonly reopen: Procfs["reopen"];
  readonly relabels: number[] = [];
  readonly told: number[] = [];
  /** Nanoseconds that have passed: none by themselves, so that a slow machine has as much time as a fast one. */
  time = 0;
  readonly roots: Roots;
  readonly #procfs = new Procfs(libc);

  constructor() {
    this.reopen = (place) => this.#procfs.reopen(place);
    const host = new Labeller(BasePaths.load(new MapFiles()));
    const changes = new LabelChanges({ clock: (number) => (this.relabels.push(1), libc.clock(number)) });
    const { call, number } = libc, began = libc.clock(c.CLOCK_MONOTONIC), clock = () => began + this.time;
    this.roots = new Roots(
      { call, number, clock } as unknown as Libc,
      this,
      host,
      changes,
      this,
      undefined,
      (roots) => this.told.push(roots),
      64,
    );
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

  readRoot: Procfs["readRoot"] = (pid, into) => !this.gone.has(pid) && into.read(c.AT_FDCWD, cString(this.path(pid)));
  readRootPath: Procfs["readRootPath"] = (pid) => this.path(pid);
  openRoot: Procfs["openRoot"] = (pid) =>
    Descriptor.of(libc, libc.call.open(cString(this.path(pid)), c.O_PATH | c.O_CLOEXEC));

  pidIn(root: number): number {
    return root === HOST || this.gone.has(root) ? -1 : root;
  }

  rootsInUse(): Set<number> {
    return new Set(Array.from({ length: 70 }, (_, root) => root).filter((root) => !this.gone.has(root)));
  }

  get openFiles(): number {
    return this.#procfs.countOwnFiles();
  }

  [Symbol.dispose](): void {
    this.#procfs.close();
    Deno.removeSync(this.top, { recursive: true });
  }
}

Deno.test("each root is labelled by its own database", () => {
  using folders = new Folders();
  const { roots } = folders, before = folders.openFiles;
  folders.make(1, ["/opt/tool"]);
  folders.make(2, ["/usr/bin/ls"]);
  assert.deepEqual([roots.hasOthers, roots.of(0)], [false, HOST]);
  const [first, second] = [roots.of(1), roots.of(2)];
  assert.deepEqual([first, second, roots.of(1), roots.of(2), roots.hasOthers], [1, 2, 1, 2, true]);
  const label = (root: number, pid: number, path: string) =>
    roots.labeller(root).executable(folders.path(pid) + path).label;
  assert.deepEqual([label(first, 1, "/opt/tool"), label(first, 1, "/usr/bin/ls")], ["base", "ls"]);
  assert.deepEqual([label(second, 2, "/opt/tool"), label(second, 2, "/usr/bin/ls")], ["tool", "base"]);
  assert.equal(roots.labeller(HOST).executable("/usr/bin/ls").label, "base");
  assert.equal(folders.openFiles, before, "a root that was read isn't kept open");
  assert.deepEqual(folders.relabels, []);
  assert.equal(roots.isReading, false);
});

Deno.test("a script's path and a working folder are those of the root", () => {
  using folders = new Folders();
  folders.make(1, ["/usr/bin/sh", "/usr/bin/basic"]);
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

Deno.test("a process that has gone has no root", () => {
  using folders = new Folders();
  folders.make(1, ["/opt/tool"]);
  folders.gone.add(1);
  assert.equal(folders.roots.of(1), NO_ROOT);
  assert.equal(folders.roots.hasOthers, false);
});

Deno.test("a root whose database changed is read anew, through a process that lives in it", () => {
  using folders = new Folders();
  const { roots } = folders, before = folders.openFiles;
  folders.make(1, ["/opt/tool"]);
  const number = roots.of(1);
  const label = () => roots.labeller(number).executable(`${folders.path(1)}/opt/other`).label;
  assert.equal(label(), "\\other");
  folders.make(1, ["/opt/tool", "/opt/other"]);
  const nowNs = libc.clock(c.CLOCK_MONOTONIC);
  for (let seconds = 0; seconds < 30; seconds++) {
    roots.check(nowNs + seconds * 1e9);
    while (roots.isReading) roots.step(Infinity);
  }
  assert.equal(label(), "base");
  assert.equal(folders.relabels.length, 1);
  assert.equal(folders.openFiles, before);
});

Deno.test("an operator's word counts in every root", () => {
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
  for (const [number, pid] of [[known, 1], [roots.of(2), 2]] as const) {
    const labeller = roots.labeller(number);
    const names = ["/opt/mine", "/opt/tool"].map((path) => labeller.executable(folders.path(pid) + path).label);
    assert.deepEqual(names, ["base", "tool"]);
  }
});

Deno.test("roots are bounded: the numbers of those without processes are given to others, and then all are one", () => {
  using folders = new Folders();
  const { roots } = folders, before = folders.openFiles;
  for (let pid = 1; pid <= 70; pid++) folders.make(pid, [`/opt/tool-of-${pid}`]);
  for (let pid = 1; pid <= 70; pid++) roots.labeller(roots.of(pid));
  assert.equal(roots.of(70), 63);
  assert.equal(roots.of(62), 62);
  assert.equal(roots.labeller(63).executable("/usr/bin/ls").label, "base"); // by the built-in list
  assert.deepEqual([folders.told, roots.refused > 0, roots.size], [[63], true, 63]);
  folders.gone.add(5);
  assert.equal(roots.of(70), 63, "who is in which root isn't looked for again at once");
  folders.time += 1e9;
  assert.equal(roots.of(70), 5);
  assert.deepEqual(folders.relabels.length, 1);
  assert.equal(roots.labeller(5).executable(`${folders.path(70)}/opt/tool-of-70`).label, "base");
  while (roots.isReading) roots.step(Infinity);
  assert.equal(folders.openFiles, before);
});
