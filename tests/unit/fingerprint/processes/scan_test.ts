import { Contexts } from "../../../../fingerprint/context/mod.ts";
import assert from "node:assert/strict";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import type { FileIdentity } from "../../../../fingerprint/proc/statx.ts";
import { FakeFiles, fileAt } from "../fake_proc.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { TICK_NS } from "../../../../fingerprint/proc/stat.ts";
import { ProcessTable } from "../../../../fingerprint/processes/table.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { Programs } from "../../../../fingerprint/programs/naming.ts";
import { Column } from "../../../../fingerprint/trees/columns.ts";
import { LabelChanges } from "../../../../fingerprint/labels/changes.ts";
import { Clocks } from "../../../../fingerprint/processes/clocks.ts";
import { ProcessColumns } from "../../../../fingerprint/processes/columns.ts";
import { Scanner } from "../../../../fingerprint/processes/scan.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";
import { RecordQueue } from "../../../../netlink/records.ts";
import { FORKED_NEVER_EXECUTED, KERNEL_THREAD, Scene } from "../fake_proc.ts";
import { MapFiles } from "../map_files.ts";

const libc = new Libc();

/** Links to executables that aren't on this machine. */
class RecordedProcfs extends Procfs {
  override readIdentity(pid: number): FileIdentity | undefined {
    const length = this.readExe(pid);
    return length <= 0 ? undefined : fileAt(new TextDecoder().decode(this.path.subarray(0, length)));
  }
}

Deno.test("a /proc on disk: every process has the tree of its ancestors", () => {
  const procfs = new RecordedProcfs(libc, new URL("../../../fixtures/proc/host", import.meta.url).pathname);
  const labels = new LabelTable(), trees = new TreeTable(labels, { limit: 100 }), { trie } = trees;
  const labelChanges = new LabelChanges(libc);
  const claims = new Claims(new FakeFiles(), procfs);
  const programs = new Programs(procfs, new Labeller(BasePaths.load(new MapFiles())), labels, labelChanges, claims);
  const clocks = new Clocks(libc), columns = new ProcessColumns();
  const accounting = { records: new RecordQueue(), hasAllRecords: false, receiveRecords() {} };
  const table = new ProcessTable({
    columns,
    trie,
    trees,
    programs,
    accounting,
    clocks,
    contexts: new Contexts(() => ""),
    labelChanges,
  });
  const scanner = new Scanner(clocks, procfs, programs, table);
  scanner.scan();
  procfs.close();
  const found = Object.fromEntries([...table.processIds()].map((pid) => [pid, trie.pathOf(table.nodeOf(pid))]));
  assert.deepEqual(found, {
    1: "/",
    2: "/",
    37: "/",
    310: "/sshd/base",
    311: "/sshd/base/server.sh",
    // 312 is a zombie. The first thread of 313 has ended, so its thread's name is all there is.
    313: "/sshd/base/java",
    314: "/sshd/base/server.sh",
    315: "/sshd/base/old tool",
    400: "/sshd",
  });
});

Deno.test("parents that are listed after their children, a thousand deep", () => {
  const scene = new Scene();
  for (let pid = 1; pid <= 1000; pid++) {
    scene.proc.set(pid, { parent: pid - 1, exe: `/opt/${pid % 2 === 0 ? "even" : "odd"}` });
  }
  scene.scanner.scan();
  assert.equal(scene.table.size, 1000);
  assert.equal(scene.tree(1), "/odd");
  assert.equal(scene.tree(3), "/odd/even/odd");
  assert.equal(scene.tree(1000), scene.tree(32)); // the deepest level there is
});

Deno.test("images that were found count as launches, processes without one of their own don't", () => {
  const scene = new Scene(), { proc } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init" });
  proc.set(20, { exe: "/opt/serverd" });
  proc.set(21, { parent: 20, exe: "/opt/serverd", flags: FORKED_NEVER_EXECUTED });
  proc.set(22, { parent: 20, exe: "/opt/serverd", flags: FORKED_NEVER_EXECUTED });
  proc.set(2, { parent: 0, exe: 2, comm: "kthreadd", flags: KERNEL_THREAD | FORKED_NEVER_EXECUTED });
  scene.scanner.scan();
  assert.deepEqual(scene.row("/init/serverd"), { launches: 1, running: 1, processes: 3, exits: [0, 0, 0, 0, 0, 0] });
  assert.equal(scene.tree(2), "/");
  assert.deepEqual(scene.row("/"), { launches: 0, running: 0, processes: 1, exits: [0, 0, 0, 0, 0, 0] });
  assert.deepEqual(scene.programs.namedBy, [2, 0, 0, 0, 0]);
});

