/**
 * Two baselines, compared: which rules came and went, and whether that makes a difference.
 *
 * @module
 */

import { type FlagName, parsePattern, PatternSet } from "../../fingerprint/mod.ts";
import type { Baseline, Entry } from "./baseline.ts";
import { isNamed, type Section, sectionKey, sectionText } from "./sections.ts";
import { printable } from "../text/mod.ts";

/** A rule that only one of two baselines has. */
export interface OneSided {
  readonly pattern: string;
  readonly line: number;
  /** The section that has it; undefined for a rule of trees anywhere, or of a flag. */
  readonly section?: Section;
  /** The flag that only one of them records for the pattern; undefined for a rule of trees. */
  readonly flag?: FlagName;
  /**
   * A rule of the other baseline that covers the same, so that nothing changes. Only for the rule of a single tree: of
   * those with globs nobody can say it in general.
   */
  readonly coveredBy?: string;
}

/** What one baseline has and the other hasn't. Order, comments and rules written twice make no difference. */
export interface BaselineDifference {
  /** Whether the old one and the other record flags at all: without, no flag is news. */
  readonly recordsFlags: readonly [old: boolean, now: boolean];
  readonly removed: readonly OneSided[];
  readonly added: readonly OneSided[];
}

function onlyIn(one: Baseline, other: Baseline): OneSided[] {
  const keyOf = ({ pattern, section }: Entry) => `${pattern}\0${sectionKey(section)}`;
  const seen = new Set(other.entries.map(keyOf));
  return one.entries.flatMap((entry) => {
    const { pattern, line, section } = entry, key = keyOf(entry);
    if (seen.has(key)) return [];
    seen.add(key);
    const rule = coveringRule(pattern, section, other);
    return [{
      ...{ pattern, line },
      ...section === undefined ? {} : { section },
      ...rule === undefined ? {} : { coveredBy: rule },
    }];
  });
}

/** The rule that expects the one tree of a pattern wherever the section does. */
function coveringRule(pattern: string, section: Section | undefined, other: Baseline): string | undefined {
  const tree = onlyTreeOf(pattern);
  if (tree === undefined) return undefined;
  const { rule, onlyIn } = other.verdict(tree);
  if (onlyIn === undefined || section === undefined) return onlyIn === undefined ? rule : undefined;
  const isWider = ({ section: own, pattern }: Entry) =>
    own?.kind === section.kind && isNamed(own, section.name) && new PatternSet([pattern]).matches(tree);
  return other.entries.find(isWider)?.pattern;
}

/** The one tree that a pattern stands for; undefined for one with globs. */
export function onlyTreeOf(pattern: string): string | undefined {
  const labels = parsePattern(pattern);
  if (!labels.every((label) => label.kind === "exact")) return undefined;
  return labels.map((label) => `/${label.kind === "exact" ? label.text : ""}`).join("");
}

function flagsOnlyIn({ flagEntries = [] }: Baseline, { flagEntries: others = [] }: Baseline): OneSided[] {
  return flagEntries.flatMap(({ pattern, line, flags }) =>
    [...new Set(flags)].flatMap((flag): OneSided[] => {
      const same = others.filter((other) => other.flags.includes(flag));
      if (same.some((other) => other.pattern === pattern)) return [];
      const tree = onlyTreeOf(pattern);
      const cover = tree === undefined
        ? undefined
        : same.find((other) => new PatternSet([other.pattern]).matches(tree));
      return [{ pattern, line, flag, ...cover === undefined ? {} : { coveredBy: cover.pattern } }];
    })
  );
}

/** Compares two baselines. */
export function compareBaselines(old: Baseline, now: Baseline): BaselineDifference {
  return {
    recordsFlags: [old.flagEntries !== undefined, now.flagEntries !== undefined],
    removed: [...onlyIn(old, now), ...flagsOnlyIn(old, now)],
    added: [...onlyIn(now, old), ...flagsOnlyIn(now, old)],
  };
}

/** Whether there is no difference. */
export function isSame({ recordsFlags: [old, now], removed, added }: BaselineDifference): boolean {
  return old === now && removed.length + added.length === 0;
}

/** The difference for a terminal: `- /sshd/base` and `+ /nginx/**`, a line a rule; empty where there is none. */
export function differenceText({ recordsFlags: [old, now], removed, added }: BaselineDifference): string {
  const lines = (sign: string, rules: readonly OneSided[]) =>
    rules.map(({ pattern, section, flag, coveredBy }) =>
      `${sign} ${printable(pattern)}${section === undefined ? "" : ` ${printable(sectionText(section))}`}${
        flag === undefined ? "" : `: ${flag}`
      }${coveredBy === undefined ? "" : `  (covered by ${printable(coveredBy)})`}`
    );
  const recording = old === now ? [] : [`${now ? "+" : "-"} flags are recorded`];
  return [...recording, ...lines("-", removed), ...lines("+", added)].join("\n");
}
