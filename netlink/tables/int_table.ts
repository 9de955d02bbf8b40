/**
 * Hash tables of integers in typed arrays, for the tables that every event looks into: no boxed keys, no garbage.
 *
 * @module
 */

const INITIAL_CAPACITY = 256;

function hash(key: number): number {
  let h = Math.imul(key, 0x9e3779b1);
  h ^= h >>> 15;
  return Math.imul(h, 0x85ebca6b) >>> 0;
}

/** Positive integer → non-negative integer (such as a process id → a slot). Open addressing; deletion closes the gap, so that it never fills with tombstones. */
export class IntTable {
  #keys = new Int32Array(INITIAL_CAPACITY); // 0: free
  #values = new Int32Array(INITIAL_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The value of `key`, or -1. */
  get(key: number): number {
    const keys = this.#keys, mask = keys.length - 1;
    for (let i = hash(key) & mask;; i = (i + 1) & mask) {
      const found = keys[i]!;
      if (found === 0) return -1; // first, so that no key is found for 0, which no process has but parents can be
      if (found === key) return this.#values[i]!;
    }
  }

  set(key: number, value: number): void {
    if (this.#size * 2 >= this.#keys.length) this.#resize(this.#keys.length * 2);
    const keys = this.#keys, mask = keys.length - 1;
    let i = hash(key) & mask;
    while (keys[i] !== 0 && keys[i] !== key) i = (i + 1) & mask;
    if (keys[i] === 0) {
      keys[i] = key;
      this.#size++;
    }
    this.#values[i] = value;
  }

  /** Removes `key`; false when it wasn't there. */
  delete(key: number): boolean {
    const keys = this.#keys, mask = keys.length - 1;
    let gap = hash(key) & mask;
    for (;; gap = (gap + 1) & mask) {
      if (keys[gap] === 0) return false;
      if (keys[gap] === key) break;
    }
    for (let i = (gap + 1) & mask; keys[i] !== 0; i = (i + 1) & mask) {
      // An entry may move into the gap unless that lies before its own place.
      if (((i - hash(keys[i]!)) & mask) >= ((i - gap) & mask)) {
        keys[gap] = keys[i]!;
        this.#values[gap] = this.#values[i]!;
        gap = i;
      }
    }
    keys[gap] = 0;
    this.#size--;
    if (this.#keys.length > INITIAL_CAPACITY && this.#size * 16 < this.#keys.length) {
      this.#resize(this.#keys.length / 4);
    }
    return true;
  }

  #resize(capacity: number): void {
    const keys = this.#keys, values = this.#values;
    this.#keys = new Int32Array(capacity);
    this.#values = new Int32Array(capacity);
    this.#size = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) this.set(keys[i]!, values[i]!);
  }
}