Deno.test("a process that never exec'd shows what its parent ran at the fork, and its own children are launched from there", () => {
  const scene = new Scene(), { proc } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init" });
  proc.set(20, { exe: "/opt/next" }); // it was a shell when it forked
  proc.set(21, { parent: 20, exe: "/usr/bin/bash", flags: FORKED_NEVER_EXECUTED });
  scene.scanner.scan();
  assert.equal(scene.tree(21), "/init/next/base");
  scene.exec(21, "/opt/tool");
  assert.equal(scene.tree(21), "/init/next/base/tool");
});

/** A server in Perl, a worker of it, and that one's worker: as long as they run one image their memory is laid out alike. */
function serverWithWorkers(scene: Scene, layouts: readonly [server: string, worker: string, last: string]): void {
  const perl = (parent: number, title: string, layout: string, flags = FORKED_NEVER_EXECUTED) =>
    ({ parent, exe: "/usr/bin/perl", argv: [title], layout, flags }) as const;
  scene.proc.set(1, { parent: 0, exe: "/opt/init" });
  scene.proc.set(20, { ...perl(1, "", layouts[0], 0), argv: ["perl", "/srv/app.pl"] });
  scene.proc.set(21, perl(20, "app: worker", layouts[1]));
  scene.proc.set(22, perl(21, "app: busy", layouts[2]));
}

Deno.test("a worker that wrote a title over its command line runs its parent's image, as its memory tells", () => {
  const scene = new Scene();
  serverWithWorkers(scene, ["1 2 3", "1 2 3", "1 2 3"]);
  scene.scanner.scan();
  assert.deepEqual([21, 22].map((pid) => scene.tree(pid)), ["/init/app.pl", "/init/app.pl"]);
  assert.deepEqual(scene.row("/init/app.pl"), { launches: 1, running: 1, processes: 3, exits: [0, 0, 0, 0, 0, 0] });
});

Deno.test("a worker whose parent runs another image by now is called by what it says itself", () => {
  const scene = new Scene();
  serverWithWorkers(scene, ["4 5 6", "1 2 3", "1 2 3"]);
  scene.scanner.scan();
  assert.deepEqual([21, 22].map((pid) => scene.tree(pid)), ["/init/app.pl/base", "/init/app.pl/base"]);
});

Deno.test("a worker with a title keeps its tree when it is compared, and follows its parent where an exec was missed", () => {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/opt/init" });
  scene.proc.set(20, { exe: "/opt/starter" });
  scene.scanner.scan();
  scene.fork(20, 21);
  scene.fork(21, 22);
  assert.equal(scene.tree(22), "/init/starter");
  const starts = [20, 21, 22].map((pid) => [pid, scene.proc.processes.get(pid)!.startTicks] as const);
  serverWithWorkers(scene, ["1 2 3", "1 2 3", "1 2 3"]);
  for (const [pid, startTicks] of starts) scene.proc.processes.get(pid)!.startTicks = startTicks;
  for (let round = 0; round < 2; round++) {
    for (const pid of [22, 21, 20]) scene.scanner.compare(pid);
    assert.deepEqual([20, 21, 22].map((pid) => scene.tree(pid)), Array(3).fill("/init/app.pl"));
  }
});

Deno.test("an executable that may not be read: the thread's name is left", () => {
  const scene = new Scene(), { proc } = scene;
  proc.set(1, { parent: 0, exe: 13, comm: "init" });
  proc.set(20, { exe: 13, comm: "secretd" });
  proc.set(21, { parent: 20, exe: 13, comm: "" });
  scene.scanner.scan();
  assert.equal(scene.tree(20), "/init/secretd");
  assert.equal(scene.tree(21), "/init/secretd/unknown");
  assert.deepEqual(scene.programs.namedBy, [0, 0, 2, 1, 0]);
});

