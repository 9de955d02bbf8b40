import assert from "node:assert/strict";
import { RECENT_BINS, RecentLaunches } from "../../../../metrics/registry/recent_launches.ts";

/** Parts of ten seconds that have launches: how many parts ago → how many. */
const parts = (launches: readonly number[]) =>
  Object.fromEntries(launches.flatMap((count, i) => count === 0 ? [] : [[launches.length - 1 - i, count]]));

type Reports = readonly (readonly [seconds: number, launches: number])[];

/** Reports at these times, each with launches of tree 1 since the one before. */
function after(...reports: Reports): RecentLaunches {
  const recent = new RecentLaunches();
  for (const [seconds, launches] of reports) {
    recent.begin(seconds);
    recent.add(1, launches);
  }
  return recent;
}

Deno.test("launches count in equal parts for the time since the report before", () => {
  const cases: readonly (readonly [string, Reports, Record<number, number>])[] = [
    ["nobody knows of the first", [[1000, 500]], {}],
    ["within one part", [[1000, 500], [1001, 3], [1009, 4]], { 0: 7 }],
    ["across two", [[1005, 0], [1015, 4]], { 1: 2, 0: 2 }],
    ["across three", [[1005, 0], [1025, 8]], { 2: 2, 1: 4, 0: 2 }],
    ["they grow older", [[1000, 0], [1001, 3], [1031, 0]], { 3: 3 }],
    ["and go", [[1000, 0], [1001, 3], [1600, 0]], {}],
    ["up to the last moment", [[1000, 0], [1001, 3], [1599, 0]], { 59: 3 }],
    [
      "of an hour the last ten minutes",
      [[0, 0], [3600, 3600]],
      Object.fromEntries(
        Array.from({ length: 59 }, (_, i) => [i + 1, 10]),
      ),
    ],
    ["two reports at one time", [[1000, 0], [1000, 2]], { 0: 2 }],
    ["a clock that was set back begins anew", [[1000, 0], [1001, 3], [500, 9], [501, 1]], { 0: 1 }],
  ];
  for (const [name, reports, want] of cases) {
    const recent = after(...reports);
    assert.deepEqual(parts(recent.of(1)), want, name);
    assert.deepEqual(parts(recent.ofAll), want, name);
    assert.equal(recent.ofAll.length, RECENT_BINS, name);
  }
});

Deno.test("trees are told apart, and what left is forgotten by itself, not by the machine", () => {
  const recent = after([1000, 0], [1001, 3]);
  recent.add(2, 5);
  assert.deepEqual([parts(recent.of(1)), parts(recent.of(2)), parts(recent.ofAll)], [{ 0: 3 }, { 0: 5 }, { 0: 8 }]);
  recent.forget(2);
  assert.deepEqual([recent.of(2), parts(recent.ofAll)], [[], { 0: 8 }]);
  assert.equal(recent.untilSeconds, 1010);
  const fresh = new RecentLaunches();
  assert.deepEqual([fresh.of(1), fresh.ofAll, fresh.untilSeconds], [[], [], NaN]);
});
