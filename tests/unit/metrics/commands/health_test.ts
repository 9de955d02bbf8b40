import assert from "node:assert/strict";
import { WorkerHealth } from "../../../../metrics/commands/health.ts";

/** A worker that comes round so long after it is woken, by a clock that only waiting moves, and its health. */
function setUp() {
  const ready = Promise.withResolvers<void>();
  const time = { nowMs: 0, roundMs: 0, woken: 0, slept: (_nowMs: number) => {} };
  const worker = {
    ready: ready.promise,
    heartbeat: 0,
    dueMs: Infinity,
    wake() {
      time.woken++;
      this.dueMs = time.nowMs + time.roundMs;
    },
  };
  const sleep = (milliseconds: number) => {
    time.nowMs += milliseconds;
    time.slept(time.nowMs);
    if (time.nowMs >= worker.dueMs) {
      worker.heartbeat++;
      worker.dueMs = Infinity;
    }
    return Promise.resolve();
  };
  return { ready, time, worker, health: new WorkerHealth(worker, sleep) };
}

Deno.test("ready once the worker is, never stuck before", async () => {
  const { ready, time, health } = setUp();
  time.roundMs = Infinity;
  assert.deepEqual([health.isReady, health.notReady()], [false, "the start-up scan is under way"]);
  assert.equal(await health.unhealthy(), undefined);
  ready.resolve();
  await ready.promise;
  assert.deepEqual([health.isReady, health.notReady()], [true, undefined]);
  assert.match((await health.unhealthy())!, /stuck/);
});

Deno.test("a worker that comes round is well at once, a slow one within 4 s, a stuck one is told within 5 s, and well again", async () => {
  const { ready, time, health } = setUp();
  ready.resolve();
  await ready.promise;
  for (
    const [roundMs, mostMs, isWell] of [[0, 5, true], [3900, 4000, true], [Infinity, 5000, false], [
      0,
      5,
      true,
    ]] as const
  ) {
    time.roundMs = roundMs;
    const askedMs = time.nowMs;
    assert.equal(await health.unhealthy() === undefined, isWell, `${roundMs} ms`);
    assert.ok(time.nowMs - askedMs <= mostMs, `${time.nowMs - askedMs} ms of ${mostMs}`);
  }
});

Deno.test("who asks at the same time shares a look, who asks later begins one", async () => {
  const { ready, time, health } = setUp();
  ready.resolve();
  await ready.promise;
  time.roundMs = Infinity;
  const answers = await Promise.all([health.unhealthy(), health.unhealthy(), health.unhealthy()]);
  assert.deepEqual([time.woken, new Set(answers).size], [1, 1]);
  await health.unhealthy();
  assert.equal(time.woken, 2);
});

Deno.test("a process that was stopped as a whole is not stuck", async () => {
  const { ready, time, health } = setUp();
  ready.resolve();
  await ready.promise;
  time.roundMs = 50; // of a time in which nothing runs for an hour
  time.slept = () => time.nowMs += 3_600_000;
  assert.equal(await health.unhealthy(), undefined);
});

Deno.test("a worker that fails never gets ready, and whoever waits for it gets the error", async () => {
  const { ready, worker, health } = setUp();
  ready.reject(new Error("no"));
  await assert.rejects(worker.ready, /no/);
  assert.equal(health.isReady, false);
});
