/**
 * Requests in the long run no faster than one per interval: a bucket of tokens.
 *
 * @module
 */

import type { RateLimit } from "./web_settings.ts";

/** What says at each request whether it may go on; `now` is a clock that never goes back, milliseconds. */
export function rateLimiter({ intervalMs, burst }: RateLimit, now = () => performance.now()): () => boolean {
  let tokens = burst, sinceMs = now();
  return () => {
    const nowMs = now();
    tokens = Math.min(burst, tokens + (nowMs - sinceMs) / intervalMs);
    sinceMs = nowMs;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
