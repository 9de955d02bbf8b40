import assert from "node:assert/strict";
import fc from "fast-check";
import { ChildIndex } from "../../fingerprint/trees/child_index.ts";

const CAPACITY = 16;

Deno.test("edges come and go, and each that is there is found", () => {
  const step = fc.record({ parent: fc.nat(5), label: fc.nat(5), isAdded: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
      const index = new ChildIndex(CAPACITY), edges = new Map<string, number>();
      steps.forEach(({ parent, label, isAdded }, i) => {
        const key = `${parent} ${label}`;
        if (isAdded && !edges.has(key) && edges.size < CAPACITY) {
          index.add(parent, label, i);
          edges.set(key, i);
        } else if (!isAdded && edges.delete(key)) {
          index.remove(parent, label);
        }
        for (let one = 0; one <= 5; one++) {
          for (let other = 0; other <= 5; other++) {
            assert.equal(index.find(one, other), edges.get(`${one} ${other}`) ?? -1);
          }
        }
      });
    }),
    { numRuns: 300 },
  );
});
