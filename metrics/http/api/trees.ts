/**
 * Trees and the exporter's health as JSON. Field names are the interface that `docs/api.md` describes.
 *
 * @module
 */

import {
  BOOSTS,
  BUCKETS,
  Column,
  type FlagName,
  flagNames,
  FLAGS,
  type Outcome,
  OUTCOMES,
  Stat,
} from "../../../fingerprint/mod.ts";
import { flagsIn, RARITY, type Registry, type Tree } from "../../registry/mod.ts";
import { rounded } from "./history.ts";

/** The path above; null above the first program. A label has no slash: it is escaped. */
export function parentPath(path: string): string | null {
  const parent = path.slice(0, path.lastIndexOf("/"));
  return parent === "" || parent === "/random" ? null : parent;
}

/** What finished processes of a tree have used. */
export type ResourcesJson = Readonly<ReturnType<typeof resourcesJson>>;

function resourcesJson(rows: Float64Array, at: number) {
  const seconds = (column: number) => rounded(rows[at + column]!) ?? 0;
  const count = (column: number) => rows[at + column]!;
  return {
    cpu_seconds: { user: seconds(Column.CpuUserSeconds), system: seconds(Column.CpuSystemSeconds) },
    read_bytes: count(Column.ReadBytes),
    written_bytes: count(Column.WrittenBytes),
    max_resident_bytes: count(Column.MaxResidentBytes),
    context_switches: {
      voluntary: count(Column.VoluntarySwitches),
      involuntary: count(Column.InvoluntarySwitches),
    },
    major_faults: count(Column.MajorFaults),
    delay_seconds: {
      cpu: seconds(Column.CpuDelaySeconds),
      block_io: seconds(Column.BlockIoDelaySeconds),
      swap: seconds(Column.SwapDelaySeconds),
      reclaim: seconds(Column.ReclaimDelaySeconds),
    },
  };
}

export type FlaggedJson = Readonly<Partial<Record<FlagName, number>>>;

function flaggedLaunches(rows: Float64Array, at: number): FlaggedJson {
  const counts: Partial<Record<FlagName, number>> = {};
  for (let i = 0; i < FLAGS.length; i++) {
    const count = rows[at + Column.Flagged + i]!;
    if (count > 0) counts[FLAGS[i]!] = count;
  }
  return counts;
}

export type TreeJson = Readonly<ReturnType<typeof treeJson>>;

export function treeJson(
  { id, path, random, randomName, expected, unexpectedFlags, at }: Tree,
  registry: Registry,
) {
  const { rows, accounting, recent, contexts } = registry;
  const buckets = Array.from(rows.subarray(at + Column.Buckets, at + Column.Buckets + BUCKETS));
  const exits = Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, rows[at + Column.Exits + i]!]));
  const time = (column: number) => rows[at + column] === 0 ? null : rounded(rows[at + column]!);
  return {
    path,
    /** Path of the tree it was launched from, which need not have launches itself; null for a first program. */
    parent: parentPath(path),
    /** Whether a machine-made name is part of it. */
    random,
    /** Whether its own name or place is machine-made, and not only one above. */
    random_name: randomName,
    /** What the baseline says; null without one. */
    expected: expected ?? null,
    /** Grave flags that launches of it had, and that the baseline doesn't record for it. */
    unexpected_flags: flagNames(flagsIn(rows, at) & unexpectedFlags),
    /** Images under way, and processes that run the program, forked workers included. */
    running: rows[at + Column.Running]!,
    processes: rows[at + Column.Processes]!,
    launches: rows[at + Column.Launches]!,
    /** Those of the last ten minutes, in parts of ten seconds, the oldest first; none where there were none. */
    recent_launches: recent.of(id),
    /** Who launched it, the last few ways; units with a number in their names as one: `session-*.scope`. */
    launched_by: contexts.contextsOf(id),
    /** How often it was launched where, as far as a baseline tells places apart, and whether it expects that. */
    launched_in: Array.from(contexts.places.ofTree(id), ([place, launches]) => ({
      /** Empty in none; null where nobody knows. */
      unit: place.unit ?? null,
      image: place.image ?? null,
      launches,
      expected: registry.isExpectedIn(id, place) ?? null,
    })),
    /** Launches by flag; those that the tree never had are left out. */
    flagged_launches: flaggedLaunches(rows, at),
    exits: exits as Readonly<Record<Outcome, number>>,
    /** Run time of ended images. The bounds of the buckets are in the answer; the last bucket has none. */
    seconds: {
      count: buckets.reduce((sum, count) => sum + count, 0),
      sum: rounded(rows[at + Column.SecondsSum]!) ?? 0,
      buckets: buckets as readonly number[],
    },
    /** Null where there are no accounting records. */
    resources: accounting ? resourcesJson(rows, at) : null,
    /** Surprisal of its launch by its parent, in bits. */
    rarity: rows[at + RARITY]!,
    /** Unix times in seconds; null where unknown. */
    first_seen: time(Column.FirstSeen),
    last_launch: time(Column.LastLaunch),
  };
}

/** Launches of the machine in the last ten minutes. */
export type RecentJson = Readonly<ReturnType<typeof recentJson>>;

export function recentJson({ recent }: Registry) {
  return {
    /** Unix time in seconds at which the last part ends, of the trees' too; null before anything was counted. */
    until: rounded(recent.untilSeconds),
    launches: recent.ofAll as readonly number[],
  };
}

/** What works, and what is missing. */
export type HealthJson = Readonly<ReturnType<typeof healthJson>>;

export function healthJson({ stats, baselineMode }: Registry, notReady: string | undefined) {
  const stat = (index: number) => stats[index]!;
  return {
    /** Why it can't give whole answers yet; null once it can. */
    not_ready: notReady ?? null,
    sources: {
      bpf: stat(Stat.BpfUp) === 1,
      connector: stat(Stat.ConnectorUp) === 1,
      taskstats: stat(Stat.TaskstatsUp) === 1,
      procfs: stat(Stat.ProcfsUp) === 1,
    },
    boost: BOOSTS[stat(Stat.Boost)] ?? ("none" as string),
    /** Messages that the kernel dropped. */
    lost: {
      execs: stat(Stat.LostExecs),
      lifecycle: stat(Stat.LostLifecycle),
      records: stat(Stat.LostRecords),
      ring: stat(Stat.LostRing),
    },
    resyncs: stat(Stat.Resyncs),
    resubscribes: stat(Stat.Resubscribes),
    processes: stat(Stat.Processes),
    trees: stat(Stat.Trees),
    trees_limit: stat(Stat.TreesLimit),
    /** Launches counted under `other`. */
    collapsed: stat(Stat.Collapsed),
    /** Null without a baseline. */
    baseline_mode: baselineMode ?? null,
  };
}
