/**
 * Many patterns at once: a trie of them, walked with the labels of a tree. The cost of a tree is in its length, and in the
 * globs it meets on its way; how many patterns there are doesn't matter.
 *
 * @module
 */

import { canonical, labelsOf, matchesPieces, parsePattern, PatternError } from "./pattern.ts";

/** A place in the trie: what is to come after some labels of a pattern. */
class Place {
  readonly exact = new Map<string, Place>();
  readonly globs: { readonly pieces: readonly string[]; readonly key: string; readonly next: Place }[] = [];
  /** Where `**` leads: it is reached without a label, and stays with each. */
  deep: Place | undefined;
  /** Number of the first pattern that ends here, or Infinity. */
  first = Infinity;

  constructor(readonly isDeep: boolean) {}
}

/** A set of patterns of trees or paths ({@link parsePattern}). */
export class PatternSet {
  readonly #root = new Place(false);
  readonly #isEmpty: boolean;

  /** Throws a {@link PatternError} with the index of the first that isn't one. */
  constructor(patterns: readonly string[]) {
    this.#isEmpty = patterns.length === 0;
    patterns.forEach((pattern, index) => {
      try {
        this.#add(pattern, index);
      } catch (error) {
        throw error instanceof PatternError ? new PatternError(error.message, index) : error;
      }
    });
  }

  #add(pattern: string, index: number): void {
    let place = this.#root;
    for (const label of parsePattern(pattern)) {
      let next: Place | undefined;
      if (label.kind === "deep") {
        next = place.isDeep ? place : place.deep ??= new Place(true);
      } else if (label.kind === "exact") {
        next = place.exact.get(label.text);
        if (next === undefined) place.exact.set(label.text, next = new Place(false));
      } else {
        const key = label.pieces.join("/");
        next = place.globs.find((glob) => glob.key === key)?.next;
        if (next === undefined) place.globs.push({ pieces: label.pieces, key, next: next = new Place(false) });
      }
      place = next;
    }
    place.first = Math.min(place.first, index);
  }

  matches(tree: string): boolean {
    return !this.#isEmpty && this.walk(labelsOf(tree)).at(-1) !== Infinity;
  }

  /** Number of the first pattern that matches after each number of labels, from none to all of them; else Infinity. */
  walk(labels: readonly string[]): number[] {
    let places = new Set<Place>();
    enter(places, this.#root);
    const firsts = [firstOf(places)];
    for (const text of labels) {
      const label = canonical(text);
      const next = new Set<Place>();
      for (const place of places) {
        if (place.isDeep) enter(next, place);
        const exact = place.exact.get(label);
        if (exact !== undefined) enter(next, exact);
        for (const glob of place.globs) if (matchesPieces(glob.pieces, label)) enter(next, glob.next);
      }
      places = next;
      firsts.push(firstOf(places));
    }
    return firsts;
  }
}

/** Adds a place and those that are reached from it without a label. */
function enter(places: Set<Place>, place: Place): void {
  places.add(place);
  if (place.deep !== undefined) places.add(place.deep);
}

function firstOf(places: ReadonlySet<Place>): number {
  let first = Infinity;
  for (const place of places) first = Math.min(first, place.first);
  return first;
}
