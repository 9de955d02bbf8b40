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

/** So much work has been done, milliseconds; resolves when it may go on. */
export type Spend = (workMs: number) => Promise<void>;

/** `share` is that of one CPU, above 0. */
export function budget(share: number, time: Time): Spend {
  /** Work that has not been slept off, milliseconds, at that time. */
  let debtMs = 0, atMs = time.now();
  const settle = (): void => {
    const now = time.now();
    debtMs = Math.max(0, debtMs - (now - atMs) * share);
    atMs = now;
  };
  return async (workMs) => {
    settle();
    debtMs += workMs;
    if (debtMs <= BURST_MS) return;
    await time.sleep(Math.ceil((debtMs - REST_MS) / share));
    settle();
  };
}
