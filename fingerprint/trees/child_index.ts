/**
 * The edges of the trie: (parent, label) → child, on numbers only.
 *
 * @module
 */
import { hashPair } from "../../netlink/mod.ts";

/** A hash table with open addressing: a pair that finds its place taken goes to the next one that is free. */
export class ChildIndex {
  #keys: Int32Array<ArrayBuffer>; // pairs of parent + 1 (0: free) and label
  #values: Int32Array<ArrayBuffer>;

  /** `capacity` is the largest number of edges, a power of two. Half of the places stay free. */
  constructor(capacity: number) {
    this.#keys = new Int32Array(4 * capacity);
    this.#values = new Int32Array(2 * capacity);
  }

  /** The child, or -1. */
  find(parent: number, label: number): number {
    const keys = this.#keys, mask = this.#values.length - 1;
    for (let i = hashPair(parent, label) & mask;; i = (i + 1) & mask) {
      const key = keys[2 * i]!;
      if (key === 0) return -1;
      if (key === parent + 1 && keys[2 * i + 1] === label) return this.#values[i]!;
    }
  }

  /** Adds an edge that isn't there. */
  add(parent: number, label: number, child: number): void {
    const keys = this.#keys, mask = this.#values.length - 1;
    let i = hashPair(parent, label) & mask;
    while (keys[2 * i] !== 0) i = (i + 1) & mask;
    keys[2 * i] = parent + 1;
    keys[2 * i + 1] = label;
    this.#values[i] = child;
  }

  /** Takes out an edge that is there; those that had to make way for it move up, so that no gap hides them. */
  remove(parent: number, label: number): void {
    const keys = this.#keys, values = this.#values, mask = values.length - 1;
    let gap = hashPair(parent, label) & mask;
    while (keys[2 * gap] !== parent + 1 || keys[2 * gap + 1] !== label) gap = (gap + 1) & mask;
    for (let i = (gap + 1) & mask; keys[2 * i] !== 0; i = (i + 1) & mask) {
      const home = hashPair(keys[2 * i]! - 1, keys[2 * i + 1]!) & mask;
      if (((i - home) & mask) < ((i - gap) & mask)) continue;
      keys[2 * gap] = keys[2 * i]!;
      keys[2 * gap + 1] = keys[2 * i + 1]!;
      values[gap] = values[i]!;
      gap = i;
    }
    keys[2 * gap] = 0;
  }
}
