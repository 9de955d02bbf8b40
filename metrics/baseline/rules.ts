/**
 * Many patterns at once: a trie of them, walked with the labels of a tree. The cost of a tree is in its length, and in the
 * globs it meets on its way; how many rules there are doesn't matter.
 *
 * @module
 */

import { labelsOf, matchesPieces, parsePattern } from "./pattern.ts";

/** What is said about a tree. */
export interface Verdict {
  readonly expected: boolean;
  /** The first of the patterns that match it; undefined if none does. */
  readonly rule: string | undefined;
  /** Why it isn't expected, in words; empty if it is. */
  readonly reason: string;
}

/** Below `/`, what has a machine-made name stands under this label. */
const RANDOM = "random";

/** A place in the trie: what is to come after some labels of a pattern. */
class Place {
  readonly exact = new Map<string, Place>();
  readonly globs: { readonly pieces: readonly string[]; readonly key: string; readonly next: Place }[] = [];
  /** Where `**` leads: it is reached without a label, and stays with each. */
  deep: Place | undefined;
  /** Number of the pattern that ends here, or none. */
  rule = Infinity;

  constructor(readonly isDeep: boolean) {}
}

/** A set of patterns. */
export class Rules {
  readonly #root = new Place(false);
  readonly #patterns: readonly string[];

  /** Throws a {@link PatternError} if one of them isn't one. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
    patterns.forEach((pattern, index) => this.#add(pattern, index));
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
    place.rule = Math.min(place.rule, index);
  }

  /** Number of the first pattern that matches after each number of labels, from none to all of them; else Infinity. */
  #walk(labels: readonly string[]): number[] {
    let places = new Set<Place>();
    enter(places, this.#root);
    const rules = [firstRule(places)];
    for (const label of labels) {
      const next = new Set<Place>();
      for (const place of places) {
        if (place.isDeep) enter(next, place);
        const exact = place.exact.get(label);
        if (exact !== undefined) enter(next, exact);
        for (const glob of place.globs) if (matchesPieces(glob.pieces, label)) enter(next, glob.next);
      }
      places = next;
      rules.push(firstRule(places));
    }
    return rules;
  }

  /** What the rules say about a tree. */
  verdict(tree: string): Verdict {
    const labels = labelsOf(tree);
    const rules = this.#walk(labels);
    const rule = this.#patterns[rules.at(-1)!];
    return { expected: rule !== undefined, rule, reason: rule === undefined ? this.#reason(labels, rules) : "" };
  }

  #reason(labels: readonly string[], rules: readonly number[]): string {
    if (labels[0] === RANDOM && this.#walk(labels.slice(1)).at(-1) !== Infinity) {
      return "a name or place in it is machine-made; with another it would be expected";
    }
    const known = rules.findLastIndex((rule) => rule !== Infinity);
    if (known <= 0) return "nothing that it was launched by is expected";
    return `/${labels.slice(0, known).join("/")} is expected, but not that it launches ${labels[known]}`;
  }
}

/** Adds a place and those that are reached from it without a label. */
function enter(places: Set<Place>, place: Place): void {
  places.add(place);
  if (place.deep !== undefined) places.add(place.deep);
}

function firstRule(places: ReadonlySet<Place>): number {
  let first = Infinity;
  for (const { rule } of places) first = Math.min(first, rule);
  return first;
}
