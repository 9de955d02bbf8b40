/**
 * Cuts connections that hold a place and do nothing with it. The server of Deno 2.6.8 waits for ever: for the headers of a
 * request, for the next request, and for a client that doesn't read its answer (its `node:http` is the same server, and leaves
 * `headersTimeout` aside).
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";

/** A connection as the kernel knows it. */
export interface Connection {
  readonly peer: Peer;
}

/** The other end of a connection. */
export interface Peer {
  readonly hostname: string;
  readonly port: number;
}

/** What lists and cuts connections. */
export interface ConnectionTable<Listed extends Connection> {
  list(ports: readonly number[]): readonly Listed[];
  /** Only for one that was listed in the same turn of this thread. */
  cut(connection: Listed): void;
}

/** How long a connection may be in a state, milliseconds, and how many there may be. */
export interface GuardLimits {
  /** From its beginning to its first whole request head, the handshake of TLS included. */
  readonly firstRequestMs: number;
  /** Between two requests. Prometheus keeps its connection from scrape to scrape. */
  readonly idleMs: number;
  /** For reading an answer; an answer without an end is not meant. */
  readonly answerMs: number;
  /** More connections than this: those that wait for a request are cut, the longest waiting first. */
  readonly most: number;
}

export const GUARD_LIMITS: GuardLimits = { firstRequestMs: 10_000, idleMs: 150_000, answerMs: 60_000, most: 512 };

/** Time between two looks at the connections. */
const SWEEP_MS = 1000;

interface State {
  /** Since when it is in its present state. */
  since: number;
  /** Requests whose answer isn't over. */
  pending: number;
  /** Those of them whose answer has no end, such as events. */
  endless: number;
  /** Whether it ever had a whole request. */
  served: boolean;
}

/** A request under way. */
export interface Turn {
  /** Its answer goes on until the client leaves. */
  endless(): void;
  /** Its answer is over. */
  end(): void;
}

/** Follows the requests of all connections, and looks after the connections. */
export class ConnectionGuard<Listed extends Connection> {
  readonly #table: ConnectionTable<Listed>;
  readonly #limits: GuardLimits;
  readonly #now: () => number;
  readonly #states = new Map<string, State>();
  #timer: number | undefined;

  /** @param now a clock that never goes back, milliseconds */
  constructor(
    table: ConnectionTable<Listed>,
    limits: GuardLimits = GUARD_LIMITS,
    now: () => number = () => performance.now(),
  ) {
    this.#table = table;
    this.#limits = limits;
    this.#now = now;
  }

  /** Looks after the connections at these ports from now on. */
  start(ports: readonly number[]): void {
    this.#timer = setInterval(() => this.sweep(ports), SWEEP_MS);
    Deno.unrefTimer(this.#timer);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Follows the requests; before all other middleware. */
  readonly middleware: MiddlewareHandler<{ Bindings: Deno.ServeHandlerInfo<Deno.NetAddr> }> = async (context, next) => {
    const { remoteAddr, completed } = context.env, turn = this.begin(remoteAddr);
    completed.catch(() => {}).then(() => turn.end());
    await next();
    if (context.res.headers.get("content-type")?.startsWith("text/event-stream") === true) turn.endless();
  };

  /** A whole request head has come. */
  begin(peer: Peer): Turn {
    const state = this.#stateOf(peer);
    state.served = true;
    state.pending++;
    state.since = this.#now();
    let open = true, endless = false;
    return {
      endless: () => {
        if (open && !endless) state.endless++;
        endless = true;
      },
      end: () => {
        if (!open) return;
        open = false;
        state.pending--;
        if (endless) state.endless--;
        state.since = this.#now();
      },
    };
  }

  #stateOf(peer: Peer): State {
    const key = keyOf(peer);
    let state = this.#states.get(key);
    if (state === undefined) {
      this.#states.set(key, state = { since: this.#now(), pending: 0, endless: 0, served: false });
    }
    return state;
  }

  /** Looks once: cuts what has had its time, and what is too many. */
  sweep(ports: readonly number[]): void {
    const { firstRequestMs, idleMs, answerMs, most } = this.#limits;
    const listed = this.#table.list(ports);
    const present = new Set(listed.map(({ peer }) => keyOf(peer)));
    for (const [key, { pending }] of this.#states) if (!present.has(key) && pending === 0) this.#states.delete(key);
    const now = this.#now();
    const waiting: { readonly connection: Listed; readonly state: State }[] = [];
    let rest = listed.length;
    for (const connection of listed) {
      const state = this.#stateOf(connection.peer);
      const patience = state.pending === 0 ? state.served ? idleMs : firstRequestMs : answerMs;
      if (now - state.since > patience && state.endless === 0) {
        this.#table.cut(connection);
        rest--;
      } else if (state.pending === 0) {
        waiting.push({ connection, state });
      }
    }
    waiting.sort((a, b) => Number(a.state.served) - Number(b.state.served) || a.state.since - b.state.since);
    for (const { connection } of waiting.slice(0, Math.max(0, rest - most))) this.#table.cut(connection);
  }
}

/** Deno shows an IPv4 client of an IPv6 socket in the form of IPv6. */
function keyOf({ hostname, port }: Peer): string {
  return `${hostname.replace(/^::ffff:(?=[\d.]+$)/, "")} ${port}`;
}
