/**
 * The answers under way: how many there may be, and whose goes where there are too many. An answer is under way until its client
 * has read it, which a client can put off for as long as it likes.
 *
 * @module
 */

/** The other end of a connection. */
export interface Peer {
  readonly hostname: string;
  readonly port: number;
}

/** How many answers may be under way; those without an end aren't counted. */
export interface AnswerLimits {
  /** In all. */
  readonly answers: number;
  /** Of one connection. HTTP/1.1 has one at a time; over HTTP/2 the server of Deno 2.6.8 takes 200. */
  readonly answersOfConnection: number;
  /** Of those that are costly to make. */
  readonly slots: number;
  /** While more bytes than this wait for clients, no further costly one is made. */
  readonly waitingBytes: number;
}

/** An answer that waits for so long may go for another of the same client, milliseconds: whoever reads at all is faster. */
const PATIENCE_MS = 2000;

/** An answer under way. */
export interface Answer {
  /** The whole of it is made: it waits for its client now. */
  made(): void;
  /** It is a costly one; false if there are too many already. */
  takeSlot(): boolean;
  /** So many bytes of it are kept until its client has read them. */
  keep(bytes: number): void;
  /** It goes on until the client leaves. */
  endless(): void;
  /** It is over. */
  end(): void;
}

export interface AnswerState {
  readonly peer: Peer;
  readonly sinceMs: number;
  isMade: boolean;
  isEndless: boolean;
  hasSlot: boolean;
  bytes: number;
}

export class Answers {
  readonly #limits: AnswerLimits;
  readonly #now: () => number;
  readonly #cut: (peer: Peer) => void;
  /** The oldest first. */
  readonly #open = new Set<AnswerState>();

  /** @param cut ends a connection, whose answers are over then */
  constructor(limits: AnswerLimits, now: () => number, cut: (peer: Peer) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#cut = cut;
  }

  /** Answers of a connection that aren't over, the oldest first. */
  of(peer: Peer): readonly AnswerState[] {
    return [...this.#open].filter((state) => keyOf(state.peer) === keyOf(peer));
  }

  /** Begins an answer; undefined where there are too many. */
  begin(peer: Peer): Answer | undefined {
    const { answers, answersOfConnection } = this.#limits;
    if (this.of(peer).length >= answersOfConnection) return undefined;
    if (!this.#makeRoom(peer, ({ isEndless }) => !isEndless, (finite) => finite.length < answers)) return undefined;
    const state: AnswerState = {
      peer,
      sinceMs: this.#now(),
      isMade: false,
      isEndless: false,
      hasSlot: false,
      bytes: 0,
    };
    this.#open.add(state);
    return {
      made: () => state.isMade = true,
      takeSlot: () => state.hasSlot = this.#hasSlotFor(peer),
      keep: (bytes) => state.bytes = bytes,
      endless: () => {
        state.isEndless = true;
        state.hasSlot = false;
      },
      end: () => this.#open.delete(state),
    };
  }

  #hasSlotFor(peer: Peer): boolean {
    const { slots, waitingBytes } = this.#limits;
    return this.#makeRoom(
      peer,
      ({ hasSlot }) => hasSlot,
      (costly) => costly.length < slots && costly.reduce((sum, { bytes }) => sum + bytes, 0) < waitingBytes,
    );
  }

  /**
   * Cuts connections of those answers until there is room; false if there can be none. The address that has most of them loses
   * the connection that has most of its own, the oldest if they are equal; only one that waits for its client. Whoever asks may
   * not take from others that have no more than it would have, unless they keep everybody waiting.
   */
  #makeRoom(
    asker: Peer,
    isOne: (state: AnswerState) => boolean,
    isRoom: (states: readonly AnswerState[]) => boolean,
  ): boolean {
    for (;;) {
      const states = [...this.#open].filter(isOne);
      if (isRoom(states)) return true;
      const ofAddress = new Map<string, number>(), ofConnection = new Map<string, number>();
      for (const { peer } of states) {
        ofAddress.set(peer.hostname, (ofAddress.get(peer.hostname) ?? 0) + 1);
        ofConnection.set(keyOf(peer), (ofConnection.get(keyOf(peer)) ?? 0) + 1);
      }
      const shares = (peer: Peer) => [ofAddress.get(peer.hostname) ?? 0, ofConnection.get(keyOf(peer)) ?? 0] as const;
      const [victim] = states.filter(({ isMade }) => isMade)
        .map(({ peer, sinceMs }) => ({ peer, sinceMs, shares: shares(peer) }))
        .sort((a, b) => b.shares[0] - a.shares[0] || b.shares[1] - a.shares[1]);
      if (victim === undefined) return false;
      const own = shares(asker);
      const hasMore = victim.shares.some((share, i) => share > own[i]! + 1);
      if (!hasMore && this.#now() - victim.sinceMs <= PATIENCE_MS) return false;
      this.#cut(victim.peer);
      for (const state of this.of(victim.peer)) this.#open.delete(state);
    }
  }
}

/** Names a connection. */
export function keyOf({ hostname, port }: Peer): string {
  return `${hostname} ${port}`;
}
