/**
 * Lost events leave the table of processes wrong until /proc has been compared with it: notices losses and drives that.
 *
 * @module
 */
import { SystemCallError } from "../../netlink/mod.ts";
import type { Resync } from "../processes/mod.ts";
import type { Log } from "./protocol.ts";

/** Work of a resynchronisation at a stretch: between two looks at the exec socket. */
const SLICE_NS = 5e6;

export class Losses {
  readonly #resync: Resync;
  readonly #log: Log;
  readonly #sizeFlag: string;
  readonly #now: () => number;
  #lost = 0;
  #isWanted = false;
  /** Whether /proc couldn't be listed the last time. */
  #isPutOff = false;
  #resyncs = 0;

  /** `now` is CLOCK_MONOTONIC, nanoseconds; `sizeFlag` is the flag that gives events more room. */
  constructor(resync: Resync, log: Log, now: () => number, sizeFlag = "--netlink.receive-buffer") {
    this.#resync = resync;
    this.#log = log;
    this.#sizeFlag = sizeFlag;
    this.#now = now;
  }

  /** Resynchronisations begun. */
  get resyncs(): number {
    return this.#resyncs;
  }

  /** Whether one goes on. */
  get isResyncing(): boolean {
    return this.#resync.isRunning;
  }

  /** Whether {@link step} has work to do now. */
  get hasWork(): boolean {
    return this.#resync.isRunning && !this.#resync.waits;
  }

  /** The kernel has dropped so many events of processes since the start. */
  check(lost: number): void {
    if (lost !== this.#lost) {
      const message =
        `The kernel dropped events, because they came faster than they were read; a larger ${this.#sizeFlag} holds more`;
      this.#log("warn", message, { lost: lost - this.#lost });
      this.#lost = lost;
      this.#isWanted = true;
    }
    if (!this.#isWanted || this.#resync.isRunning) return;
    try {
      this.#resync.start();
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      if (!this.#isPutOff) this.#log("warn", `${error.message}; comparing with /proc is put off`);
      this.#isPutOff = true;
      return;
    }
    this.#isWanted = this.#isPutOff = false;
    this.#resyncs++;
  }

  /** Events may have been missed in another way. */
  want(): void {
    this.#isWanted = true;
  }

  /** Goes on for a slice of time. `nowNs` is the time, `drainNs` that of the last drain. */
  step(nowNs: number, drainNs: number): void {
    if (!this.#resync.isRunning) return;
    const endNs = this.#now() + SLICE_NS;
    this.#resync.step(nowNs, drainNs, () => this.#now() > endNs);
  }
}
