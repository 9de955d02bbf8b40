import assert from "node:assert/strict";
import { Resync } from "../../../../fingerprint/processes/resync.ts";
import { FORKED_NEVER_EXECUTED, Scene } from "../fake_proc.ts";

class Resynced extends Scene {
  readonly resync = new Resync(this.scanner, this.table);

  constructor() {
    super();
    this.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
    this.scanner.scan();
  }

  /** A slice of `looks` processes at most, after a drain or not. */
  slice(isDrained: boolean, looks = 1000): void {
    const nowNs = this.tick(); // as the loop does it: read before the drain
    if (isDrained) this.settle();
    this.tick();
    this.resync.step(nowNs, this.drainNs, () => looks-- <= 0);
  }

  /** All of it. */
  finish(): void {
    this.resync.start();
    for (let i = 0; this.resync.isRunning; i++) {
      this.slice(i % 3 === 2);
      assert.ok(i < 50, "it ends");
    }
  }

  /** What happens without an event that comes. */
  lose(change: () => void): void {
    this.tick();
    change();
  }
}

Deno.test("lost forks, execs and exits: the table is right again", () => {
  const scene = new Resynced(), { proc } = scene;
  scene.launch(1, 20, "/usr/bin/bash");
  scene.launch(20, 21, "/opt/gone");
  scene.launch(20, 22, "/opt/old");
  scene.fork(20, 23);
  scene.lose(() => proc.processes.delete(21));
  scene.lose(() => proc.set(22, { ...proc.processes.get(22)!, exe: "/opt/new" }));
  scene.lose(() => proc.set(23, { ...proc.processes.get(23)!, exe: "/opt/first", flags: 0 }));
  scene.lose(() => proc.set(25, { parent: 20, exe: "/opt/another", startTicks: scene.ticksNow() }));
  scene.lose(() => proc.set(24, { parent: 25, exe: "/opt/child", startTicks: scene.ticksNow() }));
  scene.finish();
  assert.deepEqual([20, 21, 22, 23, 24, 25].map((pid) => scene.tree(pid)), [
    "/init/base",
    undefined,
    "/init/base/new",
    "/init/base/first",
    "/init/base/another/child",
    "/init/base/another",
  ]);
  const [none, unknown, exec] = [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 1, 0]];
  assert.deepEqual(scene.row("/init/base/gone"), { launches: 1, running: 0, processes: 0, exits: unknown });
  assert.deepEqual(scene.row("/init/base/old"), { launches: 1, running: 0, processes: 0, exits: exec });
  assert.deepEqual(scene.row("/init/base/new"), { launches: 1, running: 1, processes: 1, exits: none });
  assert.deepEqual(scene.row("/init/base/first"), { launches: 1, running: 1, processes: 1, exits: none });
  assert.deepEqual(scene.row("/init/base"), { launches: 1, running: 1, processes: 1, exits: none });
  assert.equal(scene.table.size, 6);
});

