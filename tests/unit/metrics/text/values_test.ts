import assert from "node:assert/strict";
import { closest, parseDuration, parseSize } from "../../../../metrics/text/values.ts";

Deno.test("durations and sizes", () => {
  const durations: [string, number | undefined][] = [
    ["250ms", 250],
    ["1.5s", 1500],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
    ["1", undefined],
    ["s", undefined],
    ["1.s", undefined],
    ["1.2.3s", undefined],
    ["-1s", undefined],
    ["1 s", undefined],
    ["", undefined],
  ];
  for (const [text, want] of durations) assert.equal(parseDuration(text), want, text);
  const sizes: [string, number | undefined][] = [
    ["0", 0],
    ["65536", 65536],
    ["1kB", 1000],
    ["1.5GB", 1_500_000_000],
    ["80MiB", 83_886_080],
    ["1KiB", 1024],
    ["1K", undefined],
    ["1kib", undefined],
    [" 1", undefined],
    ["", undefined],
  ];
  for (const [text, want] of sizes) assert.equal(parseSize(text), want, text);
});

Deno.test("the name that was probably meant", () => {
  const names = ["serve", "explain", "web.listen-address", "web.config.file"];
  const cases: [string, string | undefined][] = [
    ["sevre", "serve"],
    ["explian", "explain"],
    ["listen-address", "web.listen-address"],
    ["web.listen-adress", "web.listen-address"],
    ["s", undefined],
    ["", undefined],
    ["x".repeat(101), undefined],
  ];
  for (const [given, want] of cases) assert.equal(closest(given, names), want, given);
});
