/**
 * The scheduling boost of the worker thread, and a guard that keeps it from starving others.
 *
 * @module
 */
import { constants as c, type Libc, setFifo, setNice, setOther, setShortSlice } from "../netlink/mod.ts";
import { type Boost, BOOSTS } from "./report.ts";

/** Share of a processor above which a boosted thread gives its boost back, and for how long. */
const GREEDY_SHARE = 0.7;
const WINDOW_NS = 1e9;
const PENANCE_NS = 5e9;

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
  #windowNs = 0;
  #cpuNs = 0;
  #suspendedUntilNs = 0;

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
    for (const boost of ATTEMPTS[this.#wish]) {
      if (!this.#try(boost)) continue;
      if (boost === "slice" && this.#wish === "auto") setNice(this.#libc); // the two together come closest to FIFO
      return this.#current = boost;
    }
    return this.#current = "none";
  }

  /** Called every fifth of a second or so: suspends FIFO while this thread would keep a processor from all others. */
  guard(nowNs: number): void {
    if (this.#suspendedUntilNs > 0) {
      if (nowNs < this.#suspendedUntilNs) return;
      this.#suspendedUntilNs = 0;
      this.apply();
      this.#windowNs = 0;
    }
    if (this.#current !== "fifo" || nowNs - this.#windowNs < WINDOW_NS) return;
    const cpuNs = this.#libc.clock(c.CLOCK_THREAD_CPUTIME_ID);
    if (this.#windowNs > 0 && cpuNs - this.#cpuNs > GREEDY_SHARE * (nowNs - this.#windowNs)) {
      setOther(this.#libc);
      this.#current = "none";
      this.#suspendedUntilNs = nowNs + PENANCE_NS;
    }
    this.#windowNs = nowNs;
    this.#cpuNs = cpuNs;
  }

  #try(boost: Boost): boolean {
    switch (boost) {
      case "fifo":
        return setFifo(this.#libc);
      case "slice":
        return setShortSlice(this.#libc);
      case "nice":
        return setNice(this.#libc);
      case "none":
        return true;
    }
  }
}
