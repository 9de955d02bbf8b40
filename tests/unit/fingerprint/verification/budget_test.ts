import assert from "node:assert/strict";
import { budget, type Time } from "../../../../fingerprint/verification/budget.ts";

Deno.test("work takes its share of the time, after a burst", async () => {
  let nowMs = 0, workMs = 0;
  const time: Time = {
    now: () => nowMs,
    sleep: (milliseconds) => {
      nowMs += milliseconds;
      return Promise.resolve();
    },
    every: () => () => {},
  };
  const spend = budget(0.05, time);
  for (let i = 0; i < 49; i++) {
    workMs++;
    nowMs++;
    await spend(1);
  }
  assert.equal(nowMs, 49);
  while (workMs < 1000) {
    workMs++;
    nowMs++;
    await spend(1);
  }
  assert.ok(workMs - 50 <= nowMs * 0.05 + 1, `${workMs} ms of work in ${nowMs}`);
  assert.ok(nowMs < 1000 / 0.05 + 1000);
});
