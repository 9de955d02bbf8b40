/**
 * Whether the thread that reads the kernel's events has started, and comes round.
 *
 * @module
 */

import type { Health } from "../http/mod.ts";

/** A worker that hasn't come round for so long is stuck. It comes round every few seconds at least. */
const STUCK_MS = 30_000;

/** What is known of the worker. */
export interface Worker {
  /** Resolves when the start-up scan is done. */
  readonly ready: Promise<unknown>;
  /** A number that changes each time the worker comes round. */
  readonly heartbeat: number;
}

/** The health of the exporter: that of its worker. */
export class WorkerHealth implements Health, Disposable {
  readonly #worker: Worker;
  readonly #now: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #isReady = false;
  #heartbeat = -1;
  #sinceMs: number;

  /** @param now a clock that never goes back, milliseconds */
  constructor(worker: Worker, now: () => number = () => performance.now()) {
    this.#worker = worker;
    this.#now = now;
    this.#sinceMs = now();
    worker.ready.then(() => this.#isReady = true, () => {}); // whoever waits for it gets the error
    // Nobody may ask for hours: then a worker that stopped long ago would look as if it had just come round.
    this.#timer = setInterval(() => this.#ageMs(), STUCK_MS / 4);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  notReady(): string | undefined {
    return this.#isReady ? undefined : "the start-up scan is under way";
  }

  unhealthy(): string | undefined {
    return this.#ageMs() < STUCK_MS || !this.#isReady
      ? undefined
      : "the thread that reads the kernel's events is stuck";
  }

  /** Time since the worker was last seen to come round. */
  #ageMs(): number {
    const { heartbeat } = this.#worker;
    if (heartbeat !== this.#heartbeat) {
      this.#heartbeat = heartbeat;
      this.#sinceMs = this.#now();
    }
    return this.#now() - this.#sinceMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
