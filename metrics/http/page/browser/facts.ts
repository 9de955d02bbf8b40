/**
 * What the page knows of a tree to count, filter and sort it: little enough to stand in its row.
 *
 * @module
 */

import type { TreeJson } from "../../api/mod.ts";
import { totalOf } from "./sparkline.ts";

/** Columns of numbers, in their order, by the name that an address has. */
export const SORTS = {
  tree: "Tree",
  running: "Running",
  launches: "Launches",
  failed: "Failed",
  time: "Run time",
  cpu: "CPU",
  seen: "Seen",
  rarity: "Rarity",
  recent: "10 min",
} as const;

export type SortKey = keyof typeof SORTS;

/** A tree in short. */
export interface Facts {
  readonly path: string;
  /** What is odd about it, in the order of {@link KINDS} and then its flags. `new` is only true for a while: it isn't among these. */
  readonly kinds: readonly string[];
  /** Running, launches, failed, mean run time, CPU time, Unix time of the first launch, rarity in bits, launches of the last ten minutes: as {@link SORTS} from its second on. */
  readonly numbers: readonly number[];
}

/** The kinds that aren't flags, each with what it means. */
export const KINDS: Readonly<Record<string, string>> = {
  new: "first launched within the last hour",
  unexpected: "the baseline doesn't have it, or not with such a flag",
  random: "its name or its place is machine-made",
  failing: "at least half of what ended has failed",
};

/** What the page calls a flag: `new` alone is a tree that is. */
export function kindOfFlag(flag: string): string {
  return flag === "new" ? "new file" : flag;
}

/** How long a tree is new, seconds. */
const NEW_SECONDS = 3600;

/** The numbers of a tree that both its facts and its cells show. */
export function numbersOf(
  { running, processes, launches, exits, seconds, resources, first_seen, rarity, recent_launches }: TreeJson,
) {
  const failed = exits.error + exits.signal + exits.core;
  return {
    running: Math.max(running, processes),
    launches,
    failed,
    mean: seconds.count === 0 ? 0 : seconds.sum / seconds.count,
    cpu: resources === null ? 0 : resources.cpu_seconds.user + resources.cpu_seconds.system,
    firstSeen: first_seen ?? 0,
    rarity,
    recent: totalOf(recent_launches),
    isFailing: failed > 0 && failed >= exits.success,
  };
}

/** Whether the baseline has a tree, but not everywhere where it was launched. */
export function isMisplaced({ expected, launched_in }: Pick<TreeJson, "expected" | "launched_in">): boolean {
  return expected === true && launched_in.some((place) => place.expected === false);
}

export function factsOf(tree: TreeJson): Facts {
  const { running, launches, failed, mean, cpu, firstSeen, rarity, recent, isFailing } = numbersOf(tree);
  const isUnexpected = tree.expected === false || tree.unexpected_flags.length > 0 || isMisplaced(tree);
  return {
    path: tree.path,
    kinds: [
      ...isUnexpected ? ["unexpected"] : [],
      ...tree.random_name ? ["random"] : [],
      ...isFailing ? ["failing"] : [],
      ...Object.keys(tree.flagged_launches).map(kindOfFlag),
    ],
    numbers: [running, launches, failed, mean, cpu, firstSeen, rarity, recent],
  };
}

/** Facts as they are now, at `now` in Unix seconds: with `new` among the kinds where it is true. */
export function factsAt(facts: Facts, now: number): Facts {
  const isNew = now - facts.numbers[5]! < NEW_SECONDS && facts.numbers[5]! > 0;
  return isNew ? { ...facts, kinds: ["new", ...facts.kinds] } : facts;
}

/** The number by which a tree is sorted; greater is first. What was seen last is first among those. */
export function sortNumber({ numbers }: Facts, sort: SortKey): number {
  return numbers[Object.keys(SORTS).indexOf(sort) - 1] ?? 0;
}
