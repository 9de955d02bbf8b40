import assert from "node:assert/strict";
import { CPU, ratios, spread, spreads } from "../../../../scripts/bench/rounds.ts";

Deno.test("bench: least, median and greatest, of odd and even numbers of rounds", () => {
  assert.deepEqual(spread([3]), { min: 3, median: 3, max: 3 });
  assert.deepEqual(spread([9, 1, 4]), { min: 1, median: 4, max: 9 });
  assert.deepEqual(spread([8, 2, 4, 6]), { min: 2, median: 5, max: 8 });
});

Deno.test("bench: figures by name, where a round may lack one", () => {
  assert.deepEqual(spreads([{ a: 1, b: 5 }, { a: 3 }]), {
    a: { min: 1, median: 2, max: 3 },
    b: { min: 5, median: 5, max: 5 },
  });
});

Deno.test("bench: ratios are of rounds that were measured after each other", () => {
  const of = (...figures: number[]) => figures.map((figure) => ({ [CPU]: figure }));
  assert.deepEqual(ratios(of(10, 30, 20), of(20, 40, 80)), { min: 0.25, median: 0.5, max: 0.75 });
});
