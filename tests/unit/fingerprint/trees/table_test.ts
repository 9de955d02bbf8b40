import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { BUCKET_BOUNDS, Column, OUTCOMES, ROW_WIDTH } from "../../../../fingerprint/trees/columns.ts";
import { OTHER, ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Ending, endingOf } from "../../../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";
import { RECORD_AMOUNTS, RecordField } from "../../../../netlink/records.ts";

function make(limit = 1000) {
  const labels = new LabelTable(), trees = new TreeTable(labels, { limit }), { trie } = trees;
  const child = (parent: number, text: string, random = false) => trie.child(parent, labels.idOf(text, random));
  return { trie, trees, child };
}

Deno.test("how a process ended, from its wait status", () => {
  const ending = (status: number) => OUTCOMES[endingOf(status)];
  assert.equal(ending(0), "success");
  assert.equal(ending(0x100), "error");
  assert.equal(ending(0xff00), "error");
  assert.equal(ending(9), "signal");
  assert.equal(ending(0x0b), "signal");
  assert.equal(ending(0x8b), "core");
  assert.equal(OUTCOMES[Ending.Exec], "exec");
  assert.equal(OUTCOMES[Ending.Unknown], "unknown");
});

Deno.test("a run time counts in the first bucket that holds it", () => {
  const { trees, child } = make(), node = child(ROOT, "a");
  const seconds = [0, 0.001, 0.0011, ...BUCKET_BOUNDS, 1e9, -5];
  for (const one of seconds) {
    trees.begin(node, 7, 0);
    trees.end(node, Ending.Success, 7, one, 0);
  }
  const counts = Array.from({ length: BUCKET_BOUNDS.length + 1 }, (_, i) => trees.get(node, Column.Buckets + i));
  // 0, -5 (a clock that went back counts as 0) and 0.001 twice; 0.0011 with 0.005; each bound in its own; 1e9 in the last.
  assert.deepEqual(counts, [4, 2, ...new Array<number>(BUCKET_BOUNDS.length - 2).fill(1), 1]);
  const sum = [...BUCKET_BOUNDS, 0.001, 0.0011, 1e9].reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(trees.get(node, Column.SecondsSum) - sum) < 1e-6);
  assert.equal(trees.get(node, Column.Exits), seconds.length);
  assert.equal(trees.get(node, Column.Running), 0);
});

Deno.test("an ending that nobody saw counts, and its run time doesn't", () => {
  const { trees, child } = make(), node = child(ROOT, "a");
  trees.begin(node, 7, 100);
  trees.end(node, Ending.Unknown, 7, NaN, NaN);
  assert.equal(trees.get(node, Column.Exits + Ending.Unknown), 1);
  assert.equal(trees.get(node, Column.Running), 0);
  const { rows } = trees.collect();
  assert.ok(rows.every((value) => Number.isFinite(value)), "no number is lost");
  assert.equal(rows[Column.SecondsSum], 0);
  assert.equal(rows[Column.ExemplarPid], 0);
});

Deno.test("first and last launch, in whatever order they are told", () => {
  const { trees, child } = make(), node = child(ROOT, "a");
  for (const [pid, time] of [[1, 500], [2, 300], [3, 400]] as const) trees.begin(node, pid, time);
  assert.deepEqual(
    [Column.FirstSeen, Column.LastLaunch, Column.LastLaunchPid].map((column) => trees.get(node, column)),
    [300, 500, 1],
  );
});

