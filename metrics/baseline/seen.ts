/**
 * Trees that were seen, and where: what a baseline is learned from and compared with.
 *
 * @module
 */

import { type Section, sectionKey } from "./sections.ts";

/** A tree that was launched. */
export interface SeenTree {
  readonly tree: string;
  /** How often, on all instances together. */
  readonly launches: number;
  /** Unix time of the first launch known, in seconds; undefined if nobody knows. */
  readonly firstSeenSeconds: number | undefined;
  /** Unix time of the last launch known, or of the look at it while it ran, seconds; undefined if nobody knows. */
  readonly lastSeenSeconds?: number | undefined;
  /** Flags (`Flag`) that launches of it had. */
  readonly flags: number;
  /** Names of the exporters that saw it; none for this machine itself. */
  readonly instances: readonly string[];
  /** Where, if that is told apart; the numbers are those of launches there. Undefined for anywhere, or where nobody knows. */
  readonly section?: Section | undefined;
}

/** A text by which trees are told apart, and what was seen of one in different sections. */
export function seenKey({ tree, section }: Pick<SeenTree, "tree" | "section">): string {
  return section === undefined ? tree : `${tree}\0${sectionKey(section)}`;
}

/** Whether launches beyond the limit of trees are counted there: it stands for any tree, so it says nothing. */
export function isOther(tree: string): boolean {
  return tree.endsWith("/other"); // a program that is called so has a backslash
}

/** One entry a tree and section, in the order of the trees' names. */
export function mergeSeen(trees: Iterable<SeenTree>): SeenTree[] {
  const merged = new Map<string, SeenTree>();
  for (const seen of trees) {
    const key = seenKey(seen), same = merged.get(key);
    merged.set(key, same === undefined ? seen : together(same, seen));
  }
  const keyed = [...merged];
  return keyed.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0).map(([, seen]) => seen);
}

function together(a: SeenTree, b: SeenTree): SeenTree {
  const times = [a.firstSeenSeconds, b.firstSeenSeconds].filter((time) => time !== undefined);
  const lastSeenSeconds = latest([a.lastSeenSeconds, b.lastSeenSeconds]);
  return {
    tree: a.tree,
    launches: a.launches + b.launches,
    flags: a.flags | b.flags,
    firstSeenSeconds: times.length === 0 ? undefined : Math.min(...times),
    ...lastSeenSeconds === undefined ? {} : { lastSeenSeconds },
    instances: [...new Set([...a.instances, ...b.instances])].sort(),
    ...a.section === undefined ? {} : { section: a.section },
  };
}

/** The latest of times that are known. */
export function latest(times: Iterable<number | undefined>): number | undefined {
  let last: number | undefined;
  for (const time of times) if (time !== undefined && !(time <= last!)) last = time;
  return last;
}

/** Stands in a comment of a learned tree, with a day (UTC): `last seen 2026-01-02`. */
export const LAST_SEEN = /\blast seen (\d{4}-\d\d-\d\d)\b/;

/** A day as it stands there. */
export function dayText(seconds: number): string {
  return timeText(seconds).slice(0, 10);
}

/** The end of the day in a comment, Unix time in seconds: it was seen on that day; undefined where there is none. */
export function lastSeenIn(comment: string | null | undefined): number | undefined {
  const day = LAST_SEEN.exec(comment ?? "")?.[1], start = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(start) ? undefined : start / 1000 + 86_399;
}

/** A Unix time as `2026-01-02T03:04:05Z`. */
export function timeText(seconds: number): string {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}
