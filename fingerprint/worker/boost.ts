/**
 * The scheduling boost of the worker thread: as much as is needed to look at processes in time, and a guard that keeps it
 * from starving others.
 *
 * SCHED_FIFO reads practically every process in time whatever else runs. Where processors are free it is the cheapest
 * policy too; where others want them its wake-ups take the processor from the very process that is looked at, and cost
 * 1.4 to 1.8 times the CPU time of the default policy with nice -20 and a short slice (measured on virtual machines). So
 * FIFO is left where execs are frequent and prove costly, and taken again when processes are missed without it.
 *
 * @module
 */
import { constants as c, type Libc, setFifo, setNice, setOther, setShortSlice } from "../../netlink/mod.ts";
import { type Boost, BOOSTS } from "../trees/mod.ts";

/** Share of a processor above which a boosted thread gives its boost back, and for how long. */
const GREEDY_SHARE = 0.7;
const WINDOW_NS = 1e9;
const BACKOFF_NS = 5e9;

/**
 * FIFO is left where execs are so frequent for so long, and each costs this thread so much CPU time, nanoseconds; it is taken
 * again where they are rare. Measured under FIFO: 18 to 25 µs on a quiet machine, 35 to 70 on a busy one.
 */
const FREQUENT = 300;
const FREQUENT_NS = 2e9;
const COSTLY_NS = 35e3;
const RARE = 100;
/** Without FIFO as many processes may be missed at once, and this share of them in the long run. */
const MISSES = 3;
const MISS_SHARE = 0.001;
/** FIFO is kept so long after too many misses; twice as long each time they come back so soon after its end. */
const HOLD_NS = 10e9;
const LONGEST_HOLD_NS = 160e9;
const RELAPSE_NS = 60e9;

/** What to do for a wish; the first that the kernel grants counts. */
const ATTEMPTS: Readonly<Record<Boost | "auto", readonly Boost[]>> = {
  auto: ["fifo", "slice", "nice"],
  fifo: ["fifo"],
  slice: ["slice"],
  nice: ["nice"],
  none: [],
};

export class Booster {
  readonly #libc: Libc;
  readonly #wish: Boost | "auto";
  #current: Boost = "none";
  /** The boost is chosen by need: FIFO, or a short slice with nice -20. */
  #isAdaptive = false;
  #windowNs = 0;
  #cpuNs = 0;
  #suspendedUntilNs = 0;
  #guardedNs = 0;
  #execs = 0;
  /** Beginning of the time, while execs are frequent, over which their cost is judged; Infinity while they don't. */
  #frequentSinceNs = Infinity;
  /** CPU time of this thread and number of execs at that beginning. */
  #frequentCpuNs = 0;
  #frequentExecs = 0;
  /** Processes that may still be missed before FIFO is taken. */
  #credit = MISSES;
  #sharedSinceNs = 0;
  #holdNs = HOLD_NS;
  #holdUntilNs = 0;

  constructor(libc: Libc, wish: Boost | "auto") {
    this.#libc = libc;
    this.#wish = wish;
  }

  /** The boost in force. */
  get current(): Boost {
    return this.#current;
  }

  /** Its number in the metric. */
  get number(): number {
    return BOOSTS.indexOf(this.#current);
  }

  /** Boosts the calling thread. */
  apply(): Boost {
    this.#current = ATTEMPTS[this.#wish].find((boost) => this.#try(boost)) ?? "none";
    this.#isAdaptive = this.#wish === "auto" && this.#current === "fifo";
    return this.#current;
  }

  /**
   * Called at every drain, a fifth of a second apart or so, with the number of execs so far: suspends the boost while this
   * thread would keep a processor from all others, and chooses the boost that is needed.
   */
  guard(nowNs: number, execs: number): void {
    if (this.#suspendedUntilNs > 0) {
      if (nowNs < this.#suspendedUntilNs) return;
      this.#suspendedUntilNs = 0;
      this.apply();
      this.#windowNs = 0;
    }
    this.#suspendGreedy(nowNs);
    this.#choose(nowNs, execs);
  }

  /** A process had gone when its exec was read, or its command line could not be read any more. */
  missed(): void {
    if (!this.#isAdaptive || this.#current === "fifo" || --this.#credit >= 0) return;
    const nowNs = this.#libc.clock(c.CLOCK_MONOTONIC), isRelapse = nowNs - this.#sharedSinceNs < RELAPSE_NS;
    this.#holdNs = isRelapse ? Math.min(2 * this.#holdNs, LONGEST_HOLD_NS) : HOLD_NS;
    this.#holdUntilNs = nowNs + this.#holdNs;
    this.#take("fifo");
  }

  #suspendGreedy(nowNs: number): void {
    if (this.#current === "none" || nowNs - this.#windowNs < WINDOW_NS) return;
    const cpuNs = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID);
    if (this.#windowNs > 0 && cpuNs - this.#cpuNs > GREEDY_SHARE * (nowNs - this.#windowNs)) {
      setOther(this.#libc);
      this.#current = "none";
      this.#isAdaptive = false;
      this.#suspendedUntilNs = nowNs + BACKOFF_NS;
    }
    this.#windowNs = nowNs;
    this.#cpuNs = cpuNs;
  }

  #choose(nowNs: number, execs: number): void {
    const fresh = execs - this.#execs, rate = fresh * 1e9 / (nowNs - this.#guardedNs);
    this.#execs = execs;
    this.#guardedNs = nowNs;
    if (!this.#isAdaptive) return;
    const isDear = this.#provesDear(nowNs, execs, rate);
    this.#credit = Math.min(MISSES, this.#credit + MISS_SHARE * fresh);
    if (this.#current !== "fifo") {
      if (rate < RARE) this.#take("fifo");
    } else if (isDear && nowNs >= this.#holdUntilNs) {
      this.#credit = MISSES;
      this.#sharedSinceNs = nowNs;
      this.#take("slice");
    }
  }

  /** Whether execs have come often for a while, and cost much. */
  #provesDear(nowNs: number, execs: number, rate: number): boolean {
    if (rate <= FREQUENT) {
      this.#frequentSinceNs = Infinity;
      return false;
    }
    const isBegun = this.#frequentSinceNs < Infinity;
    if (isBegun && nowNs - this.#frequentSinceNs < FREQUENT_NS) return false;
    const cpuNs = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID);
    const isDear = isBegun && cpuNs - this.#frequentCpuNs > COSTLY_NS * (execs - this.#frequentExecs);
    this.#frequentSinceNs = nowNs; // judged anew after the same time
    this.#frequentCpuNs = cpuNs;
    this.#frequentExecs = execs;
    return isDear;
  }

  #take(boost: Boost): void {
    if (this.#try(boost)) this.#current = boost;
  }

  #try(boost: Boost): boolean {
    switch (boost) {
      case "fifo":
        return setFifo(this.#libc);
      case "slice":
        if (!setShortSlice(this.#libc)) return false;
        if (this.#wish === "auto") setNice(this.#libc); // the two together come closest to FIFO
        return true;
      case "nice":
        return setNice(this.#libc);
      case "none":
        return true;
    }
  }
}
