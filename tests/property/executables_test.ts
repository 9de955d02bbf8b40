import assert from "node:assert/strict";
import fc from "fast-check";
import { PathTable } from "../../fingerprint/programs/executables.ts";
import { runs } from "./runs.ts";

/** Few different bytes, so that paths repeat and begin alike. */
const path = fc.uint8Array({ maxLength: 6 }).map((bytes) => bytes.map((byte) => byte % 3 === 0 ? 0xff : byte % 4));

Deno.test("paths are found by their bytes, as in a map", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(path, fc.nat(200)), { maxLength: 200, size: "max" }), (operations) => {
      const paths = new PathTable();
      let model = new Map<string, number>();
      for (const [bytes, choice] of operations) {
        if (choice === 0) {
          paths.clear();
          model = new Map();
        }
        const key = bytes.join();
        assert.equal(paths.find(bytes, bytes.length), model.get(key) ?? -1);
        if (!model.has(key)) {
          model.set(key, model.size);
          assert.equal(paths.add(bytes, bytes.length), model.get(key));
        }
        assert.equal(paths.length, model.size);
      }
      for (const [key, number] of model) {
        const bytes = Uint8Array.from(key === "" ? [] : key.split(",").map(Number));
        assert.equal(paths.textOf(number), new TextDecoder().decode(bytes));
      }
    }),
    { numRuns: runs(500) },
  );
});

Deno.test("thousands of random paths are found again while the table grows", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 10, selector: String }),
      (all) => {
        const paths = new PathTable();
        const longer = all.flatMap((bytes) =>
          Array.from({ length: 200 }, (_, i) => Uint8Array.from([i, i >> 4, ...bytes]))
        );
        for (const bytes of longer) if (paths.find(bytes, bytes.length) < 0) paths.add(bytes, bytes.length);
        const numbers = new Set(longer.map((bytes) => paths.find(bytes, bytes.length)));
        assert.equal(numbers.size, new Set(longer.map(String)).size);
        assert.ok(!numbers.has(-1));
      },
    ),
    { numRuns: 20 },
  );
});
