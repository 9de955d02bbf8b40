import assert from "node:assert/strict";
import { parseOptions } from "../../../../scripts/bench/options.ts";

Deno.test("bench: all ways at two rates unless told otherwise", () => {
  const { ways, rates, cold } = parseOptions([]);
  assert.deepEqual({ ways, rates, cold }, {
    ways: ["capture=bpf", "capture=proc", "source=bpf"],
    rates: [1000, 0],
    cold: 3000,
  });
});

Deno.test("bench: its options", () => {
  const { ways, rates, rounds, command, isWhole, json } = parseOptions([
    "--ways=capture=proc",
    "--rates=500",
    "--rounds=0",
    "--exporter=dist/x",
    "--launches-only",
    "--json",
  ]);
  assert.deepEqual([ways, rates, rounds, command, isWhole, json], [
    ["capture=proc"],
    [500],
    0,
    ["dist/x"],
    false,
    true,
  ]);
});

Deno.test("bench: what can't be read is refused", () => {
  for (const arg of ["--launches=0", "--rates=fast", "--ways=poll", "--exporter=", "launches=1", "--unknown"]) {
    assert.throws(() => parseOptions([arg]), /^UsageError: Cannot read .*: want /, arg);
  }
});
