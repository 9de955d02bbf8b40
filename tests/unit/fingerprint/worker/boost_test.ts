import assert from "node:assert/strict";
import { Booster } from "../../../../fingerprint/worker/boost.ts";
import { type Boost, BOOSTS } from "../../../../fingerprint/trees/report.ts";
import type { Libc } from "../../../../netlink/mod.ts";

/** A kernel that grants some ways of scheduling, and remembers what it was asked for. */
class FakeScheduler {
  readonly calls: string[] = [];
  cpuNs = 0;
  nowNs = 0;
  constructor(readonly granted: readonly string[]) {}

  readonly libc = {
    number: { sched_setattr: 314, gettid: 186 },
    clock: (id: number) => id === 1 ? this.nowNs : this.cpuNs,
    call: {
      sched_setscheduler: (_pid: number, policy: number) => {
        assert.equal(policy, 0x40000001); // SCHED_FIFO, for this thread and not for its children
        return this.#ask("fifo");
      },
      sched_setattr: (_number: number, _pid: number, attributes: Uint8Array) => {
        const view = new DataView(attributes.buffer);
        assert.deepEqual([view.getUint32(0, true), view.getUint32(4, true), view.getInt32(16, true)], [48, 0, 0]);
        return this.#ask(view.getUint32(24, true) === 0 ? "other" : "slice");
      },
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
      booster.guard(now, 0);
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

Deno.test("without a boost there is nothing to guard", () => {
  const scheduler = new FakeScheduler(["fifo", "slice", "nice"]), booster = new Booster(scheduler.libc, "none");
  booster.apply();
  for (let now = 1e9; now < 20e9; now += 0.2e9) {
    scheduler.cpuNs = now;
    booster.guard(now, now / 1e5);
    booster.missed();
  }
  assert.equal(booster.current, "none");
  assert.deepEqual(scheduler.calls, []);
});

/** A booster that drains five times a second. */
class Busy {
  readonly scheduler: FakeScheduler;
  readonly booster: Booster;
  #execs = 0;

  constructor(wish: Boost | "auto", granted: readonly string[] = ["fifo", "slice", "nice"]) {
    this.scheduler = new FakeScheduler(granted);
    this.booster = new Booster(this.scheduler.libc, wish);
    this.booster.apply();
  }

  /** CPU time of an exec, nanoseconds. */
  costNs = 50e3;

  /** Lets seconds pass with so many execs a second, of which a share is missed; the boosts taken, in their order. */
  pass(seconds: number, rate: number, share = 0): Boost[] {
    const taken: Boost[] = [];
    let missed = 0;
    for (let i = 0; i < seconds * 5; i++) {
      this.scheduler.nowNs += 0.2e9;
      const isMissing = share > 0 && this.booster.current !== "fifo";
      for (missed += isMissing ? share * rate / 5 : 0; missed >= 1; missed--) this.booster.missed();
      this.#execs += rate / 5;
      this.scheduler.cpuNs += this.costNs * rate / 5;
      this.booster.guard(this.scheduler.nowNs, this.#execs);
      if (this.booster.current !== taken.at(-1)) taken.push(this.booster.current);
    }
    return taken;
  }
}

Deno.test("FIFO while execs are rare, a short slice with nice -20 while they come often and are read in time", () => {
  const busy = new Busy("auto");
  assert.deepEqual(busy.pass(10, 50), ["fifo"]);
  assert.deepEqual(busy.pass(1.8, 1000), ["fifo"]); // a burst has all there is
  assert.deepEqual(busy.pass(1, 250), ["fifo"]);
  assert.deepEqual(busy.pass(2, 1000), ["fifo"]);
  assert.deepEqual(busy.pass(60, 1000), ["slice"]);
  assert.deepEqual(busy.pass(5, 150), ["slice"]); // neither often nor seldom: as it was
  assert.deepEqual(busy.pass(5, 50), ["fifo"]);
  assert.deepEqual(busy.pass(5, 150), ["fifo"]);
  assert.deepEqual(busy.scheduler.calls, ["fifo", "slice", "nice", "fifo"]);
});

Deno.test("FIFO is kept while it is cheap, however often execs come", () => {
  const busy = new Busy("auto");
  busy.costNs = 22e3;
  assert.deepEqual(busy.pass(600, 2000), ["fifo"]);
  busy.costNs = 50e3; // others want the processors
  assert.deepEqual(busy.pass(6, 2000), ["fifo", "slice"]);
});

Deno.test("one in a thousand may be missed, more of them bring FIFO back", () => {
  const busy = new Busy("auto");
  busy.pass(3, 1000);
  assert.deepEqual(busy.pass(600, 1000, 0.0009), ["slice"]);
  assert.deepEqual(busy.pass(5, 1000, 0.01), ["slice", "fifo"]);
});

Deno.test("FIFO is kept the longer the sooner processes are missed without it again", () => {
  const busy = new Busy("auto");
  busy.pass(3, 1000);
  const share = 0.5, taken: number[] = [];
  for (let i = 0; i < 6; i++) {
    busy.pass(0.2, 1000, share);
    assert.equal(busy.booster.current, "fifo");
    for (let tenths = 2;; tenths += 2) {
      if (busy.pass(0.2, 1000)[0] !== "slice") continue;
      taken.push(Math.round(tenths / 10));
      break;
    }
  }
  // Held for 20, 40, 80 and 160 s, then until the cost has been judged, which happens every two seconds.
  assert.deepEqual(taken, [21, 42, 82, 162, 162, 162]);
  busy.pass(90, 1000); // all is well for a while
  busy.pass(0.2, 1000, share);
  assert.deepEqual(busy.pass(9, 1000), ["fifo"]);
  assert.equal(busy.pass(3, 1000).at(-1), "slice");
});

Deno.test("a wish is kept whatever happens, and without FIFO the best that is granted", () => {
  for (const wish of ["fifo", "slice", "nice"] as const) {
    assert.deepEqual(new Busy(wish).pass(60, 1000, 0.1), [wish]);
  }
  assert.deepEqual(new Busy("auto", ["slice", "nice"]).pass(60, 1000, 0.1), ["slice"]);
});
