/**
 * A hash table of integers in a typed array, for what every event looks into: no boxed keys, no garbage.
 *
 * @module
 */
import { hashInts } from "./hash.ts";

const INITIAL_CAPACITY = 256;
/** Places of a table that grew and empties: what comes and goes five times a second would have it resized each time. */
const KEEP_CAPACITY = 16 * INITIAL_CAPACITY;
/** Of an entry: three integers of the key, the value plus 1 (0: the place is free). */
const WIDTH = 4;
const WIDTH_BITS = 2;

/**
 * One to three 32-bit integers → a non-negative integer: a process id → a slot; a tree and a label → the tree below; a device
 * and an inode → an executable. Open addressing, half of the places free; deletion closes the gap, so that the table never
 * fills with tombstones.
 */
export class IntTable {
  #entries = new Int32Array(WIDTH * INITIAL_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The value of a key, or -1. */
  get(a: number, b = 0, c = 0): number {
    return this.#entries[this.#place(a, b, c) + 3]! - 1;
  }

  /** Gives a key a value, or another one. */
  set(value: number, a: number, b = 0, c = 0): void {
    let at = this.#place(a, b, c);
    if (this.#entries[at + 3] === 0) {
      if (2 * WIDTH * ++this.#size > this.#entries.length) {
        this.#resize(2 * this.#entries.length);
        at = this.#place(a, b, c);
      }
    }
    const entries = this.#entries;
    entries[at] = a;
    entries[at + 1] = b;
    entries[at + 2] = c;
    entries[at + 3] = value + 1;
  }

  /** Removes a key; false when it wasn't there. */
  delete(a: number, b = 0, c = 0): boolean {
    const entries = this.#entries, mask = entries.length - 1;
    let gap = this.#place(a, b, c);
    if (entries[gap + 3] === 0) return false;
    for (let at = (gap + WIDTH) & mask; entries[at + 3] !== 0; at = (at + WIDTH) & mask) {
      const home = hashInts(entries[at]!, entries[at + 1]!, entries[at + 2]!) << WIDTH_BITS & mask;
      // An entry may move into the gap unless that lies before its own place.
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      for (let i = 0; i < WIDTH; i++) entries[gap + i] = entries[at + i]!;
      gap = at;
    }
    entries[gap + 3] = 0;
    this.#size--;
    if (entries.length > WIDTH * KEEP_CAPACITY && 16 * WIDTH * this.#size < entries.length) {
      this.#resize(entries.length / 4);
    }
    return true;
  }

  /** Removes all, and gives the memory back. */
  clear(): void {
    this.#entries = new Int32Array(WIDTH * INITIAL_CAPACITY);
    this.#size = 0;
  }

  /** Where a key stands, or would. */
  #place(a: number, b: number, c: number): number {
    const entries = this.#entries, mask = entries.length - 1;
    // Keys are compared as they are stored: as 32 bits with a sign.
    a |= 0;
    b |= 0;
    c |= 0;
    let at = hashInts(a, b, c) << WIDTH_BITS & mask;
    while (entries[at + 3] !== 0 && (entries[at] !== a || entries[at + 1] !== b || entries[at + 2] !== c)) {
      at = (at + WIDTH) & mask;
    }
    return at;
  }

  #resize(length: number): void {
    const old = this.#entries;
    this.#entries = new Int32Array(length);
    for (let at = 0; at < old.length; at += WIDTH) {
      if (old[at + 3] === 0) continue;
      const place = this.#place(old[at]!, old[at + 1]!, old[at + 2]!);
      for (let i = 0; i < WIDTH; i++) this.#entries[place + i] = old[at + i]!;
    }
  }
}
