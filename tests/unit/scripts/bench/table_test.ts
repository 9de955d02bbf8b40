import assert from "node:assert/strict";
import { CPU } from "../../../../scripts/bench/rounds.ts";
import { tableLines } from "../../../../scripts/bench/table.ts";

Deno.test("bench: the table has each program's figures, and the exporter's by both floors", () => {
  const rounds = {
    "C floor": [{ [CPU]: 50 }, { [CPU]: 60 }],
    "BPF floor": [{ [CPU]: 1 }, { [CPU]: 1 }],
    "exporter, --capture=bpf": [{ [CPU]: 5, "events lost": 0 }, { [CPU]: 9, "events lost": 2 }],
  };
  const lines = tableLines([{ name: "warm", rounds }]).map((line) => line.trim().replace(/ {2,}/g, " | "));
  assert.deepEqual(lines, [
    "min | median | max",
    "warm",
    "C floor",
    "CPU µs per launch | 50.0 | 55.0 | 60.0",
    "BPF floor",
    "CPU µs per launch | 1.00 | 1.00 | 1.00",
    "exporter, --capture=bpf",
    "CPU µs per launch | 5.00 | 7.00 | 9.00",
    "events lost | 0.00 | 1.00 | 2.00",
    "÷ C floor, by round | 0.10 | 0.13 | 0.15",
    "÷ C floor, of the medians | 0.13",
    "÷ BPF floor, by round | 5.00 | 7.00 | 9.00",
    "÷ BPF floor, of the medians | 7.00",
  ]);
});
