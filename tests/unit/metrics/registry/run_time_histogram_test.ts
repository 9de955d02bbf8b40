import assert from "node:assert/strict";
import { runTimeBucket, ZERO_INDEX, ZERO_SECONDS } from "../../../../fingerprint/mod.ts";
import { COARSEST_SCHEMA, MOST_BUCKETS, RunTimeHistogram } from "../../../../metrics/registry/run_time_histogram.ts";

const total = ({ zeroCount, counts }: RunTimeHistogram) => zeroCount + counts.reduce((sum, count) => sum + count, 0);

Deno.test("a bucket ends at its bound, which is its own", () => {
  const cases: [seconds: number, bucket: number][] = [
    [0, 0],
    [ZERO_SECONDS, 0],
    [ZERO_SECONDS * 1.0001, 1],
    [ZERO_SECONDS * 2, 32],
    [1, -ZERO_INDEX],
    [1 + Number.EPSILON, 1 - ZERO_INDEX],
    [1 - Number.EPSILON, -ZERO_INDEX],
    [2 ** 0.5, 16 - ZERO_INDEX],
    [2 ** 29, 29 * 32 - ZERO_INDEX],
    [1e12, 29 * 32 - ZERO_INDEX],
    [Infinity, 29 * 32 - ZERO_INDEX],
  ];
  for (const [seconds, bucket] of cases) assert.equal(runTimeBucket(seconds), bucket, String(seconds));
});

Deno.test("many buckets become wider ones, and then the shortest join the zero", () => {
  const histogram = new RunTimeHistogram();
  const spread = (octaves: number, step: number) => {
    for (let bucket = 1; bucket <= 32 * octaves; bucket += step) histogram.add(bucket, 2);
  };
  spread(5, 1);
  assert.deepEqual([histogram.schema, histogram.indexes.length], [5, 160]);
  spread(6, 1);
  assert.deepEqual([histogram.schema, histogram.indexes.length], [4, 96]);
  spread(11, 1);
  assert.deepEqual([histogram.schema, histogram.indexes.length, histogram.zeroCount], [3, 88, 0]);
  assert.equal(histogram.zeroThreshold, ZERO_SECONDS);
  spread(30, 1);
  assert.deepEqual([histogram.schema, histogram.indexes.length], [COARSEST_SCHEMA, MOST_BUCKETS]);
  // The 160 longest of 240: 20 of 30 octaves.
  assert.equal(histogram.zeroThreshold, ZERO_SECONDS * 2 ** 10);
  assert.equal(histogram.count, 2 * 32 * (5 + 6 + 11 + 30));
  assert.equal(total(histogram), histogram.count);
  const { zeroCount } = histogram;
  histogram.add(1, 7);
  assert.equal(histogram.zeroCount, zeroCount + 7, "a short one counts as zero from now on");
});
