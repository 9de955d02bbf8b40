import assert from "node:assert/strict";
import { CLOCK_MONOTONIC } from "../../../../netlink/linux/constants.ts";
import { SystemCallError } from "../../../../netlink/linux/errors.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";
import { EdgeTriggered, openWake, Waiter, wake } from "../../../../netlink/linux/wake.ts";

const EBADF = 9;

/** A test with the real C library, which stays open as it does in the exporter. */
function test(name: string, fn: (libc: Libc) => void): void {
  Deno.test({ name, sanitizeResources: false, fn: () => fn(new Libc()) });
}

test("a wait ends by its time, by a wake, or by its source", (libc) => {
  using wakeUp = openWake(libc);
  using source = openWake(libc);
  const waiter = new Waiter(libc, source.fd, wakeUp.fd), began = libc.clock(CLOCK_MONOTONIC);
  waiter.wait(30);
  assert.ok(libc.clock(CLOCK_MONOTONIC) - began >= 30e6);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [false, false]);

  wake(libc, wakeUp.fd);
  wake(libc, wakeUp.fd);
  waiter.wait(10_000);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake(), waiter.takeWake()], [false, true, false]);
  waiter.wait(0);
  assert.equal(waiter.takeWake(), false, "two wakes are taken as one");

  wake(libc, source.fd);
  waiter.wait(10_000);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [true, false]);
  wake(libc, wakeUp.fd);
  waiter.wait(10_000);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [true, true]);
});

test("without a source there is only the wake to wait for", (libc) => {
  using wakeUp = openWake(libc);
  const waiter = new Waiter(libc, -1, wakeUp.fd);
  waiter.wait(1);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [false, false]);
  wake(libc, wakeUp.fd);
  waiter.wait(10_000);
  assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [false, true]);
});

test("an edge-triggered descriptor is readable once after each wake-up, though what woke it stays unread", (libc) => {
  using ring = openWake(libc);
  using signal = new EdgeTriggered(libc, ring.fd);
  const level = new Waiter(libc, ring.fd, -1), edge = new Waiter(libc, signal.fd, -1);
  const ready = () => [level, edge].map((waiter) => (waiter.wait(0), waiter.sourceReady));
  assert.deepEqual(ready(), [false, false]);
  for (let i = 0; i < 3; i++) {
    wake(libc, ring.fd);
    assert.deepEqual(ready(), [true, true]);
    assert.deepEqual(ready(), [true, true], "until it is taken");
    signal.take();
    assert.deepEqual(ready(), [true, false]);
    signal.take();
    assert.deepEqual(ready(), [true, false], "taken when there is nothing");
  }
});

test("what can't be watched leaves no descriptor open", (libc) => {
  const open = () => [...Deno.readDirSync("/proc/self/fd")].length, before = open();
  for (let i = 0; i < 300; i++) {
    assert.throws(
      () => new EdgeTriggered(libc, -1),
      (error) => error instanceof SystemCallError && error.errno === EBADF,
    );
  }
  assert.ok(open() < before + 150, `${before}, then ${open()}`); // tests of other threads have files open too
});
