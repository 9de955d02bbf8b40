import assert from "node:assert/strict";
import type { OwnChild } from "../../../../fingerprint/worker/own_child.ts";
import { Silence } from "../../../../fingerprint/worker/silence.ts";

function scene(canStart = true) {
  const started = { count: 0 };
  const child = { start: () => (started.count++, canStart) } as unknown as OwnChild;
  return { silence: new Silence(child), started };
}

Deno.test("a minute without execs starts a child; one that isn't heard of within two seconds means silence, once", () => {
  const { silence, started } = scene();
  assert.equal(silence.check(1e9, 1), false);
  for (let s = 2; s <= 61; s++) assert.equal(silence.check(s * 1e9, 1), false);
  assert.equal(started.count, 0);
  assert.equal(silence.check(61.5e9, 1), false);
  assert.equal(started.count, 1);
  assert.equal(silence.check(63.5e9, 1), false, "two seconds are not over");
  assert.equal(silence.isSilent, false);
  assert.equal(silence.check(63.6e9, 1), true);
  assert.equal(silence.check(63.8e9, 1), false, "the next silence is a minute long again");
  assert.equal(silence.isSilent, true);
  assert.equal(silence.check(64e9, 2), false);
  assert.equal(silence.isSilent, false);
  assert.equal(started.count, 1);
});

Deno.test("a child that is heard of begins the time anew", () => {
  const { silence, started } = scene();
  silence.check(1e9, 1);
  silence.check(62e9, 1);
  assert.equal(silence.check(62.2e9, 2), false);
  assert.equal(silence.check(65e9, 2), false);
  assert.equal(silence.check(122e9, 2), false);
  assert.equal(started.count, 1);
});

Deno.test("the first look begins the time, whatever the clock says", () => {
  const { silence, started } = scene();
  for (let s = 1000; s <= 1060; s++) assert.equal(silence.check(s * 1e9, 0), false);
  assert.equal(started.count, 0);
  silence.check(1060.5e9, 0);
  assert.equal(started.count, 1);
});

Deno.test("where no child can be started, that is tried once a minute", () => {
  const { silence, started } = scene(false);
  silence.check(1e9, 1);
  for (let s = 2; s <= 190; s++) assert.equal(silence.check(s * 1e9, 1), false);
  assert.equal(started.count, 3);
});
