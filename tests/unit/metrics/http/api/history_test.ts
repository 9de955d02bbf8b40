import assert from "node:assert/strict";
import { EventHistory } from "../../../../../metrics/http/api/history.ts";
import type { ContextJson, EventTree } from "../../../../../metrics/registry/mod.ts";
import { EVENT_WIDTH, EventKind, Flag, NO_USER, OUTCOMES } from "../../../../../fingerprint/mod.ts";

/** A tree without a baseline. */
const tree = (path: string | number): EventTree => ({ path: String(path), expected: undefined, unexpectedFlags: 0 });

const NOBODY: ContextJson = { uid: null, user: null, unit: null, container: null };

/** A batch of launches with these pids. */
function batch(pids: readonly number[], skipped = 0) {
  return {
    fields: Float64Array.from(pids.flatMap((pid) => [EventKind.Launch, 7, pid, 100 + pid, NaN, NaN, 0, 0, NO_USER])),
    skipped,
  };
}

Deno.test("events are numbered, those that were skipped too, and a gap is counted", () => {
  const history = new EventHistory(4);
  history.add(batch([1, 2]), (number) => tree(`/${number}`));
  const { events, skipped } = history.after(0, 10);
  assert.equal(skipped, 0);
  assert.deepEqual(events[0], {
    seq: 1,
    type: "launch",
    time: 101,
    pid: 1,
    tree: "/7",
    flags: [],
    expected: null,
    ...NOBODY,
  });
  assert.deepEqual(history.after(1, 10).events.map(({ pid }) => pid), [2]);
  assert.deepEqual(history.after(2, 10), { events: [], skipped: 0 });

  history.add(batch([6, 7], 3), tree);
  assert.equal(history.last, 7);
  assert.deepEqual(history.after(2, 10).events.map(({ seq }) => seq), [6, 7]);
  assert.equal(history.after(2, 10).skipped, 3);
  assert.deepEqual(history.after(0, 1), { events: history.after(6, 1).events, skipped: 6 });
});

Deno.test("more events than there is room for: the newest stay", () => {
  for (const sizes of [[9], [3, 3, 3], [1, 8], [8, 1]]) {
    const history = new EventHistory(4);
    let pid = 0;
    for (const size of sizes) history.add(batch(Array.from({ length: size }, () => ++pid)), tree);
    const { events, skipped } = history.after(0, 100);
    assert.deepEqual(events.map(({ seq, pid }) => [seq, pid]), [[6, 6], [7, 7], [8, 8], [9, 9]], String(sizes));
    assert.equal(skipped, 5);
  }
});

Deno.test("a launch as JSON: with its flags", () => {
  const history = new EventHistory(), flags = Flag.Deleted | Flag.Unparsed;
  history.add(
    { fields: Float64Array.of(EventKind.Launch, 7, 5, 1e9, NaN, NaN, flags, 3, 33), skipped: 0 },
    () => tree("/a"),
    (context, uid) => context === 3 ? { ...NOBODY, uid, unit: "php.service", container: "4f8a1c0de3b2" } : NOBODY,
  );
  const { uid, unit, container } = history.after(0, 1).events[0]!;
  assert.deepEqual([uid, unit, container], [33, "php.service", "4f8a1c0de3b2"]);
  assert.deepEqual(history.after(0, 1).events[0]!.flags, ["deleted", "unparsed"]);
  // As the baseline had it then, whatever became of it.
  const judged = { path: "/a", expected: true, unexpectedFlags: ~flags };
  const launch = (bits: number) => ({
    fields: Float64Array.of(EventKind.Launch, 7, 5, 1e9, NaN, NaN, bits, 0, NO_USER),
    skipped: 0,
  });
  history.add(launch(flags), () => judged);
  history.add(launch(flags | Flag.Memfd), () => judged);
  judged.expected = false;
  history.add(launch(0), () => judged);
  assert.deepEqual(history.after(1, 9).events.map(({ expected }) => expected), [true, false, false]);
});

Deno.test("an ending as JSON: what nobody knows is null", () => {
  const history = new EventHistory();
  const error = OUTCOMES.indexOf("error"), unknown = OUTCOMES.indexOf("unknown");
  const fields = [
    ...[error, 7, 5, 1e9 + 1 / 3, 0.1234567, 0.25, 0, 0, NO_USER],
    ...[unknown, 7, 6, NaN, NaN, NaN, 0, 0, NO_USER],
    ...[EventKind.Correction, 7, 6, NaN, NaN, NaN, 0, 0, NO_USER],
    ...[EventKind.Flags, 7, 5, NaN, NaN, NaN, Flag.Modified, 0, NO_USER],
  ];
  assert.equal(fields.length, 4 * EVENT_WIDTH);
  history.add({ fields: Float64Array.from(fields), skipped: 0 }, () => tree("/a"));
  const ending = { type: "ending", tree: "/a", ...NOBODY };
  assert.deepEqual(history.after(0, 4).events, [
    { seq: 1, ...ending, time: 1000000000.333333, pid: 5, outcome: "error", seconds: 0.123457, cpu_seconds: 0.25 },
    { seq: 2, ...ending, time: null, pid: 6, outcome: "unknown", seconds: null, cpu_seconds: null },
    { seq: 3, type: "correction", time: null, pid: 6, tree: "/a" },
    { seq: 4, type: "flags", time: null, pid: 5, tree: "/a", flags: ["modified"] },
  ]);
});
