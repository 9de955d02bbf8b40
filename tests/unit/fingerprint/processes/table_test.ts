import assert from "node:assert/strict";
import { EVENT_WIDTH, EventField } from "../../../../fingerprint/trees/event_log.ts";
import { UNSEEN } from "../../../../fingerprint/programs/marks.ts";
import { Column, OUTCOMES } from "../../../../fingerprint/trees/columns.ts";
import type { TaskRecord } from "../../../../netlink/taskstats.ts";
import { fileAt, Scene } from "../fake_proc.ts";

/** One process that was found, with the id 1; records come. */
function scene(): Scene {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scene.scanner.scan();
  scene.hasAllRecords = true;
  return scene;
}

const NONE = [0, 0, 0, 0, 0, 0];

/** The record of a task that ends now. */
function ends(scene: Scene, pid: number, fields: Partial<TaskRecord> = {}, comm?: string): void {
  const processSeconds = (scene.nowNs - scene.table.startOf(pid)!) / 1e9;
  scene.record(pid, { processSeconds, userSeconds: 1, readBytes: 100, ...fields }, comm);
}

/** CPU seconds and bytes read of a tree. */
function resources(scene: Scene, path: string): number[] {
  for (let node = 0; node < scene.trie.length; node++) {
    if (scene.trie.pathOf(node) !== path) continue;
    const cpu = scene.trees.get(node, Column.CpuUserSeconds) + scene.trees.get(node, Column.CpuSystemSeconds);
    return [Math.round(cpu * 1000) / 1000, scene.trees.get(node, Column.ReadBytes)];
  }
  return [];
}

const seconds = (scene: Scene, pid: number) => scene.trees.get(scene.table.nodeOf(pid), Column.SecondsSum);

Deno.test("how long images ran is from their own beginning", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  const node = s.table.nodeOf(20);
  s.nowNs += 2e9 - 1e6;
  s.exec(20, "/opt/b");
  assert.equal(s.trees.get(node, Column.SecondsSum), 2);
  const b = s.table.nodeOf(20);
  s.nowNs += 3e9 - 1e6;
  ends(s, 20);
  s.exit(20);
  assert.equal(s.trees.get(b, Column.SecondsSum), 3);
  assert.equal(s.trees.get(b, Column.ExemplarPid), 20);
});

Deno.test("who listens is told of each image, the CPU time with the process's end", () => {
  const s = scene();
  s.events.listen(true);
  s.launch(1, 20, "/opt/a");
  s.exec(20, "/opt/b");
  s.nowNs += 1e9;
  ends(s, 20, { userSeconds: 0.25, systemSeconds: 0.5 });
  s.exit(20, 9);
  const { fields } = s.events.take()!;
  const of = (field: number) => Array.from(fields.filter((_, i) => i % EVENT_WIDTH === field));
  assert.deepEqual(of(EventField.Kind).map((kind) => OUTCOMES[kind] ?? "launch"), [
    "launch",
    "exec",
    "launch",
    "signal",
  ]);
  assert.deepEqual(of(EventField.Tree).map((tree) => s.trie.pathOf(tree)), [
    "/init/a",
    "/init/a",
    "/init/b",
    "/init/b",
  ]);
  assert.deepEqual(of(EventField.CpuSeconds).map((cpu) => Math.round(cpu * 100) / 100), [NaN, NaN, NaN, 0.75]);
});

Deno.test("launches of executables that were deleted, or never had a name, are flagged", () => {
  const s = scene(),
    deleted = (pid: number) => [0, 1].map((flag) => s.trees.get(s.table.nodeOf(pid), Column.Flagged + flag));
  s.launch(1, 20, "/opt/a (deleted)");
  assert.deepEqual([s.tree(20), deleted(20)], ["/init/a", [1, 0]]);
  s.launch(1, 21, "/opt/a");
  assert.deepEqual([s.tree(21), deleted(21)], ["/init/a", [1, 0]]);
  s.exec(21, "/memfd:a (deleted)");
  assert.deepEqual([s.tree(21), deleted(21)], ["/init/memfd:a", [0, 1]]);
  for (const [pid, path] of [[22, "/opt/ (deleted) "], [23, "/(deleted)"], [24, "/x"]] as const) {
    s.launch(1, pid, path);
    assert.deepEqual(deleted(pid), [0, 0], path);
  }
});

