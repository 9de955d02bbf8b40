/**
 * What trees may cost, and who has spent how much of it: nobody spends it alone.
 *
 * There is a bound for the number of trees and one for the bytes of their paths, since every series carries its tree's path. Of
 * both, three quarters are for whoever comes. The last quarter is kept for users that have few, but for a sixteenth, which is
 * for the trees that count what got none.
 *
 * @module
 */

/** Bytes of the path of an average tree at most. */
const PATH_BYTES = 256;
/** Share of the bounds that is kept, as a divisor. */
const KEPT = 4;
/** A user has few up to this share of the bounds; as much is kept for `other` trees, and may be taken from others in an hour. */
const FEW = 16;

export interface Share {
  readonly user: number;
  trees: number;
  bytes: number;
  /** Places of other trees that it took in this hour. */
  taken: number;
}

export class Budget {
  readonly limit: number;
  readonly #few: number;
  readonly #shares = new Map<number, Share>();
  #trees = 0;
  #bytes = 0;
  #others = 0;
  #otherBytes = 0;

  /** `limit` is the number of trees. */
  constructor(limit: number) {
    this.limit = limit;
    this.#few = Math.floor(limit / FEW);
  }

  /** Bytes that all paths may have, about: the last tree may be long. */
  get maxBytes(): number {
    return this.limit * PATH_BYTES;
  }

  /** Trees there are, those that count others among them. */
  get size(): number {
    return this.#trees + this.#others;
  }

  get bytes(): number {
    return this.#bytes + this.#otherBytes;
  }

  /** What is used of that which is for whoever comes, of trees or bytes, whichever is more: 1 is all. */
  get used(): number {
    const open = this.limit - Math.floor(this.limit / KEPT);
    return Math.max(this.#trees / open, this.#bytes / (open * PATH_BYTES));
  }

  /** Whether there is room for whoever comes. */
  get isOpen(): boolean {
    return this.#fits(this.limit - Math.floor(this.limit / KEPT));
  }

  /** Whether the bytes alone would leave no room. */
  get isOverBytes(): boolean {
    return this.#bytes >= (this.limit - Math.floor(this.limit / KEPT)) * PATH_BYTES;
  }

  /** Whether there is room in what is kept for users that have few. */
  hasRoomForFew(user: number): boolean {
    const share = this.#shares.get(user), few = this.#few;
    const hasFew = few > 0 && (share === undefined || share.trees < few && share.bytes < few * PATH_BYTES);
    return hasFew && this.#fits(this.limit - few);
  }

  /** Whether there is room for a tree that counts what got none. */
  get hasRoomForOther(): boolean {
    return this.#others < this.#few && this.#otherBytes < this.#few * PATH_BYTES;
  }

  add(user: number, bytes: number): void {
    const share = this.#shareOf(user);
    this.#trees++;
    this.#bytes += bytes;
    share.trees++;
    share.bytes += bytes;
  }

  remove(user: number, bytes: number): void {
    const share = this.#shareOf(user);
    this.#trees--;
    this.#bytes -= bytes;
    share.bytes -= bytes;
    if (--share.trees === 0 && share.taken === 0) this.#shares.delete(user);
  }

  addOther(bytes: number): void {
    this.#others++;
    this.#otherBytes += bytes;
  }

  removeOther(bytes: number): void {
    this.#others--;
    this.#otherBytes -= bytes;
  }

  /** The share of all that a user has, of trees or bytes, whichever is more. */
  loadOf(user: number): number {
    const share = this.#shares.get(user);
    return share === undefined ? 0 : Math.max(share.trees, share.bytes / PATH_BYTES) / Math.max(1, this.limit);
  }

  /** Whether a user may take the place of another tree in this hour: who makes up names makes so many series and no more. */
  mayTake(user: number): boolean {
    return this.#shareOf(user).taken < Math.max(1, this.#few);
  }

  took(user: number): void {
    this.#shareOf(user).taken++;
  }

  /** Another hour begins. */
  forgetTaken(): void {
    for (const share of this.#shares.values()) {
      share.taken = 0;
      if (share.trees === 0) this.#shares.delete(share.user);
    }
  }

  /** The user that has most; undefined where there is no tree. */
  get largest(): Share | undefined {
    let largest: Share | undefined;
    for (const share of this.#shares.values()) {
      if (largest === undefined || this.loadOf(share.user) > this.loadOf(largest.user)) largest = share;
    }
    return largest;
  }

  #fits(limit: number): boolean {
    return this.#trees < limit && this.#bytes < limit * PATH_BYTES;
  }

  #shareOf(user: number): Share {
    let share = this.#shares.get(user);
    if (share === undefined) this.#shares.set(user, share = { user, trees: 0, bytes: 0, taken: 0 });
    return share;
  }
}
