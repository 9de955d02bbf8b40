/**
 * The hash of the tables whose keys are pairs of numbers.
 *
 * @module
 */

/** 32 bits. */
export function hashPair(a: number, b: number): number {
  const h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}
