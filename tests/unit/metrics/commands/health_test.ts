import assert from "node:assert/strict";
import { WorkerHealth } from "../../../../metrics/commands/health.ts";
import { FakeTime } from "../http/api/fake_time.ts";

/** A worker that comes round when the test says, and its health. */
function setUp(time: FakeTime) {
  const ready = Promise.withResolvers<void>(), worker = { ready: ready.promise, heartbeat: 0 };
  return { ready, worker, health: new WorkerHealth(worker, () => time.nowMs) };
}

Deno.test("ready once the worker is, never stuck before", async () => {
  using time = new FakeTime();
  const { ready, worker, health } = setUp(time);
  await time.pass(60_000);
  assert.deepEqual([health.isReady, health.notReady()], [false, "the start-up scan is under way"]);
  assert.equal(health.unhealthy(), undefined);
  ready.resolve();
  worker.heartbeat++;
  await time.pass(0);
  await ready.promise;
  assert.deepEqual([health.isReady, health.notReady(), health.unhealthy()], [true, undefined, undefined]);
  health[Symbol.dispose]();
});

Deno.test("stuck is told within 5 s, whether or not anybody asked meanwhile, and well again", async () => {
  using time = new FakeTime();
  const { ready, worker, health } = setUp(time);
  ready.resolve();
  await ready.promise;
  await time.pass(3500);
  assert.equal(health.unhealthy(), undefined);
  worker.heartbeat++;
  await time.pass(5000); // the looks at the worker take place in between
  assert.match(health.unhealthy()!, /stuck/);
  worker.heartbeat++;
  assert.equal(health.unhealthy(), undefined);
  health[Symbol.dispose]();
});

Deno.test("a process that was stopped as a whole is not stuck", async () => {
  using time = new FakeTime();
  const { ready, health } = setUp(time);
  ready.resolve();
  await ready.promise;
  await time.pass(1000);
  time.nowMs += 3_600_000;
  assert.equal(health.unhealthy(), undefined);
  health[Symbol.dispose]();
});

Deno.test("a worker that fails never gets ready, and whoever waits for it gets the error", async () => {
  using time = new FakeTime();
  const { ready, worker, health } = setUp(time);
  ready.reject(new Error("no"));
  await assert.rejects(worker.ready, /no/);
  assert.equal(health.isReady, false);
  health[Symbol.dispose]();
});
