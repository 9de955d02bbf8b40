import assert from "node:assert/strict";
import { bufferSizes } from "../../../../fingerprint/worker/sources.ts";

/** What the kernel accounts for a queued message on x86_64, Linux 6.18; it doubles the size that is asked for. */
const EVENT = 832, RECORD = 1280;

Deno.test("by default the buffers hold 100,000 launches: an exec each, a fork and an exit, a record", () => {
  for (const memory of [0, 64 * 2 ** 30]) {
    const { execBytes, lifecycleBytes, recordBytes } = bufferSizes(0, memory);
    assert.equal(Math.floor(2 * execBytes / EVENT), 100_000);
    assert.equal(Math.floor(2 * lifecycleBytes / EVENT), 200_000);
    assert.equal(Math.floor(2 * recordBytes / RECORD), 100_000);
  }
});

Deno.test("full buffers take a quarter of a small machine's memory at most, and hold the same number of launches each", () => {
  for (const memory of [64 * 2 ** 20, 512 * 2 ** 20, 2 ** 30]) {
    const { execBytes, lifecycleBytes, recordBytes } = bufferSizes(0, memory);
    const taken = 2 * (execBytes + lifecycleBytes + recordBytes);
    assert.ok(taken <= memory / 4 + 6 && taken > memory / 4 - 6, `${taken} of ${memory}`);
    assert.ok(Math.abs(lifecycleBytes - 2 * execBytes) <= 2);
    assert.ok(Math.abs(recordBytes / RECORD - execBytes / EVENT) < 1);
    assert.ok([execBytes, lifecycleBytes, recordBytes].every(Number.isInteger));
  }
});

Deno.test("a size that is asked for is that of every buffer", () => {
  assert.deepEqual(bufferSizes(65536, 2 ** 30), { execBytes: 65536, lifecycleBytes: 65536, recordBytes: 65536 });
});
