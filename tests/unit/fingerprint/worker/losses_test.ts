import assert from "node:assert/strict";
import type { Resync } from "../../../../fingerprint/processes/mod.ts";
import { Losses } from "../../../../fingerprint/worker/losses.ts";
import { SystemCallError } from "../../../../netlink/mod.ts";

function scene(sizeFlag?: string) {
  const resync = {
    isRunning: false,
    waits: false,
    steps: 0,
    error: undefined as Error | undefined,
    start() {
      if (this.error !== undefined) throw this.error;
      this.isRunning = true;
    },
    step() {
      this.steps++;
    },
  };
  const lines: string[] = [];
  const losses = new Losses(resync as unknown as Resync, (_level, message) => lines.push(message), () => 0, sizeFlag);
  return { resync, lines, losses };
}

Deno.test("a loss is told and begins a comparison with /proc; one while it goes on begins another afterwards", () => {
  const { resync, lines, losses } = scene();
  losses.check(0);
  losses.step(0, 0);
  assert.deepEqual([losses.resyncs, lines.length, resync.steps, losses.hasWork], [0, 0, 0, false]);
  losses.check(5);
  assert.deepEqual([losses.resyncs, lines.length, losses.isResyncing, losses.hasWork], [1, 1, true, true]);
  losses.step(0, 0);
  assert.equal(resync.steps, 1);
  losses.check(7);
  assert.deepEqual([losses.resyncs, lines.length], [1, 2]);
  resync.isRunning = false;
  losses.check(7);
  assert.deepEqual([losses.resyncs, lines.length], [2, 2]);
});

Deno.test("a loss names the flag that gives events more room", () => {
  for (const [sizeFlag, want] of [[undefined, /--netlink\.receive-buffer/], ["--x", /a larger --x holds/]] as const) {
    const { lines, losses } = scene(sizeFlag);
    losses.check(1);
    assert.match(lines[0]!, want);
  }
});

Deno.test("where /proc can't be listed, that is told once and tried again", () => {
  const { resync, lines, losses } = scene();
  resync.error = new SystemCallError("read /proc", 24);
  losses.want();
  losses.check(0);
  losses.check(0);
  assert.deepEqual([losses.resyncs, lines.length], [0, 1]);
  assert.match(lines[0]!, /EMFILE.*ulimit -n.*put off/);
  resync.error = undefined;
  losses.check(0);
  assert.deepEqual([losses.resyncs, losses.isResyncing], [1, true]);
});
