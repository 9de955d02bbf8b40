/**
 * Names that were launched once and count under `*`: what comes a second time is no throwaway name. A table of fixed size, in
 * which a newer name takes the place of an older one, so that it remembers about the last thousands.
 *
 * @module
 */
import { hashInts } from "../../netlink/mod.ts";

const PLACES = 1 << 12;

export class OnceSeen {
  /** Number of the tree that launched the name, plus 1; 0 where there is none. */
  readonly #trees = new Uint32Array(PLACES);
  readonly #labels = new Int32Array(PLACES);

  /** Whether the label was launched by the tree before, which is forgotten then; otherwise it is remembered. */
  isSecond(tree: number, label: number): boolean {
    const place = hashInts(tree, label, 0) & (PLACES - 1);
    if (this.#trees[place] === tree + 1 && this.#labels[place] === label) {
      this.#trees[place] = 0;
      return true;
    }
    this.#trees[place] = tree + 1;
    this.#labels[place] = label;
    return false;
  }

  /** Forgets all, before the ids of labels are given to others. */
  clear(): void {
    this.#trees.fill(0);
  }
}
