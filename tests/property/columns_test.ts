import assert from "node:assert/strict";
import fc from "fast-check";
import { columns, shrunk } from "../../netlink/tables/columns.ts";
import { Rows } from "../../netlink/tables/rows.ts";

const Table = columns({ byte: Uint8Array, short: Uint16Array, int: Int32Array, id: Uint32Array, time: Float64Array });
const NAMES = ["byte", "short", "int", "id", "time"] as const;

const index = fc.nat(15);
const step = fc.oneof(
  fc.record({ do: fc.constant("write" as const), at: index, value: fc.nat(255) }),
  fc.record({ do: fc.constant("resize" as const), to: fc.integer({ min: 1, max: 16 }), keep: fc.nat(16) }),
  fc.record({ do: fc.constant("moveAll" as const), at: index, to: index, count: fc.nat(16) }),
);

Deno.test("columns keep, move and forget rows as arrays do", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
    const table = new Table(4);
    let model = new Array<number>(4).fill(0);
    for (const one of steps) {
      const used = (at: number) => at % model.length;
      if (one.do === "write") {
        for (const name of NAMES) table[name][used(one.at)] = one.value;
        model[used(one.at)] = one.value;
      } else if (one.do === "resize") {
        table.resize(one.to, one.keep);
        model = Array.from({ length: one.to }, (_, i) => i < one.keep ? model[i] ?? 0 : 0);
      } else {
        table.moveAll(used(one.at), used(one.to), one.count);
        model.copyWithin(used(one.to), used(one.at), used(one.at) + one.count);
      }
      assert.equal(table.capacity, model.length);
      for (const name of NAMES) assert.deepEqual([...table[name]], model, name);
    }
  }));
});

Deno.test("rows keep their numbers when their table is resized, and no row touches another", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 7 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(20)), { maxLength: 20 }),
    (width, sizes) => {
      const rows = new Rows(width, 4);
      let model: number[][] = Array.from({ length: 4 }, () => new Array<number>(width).fill(0));
      let number = 1;
      for (const [capacity, keep] of sizes) {
        rows.resize(capacity, keep);
        model = Array.from({ length: capacity }, (_, i) => i < keep && model[i] || new Array<number>(width).fill(0));
        const written = number % capacity;
        model[written] = Array.from({ length: width }, () => number++);
        rows.row(written).set(model[written]!);
        const cleared = number % capacity;
        model[cleared] = new Array<number>(width).fill(0);
        rows.clear(cleared);
        assert.equal(rows.capacity, capacity);
        model.forEach((want, i) => {
          assert.deepEqual([...rows.row(i)], want);
          assert.equal(rows.values[rows.at(i)], want[0]);
        });
      }
    },
  ));
});

Deno.test("a table is halved while a quarter of it would do, and not below its least", () => {
  assert.equal(shrunk(1024, 1024, 256), 1024);
  assert.equal(shrunk(1024, 256, 256), 1024);
  assert.equal(shrunk(1024, 255, 256), 512);
  assert.equal(shrunk(1024, 0, 256), 256);
  assert.equal(shrunk(256, 0, 256), 256);
});
