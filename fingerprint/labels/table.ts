/**
 * Labels as numbers: each distinct label has one id, so that the table of processes and the trie compare integers. An id is
 * twice the number of the text, plus 1 for a program with a machine-made name or place.
 *
 * @module
 */

import { hashBytes } from "../../netlink/mod.ts";
import { doubtOf, shapeOf } from "../randomness/mod.ts";

/** Labels held at most; more distinct ones than that are one label, {@link OVERFLOW}. */
const LIMIT = 1 << 15;

/** The label of those that exceed the limit. */
export const OVERFLOW = "*";
/** Its plain id. Programs whose name is machine-made as a whole have the same label. */
export const OVERFLOW_ID = 0;
/** Plain id of `…`, which stands for all that is launched where a tree has no more room for labels, and below. */
export const DEEPER_ID = 2;

/** Plain id of `other`, which counts what got no tree for want of room. */
export const OTHER_ID = 4;

/** Bits of a shape's number that say the doubt, less 1. */
const DOUBT_BITS = 2;

/** The labels that no program is called: they stand for many. Their ids are never another's. */
const COLLECTIVE: readonly string[] = [OVERFLOW, "…", "other"];

/** Whether a plain id is of a label that stands for programs of other names. */
export function isCollective(id: number): boolean {
  return id >= 0 && id < 2 * COLLECTIVE.length;
}

/** The same label without the mark of a machine-made name or place. */
export function plain(id: number): number {
  return id & ~1;
}

/** Whether the label is that of a program with a machine-made name or place. */
export function isRandom(id: number): boolean {
  return (id & 1) === 1;
}

export class LabelTable {
  readonly #numbers = new Map<string, number>(COLLECTIVE.map((text, number) => [text, number]));
  readonly #texts: string[] = [...COLLECTIVE];
  readonly #free: number[] = [];
  /** Number of a label → its shape's number and its doubt, from when it was first asked for. */
  readonly #shapes = new Map<number, number>();

  idOf(text: string, random: boolean): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      if (this.isFull) return random ? 1 : 0;
      number = this.#free.pop() ?? this.#texts.length;
      this.#texts[number] = text;
      this.#numbers.set(text, number);
    }
    return number * 2 + (random ? 1 : 0);
  }

  textOf(id: number): string {
    return this.#texts[id >> 1]!;
  }

  /** A number that labels of one shape share: `screens-purchased` and `salmon-kevin` ({@link shapeOf}). */
  shapeOf(id: number): number {
    return this.#shapeOf(id) >> DOUBT_BITS;
  }

  /** What a label counts among those of its shape: 1 to 4 ({@link doubtOf}). */
  doubtOf(id: number): number {
    return (this.#shapeOf(id) & (1 << DOUBT_BITS) - 1) + 1;
  }

  #shapeOf(id: number): number {
    let shape = this.#shapes.get(id >> 1);
    if (shape === undefined) {
      const text = this.textOf(id), bytes = new TextEncoder().encode(shapeOf(text));
      shape = hashBytes(bytes, bytes.length) << DOUBT_BITS | (doubtOf(text) - 1);
      this.#shapes.set(id >> 1, shape);
    }
    return shape;
  }

  get isFull(): boolean {
    return this.#numbers.size >= LIMIT;
  }

  /** Forgets the labels whose plain id is not among `used`; their numbers are given to others. */
  purge(used: ReadonlySet<number>): void {
    for (const [text, number] of this.#numbers) {
      if (isCollective(number * 2) || used.has(number * 2)) continue;
      this.#numbers.delete(text);
      this.#shapes.delete(number);
      this.#free.push(number);
    }
  }
}
