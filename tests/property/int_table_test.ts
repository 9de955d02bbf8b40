import assert from "node:assert/strict";
import fc from "fast-check";
import { hashInts } from "../../netlink/tables/hash.ts";
import { IntTable } from "../../netlink/tables/int_table.ts";
import { runs } from "./runs.ts";

/** Compares everything a table says with a Map that went through the same. */
function assertSame(table: IntTable, model: ReadonlyMap<number, number>, keys: Iterable<number>): void {
  assert.equal(table.size, model.size);
  for (const key of keys) assert.equal(table.get(key), model.get(key) ?? -1, `key ${key}`);
}

type Operation = readonly [kind: "set" | "delete" | "get", key: number, value: number];

/** Operations on the given keys: more sets than deletions, so that tables grow. */
function operations(key: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Operation[]> {
  const kind = fc.constantFrom("set" as const, "set" as const, "delete" as const, "get" as const);
  return fc.array(fc.tuple(kind, key, fc.nat(2147483646)), { maxLength, size: "max" });
}

function play(list: readonly Operation[]): void {
  const table = new IntTable(), model = new Map<number, number>();
  for (const [kind, key, value] of list) {
    if (kind === "set") {
      table.set(value, key);
      model.set(key, value);
    } else if (kind === "delete") {
      assert.equal(table.delete(key), model.delete(key));
    }
    assert.equal(table.get(key), model.get(key) ?? -1);
    assert.equal(table.size, model.size);
  }
  assertSame(table, model, [...model.keys(), ...list.map(([, key]) => key)]);
}

Deno.test("an IntTable does what a Map does: keys as process ids are", () => {
  fc.assert(fc.property(operations(fc.integer({ min: 1, max: 32768 }), 2000), play), { numRuns: 60 });
});

Deno.test("an IntTable does what a Map does: few keys, used again and again", () => {
  fc.assert(fc.property(operations(fc.integer({ min: 1, max: 12 }), 400), play), { numRuns: runs(200) });
});

Deno.test("an IntTable does what a Map does: any positive number", () => {
  fc.assert(fc.property(operations(fc.integer({ min: 1, max: 2147483647 }), 500), play), { numRuns: runs(100) });
});

Deno.test("an IntTable does what a Map does: keys that want the same few places, across its end", () => {
  const crowded: number[] = [];
  for (let key = 1; crowded.length < 60; key++) {
    const at = hashInts(key, 0, 0) & 255;
    if (at >= 253 || at <= 1) crowded.push(key);
  }
  fc.assert(fc.property(operations(fc.constantFrom(...crowded), 600), play), { numRuns: runs(300) });
});

Deno.test("an IntTable grows, and shrinks when it empties", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), fc.nat(300), fc.boolean(), (count, keep, reverse) => {
      const table = new IntTable(), model = new Map<number, number>();
      for (let key = 1; key <= count; key++) {
        table.set(key, key * 7);
        model.set(key * 7, key);
      }
      const doomed = [...model.keys()].slice(0, Math.max(0, count - keep));
      for (const key of reverse ? doomed.reverse() : doomed) {
        assert.ok(table.delete(key));
        assert.ok(!table.delete(key));
        model.delete(key);
      }
      assertSame(table, model, Array.from({ length: count + 2 }, (_, key) => key * 7));
    }),
    { numRuns: 60 },
  );
});

Deno.test("0, the parent of the first processes, is never found", () => {
  const table = new IntTable();
  assert.equal(table.get(0), -1);
  for (let key = 1; key < 2000; key++) table.set(key + 1, key);
  for (let key = 1; key < 2000; key += 2) table.delete(key); // leaves values behind in free places
  assert.equal(table.get(0), -1);
  assert.equal(table.delete(0), false);
  assert.equal(table.size, 999);
});

Deno.test("an IntTable tells keys of two and three integers apart, negative and unsigned ones alike", () => {
  const part = fc.constantFrom(0, 1, 2, -1, 0x7fffffff, 0x80000000, 0xffffffff);
  const step = fc.tuple(part, part, part, fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
      const table = new IntTable(), model = new Map<string, number>();
      const key = (a: number, b: number, c: number) => `${a | 0} ${b | 0} ${c | 0}`;
      steps.forEach(([a, b, c, isAdded], i) => {
        if (isAdded) {
          table.set(i, a, b, c);
          model.set(key(a, b, c), i);
        } else {
          assert.equal(table.delete(a, b, c), model.delete(key(a, b, c)));
        }
        for (const [d, e, f] of steps) assert.equal(table.get(d, e, f), model.get(key(d, e, f)) ?? -1);
        assert.equal(table.size, model.size);
      });
      table.clear();
      assert.equal(table.size, 0);
      for (const [a, b, c] of steps) assert.equal(table.get(a, b, c), -1);
    }),
    { numRuns: 60 },
  );
});