Deno.test("resources add up, the peak memory doesn't", () => {
  const { trees, child } = make(), node = child(ROOT, "a");
  const amounts = new Float64Array(3 + RECORD_AMOUNTS);
  for (let i = 0; i < RECORD_AMOUNTS; i++) amounts[3 + i] = 1000 + i;
  trees.account(node, amounts, 3);
  amounts[3 + RecordField.MaxResidentBytes] = 500;
  trees.account(node, amounts, 3);
  assert.equal(trees.get(node, Column.CpuUserSeconds), 2 * (1000 + RecordField.UserSeconds));
  assert.equal(trees.get(node, Column.CpuSystemSeconds), 2 * (1000 + RecordField.SystemSeconds));
  assert.equal(trees.get(node, Column.ReadBytes), 2 * (1000 + RecordField.ReadBytes));
  assert.equal(trees.get(node, Column.WrittenBytes), 2 * (1000 + RecordField.WrittenBytes));
  assert.equal(trees.get(node, Column.VoluntarySwitches), 2 * (1000 + RecordField.VoluntarySwitches));
  assert.equal(trees.get(node, Column.InvoluntarySwitches), 2 * (1000 + RecordField.InvoluntarySwitches));
  assert.equal(trees.get(node, Column.MajorFaults), 2 * (1000 + RecordField.MajorFaults));
  assert.equal(trees.get(node, Column.CpuDelaySeconds), 2 * (1000 + RecordField.CpuDelaySeconds));
  assert.equal(trees.get(node, Column.BlockIoDelaySeconds), 2 * (1000 + RecordField.BlockIoDelaySeconds));
  assert.equal(trees.get(node, Column.SwapDelaySeconds), 2 * (1000 + RecordField.SwapDelaySeconds));
  assert.equal(trees.get(node, Column.ReclaimDelaySeconds), 2 * (1000 + RecordField.ReclaimDelaySeconds));
  assert.equal(trees.get(node, Column.MaxResidentBytes), 1000 + RecordField.MaxResidentBytes);
});

Deno.test("a report has the trees that changed since the last one, and each new tree once", () => {
  const { trie, trees, child } = make();
  const a = child(ROOT, "a"), b = child(a, "b"), top = child(a, "top", true), below = child(top, "below");
  trees.begin(ROOT, 1, 0);
  trees.begin(b, 1, 0);
  trees.countProcess(b, 1);
  const first = trees.collect();
  assert.deepEqual([...first.ids], [b]); // the root is never among them
  assert.equal(first.rows.length, ROW_WIDTH);
  assert.deepEqual([first.rows[Column.Launches], first.rows[Column.Processes]], [1, 1]);
  const byId = new Map(first.newTrees.map((tree) => [tree.id, tree]));
  assert.deepEqual(byId.get(b), { id: b, parent: a, path: "/a/b", random: false, randomName: false });
  assert.equal(byId.get(top)?.path, "/random/a/top");
  assert.deepEqual([byId.get(top)?.random, byId.get(top)?.randomName], [true, true]);
  // What is above and below it is marked with it; the name that made it so is its own.
  const inherits = first.newTrees.filter(({ random, randomName }) => random && !randomName).map(({ path }) => path);
  assert.deepEqual(inherits.toSorted(), ["/random/a", "/random/a/top/below"]);
  assert.equal(byId.get(below)?.randomName, false);
  assert.equal(byId.get(OTHER)?.path, "/other");
  assert.equal(byId.has(ROOT), false);
  const paths = first.newTrees.map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length, "no path twice");
  assert.ok(!paths.includes("/random") && !paths.includes("/"));
  for (const { id, parent } of first.newTrees) assert.ok(parent === ROOT || byId.has(parent), `${id} below ${parent}`);

  const none = {
    ids: new Uint32Array(0),
    rows: new Float64Array(0),
    runTimes: new Uint32Array(0),
    removed: new Uint32Array(0),
  };
  assert.deepEqual({ ...trees.collect() }, { newTrees: [], ...none });
  trees.end(b, Ending.Error, 1, 2, 3);
  const d = child(b, "d");
  trees.begin(d, 4, 5);
  const next = trees.collect();
  assert.deepEqual([...next.ids], [b, d]);
  assert.deepEqual(next.newTrees.map(({ path }) => path), ["/a/b/d"]);
  assert.equal(next.rows[Column.Exits + Ending.Error], 1);
  assert.equal(next.rows[ROW_WIDTH + Column.Launches], 1);
  assert.equal(trie.pathOf(d), "/a/b/d");
});

Deno.test("launches beyond the limit are counted as collapsed", () => {
  const { trees, child } = make(1);
  trees.begin(child(ROOT, "a"), 1, 0);
  assert.equal(trees.collapsed, 0);
  trees.begin(child(ROOT, "b"), 2, 0);
  trees.begin(child(ROOT, "c"), 3, 0);
  assert.equal(trees.collapsed, 2);
});

Deno.test("rows of many trees keep their numbers while the table grows", () => {
  const { trees, child } = make(5000);
  const nodes = Array.from({ length: 3000 }, (_, i) => child(ROOT, `n${i}`));
  nodes.toReversed().forEach((node) => trees.begin(node, node, node));
  nodes.forEach((node) => assert.equal(trees.get(node, Column.LastLaunchPid), node));
  assert.equal(trees.collect().ids.length, 3000);
});
