import assert from "node:assert/strict";
import { runningIn } from "../../../../fingerprint/worker/running.ts";
import { Scene } from "../fake_proc.ts";

/** What runs the tree of a process; the cgroups of processes by their ids. */
function ask(scene: Scene, pid: number, places: Readonly<Record<number, string>> = {}) {
  const { trie, table, programs, scanner, clocks } = scene;
  const procfs = {
    readCgroup: (pid: number) => places[pid] === undefined ? "" : `0::/system.slice/${places[pid]}`,
    readExecutable: (pid: number) => `/read/${pid}`,
  };
  return runningIn({ trie, table, programs, scanner, clocks, procfs }, trie.idOf(table.nodeOf(pid)));
}

Deno.test("what runs a tree: processes, those that began last first, and why the program is called so", () => {
  const s = new Scene();
  s.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  s.scanner.scan();
  s.launch(1, 20, "/opt/a");
  s.launch(1, 21, "/opt/a");
  s.launch(1, 22, "/opt/b");
  s.fork(21, 23); // a worker of the same program
  const { count, processes, explanation } = ask(s, 20, { 21: "web.service" });
  assert.equal(count, 3);
  assert.deepEqual(processes.map(({ pid, unit, executable }) => [pid, unit, executable]), [
    [23, undefined, "/read/23"],
    [21, "web.service", "/opt/a"],
    [20, undefined, "/opt/a"],
  ]);
  assert.ok(processes[0]!.sinceSeconds > processes[1]!.sinceSeconds);
  assert.equal(explanation?.program, "/opt/a");
  assert.deepEqual([explanation?.label, explanation?.rule, explanation?.base], ["a", "file", false]);
  assert.deepEqual(explanation?.elements.map(({ name, random }) => [name, random]), [["opt", false], ["a", false]]);
});

Deno.test("of a process whose id is another's by now, no unit is told; of a tree that nobody runs, nothing", () => {
  const s = new Scene();
  s.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  s.scanner.scan();
  s.launch(1, 20, "/opt/a");
  s.proc.set(20, { parent: 1, exe: "/opt/other", startTicks: s.ticksNow() + 500 });
  assert.deepEqual(ask(s, 20, { 20: "wrong.service" }).processes.map(({ unit }) => unit), [undefined]);
  assert.deepEqual(ask(s, 4711), { count: 0, processes: [], explanation: undefined });
});

Deno.test("of many processes the newest are told of, and all are counted", () => {
  const s = new Scene();
  s.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
  s.scanner.scan();
  for (let pid = 100; pid < 180; pid++) s.launch(1, pid, "/opt/a");
  const { count, processes } = ask(s, 100);
  assert.deepEqual([count, processes.length, processes[0]!.pid, processes.at(-1)!.pid], [80, 50, 179, 130]);
});
