/** The area under the ROC curve. */

import assert from "node:assert/strict";
import { auroc } from "../../../../scripts/detection/scores.ts";

const CASES:
  readonly (readonly [name: string, positives: readonly number[], negatives: readonly number[], want: number])[] = [
    ["all above", [3, 4], [1, 2], 1],
    ["all below", [1, 2], [3, 4], 0],
    ["all alike", [5, 5], [5, 5, 5], 0.5],
    ["one of four pairs lost", [1, 4], [0, 3], 0.75],
    ["a draw counts half", [2], [1, 2], 0.75],
    ["other numbers of each", [9], [1, 2, 3, 10], 0.75],
  ];

for (const [name, positives, negatives, want] of CASES) {
  Deno.test(`auroc: ${name}`, () => assert.equal(auroc(positives, negatives), want));
}

Deno.test("auroc: the share of pairs that are in order, counted one by one", () => {
  const numbers = (seed: number, count: number) => Array.from({ length: count }, (_, at) => (at * seed + 7) % 23);
  const positives = numbers(5, 40), negatives = numbers(9, 55);
  const pairs = positives.flatMap((positive) =>
    negatives.map((negative) => positive > negative ? 1 : positive === negative ? 0.5 : 0)
  );
  const want = pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length;
  assert.ok(Math.abs(auroc(positives, negatives) - want) < 1e-12);
});

Deno.test("auroc: not a number where there is nothing to compare", () => assert.ok(Number.isNaN(auroc([], [1]))));
