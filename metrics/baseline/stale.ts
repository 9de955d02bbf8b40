/**
 * Rules of a baseline that nothing has needed for a while. Whether one is stale can only be said as far back as launches are known:
 * an exporter forgets trees after `--trees.retention`, and everything when it is started again.
 *
 * @module
 */

import { PatternSet } from "../../fingerprint/mod.ts";
import type { Baseline, Entry } from "./baseline.ts";
import { onlyTreeOf } from "./difference.ts";
import { printable } from "../text/mod.ts";
import { type Section, sectionText } from "./sections.ts";
import { isOther, latest, mergeSeen, type SeenTree, timeText } from "./seen.ts";

/** What is known of launches. */
export interface Known {
  readonly seen: Iterable<SeenTree>;
  /** Unix time since which no launch is unknown, seconds; undefined where nobody says. */
  readonly sinceSeconds: number | undefined;
}

/** A rule that wasn't needed since a time. Of one of a section it is when its trees were last launched anywhere. */
export interface Unused {
  readonly pattern: string;
  readonly line: number;
  readonly section?: Section | undefined;
  /** Unix time of the last launch that is known, seconds. */
  readonly lastSeenSeconds: number | undefined;
}

/** Which rules are stale, and of which there is no telling. */
export interface Staleness {
  readonly rules: number;
  readonly stale: readonly Unused[];
  readonly unknown: readonly Unused[];
  readonly sinceSeconds: number | undefined;
}

/** Finds the rules of which no tree was launched, or ran, since `cutoffSeconds`. */
export function findStale({ entries }: Baseline, { seen, sinceSeconds }: Known, cutoffSeconds: number): Staleness {
  const trees = mergeSeen(seen),
    lastByTree = new Map(trees.map(({ tree, lastSeenSeconds }) => [tree, lastSeenSeconds]));
  // Below these are launches of trees that have no name here.
  const blurred = trees.filter(({ tree, lastSeenSeconds = 0 }) => isBlurred(tree) && lastSeenSeconds >= cutoffSeconds)
    .map(({ tree }) => tree.slice(0, tree.lastIndexOf("/") + 1));
  const stale: Unused[] = [], unknown: Unused[] = [];
  for (const entry of entries) {
    const lastSeenSeconds = lastSeenOf(entry, trees, lastByTree);
    if (lastSeenSeconds !== undefined && lastSeenSeconds >= cutoffSeconds) continue;
    const isKnown = sinceSeconds !== undefined && sinceSeconds <= cutoffSeconds &&
      !blurred.some((above) => entry.pattern.startsWith(above));
    (isKnown ? stale : unknown).push({
      pattern: entry.pattern,
      line: entry.line,
      section: entry.section,
      lastSeenSeconds,
    });
  }
  return { rules: entries.length, stale, unknown, sinceSeconds };
}

/** Whether launches of several trees are counted there. */
function isBlurred(tree: string): boolean {
  return isOther(tree) || tree.endsWith("/*");
}

/** When the last launch of a rule's trees was, by what was seen and by what the file says. */
function lastSeenOf(
  { pattern, lastSeenSeconds }: Entry,
  trees: readonly SeenTree[],
  lastByTree: ReadonlyMap<string, number | undefined>,
): number | undefined {
  const tree = onlyTreeOf(pattern);
  if (tree !== undefined) return latest([lastSeenSeconds, lastByTree.get(tree)]);
  const patterns = new PatternSet([pattern]);
  const matching = trees.filter(({ tree }) => patterns.matches(tree));
  return latest([lastSeenSeconds, ...matching.map(({ lastSeenSeconds }) => lastSeenSeconds)]);
}

/** The report for a terminal: a line a stale rule, and one for all. */
export function staleText({ rules, stale, unknown, sinceSeconds }: Staleness): string {
  const lines = stale.map(({ pattern, line, section, lastSeenSeconds }) => {
    const last = lastSeenSeconds === undefined
      ? `since ${timeText(sinceSeconds!)}`
      : `after ${timeText(lastSeenSeconds)}`;
    const where = section === undefined ? "" : ` ${printable(sectionText(section))}`;
    return `${printable(pattern)}${where}  line ${line}: stale, not seen ${last}`;
  });
  const since = sinceSeconds === undefined
    ? "nothing says since when launches are known"
    : `launches are known since ${timeText(sinceSeconds)}`;
  const open = unknown.length === 0 ? "" : `; of ${unknown.length} there is no telling yet, ${since}`;
  return [...lines, `${rules} rules, ${stale.length} of them stale${open}`].join("\n");
}
