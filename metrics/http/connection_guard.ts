/**
 * Cuts connections that hold a place and do nothing with it. The server of Deno 2.6.8 waits for ever: for the headers of a
 * request, for the next request, and for a client that doesn't read its answer (its `node:http` is the same server, and leaves
 * `headersTimeout` aside).
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { EVENT_STREAM } from "./api/mod.ts";
import { type Answer, type AnswerLimits, Answers, keyOf, type Peer } from "./answers.ts";

/** A connection as the kernel knows it. */
export interface Connection {
  readonly peer: Peer;
}

export interface ConnectionTable<Listed extends Connection> {
  list(ports: readonly number[]): readonly Listed[];
  /** How many files this process has open, which costs less than a list; 0 where the kernel doesn't tell. */
  files(): number;
  /** Only for one that was listed in the same turn of this thread. */
  cut(connection: Listed): void;
}

/** How long a connection may be in a state, milliseconds, and how many there may be. */
export interface GuardLimits extends AnswerLimits {
  /** From its beginning to its first whole request head, the handshake of TLS included. */
  readonly firstRequestMs: number;
  /** Between two requests. Prometheus keeps its connection from scrape to scrape. */
  readonly idleMs: number;
  /** For reading an answer; an answer without an end is not meant. */
  readonly answerMs: number;
  /** More connections than this: those that wait for a request are cut, the longest waiting first. */
  readonly most: number;
}

export const GUARD_LIMITS: GuardLimits = {
  firstRequestMs: 10_000,
  idleMs: 150_000,
  answerMs: 60_000,
  most: 512,
  answers: 256,
  answersOfConnection: 16,
  slots: 40,
  waitingBytes: 8 << 20,
};

/** Time between two looks at the connections. */
const LOOK_MS = 1000;
/** So many looks in a row may find that nothing has changed: one that comes as another file is closed is seen after them. */
const MOST_SKIPPED = 9;

interface State {
  /** Since when it waits for a request. */
  since: number;
  /** Whether it ever had a whole request. */
  served: boolean;
}

/** What is put into a request's context. */
export interface Guarded {
  readonly Bindings: Deno.ServeHandlerInfo<Deno.NetAddr>;
  readonly Variables: { answer?: Answer };
}

/** Follows the requests of all connections, and looks after the connections. */
export class ConnectionGuard<Listed extends Connection> {
  readonly #table: ConnectionTable<Listed>;
  readonly #limits: GuardLimits;
  readonly #now: () => number;
  readonly #states = new Map<string, State>();
  readonly #answers: Answers;
  readonly #reached: (limit: "answers" | "connections", peer?: string) => void;
  #ports: readonly number[] = [];
  #timer: number | undefined;
  /** Open files at the last sweep, the looks without one since, and the time by which the next connection is late. */
  #files = 0;
  #skipped = 0;
  #dueMs = 0;

  /**
   * @param now a clock that never goes back, milliseconds
   * @param reached told each time that there are too many
   */
  constructor(
    table: ConnectionTable<Listed>,
    limits: GuardLimits = GUARD_LIMITS,
    now: () => number = () => performance.now(),
    reached: (limit: "answers" | "connections", peer?: string) => void = () => {},
  ) {
    this.#reached = reached;
    this.#table = table;
    this.#limits = limits;
    this.#now = now;
    this.#answers = new Answers(limits, now, (peer) => {
      const connection = this.#table.list(this.#ports).find((listed) => keyOf(normal(listed.peer)) === keyOf(peer));
      if (connection !== undefined) this.#table.cut(connection);
    });
  }

  /** Looks after the connections at these ports from now on. */
  start(ports: readonly number[]): void {
    this.#ports = ports;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    Deno.unrefTimer(this.#timer);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Follows the requests; before all other middleware. */
  readonly middleware: MiddlewareHandler<Guarded> = async (context, next) => {
    const { remoteAddr, completed } = context.env, answer = this.begin(remoteAddr);
    // Without a body there is nothing that its client could leave unread.
    if (answer === undefined) {
      this.#reached("answers", normal(remoteAddr).hostname);
      return new Response(null, { status: 503 });
    }
    completed.catch(() => {}).then(() => answer.end());
    context.set("answer", answer);
    await next();
    if (context.res.headers.get("content-type")?.startsWith(EVENT_STREAM) === true) answer.endless();
    // Deno 2.6.8 calls an answer completed before it is sent, unless its body is a stream: whoever asks for the body makes it one.
    void context.res.body;
    answer.made();
  };

  /** A whole request head has come; undefined if there are too many already. */
  begin(peer: Peer): Answer | undefined {
    const state = this.#stateOf(peer);
    state.served = true;
    state.since = this.#now();
    this.#dueMs = Math.min(this.#dueMs, state.since + this.#limits.answerMs);
    const answer = this.#answers.begin(normal(peer));
    if (answer === undefined) return undefined;
    return {
      ...answer,
      end: () => {
        state.since = this.#now();
        answer.end();
      },
    };
  }

  #stateOf(peer: Peer): State {
    const key = keyOf(normal(peer));
    let state = this.#states.get(key);
    if (state === undefined) {
      this.#states.set(key, state = { since: this.#now(), served: false });
    }
    return state;
  }

  /** Sweeps where a connection may have come, or one has had its time. */
  look(): void {
    const files = this.#table.files(), isSame = files > 0 && files === this.#files && this.#now() <= this.#dueMs;
    if (isSame && this.#skipped++ < MOST_SKIPPED) return;
    this.#files = files;
    this.#skipped = 0;
    this.sweep();
  }

  /** Cuts what has had its time, and what is too many. */
  sweep(): void {
    const { firstRequestMs, idleMs, answerMs, most } = this.#limits;
    const listed = this.#table.list(this.#ports);
    const present = new Set(listed.map(({ peer }) => keyOf(normal(peer))));
    for (const key of this.#states.keys()) if (!present.has(key)) this.#states.delete(key);
    const now = this.#now();
    const waiting: { readonly connection: Listed; readonly state: State }[] = [];
    let rest = listed.length;
    this.#dueMs = Infinity;
    for (const connection of listed) {
      const state = this.#stateOf(connection.peer), answers = this.#answers.of(normal(connection.peer));
      // Over HTTP/2 a client may ask again and again, and read none of its answers: the oldest counts.
      const oldest = answers.find(({ isEndless }) => !isEndless);
      const dueMs = answers.length === 0
        ? state.since + (state.served ? idleMs : firstRequestMs)
        : oldest === undefined
        ? Infinity
        : oldest.sinceMs + answerMs;
      if (now > dueMs) {
        this.#table.cut(connection);
        rest--;
        continue;
      }
      this.#dueMs = Math.min(this.#dueMs, dueMs);
      if (answers.length === 0) waiting.push({ connection, state });
    }
    waiting.sort((a, b) => Number(a.state.served) - Number(b.state.served) || a.state.since - b.state.since);
    if (rest > most) this.#reached("connections");
    for (const { connection } of waiting.slice(0, Math.max(0, rest - most))) this.#table.cut(connection);
  }
}

/** Deno shows an IPv4 client of an IPv6 socket in the form of IPv6. */
function normal({ hostname, port }: Peer): Peer {
  return { hostname: hostname.replace(/^::ffff:(?=[\d.]+$)/, ""), port };
}
