/**
 * Paths of executables by their bytes: known ones are found without decoding a string.
 *
 * @module
 */
import { columns, hashBytes, IntTable } from "../../netlink/mod.ts";

/** Executables held at most, and bytes of their paths; when either is reached, the tables start anew. */
const LIMIT = 1 << 14;
const POOL_LIMIT = 2 << 20;
const INITIAL_CAPACITY = 1024;
const UTF8 = new TextDecoder();
const INITIAL_POOL = 1 << 16;

/** The most that a path takes: PATH_MAX. */
export const PATH_BYTES = 4096;

/** Where each path ends in the pool; it begins where the one before ends. */
const Ends = columns({ end: Int32Array });

/** Path bytes → number, in the order of their first appearance. Numbers begin anew after {@link clear}. */
export class PathTable {
  #pool = new Uint8Array(INITIAL_POOL);
  #used = 0;
  #ends = new Ends(INITIAL_CAPACITY);
  #length = 0;
  /** The hash of a path, and how many others have the same → its number. */
  readonly #index = new IntTable();

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= LIMIT || this.#used >= POOL_LIMIT;
  }

  /** The number of the path in the `length` bytes from `at` on, or -1. */
  find(bytes: Uint8Array, length: number, at = 0): number {
    const hash = hashBytes(bytes, length, at);
    for (let others = 0;; others++) {
      const number = this.#index.get(hash, others);
      if (number < 0 || this.#equals(number, bytes, length, at)) return number;
    }
  }

  /** Whether the `length` bytes from `at` on are the path of a number. */
  is(number: number, bytes: Uint8Array, length: number, at = 0): boolean {
    return this.#equals(number, bytes, length, at);
  }

  /** The number of a path that {@link find} doesn't know. */
  add(bytes: Uint8Array, length: number, at = 0): number {
    if (this.#length === this.#ends.capacity) this.#ends.resize(2 * this.#length, this.#length);
    while (this.#used + length > this.#pool.length) {
      const pool = new Uint8Array(this.#pool.length * 2);
      pool.set(this.#pool.subarray(0, this.#used));
      this.#pool = pool;
    }
    const number = this.#length++, hash = hashBytes(bytes, length, at);
    this.#pool.set(bytes.subarray(at, at + length), this.#used);
    this.#used += length;
    this.#ends.end[number] = this.#used;
    let others = 0;
    while (this.#index.get(hash, others) >= 0) others++;
    this.#index.set(number, hash, others);
    return number;
  }

  /** The path, decoded; bytes that are not UTF-8 become U+FFFD. */
  textOf(number: number): string {
    return UTF8.decode(this.bytesOf(number));
  }

  /** The bytes of a path; valid until the next {@link add}. */
  bytesOf(number: number): Uint8Array {
    return this.#pool.subarray(this.#startOf(number), this.#ends.end[number]!);
  }

  clear(): void {
    this.#pool = new Uint8Array(INITIAL_POOL);
    this.#ends = new Ends(INITIAL_CAPACITY);
    this.#index.clear();
    this.#used = this.#length = 0;
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends.end[number - 1]!;
  }

  #equals(number: number, bytes: Uint8Array, length: number, at: number): boolean {
    const start = this.#startOf(number), pool = this.#pool;
    if (this.#ends.end[number]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (pool[start + i] !== bytes[at + i]) return false;
    return true;
  }
}
