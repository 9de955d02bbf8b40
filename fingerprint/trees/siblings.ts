/**
 * Names launched once below one tree, by their shape: many of one shape are a generator's, even where no single name tells,
 * as where it joins words of a dictionary.
 *
 * @module
 */
import type { LabelTable } from "../labels/mod.ts";
import { IntTable } from "../../netlink/mod.ts";

/** Names of one shape that stand below a tree before it is a crowd, as a share of all names launched once: a divisor. */
const SHARE = 2;
/** … and so many at least, however few all may be. */
const LEAST = 8;

export class Siblings {
  readonly #labels: LabelTable;
  /** A tree and a shape → what the names launched once below it count. */
  readonly #counts = new IntTable();

  constructor(labels: LabelTable) {
    this.#labels = labels;
  }

  /** A name was launched once below a tree. */
  add(tree: number, label: number): void {
    this.#change(tree, label, 1);
  }

  /** It left, or is no throwaway name. */
  remove(tree: number, label: number): void {
    this.#change(tree, label, -1);
  }

  /** Whether there are so many names of the label's shape that a further one is a generator's; `most` is what all may be. */
  isCrowd(tree: number, label: number, most: number): boolean {
    return this.#counts.get(tree, this.#labels.shapeOf(label)) >= Math.max(LEAST, Math.ceil(most / SHARE));
  }

  #change(tree: number, label: number, by: 1 | -1): void {
    if (label < 0) return; // what counts others has no name
    const shape = this.#labels.shapeOf(label);
    const count = Math.max(0, this.#counts.get(tree, shape)) + by * this.#labels.doubtOf(label);
    if (count > 0) this.#counts.set(count, tree, shape);
    else this.#counts.delete(tree, shape);
  }
}
