import assert from "node:assert/strict";
import { Stopwatch } from "./stopwatch.ts";

/** Takes the processor for some time. */
function hold(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

Deno.test("a stopwatch leaves out what this process had to wait for, and nothing else", async () => {
  using watch = new Stopwatch();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const waitedMs = watch.fairMs;
  hold(500);
  const heldMs = watch.fairMs - waitedMs;
  assert.ok(waitedMs > 100, `${waitedMs} ms`); // a machine that stands still shortens it
  assert.ok(heldMs < 250, `${heldMs} ms`);
});