Deno.test("an exec from another thread: the first one's exit is not the process's, whatever has come since", () => {
  for (const isOver of [false, true]) {
    const s = scene();
    s.launch(1, 20, "/opt/a");
    ends(s, 20, { last: false });
    const exitNs = s.tick(), execNs = s.tick();
    // All of a short life can be in one batch: the record of the end is there when the first exit is applied.
    if (isOver) {
      s.tick();
      ends(s, 20);
    }
    s.proc.set(20, { ...s.proc.processes.get(20)!, exe: "/opt/b" });
    s.intake.exit(exitNs, 20, 0);
    s.intake.exec(execNs, 20, s.programs.look(20));
    assert.equal(s.tree(20), "/init/b");
    assert.deepEqual(s.table.leaderless(), []);
    assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 0, 1, 0] });
    if (!isOver) ends(s, 20);
    s.exit(20, 0x100);
    s.settle();
    assert.deepEqual(s.row("/init/b"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
    assert.deepEqual(resources(s, "/init/b"), [2, 200]);
    assert.equal(s.records.size, 0);
  }
});

Deno.test("a first thread that ends before its process: the last record is the end, with its own status", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  const node = s.table.nodeOf(20);
  s.nowNs += 1e9;
  ends(s, 20, { last: false });
  s.exit(20, 0);
  s.settle();
  assert.deepEqual(s.table.leaderless(), [20]);
  assert.equal(s.tree(20), "/init/a");
  s.fork(20, 21); // its other threads go on
  assert.equal(s.tree(21), "/init/a");
  s.nowNs += 2e9;
  ends(s, 20, { pid: 25, exitCode: 0x500 });
  s.settle();
  assert.equal(s.table.has(20), false);
  s.fork(1, 30); // which may get its place
  assert.deepEqual(s.table.leaderless(), []);
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 1, exits: [0, 1, 0, 0, 0, 0] });
  assert.ok(Math.abs(s.trees.get(node, Column.SecondsSum) - 3) < 0.01);
  assert.deepEqual(resources(s, "/init/a"), [2, 200]);
});

Deno.test("processes that move after a storm are still themselves: their trees, their threads, what waits for a name", () => {
  const s = scene();
  for (let pid = 100; pid < 4100; pid++) s.launch(1, pid, "/opt/storm");
  s.launch(1, 20, "/opt/a");
  s.nowNs += 1e9;
  ends(s, 20, { last: false });
  s.exit(20, 0); // its first thread
  s.fork(1, 30);
  s.intake.exec(s.tick(), 30, UNSEEN);
  for (let pid = 100; pid < 4100; pid++) {
    ends(s, pid);
    s.exit(pid, 0);
  }
  s.table.compact();
  assert.deepEqual([s.table.size, s.table.leaderless(), s.tree(20)], [3, [20], "/init/a"]);
  s.fork(1, 40); // gets a place behind theirs
  ends(s, 20, { pid: 25, exitCode: 0x500 });
  s.proc.set(30, { ...s.proc.processes.get(30)!, exe: "/opt/b", flags: 0 });
  s.settle();
  assert.deepEqual([s.table.has(20), s.tree(30), s.tree(40)], [false, "/init/b", "/init"]);
  assert.deepEqual(resources(s, "/init/a"), [2, 200]);
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
  assert.deepEqual(s.row("/init/storm")!.exits, [4000, 0, 0, 0, 0, 0]);
});

Deno.test("all of a process ends at once, its first thread first: it is gone after the same drain", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  s.nowNs += 1e9;
  ends(s, 20, { last: false, exitCode: 0x300 });
  ends(s, 20, { pid: 21, last: false, exitCode: 0x300 });
  ends(s, 20, { pid: 22, exitCode: 0x300, hasProcessSums: true, userSeconds: 5 });
  s.exit(20, 0x300);
  s.settle();
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
  assert.deepEqual(resources(s, "/init/a"), [5, 300]); // CPU time is that of the sums, bytes are each thread's
});

Deno.test("whole exits: a process ends at its last thread's exit, whether its first ended long before or at the same time", () => {
  for (const isLong of [true, false]) {
    const s = scene();
    s.hasWholeExits = true;
    s.launch(1, 20, "/opt/a");
    const node = s.table.nodeOf(20);
    s.nowNs += 1e9;
    ends(s, 20, { last: false });
    for (let drains = 0; isLong && drains < 4; drains++) s.settle();
    assert.equal(s.tree(20), "/init/a");
    s.nowNs += 2e9;
    ends(s, 20, { pid: 25, exitCode: 0x500 });
    s.exit(20, 0x500);
    assert.equal(s.table.has(20), false);
    assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
    assert.ok(Math.abs(s.trees.get(node, Column.SecondsSum) - 3) < 0.01);
    assert.deepEqual(resources(s, "/init/a"), [2, 200]);
    assert.equal(s.records.size, 0);
  }
});

Deno.test("whole exits: what they say needs no record, and no look at /proc", () => {
  const s = scene();
  s.hasWholeExits = true;
  s.launch(1, 20, "/opt/a");
  s.exit(20, 9); // its record was lost
  s.proc.set(30, { parent: 1, exe: "/opt/b", startTicks: s.ticksNow() });
  const exitNs = s.tick();
  s.scanner.adopt(30); // between its exit and its last breath
  s.intake.exit(exitNs, 30, 0);
  assert.deepEqual([s.table.has(20), s.table.has(30), s.table.leaderless()], [false, false, []]);
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 1, 0, 0, 0] });
  assert.deepEqual(s.row("/init/b")!.exits, [1, 0, 0, 0, 0, 0]);
});

