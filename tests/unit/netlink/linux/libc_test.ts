import assert from "node:assert/strict";
import { runIdleChild } from "../../../../netlink/linux/spawn.ts";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  CLOCK_REALTIME_COARSE,
} from "../../../../netlink/linux/constants.ts";
import { SystemCallError } from "../../../../netlink/linux/errors.ts";
import { cString, Libc } from "../../../../netlink/linux/libc.ts";

const EBADF = 9;

/** A test with the real C library, which stays open as it does in the exporter. */
function test(name: string, fn: (libc: Libc) => void | Promise<void>): void {
  Deno.test({ name, sanitizeResources: false, fn: () => fn(new Libc()) });
}

test("a failed call says why", (libc) => {
  assert.equal(libc.call.close(-1), -1);
  assert.equal(libc.errno, EBADF);
  assert.throws(
    () => libc.check(libc.call.close(-1), "close nothing", "open it first"),
    (error) => error instanceof SystemCallError && error.errno === EBADF && error.op === "close nothing",
  );
  assert.equal(libc.check(7, "count to seven"), 7);
});

test("a thread opens the library once", (libc) => {
  const again = new Libc();
  assert.equal(again.call, libc.call);
  assert.equal(again.background, libc.background);
  assert.equal(again.call.close(-1), -1);
  assert.equal(again.errno, EBADF);
});

test("clocks are in nanoseconds", (libc) => {
  const wall = libc.clock(CLOCK_REALTIME) / 1e6;
  assert.ok(Math.abs(wall - Date.now()) < 1000, `${wall} ms`);
  const uptime = Number(Deno.readTextFileSync("/proc/uptime").split(" ")[0]);
  assert.ok(Math.abs(libc.clock(CLOCK_BOOTTIME) / 1e9 - uptime) < 1);
  const first = libc.clock(CLOCK_MONOTONIC), second = libc.clock(CLOCK_MONOTONIC);
  assert.ok(second >= first && second - first < 1e9);
  assert.equal(libc.resolution(CLOCK_MONOTONIC), 1);
  const tick = libc.resolution(CLOCK_REALTIME_COARSE); // 100 to 1000 ticks a second
  assert.ok(tick >= 999_000 && tick <= 10_000_000, `${tick} ns`);
});

test("a C string ends with a zero", () => {
  assert.deepEqual([...cString("aé")], [97, 0xc3, 0xa9, 0]);
  assert.deepEqual([...cString("")], [0]);
});

test("an idle child has run and is gone, without a zombie", (libc) => {
  const pid = runIdleChild(libc);
  assert.ok(pid > 0 && pid !== Deno.pid);
  assert.throws(() => Deno.statSync(`/proc/${pid}`), Deno.errors.NotFound);
});

test("300 idle children leave no file open", async (libc) => {
  const files = () => [...Deno.readDirSync("/proc/self/fd")].length;
  runIdleChild(libc);
  const before = files();
  for (let i = 0; i < 300; i++) assert.ok(runIdleChild(libc) > 0);
  // Tests of other threads have hundreds of files open for a moment; what leaks stays.
  let least = files();
  for (let i = 0; i < 100 && least >= before + 150; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    least = Math.min(least, files());
  }
  assert.ok(least < before + 150, `${before}, then ${least}`);
});
