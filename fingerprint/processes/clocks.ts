/**
 * How the clocks stand to each other: events come with CLOCK_MONOTONIC, /proc counts in CLOCK_BOOTTIME, people in Unix time.
 *
 * @module
 */
import { constants as c, type Libc } from "../../netlink/mod.ts";
import { TICK_NS } from "../proc/mod.ts";

/** Readings of two clocks at each measurement. */
const READINGS = 3;

export class Clocks {
  readonly #libc: Pick<Libc, "clock">;
  #unixOffsetNs = 0;
  /** CLOCK_BOOTTIME minus CLOCK_MONOTONIC, nanoseconds. */
  #bootOffsetNs = NaN;
  /** Its values before the machine was suspended, and the boot time up to which each held. */
  readonly #earlierOffsets: { readonly untilNs: number; readonly offsetNs: number }[] = [];

  constructor(libc: Pick<Libc, "clock">) {
    this.#libc = libc;
    this.update();
  }

  /** CLOCK_MONOTONIC, nanoseconds. */
  get nowNs(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  /** Measures again: Unix time is set, and a suspended machine stops CLOCK_MONOTONIC. */
  update(): void {
    let offsetNs = -Infinity, nowNs = 0;
    for (let i = 0; i < READINGS; i++) {
      const bootNs = this.#libc.clock(c.CLOCK_BOOTTIME);
      nowNs = this.nowNs;
      offsetNs = Math.max(offsetNs, bootNs - nowNs); // a pause between the two readings makes it seem smaller
    }
    if (offsetNs - this.#bootOffsetNs > TICK_NS) {
      this.#earlierOffsets.push({ untilNs: nowNs + this.#bootOffsetNs, offsetNs: this.#bootOffsetNs });
    }
    this.#bootOffsetNs = offsetNs;
    this.#unixOffsetNs = this.#libc.clock(c.CLOCK_REALTIME) - nowNs;
  }

  /** Unix time, seconds, of a time of CLOCK_MONOTONIC, nanoseconds. */
  unixSeconds(monotonicNs: number): number {
    return (monotonicNs + this.#unixOffsetNs) / 1e9;
  }

  /** A process's start by /proc as a time of CLOCK_MONOTONIC, nanoseconds. */
  startNs(startTicks: number): number {
    const bootNs = startTicks * TICK_NS;
    for (const { untilNs, offsetNs } of this.#earlierOffsets) if (bootNs <= untilNs) return bootNs - offsetNs;
    return bootNs - this.#bootOffsetNs;
  }
}
