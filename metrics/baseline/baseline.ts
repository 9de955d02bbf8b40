/**
 * What is expected to run: patterns of trees, and what they say about one, and the flags that launches of trees may have.
 *
 * @module
 */

import { type FlagName, flagNames, FLAGS, labelsOf, ORDINARY, PatternSet } from "../../fingerprint/mod.ts";
import { type Section, sectionKey, Sections } from "./sections.ts";

/** A pattern and where it stands. */
export interface Entry {
  readonly pattern: string;
  /** From 1. */
  readonly line: number;
  /** Unix time at which a tree of it was last seen when the file was written, seconds; undefined where it doesn't say. */
  readonly lastSeenSeconds?: number | undefined;
  /** Where alone it expects trees; undefined for anywhere. */
  readonly section?: Section | undefined;
}

/** A pattern, and flags that were recorded for the trees that match it. */
export interface FlagEntry extends Entry {
  readonly flags: readonly FlagName[];
}

/** The grave flags. */
const GRAVE = ((1 << FLAGS.length) - 1) & ~ORDINARY;

/** What is said about a tree. */
export interface Verdict {
  readonly expected: boolean;
  /** The first of the patterns that match it; undefined if none does. */
  readonly rule: string | undefined;
  /** Why it isn't expected, in words, or which of its flags aren't; empty if all is. */
  readonly reason: string;
  /**
   * Grave flags (`Flag`) that a launch of it isn't expected to have. None where flags aren't recorded, and none where the
   * tree itself isn't expected: all launches of it are news then.
   */
  readonly unexpectedFlags: number;
  /** Where alone it is expected; left out for anywhere, and for a tree that isn't expected. */
  readonly onlyIn?: Sections;
}

/** Below `/`, what has a machine-made name stands under this label. */
const RANDOM = "random";

/** What is expected. */
export class Baseline {
  readonly #patterns: PatternSet;
  /** How many entries are of no section: they come first. */
  readonly #general: number;
  readonly #sections: readonly (readonly [section: Section, patterns: PatternSet])[];
  /** The patterns of each flag that has any. */
  readonly #byFlag: readonly (readonly [bit: number, patterns: PatternSet])[];

  /**
   * Entries of sections come after all others. `flagEntries` are undefined where flags aren't recorded. Throws a `PatternError` if one
   * of the patterns isn't one.
   */
  constructor(readonly entries: readonly Entry[], readonly flagEntries?: readonly FlagEntry[]) {
    this.#patterns = new PatternSet(entries.map(({ pattern }) => pattern));
    const first = entries.findIndex(({ section }) => section !== undefined);
    this.#general = first < 0 ? entries.length : first;
    const bySection = Map.groupBy(entries.slice(this.#general), ({ section }) => sectionKey(section));
    this.#sections = [...bySection.values()].map((own) =>
      [own[0]!.section!, new PatternSet(own.map(({ pattern }) => pattern))] as const
    );
    this.#byFlag = FLAGS.flatMap((flag, i) => {
      const own = (flagEntries ?? []).filter(({ flags }) => flags.includes(flag)).map(({ pattern }) => pattern);
      return own.length === 0 ? [] : [[1 << i, new PatternSet(own)] as const];
    });
  }

  /** What it says about a tree of which some launches had these flags. */
  verdict(tree: string, flags = 0): Verdict {
    const labels = labelsOf(tree);
    const firsts = this.#patterns.walk(labels);
    const first = firsts.at(-1)!, rule = this.entries[first]?.pattern;
    if (rule === undefined) {
      return { expected: false, rule, reason: this.#reason(labels, firsts), unexpectedFlags: 0 };
    }
    const unexpectedFlags = this.flagEntries === undefined ? 0 : GRAVE & ~this.recordedFlags(tree);
    const verdict = { expected: true, rule, reason: flagsReason(flags & unexpectedFlags), unexpectedFlags };
    if (first < this.#general) return verdict;
    const sections = this.#sections.flatMap(([section, patterns]) => patterns.matches(tree) ? [section] : []);
    return { ...verdict, onlyIn: new Sections(sections) };
  }

  /** Whether a tree is expected, and in a section where one is given. */
  covers(tree: string, section: Section | undefined): boolean {
    const { expected, onlyIn } = this.verdict(tree);
    return expected && (section === undefined || onlyIn === undefined || onlyIn.includes(section));
  }

  /** Whether it has sections: then it matters where a tree was launched. */
  get hasSections(): boolean {
    return this.#sections.length > 0;
  }

  /** The flags that are recorded for a tree, whether or not it is expected itself. */
  recordedFlags(tree: string): number {
    return this.#byFlag.reduce((bits, [bit, patterns]) => patterns.matches(tree) ? bits | bit : bits, 0);
  }

  #reason(labels: readonly string[], firsts: readonly number[]): string {
    const plain = labels[0] === RANDOM ? labels.slice(1) : [], plainFirsts = this.#patterns.walk(plain);
    if (plain.length > 0 && plainFirsts.at(-1) !== Infinity) {
      return "a name or place in it is machine-made; with another it would be expected";
    }
    const known = lastKnown(firsts), plainKnown = lastKnown(plainFirsts);
    if (known > 0) return `${treeAt(labels, known)} is expected, but not that it launches ${labels[known]}`;
    if (plainKnown <= 0) return "nothing that it was launched by is expected";
    const above = `${treeAt(plain, plainKnown)} is expected without machine-made names or places`;
    return `${above}, but not that it launches ${plain[plainKnown]}`;
  }
}

/** How many first labels are those of an expected tree, by what matched each; -1 or 0 for none. */
function lastKnown(firsts: readonly number[]): number {
  return firsts.findLastIndex((first) => first !== Infinity);
}

function treeAt(labels: readonly string[], length: number): string {
  return `/${labels.slice(0, length).join("/")}`;
}

function flagsReason(flags: number): string {
  const names = flagNames(flags).join(", ");
  return names === "" ? "" : `it is expected, but not with the flag${flags & (flags - 1) ? "s" : ""} ${names}`;
}
