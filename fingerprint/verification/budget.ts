/**
 * A bound on the share of one CPU that a piece of work takes: what it has taken is slept off before it goes on.
 *
 * @module
 */

/** Work that may be done at a stretch after a rest, and that a rest is for, milliseconds: a timer takes a third of one itself. */
const BURST_MS = 50, REST_MS = 25;

/** The clock and the pause, which tests replace. */
export interface Time {
  /** Milliseconds, from any point on. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Calls something again and again, until what is returned is called. */
  every(milliseconds: number, call: () => void): () => void;
}

/** The runtime's own. The process needn't go on for a pause. */
export const REAL_TIME: Time = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, milliseconds))),
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    Deno.unrefTimer(timer);
    return () => clearInterval(timer);
  },
};

export class Budget {
  readonly #share: number;
  readonly #time: Time;
  /** Work that has not been slept off, milliseconds, at that time. */
  #debtMs = 0;
  #atMs: number;

  /** `share` is that of one CPU, above 0. */
  constructor(share: number, time: Time) {
    this.#share = share;
    this.#time = time;
    this.#atMs = time.now();
  }

  /** So much work has been done; resolves when it may go on. */
  async spend(workMs: number): Promise<void> {
    this.#settle();
    this.#debtMs += workMs;
    if (this.#debtMs <= BURST_MS) return;
    await this.#time.sleep(Math.ceil((this.#debtMs - REST_MS) / this.#share));
    this.#settle();
  }

  #settle(): void {
    const now = this.#time.now();
    this.#debtMs = Math.max(0, this.#debtMs - (now - this.#atMs) * this.#share);
    this.#atMs = now;
  }
}
