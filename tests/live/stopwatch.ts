/**
 * Measures how long something took where other work, or another machine, may take the processors away meanwhile.
 *
 * @module
 */

const TICK_MS = 10;

/** Runs from its construction until it is disposed. */
export class Stopwatch implements Disposable {
  readonly #beganMs = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #tickedMs = this.#beganMs;
  #lateMs = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Milliseconds, but those for which this process had no processor either though it wanted one. */
  get fairMs(): number {
    this.#tick();
    return performance.now() - this.#beganMs - this.#lateMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const nowMs = performance.now();
    this.#lateMs += Math.max(0, nowMs - this.#tickedMs - 2 * TICK_MS);
    this.#tickedMs = nowMs;
  }
}
