/**
 * The hashes of the tables in this room.
 *
 * @module
 */

/** 32 bits, with a sign, of three integers. */
export function hashInts(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d);
}

/** 32 bits of `length` bytes from `at` on (FNV-1a, its upper half mixed in). */
export function hashBytes(bytes: Uint8Array, length: number, at = 0): number {
  let hash = 0x811c9dc5;
  for (let i = at, end = at + length; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