Deno.test("processes that vanish between the list, the stat and the link", () => {
  for (const vanishing of ["stat", "exe", "comm"]) {
    const scene = new Scene(), { proc } = scene;
    proc.set(1, { parent: 0, exe: "/opt/init" });
    proc.set(20, { exe: "/opt/app", comm: "app" });
    proc.set(21, { parent: 20, exe: "/opt/child" });
    proc.before = (pid, what) => {
      if (pid === 20 && what === vanishing) proc.processes.delete(20);
      if (pid === 20 && vanishing === "comm" && what === "exe") proc.processes.get(20)!.exe = 2;
    };
    scene.scanner.scan();
    const row = scene.row("/unknown");
    if (vanishing === "stat") {
      assert.equal(scene.table.has(20), false);
      assert.equal(scene.tree(21), "/unknown/child"); // its ancestry can't be told
    } else {
      // It was there, and its exit event is on its way.
      assert.equal(scene.tree(20), "/init/unknown");
      assert.equal(scene.tree(21), "/init/unknown/child");
      assert.equal(row?.launches, 0);
    }
  }
});

Deno.test("a parent that is its own ancestor ends", () => {
  const scene = new Scene();
  scene.proc.set(5, { parent: 6 });
  scene.proc.set(6, { parent: 5 });
  scene.proc.set(7, { parent: 7 });
  scene.scanner.scan();
  assert.deepEqual([...scene.table.processIds()].sort(), [5, 6, 7]);
});

Deno.test("events from before the scan are part of what it found, later ones are not", () => {
  const scene = new Scene(), { table, proc } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  const forkNs = scene.tick(), execNs = scene.tick();
  proc.set(20, { exe: "/opt/tool", startTicks: scene.ticksNow() });
  scene.tick();
  scene.scanner.scan();
  table.fork(forkNs, 1, 20);
  table.exec(execNs, 20, scene.programs.look(20));
  assert.deepEqual(scene.row("/init/tool"), { launches: 1, running: 1, processes: 1, exits: [0, 0, 0, 0, 0, 0] });
  assert.equal(table.startOf(20), forkNs); // to the nanosecond now
  scene.exec(20, "/opt/tool");
  assert.deepEqual(scene.row("/init/tool"), { launches: 2, running: 1, processes: 1, exits: [0, 0, 0, 0, 1, 0] });
  assert.equal(table.size, 2);
});

Deno.test("an exec between the stat and the look is applied when its event comes", () => {
  const scene = new Scene(), { table, proc } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init" });
  proc.set(20, { exe: "/usr/bin/bash", flags: FORKED_NEVER_EXECUTED });
  let execNs = 0;
  proc.before = (pid, what) => {
    if (pid !== 20 || what !== "exe" || execNs > 0) return;
    execNs = scene.tick();
    proc.set(20, { exe: "/opt/tool" });
  };
  scene.scanner.scan();
  table.exec(execNs, 20, scene.programs.look(20));
  assert.deepEqual(scene.row("/init/tool"), { launches: 1, running: 1, processes: 1, exits: [0, 0, 0, 0, 0, 0] });
});

Deno.test("events of an earlier process with the same id leave the one that was found alone", () => {
  const scene = new Scene(), { table, proc } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  const oldNs = scene.tick();
  scene.nowNs += 1e9;
  proc.set(20, { exe: "/opt/tool", startTicks: scene.ticksNow() });
  scene.tick();
  scene.scanner.scan();
  table.fork(oldNs, 1, 20);
  table.exec(oldNs + 1e6, 20, scene.programs.look(20));
  table.exit(oldNs + 2e6, 20, 0);
  assert.deepEqual(scene.row("/init/tool"), { launches: 1, running: 1, processes: 1, exits: [0, 0, 0, 0, 0, 0] });
  assert.deepEqual(table.leaderless(), []);
  const node = table.nodeOf(20), startNs = table.startOf(20)!;
  scene.exit(20);
  assert.ok(Math.abs(scene.trees.get(node, Column.SecondsSum) - (scene.nowNs - startNs) / 1e9) < 1e-6);
});

