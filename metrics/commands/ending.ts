/**
 * What ends a command that runs until it is told to stop.
 *
 * @module
 */

import { waitFor } from "../../fingerprint/mod.ts";

/** Signals that end any command in an orderly way; SIGQUIT is what Ctrl-\ sends. */
const ENDING_SIGNALS = ["SIGTERM", "SIGINT", "SIGQUIT"] as const;

/**
 * Resolves at a signal; rejects with an error that nothing caught. Without this either would end the process at once, and a
 * listener of the proc connector that dies without saying so leaves the kernel building events for nobody.
 */
export function untilEnd(more: readonly Deno.Signal[] = []): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {}); // who waits for it gets it
  for (const signal of [...ENDING_SIGNALS, ...more]) Deno.addSignalListener(signal, () => resolve());
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    reject(event.error ?? new Error(event.message));
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    reject(event.reason);
  });
  return promise;
}

/** {@link untilEnd}, or after a time. */
export function untilEndOr(forMs: number | undefined, more: readonly Deno.Signal[] = []): Promise<void> {
  const end = untilEnd(more);
  return forMs === undefined ? end : waitFor(end, forMs);
}
