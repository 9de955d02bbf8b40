/**
 * What runs, compared with a baseline.
 *
 * @module
 */

import type { LaunchPlace } from "../registry/mod.ts";
import type { Baseline } from "./baseline.ts";
import type { LaunchedIn } from "./look.ts";
import { printable } from "../text/mod.ts";
import { mergeSeen, type SeenTree, timeText } from "./seen.ts";

/** A tree that isn't expected, or not where it was launched, or had flags that aren't. */
export interface Unexpected extends SeenTree {
  /** Where it was launched and isn't expected; undefined where that makes no difference. */
  readonly place?: LaunchPlace;
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

/** Finds what the baseline doesn't expect; `launchedIn` is where trees were launched, which matters to one with sections. */
export function findUnexpected(
  baseline: Baseline,
  seen: Iterable<SeenTree>,
  launchedIn: Iterable<LaunchedIn> = [],
): Report {
  const trees = mergeSeen(seen), places = Map.groupBy(launchedIn, ({ tree }) => tree);
  const unexpected = trees.flatMap((tree): Unexpected[] => {
    const { expected, reason, unexpectedFlags, onlyIn } = baseline.verdict(tree.tree, tree.flags);
    const flags = tree.flags & unexpectedFlags;
    const misplaced = onlyIn === undefined ? [] : placesOf(places.get(tree.tree) ?? []);
    return [
      ...expected && flags === 0 ? [] : [{ ...tree, reason, unexpectedFlags: flags }],
      ...misplaced.flatMap(({ place, launches }): Unexpected[] =>
        onlyIn!.has(place) ? [] : [{
          ...{ ...tree, launches, flags: 0, firstSeenSeconds: undefined, place },
          ...{ reason: onlyIn!.reason(place), unexpectedFlags: 0 },
        }]
      ),
    ];
  });
  return { trees: trees.length, unexpected };
}

/** Launches of a tree by place, on all exporters together. */
function placesOf(launchedIn: readonly LaunchedIn[]): { readonly place: LaunchPlace; readonly launches: number }[] {
  const byPlace = Map.groupBy(launchedIn, ({ place: { unit, image } }) => JSON.stringify([unit, image]));
  return [...byPlace.values()].map((same) => ({
    place: same[0]!.place,
    launches: same.reduce((sum, { launches = 0 }) => sum + launches, 0),
  }));
}

/** The report for a terminal: a line a tree, and one for all. */
export function reportText({ trees, unexpected }: Report): string {
  const lines = unexpected.map(({ tree, launches, firstSeenSeconds, instances, reason }) => {
    const first = firstSeenSeconds === undefined ? "" : `, first seen ${timeText(firstSeenSeconds)}`;
    const where = instances.length === 0 ? "" : `, on ${instances.map(printable).join(", ")}`;
    const count = launches === 0 ? "seen" : `${launches} ${launches === 1 ? "launch" : "launches"}`;
    return `${printable(tree)}  ${count}${first}${where}: ${printable(reason)}`;
  });
  return [...lines, `${trees} trees, ${unexpected.length} of them unexpected`].join("\n");
}