Deno.test("a process whose exit event is still on its way keeps its ending", () => {
  for (const isReaped of [true, false]) {
    const scene = new Resynced(), { proc, table } = scene;
    scene.launch(1, 20, "/opt/tool");
    scene.settle();
    scene.resync.start();
    const exitNs = scene.tick();
    if (isReaped) proc.processes.delete(20);
    else proc.processes.get(20)!.state = "Z";
    for (let i = 0; i < 3; i++) scene.slice(false);
    assert.equal(table.has(20), true); // it is missing, and the drain before could not know
    table.exit(exitNs, 20, 0x100); // the next one does
    for (let i = 0; scene.resync.isRunning && i < 20; i++) scene.slice(true);
    assert.deepEqual(scene.row("/init/tool"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
  }
});

Deno.test("a process that is missing, and whose id is given to another before that is settled: the other stays", () => {
  const scene = new Resynced(), { proc } = scene;
  scene.launch(1, 20, "/opt/old");
  scene.resync.start();
  proc.processes.delete(20);
  scene.slice(false);
  scene.exit(20);
  scene.nowNs += 1e9;
  scene.launch(1, 20, "/opt/new");
  for (let i = 0; scene.resync.isRunning && i < 20; i++) scene.slice(true);
  assert.equal(scene.tree(20), "/init/new");
  assert.deepEqual(scene.row("/init/old")!.exits, [1, 0, 0, 0, 0, 0]);
  assert.deepEqual(scene.row("/init/new")!.exits, [0, 0, 0, 0, 0, 0]);
});

Deno.test("the drain of the same turn is too early for what is found missing after it", () => {
  const scene = new Resynced(), { proc, table } = scene;
  scene.launch(1, 20, "/opt/tool");
  scene.resync.start();
  scene.slice(true);
  proc.processes.delete(20);
  const exitNs = scene.nowNs;
  scene.slice(true);
  scene.slice(false);
  assert.equal(table.has(20), true);
  table.exit(exitNs, 20, 0);
  scene.slice(true);
  scene.slice(true);
  assert.equal(scene.resync.isRunning, false);
  assert.equal(scene.row("/init/tool")!.exits[0], 1);
});

Deno.test("an id that another process has now: the old one ends, the new one is taken in", () => {
  const scene = new Resynced(), { proc } = scene;
  scene.launch(1, 20, "/opt/old");
  scene.nowNs += 1e9;
  scene.lose(() => proc.set(20, { exe: "/opt/new", startTicks: scene.ticksNow() }));
  scene.finish();
  assert.equal(scene.tree(20), "/init/new");
  assert.deepEqual(scene.row("/init/old"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 0, 0, 1] });
  assert.equal(scene.table.size, 2);
});

Deno.test("a process whose fork is applied after the comparison and whose end was lost is found", () => {
  const scene = new Resynced(), { table } = scene;
  const forkNs = scene.tick();
  scene.resync.start();
  scene.slice(false);
  assert.ok(scene.resync.isRunning && scene.resync.waits);
  table.fork(forkNs, 1, 20); // it waited in the socket; /proc has it no more
  assert.equal(table.has(20), true);
  for (let i = 0; scene.resync.isRunning && i < 20; i++) scene.slice(true);
  assert.equal(table.has(20), false);
});

Deno.test("it works in slices, and says when it can only wait", () => {
  const scene = new Resynced(), { proc, resync } = scene;
  for (let pid = 20; pid < 120; pid++) scene.lose(() => proc.set(pid, { startTicks: scene.ticksNow() }));
  let reads = 0;
  proc.before = (_pid, what) => {
    if (what === "stat") reads++;
  };
  resync.start();
  for (let slices = 1; scene.table.size < 101; slices++) {
    reads = 0;
    scene.slice(false, 10);
    assert.ok(reads <= 11, `${reads} processes in a slice`);
    assert.equal(resync.waits, false);
    assert.ok(slices <= 12);
  }
  scene.slice(false, 10);
  assert.deepEqual([resync.isRunning, resync.waits], [true, true]);
  reads = 0;
  scene.slice(false, 10);
  assert.equal(reads, 0);
  scene.slice(true, 10);
  assert.deepEqual([resync.isRunning, resync.waits], [false, false]);
});

Deno.test("many ended processes don't take one slice either", () => {
  const scene = new Resynced(), { proc, resync, table } = scene;
  for (let pid = 20; pid < 120; pid++) scene.launch(1, pid, "/opt/tool");
  scene.lose(() => {
    for (let pid = 20; pid < 120; pid++) proc.processes.delete(pid);
  });
  resync.start();
  let smallest = table.size;
  for (let i = 0; resync.isRunning; i++) {
    scene.slice(true, 10);
    assert.ok(table.size >= smallest - 10, "ten at a time");
    smallest = table.size;
    assert.ok(i < 100, "it ends");
  }
  assert.equal(table.size, 1);
});

Deno.test("a fork below a process whose exec was lost gets the right program", () => {
  const scene = new Resynced(), { proc } = scene;
  scene.launch(1, 20, "/opt/old");
  scene.lose(() => proc.set(20, { ...proc.processes.get(20)!, exe: "/opt/new" }));
  scene.fork(20, 21);
  assert.equal(scene.tree(21), "/init/old"); // as far as is known
  scene.finish();
  assert.equal(proc.processes.get(21)!.flags, FORKED_NEVER_EXECUTED);
  assert.equal(scene.tree(20), "/init/new");
  assert.match(scene.tree(21)!, /\/new$/);
  assert.deepEqual(scene.row("/init/old"), { launches: 1, running: 0, processes: 0, exits: [0, 0, 0, 0, 1, 0] });
});

Deno.test("a program that can't be read is named by its thread where an exec was lost, and left alone otherwise", () => {
  const scene = new Resynced(), { proc } = scene;
  scene.launch(1, 20, "/opt/tool");
  scene.fork(1, 21);
  scene.lose(() => proc.set(20, { ...proc.processes.get(20)!, exe: 13, comm: "a-thread" }));
  scene.lose(() => proc.set(21, { ...proc.processes.get(21)!, exe: 13, comm: "secretd", flags: 0 }));
  scene.finish();
  assert.deepEqual([scene.tree(20), scene.tree(21)], ["/init/tool", "/init/secretd"]);
  assert.equal(scene.row("/init/secretd")!.running, 1);
});
