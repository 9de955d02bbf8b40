/**
 * Whether the thread that reads the kernel's events has started, and comes round.
 *
 * @module
 */

import type { Health } from "../http/mod.ts";

/** Time between two looks at the worker: nobody may ask for hours. */
const LOOK_MS = 1000;
/** A worker that hasn't come round for so long is stuck: it does so every second at least. With the looks it is told within 5 s. */
const STUCK_MS = 4000;

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
  #lookedMs: number;
  #ageMs = 0;

  /** @param now a clock that never goes back, milliseconds */
  constructor(worker: Worker, now: () => number = () => performance.now()) {
    this.#worker = worker;
    this.#now = now;
    this.#lookedMs = now();
    worker.ready.then(() => this.#isReady = true, () => {}); // whoever waits for it gets the error
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  notReady(): string | undefined {
    return this.#isReady ? undefined : "the start-up scan is under way";
  }

  unhealthy(): string | undefined {
    this.#look();
    return this.#ageMs < STUCK_MS || !this.#isReady ? undefined : "the thread that reads the kernel's events is stuck";
  }

  /** Adds up the time since the worker was last seen to come round. */
  #look(): void {
    const { heartbeat } = this.#worker, nowMs = this.#now();
    // Where this thread had no time either, the whole process was stopped, or the machine is overloaded: the worker isn't stuck.
    const passedMs = Math.min(nowMs - this.#lookedMs, 2 * LOOK_MS);
    this.#ageMs = heartbeat === this.#heartbeat ? this.#ageMs + passedMs : 0;
    this.#heartbeat = heartbeat;
    this.#lookedMs = nowMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
