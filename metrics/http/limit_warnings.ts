/**
 * Says in the log that a limit of the server was reached, and what helps: once, and again after an hour. Whoever asks too much would
 * fill the log as well.
 *
 * @module
 */

import type { Logger } from "../text/mod.ts";

/** What is said of each limit, and its remedy. */
const LIMITS = {
  requests: [
    "--web.max-requests is reached: further requests are answered with 503 until answers are read",
    "raise --web.max-requests, or ask less often; cnproc_scrapes_rejected_total counts them",
  ],
  streams: [
    "The most event streams are open: further ones are answered with 503",
    "close pages and traces that nobody reads; several people can share what one of them sees",
  ],
  streamsOfPeer: [
    "The most event streams of one address are open: further ones from there are answered with 503",
    "close pages and traces that nobody reads; a proxy counts as one address, and its clients share its streams",
  ],
  answers: [
    "The most answers wait for their clients, in all or of one connection: further requests are answered with 503",
    "look for a client that asks and doesn't read; docs/server.md has the limits",
  ],
  connections: [
    "The most connections are open: those that wait longest for a request are cut",
    "have clients keep fewer connections, or let a proxy in front collect them; docs/server.md has the limits",
  ],
} as const satisfies Record<string, readonly [what: string, remedy: string]>;

export type Limit = keyof typeof LIMITS;

const AGAIN_MS = 3_600_000;

export class LimitWarnings {
  readonly #log: Logger;
  readonly #now: () => number;
  /** When each was said last. */
  readonly #saidMs = new Map<Limit, number>();

  /** @param now a clock that never goes back, milliseconds */
  constructor(log: Logger, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** A limit was reached: whose client, where one is to blame. */
  reached(limit: Limit, peer?: string): void {
    const now = this.#now(), said = this.#saidMs.get(limit);
    if (said !== undefined && now - said < AGAIN_MS) return;
    this.#saidMs.set(limit, now);
    const [what, remedy] = LIMITS[limit];
    this.#log.log("warn", what, { ...peer === undefined ? {} : { client: peer }, remedy });
  }
}
