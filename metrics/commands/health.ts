/**
 * Whether the thread that reads the kernel's events has started, and comes round.
 *
 * @module
 */

import type { Health } from "../http/mod.ts";

/** A worker that doesn't come round for so long once it is woken is stuck: with the look that began it, that is told within 5 s. */
const STUCK_MS = 4000;
/** Time between looks at a worker that was woken: it takes less than the first as a rule. */
const FIRST_LOOK_MS = 1, LAST_LOOK_MS = 100;

export interface Worker {
  /** Resolves when the start-up scan is done. */
  readonly ready: Promise<unknown>;
  /** A number that changes each time the worker comes round. */
  readonly heartbeat: number;
  /** Has it come round. */
  wake(): void;
}

/** The health of the exporter: that of its worker, which is looked at when somebody asks. */
export class WorkerHealth implements Health {
  readonly #worker: Worker;
  readonly #sleep: (milliseconds: number) => Promise<void>;
  #isReady = false;
  #looking: Promise<string | undefined> | undefined;

  constructor(worker: Worker, sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))) {
    this.#worker = worker;
    this.#sleep = sleep;
    worker.ready.then(() => this.#isReady = true, () => {}); // whoever waits for it gets the error
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  notReady(): string | undefined {
    return this.#isReady ? undefined : "the start-up scan is under way";
  }

  /** Those who ask at the same time share a look. */
  async unhealthy(): Promise<string | undefined> {
    if (!this.#isReady) return undefined;
    return await (this.#looking ??= this.#look().finally(() => this.#looking = undefined));
  }

  async #look(): Promise<string | undefined> {
    const { heartbeat } = this.#worker;
    this.#worker.wake();
    // What counts is how long this thread meant to wait: the whole process may have been stopped, or the machine be overloaded.
    for (let waitedMs = 0, pauseMs = FIRST_LOOK_MS; waitedMs < STUCK_MS; waitedMs += pauseMs) {
      await this.#sleep(pauseMs = Math.min(2 * pauseMs, LAST_LOOK_MS));
      if (this.#worker.heartbeat !== heartbeat) return undefined;
    }
    return "the thread that reads the kernel's events is stuck";
  }
}