Deno.test("an end that is younger than the drain waits for the events before it", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  ends(s, 20, { last: false });
  s.exit(20);
  const drainNs = s.tick(), forkNs = s.tick();
  s.tick();
  ends(s, 20, { pid: 25 });
  s.table.settle(s.generation++, 0, drainNs);
  assert.equal(s.table.has(20), true);
  s.intake.fork(forkNs, 20, 30);
  assert.equal(s.tree(30), "/init/a");
  s.settle();
  assert.equal(s.table.has(20), false);
});

Deno.test("an id that is used again in one batch: each record goes to its own process", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  ends(s, 20, { last: false });
  const exitNs = s.tick();
  s.tick();
  ends(s, 20, { pid: 25, exitCode: 9, readBytes: 7 }); // no event tells of that end
  const forkNs = s.tick(), execNs = s.tick(), endNs = s.tick();
  s.record(20, { processSeconds: (endNs - forkNs) / 1e9, userSeconds: 3, readBytes: 1000 });
  s.intake.exit(exitNs, 20, 0);
  s.intake.fork(forkNs, 1, 20);
  s.proc.set(20, { exe: "/opt/b" });
  s.intake.exec(execNs, 20, s.programs.look(20));
  s.intake.exit(endNs, 20, 0);
  s.settle();
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 1, 0, 0, 0] });
  assert.deepEqual(s.row("/init/b"), { launches: 1, running: 0, processes: 0, exits: [1, 0, 0, 0, 0, 0] });
  assert.deepEqual(resources(s, "/init/a"), [2, 107]);
  assert.deepEqual(resources(s, "/init/b"), [3, 1000]);
});

Deno.test("a record whose exit event is lost ends its process at the second drain, if it has gone", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  s.settle();
  s.tick();
  ends(s, 20, { exitCode: 0x200 });
  s.proc.processes.delete(20);
  s.settle();
  assert.equal(s.table.has(20), true); // the event can be on its way
  s.settle();
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
  assert.deepEqual(resources(s, "/init/a"), [1, 100]);
});

Deno.test("a record of an earlier process doesn't end the one that has its id now", () => {
  const s = scene();
  s.launch(1, 20, "/opt/b");
  s.settle();
  s.record(20, { processSeconds: 0.001, exitCode: 9, userSeconds: 77 }); // as old as it could be
  s.settle();
  s.settle();
  assert.deepEqual(s.row("/init/b"), { launches: 1, running: 1, processes: 1, exits: NONE });
  assert.equal(s.records.size, 0);
  s.exit(20);
  assert.deepEqual(resources(s, "/init/b"), [0, 0]);
});

Deno.test("records of processes that nobody knows don't stay", () => {
  const s = scene();
  s.record(500, { last: false });
  s.record(500);
  s.record(501, { last: false, pid: 502 });
  s.settle();
  assert.equal(s.records.size, 3);
  s.settle();
  assert.equal(s.records.size, 0);
  s.record(600, { last: false, pid: 601 });
  s.record(600, { last: false });
  s.record(600, { pid: 602 });
  s.intake.exit(s.tick(), 600, 0); // of its first thread: what is behind it is about the others
  assert.equal(s.records.size, 1);
});

Deno.test("without records a first thread's exit is taken for its process's", () => {
  const s = scene();
  s.hasAllRecords = false;
  s.launch(1, 20, "/opt/a");
  s.exit(20, 0x8b);
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 1, 0, 0] });
});

Deno.test("a record that was lost: the process ends with its first thread, found gone twice", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  const node = s.table.nodeOf(20);
  s.nowNs += 1e9;
  s.exit(20, 0x100);
  s.settle();
  assert.deepEqual(s.table.leaderless(), [20]);
  s.table.missing(20);
  assert.equal(s.table.has(20), true); // its record may wait in the socket
  s.nowNs += 1e9;
  s.table.missing(20);
  assert.equal(s.table.has(20), false);
  assert.deepEqual(s.row("/init/a")!.exits, [0, 1, 0, 0, 0, 0]);
  assert.ok(Math.abs(s.trees.get(node, Column.SecondsSum) - 1) < 0.01);
  s.table.missing(20);
  s.table.missing(1);
  assert.equal(s.table.has(1), true);
});

