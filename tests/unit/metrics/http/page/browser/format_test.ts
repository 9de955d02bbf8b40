import assert from "node:assert/strict";
import {
  agoText,
  clockText,
  countText,
  durationText,
  endingText,
  failuresText,
  plotPath,
} from "../../../../../../metrics/http/page/browser/format.ts";

function table<Input>(
  name: string,
  write: (input: Input) => string,
  cases: readonly (readonly [Input, string])[],
): void {
  Deno.test(name, () => {
    for (const [input, want] of cases) assert.equal(write(input), want, String(input));
  });
}

table("counts", countText, [
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [99_999, "99,999"],
  [123_456, "123k"],
  [1_234_567, "1.2M"],
  [99_999_999, "99M"],
  [1_999_999_999, "1.9G"],
]);

table("durations", durationText, [
  [0, "0 µs"],
  [0.0004, "400 µs"],
  [0.00099, "1.0 ms"],
  [0.0041, "4.1 ms"],
  [0.00999, "10 ms"],
  [0.9994, "999 ms"],
  [0.9996, "1.0 s"],
  [9.96, "10 s"],
  [59.6, "59 s"],
  [60, "1m 00s"],
  [3599, "59m 59s"],
  [3600, "1h 00m"],
  [90_061, "1d 1h"],
]);

table("ages", agoText, [
  [-5, "now"],
  [4.9, "now"],
  [59.9, "59 s"],
  [60, "1 min"],
  [7200, "2 h"],
  [86_400 * 3.5, "3 d"],
  [31_536_000 * 2, "2 y"],
]);

table("plots", plotPath, [
  [[0, 0, 0], ""],
  [[0, 8, 0], "M6 16v-16h5v16z"],
  [[1, 1000, 500], "M0 16v-2h5v2zM6 16v-16h5v16zM12 16v-8h5v8z"],
]);

Deno.test("time of day", () => {
  assert.match(clockText(1_800_000_000.0625), /^\d\d:\d\d:\d\d\.06[23]$/);
});

Deno.test("how it ended, and what of that isn't known is left out", () => {
  const exits = { success: 3, error: 0, signal: 0, core: 0, exec: 0, unknown: 0 };
  assert.equal(failuresText(exits), "");
  assert.equal(failuresText({ ...exits, error: 2, core: 1 }), "2 error, 1 core");
  assert.equal(endingText({ outcome: "error", seconds: 0.5, cpu_seconds: 0.25 }), "error · 500 ms · CPU 250 ms");
  assert.equal(endingText({ outcome: "", seconds: null, cpu_seconds: null }), "");
});
