/**
 * The order in which passwords are compared: who was wrong least often comes first, so that a flood of wrong passwords keeps
 * nobody waiting but whoever sends it. Of one address, a connection that was never wrong comes before those that were.
 *
 * @module
 */

import { keyOf, type Peer } from "./answers.ts";

/** Comparisons that may wait; of more, the one that would be the last is told to come again. */
const MOST_WAITING = 64;
/** Addresses and connections whose wrong passwords are remembered. */
const MOST_REMEMBERED = 1024;

/** Counts by a key; those of keys that were counted longest ago are forgotten. */
class Counts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string): void {
    const count = this.of(key) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > MOST_REMEMBERED) this.#counts.delete(this.#counts.keys().next().value!);
  }
}

interface Waiting {
  readonly peer: Peer;
  readonly resolve: (isItsTurn: boolean) => void;
}

/** Lets one comparison go on at a time: bcrypt works on this thread. */
export class ComparisonQueue {
  readonly #ofAddress = new Counts();
  readonly #ofConnection = new Counts();
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];
  #isTaken = false;

  /** Waits for its turn, which {@link leave} ends; false if too many come before it. */
  enter(peer: Peer): Promise<boolean> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return Promise.resolve(true);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ peer, resolve });
    if (this.#waiting.length > MOST_WAITING) {
      const last = this.#waiting.reduce((worst, other) => this.#order(other.peer, worst.peer) >= 0 ? other : worst);
      this.#remove(last).resolve(false);
    }
    return promise;
  }

  /** Ends a turn, and gives the next one. */
  leave(): void {
    if (this.#waiting.length === 0) {
      this.#isTaken = false;
      return;
    }
    const first = this.#waiting.reduce((best, other) => this.#order(other.peer, best.peer) < 0 ? other : best);
    this.#remove(first).resolve(true);
  }

  /** A client's password was wrong. */
  wrong(peer: Peer): void {
    this.#ofAddress.add(peer.hostname);
    this.#ofConnection.add(keyOf(peer));
  }

  /** Below 0: `a` comes first; 0: whoever came first. */
  #order(a: Peer, b: Peer): number {
    return this.#ofAddress.of(a.hostname) - this.#ofAddress.of(b.hostname) ||
      this.#ofConnection.of(keyOf(a)) - this.#ofConnection.of(keyOf(b));
  }

  #remove(one: Waiting): Waiting {
    this.#waiting.splice(this.#waiting.indexOf(one), 1);
    return one;
  }
}
