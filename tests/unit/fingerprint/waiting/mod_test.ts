import assert from "node:assert/strict";
import { waitFor } from "../../../../fingerprint/waiting/mod.ts";

Deno.test("what comes in time is given", async () => {
  assert.equal(await waitFor(Promise.resolve(3), 60_000), 3);
  await assert.rejects(waitFor(Promise.reject(new Error("broken")), 60_000), /broken/);
});

Deno.test("what takes too long is undefined", async () => {
  const never = Promise.withResolvers<number>();
  assert.equal(await waitFor(never.promise, 1), undefined);
});

Deno.test("longer than a timer can be isn't over at once", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("came"), 20);
  assert.equal(await waitFor(promise, 365 * 86_400_000), "came");
  assert.equal(await waitFor(Promise.resolve("at once"), Infinity), "at once");
  clearTimeout(timer);
});
