import assert from "node:assert/strict";
import { Booster } from "../../../fingerprint/boost.ts";
import { type Boost, BOOSTS } from "../../../fingerprint/report.ts";
import type { Libc } from "../../../netlink/mod.ts";

/** A kernel that grants some ways of scheduling, and remembers what it was asked for. */
class FakeScheduler {
  readonly calls: string[] = [];
  cpuNs = 0;
  constructor(readonly granted: readonly string[]) {}

  readonly libc = {
    number: { sched_setattr: 314, gettid: 186 },
    clock: () => this.cpuNs,
    call: {
      sched_setscheduler: (_pid: number, policy: number) => this.#ask((policy & 0xff) === 1 ? "fifo" : "other"),
      sched_setattr: () => this.#ask("slice"),
      setpriority: (_which: number, who: number, nice: number) => {
        assert.deepEqual([who, nice], [4711, -20]); // this thread, and no other
        return this.#ask("nice");
      },
      gettid: () => 4711,
    },
  } as unknown as Libc;

  #ask(what: string): number {
    this.calls.push(what);
    return what === "other" || this.granted.includes(what) ? 0 : -1;
  }
}

Deno.test("auto takes the best that the kernel grants, a wish that or nothing", () => {
  const boost = (wish: Boost | "auto", ...granted: string[]) => {
    const scheduler = new FakeScheduler(granted), booster = new Booster(scheduler.libc, wish), result = booster.apply();
    assert.equal(booster.current, result);
    assert.equal(BOOSTS[booster.number], result);
    return [result, ...scheduler.calls].join(" ");
  };
  assert.equal(boost("auto", "fifo", "slice", "nice"), "fifo fifo");
  assert.equal(boost("auto", "slice", "nice"), "slice fifo slice nice");
  assert.equal(boost("auto", "slice"), "slice fifo slice nice");
  assert.equal(boost("auto", "nice"), "nice fifo slice nice");
  assert.equal(boost("auto"), "none fifo slice nice");
  assert.equal(boost("fifo", "slice", "nice"), "none fifo");
  assert.equal(boost("slice", "fifo", "slice", "nice"), "slice slice");
  assert.equal(boost("nice", "fifo", "nice"), "nice nice");
  assert.equal(boost("none", "fifo", "slice", "nice"), "none");
});

Deno.test("a thread that keeps a processor to itself gives FIFO back for a while", () => {
  const scheduler = new FakeScheduler(["fifo"]), booster = new Booster(scheduler.libc, "auto");
  booster.apply();
  let now = 100e9;
  /** Seconds until the boost is another, of which the thread runs a share; 100 if it stays. */
  const passes = (share: number) => {
    const { current } = booster;
    for (let i = 1; i < 500; i++) {
      now += 0.2e9;
      scheduler.cpuNs += share * 0.2e9;
      booster.guard(now);
      if (booster.current !== current) return i / 5;
    }
    return 100;
  };
  assert.equal(passes(0.6), 100);
  assert.equal(booster.current, "fifo");
  const untilSuspended = passes(0.95);
  assert.ok(untilSuspended <= 2, `${untilSuspended} s`);
  assert.equal(booster.current, "none");
  const untilResumed = passes(0.95);
  assert.ok(untilResumed >= 5 && untilResumed <= 5.2, `${untilResumed} s`);
  assert.equal(booster.current, "fifo");
  assert.equal(passes(0.3), 100);
  assert.ok(passes(0.95) <= 2); // and again
  assert.deepEqual(scheduler.calls, ["fifo", "other", "fifo", "other"]);
});

Deno.test("without FIFO there is nothing to guard", () => {
  const scheduler = new FakeScheduler(["nice"]), booster = new Booster(scheduler.libc, "nice");
  booster.apply();
  for (let now = 1e9; now < 20e9; now += 0.2e9) {
    scheduler.cpuNs = now;
    booster.guard(now);
  }
  assert.equal(booster.current, "nice");
  assert.deepEqual(scheduler.calls, ["nice"]);
});
