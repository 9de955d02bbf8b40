/**
 * Requests in the long run no faster than one per interval: a bucket of tokens.
 *
 * @module
 */

import type { RateLimit } from "./web_settings.ts";

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  #tokens: number;
  #since: number;

  /** @param now a clock that never goes back, milliseconds */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
    this.#tokens = limit.burst;
    this.#since = now();
  }

  take(): boolean {
    const { intervalMs, burst } = this.#limit;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#since) / intervalMs);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
