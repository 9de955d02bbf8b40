import assert from "node:assert/strict";
import fc from "fast-check";
import { parseStat, ProcessStat } from "../../fingerprint/proc/stat.ts";
import { runs } from "./runs.ts";

Deno.test("any bytes are a stat or are refused, and nothing behind them is read", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // The characters that matter.
    fc.array(fc.constantFrom(...new TextEncoder().encode(")( 0123456789-SZ\n")), { maxLength: 200 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(bytes, fc.nat(300), (bytes, cut) => {
      const length = Math.min(cut, bytes.length), one = new ProcessStat(), other = new ProcessStat();
      const is = parseStat(bytes, length, one);
      assert.equal(typeof is, "boolean");
      assert.equal(parseStat(bytes.slice(0, length), length, other), is);
      if (!is) return;
      assert.deepEqual({ ...one }, { ...other });
      assert.ok(one.parent >= 0 && one.threads >= 0 && one.startTicks >= 0);
    }),
    { numRuns: runs(5000) },
  );
});

Deno.test("a process can't lie about itself by its name", () => {
  const name = fc.oneof(
    fc.uint8Array({ maxLength: 16 }),
    fc.constantFrom(") Z 1 ", "a)b(c", "\n1 (x) R 9", "))))").map((text) => new TextEncoder().encode(text)),
  );
  const fields = fc.record({
    state: fc.constantFrom("R", "S", "D", "Z", "T", "t", "X", "I"),
    parent: fc.nat(4194304),
    flags: fc.nat(0xffffffff),
    threads: fc.integer({ min: 0, max: 100_000 }),
    start: fc.nat(),
    group: fc.integer({ min: -1, max: 100 }),
  });
  fc.assert(
    fc.property(name, fields, (name, { state, parent, flags, threads, start, group }) => {
      const head = `1 (`,
        tail =
          `) ${state} ${parent} 1 1 0 ${group} ${flags} 1 2 3 4 5 6 7 8 20 -19 ${threads} 0 ${start} 18446744073709551615 0\n`;
      const encoder = new TextEncoder();
      const bytes = Uint8Array.from([...encoder.encode(head), ...name, ...encoder.encode(tail)]);
      const stat = new ProcessStat();
      assert.ok(parseStat(bytes, bytes.length, stat));
      assert.deepEqual({ ...stat }, {
        parent,
        state: state.charCodeAt(0),
        threads,
        startTicks: start,
        isKernelThread: (BigInt(flags) & 0x200000n) !== 0n,
        neverExecuted: (BigInt(flags) & 0x40n) !== 0n,
      });
    }),
    { numRuns: runs(3000) },
  );
});