Deno.test("an end that was lost is known when the id is used again", () => {
  const s = scene();
  s.launch(1, 20, "/opt/a");
  s.nowNs += 1e9;
  s.launch(1, 20, "/opt/b");
  assert.deepEqual(s.row("/init/a"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 0, 0, 1] });
  assert.deepEqual(s.row("/init/b"), { launches: 1, running: 1, processes: 1, exits: NONE });
  assert.equal(s.table.size, 2);
  assert.equal(seconds(s, 20), 0);
});

Deno.test("an exec of a process whose fork was lost, and which has gone: its ancestry is unknown", () => {
  const s = scene();
  s.intake.exec(s.tick(), 20, UNSEEN);
  s.record(20, { exeDevice: 1, exeInodeLow: 5 }, "mystery");
  s.exit(20);
  assert.deepEqual(s.row("/unknown/mystery@?"), { launches: 1, running: 0, processes: 0, exits: [1, 0, 0, 0, 0, 0] });
  s.intake.fork(s.tick(), 30, 31); // so is that of a child of nobody
  assert.equal(s.tree(31), "/unknown");
});

Deno.test("a parent whose id a descendant of the child has now: the child is taken in once", () => {
  const s = scene();
  const forkNs = s.tick();
  s.nowNs += 1e9;
  const startTicks = Math.floor((forkNs + s.bootOffsetNs) / 1e7);
  s.proc.set(31, { exe: "/opt/child", startTicks });
  s.proc.set(30, { parent: 31, exe: "/opt/grandchild", startTicks: s.ticksNow() });
  s.intake.fork(forkNs, 30, 31);
  assert.deepEqual([s.tree(30), s.tree(31)], ["/init/child/grandchild", "/init/child"]);
  assert.equal(s.table.size, 3);
  assert.equal(s.row("/init/child")!.processes, 1);
});

Deno.test("a parent whose id belongs to a later process now: the child's ancestry is unknown", () => {
  const s = scene();
  const forkNs = s.tick();
  s.nowNs += 1e9;
  s.proc.set(30, { exe: "/opt/later", startTicks: s.ticksNow() });
  s.intake.fork(forkNs, 30, 31);
  assert.deepEqual([s.tree(30), s.tree(31)], ["/init/later", "/unknown"]);
});

Deno.test("an image without a name forks: it is named then, so that its children are below it", () => {
  const s = scene();
  s.fork(1, 20);
  s.proc.set(20, { exe: "/opt/a" });
  s.intake.exec(s.tick(), 20, UNSEEN); // it was not seen in time
  assert.deepEqual(s.row("/init/a"), undefined);
  s.fork(20, 21);
  assert.equal(s.tree(21), "/init/a");
  assert.deepEqual(s.programs.namedBy, [2, 0, 0, 0, 0]); // by a second look

  // One that has ended meanwhile is named by its record, and not by whoever has its id now.
  s.programs.inodes.know(new TextEncoder().encode("/opt/b"), { ...fileAt("/opt/b"), device: 1, inodeLow: 5 });
  s.fork(1, 30);
  const execNs = s.tick(), forkNs = s.tick();
  s.tick();
  ends(s, 30, { exeDevice: 1, exeInodeLow: 5 }, "b");
  s.proc.set(30, { exe: "/opt/someone-else" });
  s.intake.exec(execNs, 30, UNSEEN);
  s.intake.fork(forkNs, 30, 31);
  assert.equal(s.tree(31), "/init/b");
});

Deno.test("images that were not seen: what is left of them at the end of a drain, or when the next begins", () => {
  const s = scene();
  s.fork(1, 20);
  s.proc.processes.get(20)!.exe = "/opt/a";
  s.intake.exec(s.tick(), 20, UNSEEN);
  s.settle();
  assert.equal(s.tree(20), "/init/a"); // it is still there
  s.intake.exec(s.tick(), 20, UNSEEN);
  s.intake.exec(s.tick(), 20, UNSEEN); // nobody knows what the one before was
  assert.deepEqual(s.row("/init/unknown")!.exits, [0, 0, 0, 0, 1, 0]);
  s.settle();
  assert.deepEqual(s.row("/init/unknown"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 0, 1, 0] });
  assert.deepEqual(s.row("/init/a"), { launches: 2, running: 1, processes: 1, exits: [0, 0, 0, 0, 1, 0] });
});

Deno.test("thousands of processes, in and out", () => {
  const s = scene();
  for (let round = 0; round < 3; round++) {
    for (let pid = 2; pid < 3000; pid++) s.intake.fork(s.tick(), Math.max(1, pid >> 1), pid);
    assert.equal(s.table.size, 2999);
    assert.equal(s.row("/init")!.processes, 2999);
    for (let pid = 2; pid < 3000; pid++) {
      ends(s, pid);
      s.intake.exit(s.tick(), pid, 0);
    }
    assert.deepEqual([s.table.size, ...s.table.processIds()], [1, 1]);
  }
  assert.deepEqual(s.row("/init"), { launches: 1, running: 1, processes: 1, exits: NONE });
});
