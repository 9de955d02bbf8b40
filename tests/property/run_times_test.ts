import assert from "node:assert/strict";
import fc from "fast-check";
import { LabelTable } from "../../fingerprint/labels/mod.ts";
import { Ending, ROOT, TreeTable } from "../../fingerprint/trees/mod.ts";
import { STAT_WIDTH } from "../../fingerprint/mod.ts";
import { Exposition } from "../../metrics/exposition/exposition.ts";
import { Registry } from "../../metrics/registry/registry.ts";
import { decodeFamilies, type Histogram } from "../unit/metrics/exposition/metrics_proto.ts";
import { NUMBERS } from "./exposition_trees.ts";
import { runs } from "./runs.ts";

/** The buckets of a native histogram that aren't empty, by the words of the specification: what they end at, and have. */
function bucketsOf(
  { schema, positiveSpan, positiveDelta }: Histogram,
): { upper: number; lower: number; count: number }[] {
  const buckets = [];
  let index = 0, count = 0, at = 0;
  for (const { offset, length } of positiveSpan) {
    index += offset;
    for (let i = 0; i < length; i++, index++) {
      count += positiveDelta[at++]!;
      buckets.push({ lower: 2 ** ((index - 1) / 2 ** schema), upper: 2 ** (index / 2 ** schema), count });
    }
  }
  assert.equal(at, positiveDelta.length, "as many counts as the spans have buckets");
  return buckets;
}

/** What ran: some of one kind, as a program does, or anything; also what lies on the bounds of buckets. */
const seconds = fc.oneof(
  fc.double({ min: 0, max: 1e-4, noNaN: true }),
  fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
  fc.double({ min: -15, max: 31, noNaN: true }).map((exponent) => 2 ** exponent),
  fc.integer({ min: -20, max: 29 }).map((exponent) => 2 ** exponent),
  fc.integer({ min: -480, max: 600 }).map((index) => 2 ** (index / 32)),
);

Deno.test("run times of any kind are in their buckets, at most 160 and none wider than 9 %, after any number of reports", () => {
  fc.assert(
    fc.property(fc.array(fc.array(seconds, { maxLength: 250 }), { minLength: 1, maxLength: 4 }), (reports) => {
      const labels = new LabelTable(), trees = new TreeTable(labels, { limit: 100 });
      const registry = new Registry(), exposition = new Exposition("protobuf"), all: number[] = [];
      const node = trees.trie.child(ROOT, labels.idOf("a", false));
      for (const times of reports) {
        trees.begin(node, 1, 1000);
        for (const time of times) {
          trees.begin(node, 1, 1000);
          trees.end(node, Ending.Success, 1, time, 2000);
        }
        trees.begin(ROOT, 1, 0);
        trees.end(ROOT, Ending.Success, 1, 1, 2000); // Has no series, and is in no report.
        all.push(...times);
        registry.apply({ ...trees.collect(), stats: new Float64Array(STAT_WIDTH) });
        const families = decodeFamilies(exposition.render(registry, { ...NUMBERS, stats: registry.stats }));
        const histogram = families.find(({ name }) => name === "process_seconds")!.metric[0]!.histogram!;
        const { schema, zeroThreshold, zeroCount, sampleCount } = histogram, buckets = bucketsOf(histogram);
        assert.ok(schema >= 3 && schema <= 8);
        assert.ok(buckets.length <= 160);
        assert.equal(sampleCount, all.length);
        assert.equal(zeroCount + buckets.reduce((sum, { count }) => sum + count, 0), all.length);
        assert.equal(zeroCount, all.filter((time) => time <= zeroThreshold).length);
        for (const { lower, upper, count } of buckets) {
          assert.ok(upper > zeroThreshold);
          if (upper > 2 ** 28.9) continue; // The last one has what is longer, too.
          const within = all.filter((time) => time > Math.max(lower, zeroThreshold) && time <= upper);
          assert.equal(count, within.length, `from ${lower} to ${upper}`);
        }
        // No coarser than it must be.
        if (new Set(all).size <= 160) assert.equal(schema, 5);
      }
    }),
    { numRuns: runs(100) },
  );
});
