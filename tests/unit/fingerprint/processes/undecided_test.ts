/** Before Linux 5.19 a record doesn't tell whether it was the last of its process: what comes after it does. */

import assert from "node:assert/strict";
import { Column } from "../../../../fingerprint/trees/columns.ts";
import type { TaskRecord } from "../../../../netlink/taskstats.ts";
import { Scene } from "../fake_proc.ts";

/** A process of /opt/a with the id 20, a second old, below the first one; all records come. */
function scene(): Scene {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  scene.scanner.scan();
  scene.hasAllRecords = true;
  scene.launch(1, 20, "/opt/a");
  scene.nowNs += 1e9;
  return scene;
}

/** The record of a task that ends now: of a first thread, or the only one; the sums of a process name that. */
function ends(scene: Scene, fields: Partial<TaskRecord> = {}): void {
  scene.record(20, { tgid: 0, last: false, userSeconds: 1, readBytes: 100, ...fields });
}

const SUMS = { tgid: 20, pid: 25, last: true, hasProcessSums: true, userSeconds: 5 };

/** CPU seconds, bytes read and seconds lived of all trees that end with a name. */
function used(scene: Scene, path: string): number[] {
  for (let node = 0; node < scene.trie.length; node++) {
    if (scene.trie.pathOf(node) !== path) continue;
    return [Column.CpuUserSeconds, Column.ReadBytes, Column.SecondsSum].map((column) =>
      Math.round(scene.trees.get(node, column))
    );
  }
  return [];
}

const ended = (...exits: number[]) => ({ launches: 1, running: 0, processes: 0, exits });
const EXEC = ended(0, 0, 0, 0, 1, 0), ERROR = ended(0, 1, 0, 0, 0, 0);

Deno.test("an exec by a thread goes on from its process's tree, in whichever drain it and its end come", () => {
  const drains = [[0, 0], [0, 1], [0, 5], [1, 1], [1, 2]] as const;
  for (const [execDrain, endDrain] of drains) {
    const s = scene();
    ends(s);
    const exitNs = s.tick(), execNs = s.tick();
    s.nowNs += 1e9;
    s.proc.set(20, { ...s.proc.processes.get(20)!, exe: "/opt/b" });
    const program = s.programs.look(20), endNs = s.tick();
    for (let drain = 0; drain <= endDrain + 1; drain++) {
      if (drain === endDrain) {
        ends(s, { userSeconds: 3, readBytes: 1000 });
        s.proc.processes.delete(20);
      }
      if (drain === 0) s.intake.exit(exitNs, 20, 0);
      if (drain === execDrain) s.intake.exec(execNs, 20, program);
      if (drain === endDrain) s.intake.exit(endNs, 20, 0x100);
      s.settle();
    }
    const what = `exec in drain ${execDrain}, end in ${endDrain}`;
    assert.deepEqual([s.row("/init/a"), s.row("/init/b")], [EXEC, ERROR], what);
    assert.deepEqual([used(s, "/init/b"), s.row("/unknown")?.processes ?? 0], [[4, 1100, 1], 0], what);
    assert.deepEqual([s.records.size, s.table.has(20), s.table.leaderless()], [0, false, []], what);
  }
});

Deno.test("a process of one thread ends with the drain after that of its record, when its exit event said", () => {
  const s = scene();
  ends(s);
  s.exit(20, 0x300);
  s.settle();
  assert.equal(s.row("/init/a")!.running, 1); // an exec can be on its way
  s.nowNs += 5e9;
  s.settle();
  assert.deepEqual([s.row("/init/a"), used(s, "/init/a")], [ERROR, [1, 100, 1]]);
  assert.deepEqual([s.records.size, s.table.has(20), s.table.leaderless()], [0, false, []]);
});

Deno.test("while /proc has it, a process hasn't ended", () => {
  const s = scene(), shown = s.proc.processes.get(20)!;
  ends(s);
  s.exit(20, 0);
  s.proc.set(20, shown); // a slow disk holds up what its thread executes
  for (let i = 0; i < 5; i++) s.settle();
  s.exec(20, "/opt/b");
  assert.deepEqual([s.tree(20), s.row("/init/a"), s.records.size], ["/init/b", EXEC, 0]);
});

Deno.test("a process whose first thread ends before the others: its sums are its end", () => {
  for (const { drain, seconds } of [{ drain: 0, seconds: 1 }, { drain: 1, seconds: 1 }]) {
    const s = scene();
    ends(s);
    s.exit(20, 0x300);
    if (drain > 0) s.settle();
    ends(s, { ...SUMS, exitCode: 0x300 });
    s.settle();
    assert.equal(s.table.has(20), true); // an exec can be on its way
    s.settle();
    assert.deepEqual([s.row("/init/a"), used(s, "/init/a")], [ERROR, [5, 200, seconds]], `in drain ${drain}`);
    assert.deepEqual([s.records.size, s.table.has(20), s.table.leaderless()], [0, false, []]);
  }
});

Deno.test("a process whose first thread ends long before the others ends when their record came", () => {
  const s = scene(), shown = s.proc.processes.get(20)!;
  ends(s);
  s.exit(20, 0);
  s.proc.set(20, shown);
  for (let i = 0; i < 3; i++) s.settle();
  s.nowNs += 4e9;
  ends(s, { ...SUMS, exitCode: 0x300 });
  s.settle();
  s.settle();
  assert.deepEqual([s.row("/init/a"), used(s, "/init/a")], [ERROR, [5, 200, 5]]);
});

Deno.test("a process whose last thread is its first ends at once, by its sums", () => {
  const s = scene();
  ends(s, { ...SUMS, pid: 20 });
  s.exit(20, 0x300);
  assert.deepEqual([s.row("/init/a"), used(s, "/init/a")], [ERROR, [5, 100, 1]]);
});

Deno.test("an id that is used again in one batch ends what had it, by its own record", () => {
  const s = scene();
  ends(s);
  const exitNs = s.tick(), forkNs = s.tick(), execNs = s.tick(), endNs = s.tick();
  ends(s, { userSeconds: 3, readBytes: 1000 });
  s.intake.exit(exitNs, 20, 0x100);
  s.intake.fork(forkNs, 1, 20);
  s.proc.set(20, { exe: "/opt/b" });
  s.intake.exec(execNs, 20, s.programs.look(20));
  s.proc.processes.delete(20);
  s.intake.exit(endNs, 20, 0x100);
  s.settle();
  s.settle();
  assert.deepEqual([s.row("/init/a"), s.row("/init/b")], [ERROR, ERROR]);
  assert.deepEqual([used(s, "/init/a"), used(s, "/init/b")], [[1, 100, 1], [3, 1000, 0]]);
});

Deno.test("where exits are those of whole processes, all ends with them, by the sums where they are there", () => {
  for (const isThreaded of [false, true]) {
    const s = scene();
    s.hasWholeExits = true;
    ends(s);
    if (isThreaded) ends(s, SUMS);
    s.exit(20, 0x300);
    assert.deepEqual([s.row("/init/a"), used(s, "/init/a")], [ERROR, isThreaded ? [5, 200, 1] : [1, 100, 1]]);
    assert.equal(s.records.size, 0);
  }
});
