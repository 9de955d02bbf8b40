import assert from "node:assert/strict";
import { parseOptions } from "../../../../scripts/bench/options.ts";

Deno.test("bench: both captures at two rates unless told otherwise", () => {
  const { captures, rates, cold } = parseOptions([]);
  assert.deepEqual({ captures, rates, cold }, { captures: ["bpf", "proc"], rates: [1000, 0], cold: 3000 });
});

Deno.test("bench: its options", () => {
  const { captures, rates, rounds, command, isWhole, json } = parseOptions([
    "--capture=proc",
    "--rates=500",
    "--rounds=0",
    "--exporter=dist/x",
    "--launches-only",
    "--json",
  ]);
  assert.deepEqual([captures, rates, rounds, command, isWhole, json], [["proc"], [500], 0, ["dist/x"], false, true]);
});

Deno.test("bench: what can't be read is refused", () => {
  for (const arg of ["--launches=0", "--rates=fast", "--capture=poll", "--exporter=", "launches=1", "--unknown"]) {
    assert.throws(() => parseOptions([arg]), /^UsageError: Cannot read .*: want /, arg);
  }
});
