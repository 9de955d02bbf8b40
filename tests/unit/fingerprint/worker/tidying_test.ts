import assert from "node:assert/strict";
import { Tidying } from "../../../../fingerprint/worker/tidying.ts";

Deno.test("when it is quiet, free pages are given back every five seconds", () => {
  const tidying = new Tidying(true);
  assert.equal(tidying.check(10e9, 0, 100, 100), "pages");
  assert.equal(tidying.isQuiet, true);
  assert.equal(tidying.check(12e9, 0, 120, 120), "nothing");
  assert.equal(tidying.isQuiet, false);
  assert.equal(tidying.check(15e9, 0, 150, 150), "pages");
});

Deno.test("in a storm nothing is given back, and after it what the buffers left", () => {
  const tidying = new Tidying(true);
  tidying.check(10e9, 0, 0, 0);
  assert.equal(tidying.check(15e9, 30 << 20, 50_000, 50_000), "nothing");
  assert.equal(tidying.isQuiet, false);
  assert.equal(tidying.check(15.2e9, 1 << 20, 50_001, 50_001), "nothing", "not before the next look");
  assert.equal(tidying.check(20e9, 1 << 20, 50_002, 50_002), "garbage");
  assert.equal(tidying.check(25e9, 1 << 20, 50_003, 50_003), "pages");
});

Deno.test("many forks and execs leave garbage that no buffer shows", () => {
  const tidying = new Tidying(true);
  tidying.check(10e9, 0, 0, 0);
  assert.equal(tidying.check(15e9, 0, 1000, 18_000), "pages");
  assert.equal(tidying.check(20e9, 0, 2000, 20_000), "garbage");
  assert.equal(tidying.check(25e9, 0, 2500, 21_000), "pages");
});

Deno.test("what a storm leaves after a collection in its midst is collected when it is over", () => {
  const tidying = new Tidying(true);
  tidying.check(10e9, 0, 0, 0);
  assert.equal(tidying.check(15e9, 30 << 20, 50_000, 50_000), "nothing");
  assert.equal(tidying.check(20e9, 1 << 20, 55_000, 55_000), "garbage");
  assert.equal(tidying.check(25e9, 1 << 20, 55_010, 55_010), "garbage");
  assert.equal(tidying.check(30e9, 1 << 20, 55_020, 55_020), "pages");
});

Deno.test("where names aren't a race, free pages are given back in a storm too", () => {
  const tidying = new Tidying(false);
  assert.equal(tidying.check(10e9, 0, 0, 0), "pages");
  assert.equal(tidying.check(12e9, 0, 20_000, 20_000), "nothing", "not before the next look");
  assert.equal(tidying.check(15e9, 0, 50_000, 50_000), "pages");
  assert.equal(tidying.isQuiet, false);
});
