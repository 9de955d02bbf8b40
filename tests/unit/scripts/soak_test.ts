import assert from "node:assert/strict";
import { growth } from "../../../scripts/soak.ts";

const flat = { residentBytes: 100e6, anonymousBytes: 30e6, fileBytes: 20e6, threads: 12, files: 20 };
const samples = (change: (at: number) => Partial<typeof flat>) =>
  Array.from({ length: 100 }, (_, at) => ({ ...flat, ...change(at) }));

Deno.test("growth: a start that grows and single peaks are no growth", () => {
  assert.deepEqual(growth(samples((at) => ({ residentBytes: at < 20 ? 50e6 : at === 90 ? 300e6 : 100e6 }))), []);
});

Deno.test("growth: memory that creeps, a thread and a file too many are", () => {
  assert.match(growth(samples((at) => ({ anonymousBytes: 30e6 * (1 + at / 300) }))).join(), /anonymousBytes grew/);
  assert.match(growth(samples((at) => ({ threads: 12 + Math.floor(at / 70) }))).join(), /threads grew from 12 to 13/);
  assert.match(growth(samples((at) => ({ files: 20 + at }))).join(), /files grew/);
});
