import assert from "node:assert/strict";
import {
  agoText,
  cellsOf,
  clockText,
  countText,
  durationText,
  endingText,
  failuresText,
  healthTexts,
  plotPath,
} from "../../../../../../metrics/http/page/browser/format.ts";

function table<Input>(
  name: string,
  write: (input: Input) => string,
  cases: readonly (readonly [Input, string])[],
): void {
  Deno.test(name, () => {
    for (const [input, want] of cases) assert.equal(write(input), want, String(input));
  });
}

table("counts", countText, [
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [99_999, "99,999"],
  [123_456, "123k"],
  [1_234_567, "1.2M"],
  [99_999_999, "99M"],
  [1_999_999_999, "1.9G"],
]);

table("durations", durationText, [
  [0, "0 µs"],
  [0.0004, "400 µs"],
  [0.00099, "1.0 ms"],
  [0.0041, "4.1 ms"],
  [0.00999, "10 ms"],
  [0.9994, "999 ms"],
  [0.9996, "1.0 s"],
  [9.96, "10 s"],
  [59.6, "59 s"],
  [60, "1m 00s"],
  [3599, "59m 59s"],
  [3600, "1h 00m"],
  [90_061, "1d 1h"],
]);

table("ages", agoText, [
  [-5, "now"],
  [4.9, "now"],
  [59.9, "59 s"],
  [60, "1 min"],
  [7200, "2 h"],
  [86_400 * 3.5, "3 d"],
  [31_536_000 * 2, "2 y"],
]);

table("plots", plotPath, [
  [[0, 0, 0], ""],
  [[0, 8, 0], "M6 16v-16h5v16z"],
  [[1, 1000, 500], "M0 16v-2h5v2zM6 16v-16h5v16zM12 16v-8h5v8z"],
]);

Deno.test("time of day", () => {
  assert.match(clockText(1_800_000_000.0625), /^\d\d:\d\d:\d\d\.06[23]$/);
});

Deno.test("what of a tree is nothing is left out", () => {
  const exits = { success: 3, error: 0, signal: 0, core: 0, exec: 0, unknown: 0 };
  const idle = {
    running: 0,
    processes: 0,
    launches: 3,
    exits,
    seconds: { count: 0, sum: 0, buckets: [0] },
    resources: null,
  };
  assert.deepEqual(cellsOf(idle), {
    running: "",
    launches: "3",
    failed: "",
    failures: "",
    plot: "",
    mean: "",
    cpu: "",
  });
  const busy = {
    ...idle,
    running: 1,
    processes: 4,
    exits: { ...exits, error: 2, core: 1 },
    seconds: { count: 2, sum: 3, buckets: [2] },
    resources: { cpu_seconds: { user: 0.5, system: 0.75 } },
  };
  const { running, failed, failures, mean, cpu } = cellsOf(busy);
  assert.deepEqual([running, failed, failures, mean, cpu], ["4", "3", "2 error, 1 core", "1.5 s", "1.3 s"]);
  assert.equal(failuresText(exits), "");
  assert.equal(endingText({ outcome: "error", seconds: 0.5, cpu_seconds: 0.25 }), "error · 500 ms · CPU 250 ms");
  assert.equal(endingText({ outcome: "", seconds: null, cpu_seconds: null }), "");
});

Deno.test("what is wrong is bad news", () => {
  const lost = { execs: 0, lifecycle: 0, records: 0, ring: 0 };
  const good = {
    ...{ not_ready: null, boost: "fifo", lost, resyncs: 0, resubscribes: 0 },
    ...{ processes: 1, trees: 1, trees_limit: 2, collapsed: 0 },
  };
  const bad = (health: typeof good) =>
    Object.entries(healthTexts(health)).filter(([, [, isBad]]) => isBad).map(([key]) => key);
  assert.deepEqual(bad(good), []);
  assert.deepEqual(bad({ ...good, lost: { ...lost, records: 1 }, resubscribes: 1, trees: 2, collapsed: 1 }), [
    "trees",
    "collapsed",
    "lost",
    "resyncs",
  ]);
});
