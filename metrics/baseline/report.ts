/**
 * What runs, compared with a baseline.
 *
 * @module
 */

import type { Baseline } from "./baseline.ts";
import { printable } from "../text/mod.ts";
import { mergeSeen, type SeenTree, timeText } from "./seen.ts";

/** A tree that isn't expected, or had flags that aren't. */
export interface Unexpected extends SeenTree {
  readonly reason: string;
  /** Those of its flags that aren't expected; none of a tree that isn't. */
  readonly unexpectedFlags: number;
}

/** The outcome. */
export interface Report {
  /** Number of trees compared. */
  readonly trees: number;
  readonly unexpected: readonly Unexpected[];
}

/** Finds what the baseline doesn't expect. */
export function findUnexpected(baseline: Baseline, seen: Iterable<SeenTree>): Report {
  const trees = mergeSeen(seen);
  const unexpected = trees.flatMap((tree) => {
    const { expected, reason, unexpectedFlags } = baseline.verdict(tree.tree, tree.flags);
    const flags = tree.flags & unexpectedFlags;
    return expected && flags === 0 ? [] : [{ ...tree, reason, unexpectedFlags: flags }];
  });
  return { trees: trees.length, unexpected };
}

/** The report for a terminal: a line a tree, and one for all. */
export function reportText({ trees, unexpected }: Report): string {
  const lines = unexpected.map(({ tree, launches, firstSeenSeconds, instances, reason }) => {
    const first = firstSeenSeconds === undefined ? "" : `, first seen ${timeText(firstSeenSeconds)}`;
    const where = instances.length === 0 ? "" : `, on ${instances.map(printable).join(", ")}`;
    return `${printable(tree)}  ${launches} ${launches === 1 ? "launch" : "launches"}${first}${where}: ${
      printable(reason)
    }`;
  });
  return [...lines, `${trees} trees, ${unexpected.length} of them unexpected`].join("\n");
}