Deno.test("a process lives while /proc has it with its own start", () => {
  const scene = new Scene(), { proc, scanner } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scanner.scan();
  scene.launch(1, 20, "/opt/tool");
  const shown = proc.processes.get(20)!;
  assert.equal(scanner.isSame(20), true);
  for (const [startTicks, want] of [[1, true], [-1, true], [4, false], [-4, false], [1000, false]] as const) {
    proc.processes.set(20, { ...shown, startTicks: shown.startTicks + startTicks });
    assert.equal(scanner.isSame(20), want, `${startTicks} ticks off`);
  }
  proc.processes.set(20, { ...shown, state: "Z" });
  assert.equal(scanner.isSame(20), false);
  proc.processes.set(20, { ...shown, state: "Z", threads: 3 });
  assert.equal(scanner.isSame(20), true);
  proc.processes.delete(20);
  assert.equal(scanner.isSame(20), false);
  assert.equal(scanner.isSame(999), false);
});

Deno.test("what can't be read for want of a descriptor has not ended, and is not looked at", () => {
  const scene = new Scene(), { proc, scanner, table } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scanner.scan();
  scene.launch(1, 20, "/opt/a");
  proc.processes.delete(20);
  proc.isUnreadable = true;
  assert.equal(scanner.isSame(20), true);
  assert.equal(scanner.compare(20), true);
  assert.equal(scene.tree(20), "/init/a");
  proc.isUnreadable = false;
  assert.equal(scanner.isSame(20), false);
  assert.equal(table.has(20), true);
});

Deno.test("a machine that was suspended: the processes from before are the same", () => {
  const scene = new Scene(), { table, proc, scanner, clocks } = scene;
  proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scanner.scan();
  scene.launch(1, 20, "/opt/before");
  for (let i = 0; i < 3; i++) {
    scene.nowNs += 60e9;
    clocks.update();
    scene.nowNs += 0.4e9;
    scene.launch(1, 30 + i, "/opt/before"); // just before
    scene.bootOffsetNs += 3600e9;
    scene.nowNs += 0.4e9;
    scene.launch(1, 40 + i, "/opt/after"); // before anybody looked at the clock
    clocks.update();
    scene.launch(1, 50 + i, "/opt/after");
    for (const pid of table.processIds()) assert.ok(scanner.isSame(pid), `${pid} after ${i + 1} times`);
  }
  // One that is found later began when it did.
  proc.set(60, { exe: "/opt/found", startTicks: scene.ticksNow() });
  const nowNs = scene.nowNs;
  scanner.adopt(60);
  assert.ok(Math.abs(table.startOf(60)! - nowNs) <= TICK_NS);
});

Deno.test("what runs keeps its tree when labels change: a look at it is no launch", () => {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd" });
  scene.proc.set(10, { exe: "/srv/daemon" });
  scene.proc.set(11, { parent: 10, exe: "/srv/daemon", flags: FORKED_NEVER_EXECUTED });
  scene.proc.set(12, { exe: "/usr/bin/python3.11", argv: ["python3", "/srv/job.py"] });
  scene.scanner.scan();
  scene.labeller.renames = { rename: (program) => program.startsWith("/srv/") ? "renamed" : undefined };
  scene.tick();
  scene.labelChanges.note();
  scene.fork(10, 13);
  for (let polls = 0; polls < 3; polls++) {
    for (const pid of scene.proc.processIds().toReversed()) scene.scanner.compare(pid);
  }
  assert.deepEqual([10, 11, 12, 13].map((pid) => scene.tree(pid)), ["/daemon", "/daemon", "/job.py", "/daemon"]);
  assert.deepEqual(scene.row("/daemon"), { launches: 1, running: 1, processes: 3, exits: [0, 0, 0, 0, 0, 0] });
  // An exec that was missed is one all the same.
  scene.proc.set(10, { exe: "/srv/other" });
  scene.scanner.compare(10);
  assert.equal(scene.tree(10), "/renamed");
  assert.deepEqual(scene.row("/daemon")!.exits, [0, 0, 0, 0, 1, 0]);
  scene.launch(10, 14, "/srv/daemon");
  assert.equal(scene.tree(14), "/renamed");
});

Deno.test("an exec that was missed while labels changed is noticed by its executable", () => {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd" });
  scene.proc.set(10, { exe: "/srv/daemon" });
  scene.scanner.scan();
  scene.tick();
  scene.labelChanges.note();
  scene.proc.set(10, { exe: "/srv/other" });
  scene.scanner.compare(10);
  assert.equal(scene.tree(10), "/other".replace("/", "/\\"));
});
