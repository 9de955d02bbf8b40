/**
 * What is expected to run: patterns of trees, and what they say about one.
 *
 * @module
 */

import { labelsOf, PatternSet } from "../../fingerprint/mod.ts";

/** A pattern and where it stands. */
export interface Entry {
  readonly pattern: string;
  /** From 1. */
  readonly line: number;
}

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

/** What is expected. */
export class Baseline {
  readonly #patterns: PatternSet;

  /** Throws a `PatternError` if one of the patterns isn't one. */
  constructor(readonly entries: readonly Entry[]) {
    this.#patterns = new PatternSet(entries.map(({ pattern }) => pattern));
  }

  /** What it says about a tree. */
  verdict(tree: string): Verdict {
    const labels = labelsOf(tree);
    const firsts = this.#patterns.walk(labels);
    const rule = this.entries[firsts.at(-1)!]?.pattern;
    return { expected: rule !== undefined, rule, reason: rule === undefined ? this.#reason(labels, firsts) : "" };
  }

  #reason(labels: readonly string[], firsts: readonly number[]): string {
    if (labels[0] === RANDOM && this.#patterns.walk(labels.slice(1)).at(-1) !== Infinity) {
      return "a name or place in it is machine-made; with another it would be expected";
    }
    const known = firsts.findLastIndex((first) => first !== Infinity);
    if (known <= 0) return "nothing that it was launched by is expected";
    return `/${labels.slice(0, known).join("/")} is expected, but not that it launches ${labels[known]}`;
  }
}
