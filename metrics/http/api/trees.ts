/**
 * Trees and the exporter's health as JSON. Field names are the interface that `docs/api.md` describes.
 *
 * @module
 */

import { BOOSTS, BUCKETS, Column, type Outcome, OUTCOMES, Stat } from "../../../fingerprint/mod.ts";
import type { Registry, Tree } from "../../registry/mod.ts";
import { rounded } from "./history.ts";

/** What finished processes of a tree have used. */
export interface ResourcesJson {
  readonly cpu_seconds: { readonly user: number; readonly system: number };
  readonly read_bytes: number;
  readonly written_bytes: number;
  readonly max_resident_bytes: number;
  readonly context_switches: { readonly voluntary: number; readonly involuntary: number };
  readonly major_faults: number;
  readonly delay_seconds: {
    readonly cpu: number;
    readonly block_io: number;
    readonly swap: number;
    readonly reclaim: number;
  };
}

/** A tree. */
export interface TreeJson {
  readonly path: string;
  /** Path of the tree it was launched from, which need not have launches itself; null for a first program. */
  readonly parent: string | null;
  /** Whether a machine-made name is part of it. */
  readonly random: boolean;
  /** What the baseline says; null without one. */
  readonly expected: boolean | null;
  /** Images under way, and processes that run the program, forked workers included. */
  readonly running: number;
  readonly processes: number;
  readonly launches: number;
  /** Launches of an executable whose file had been deleted, or never had a name. */
  readonly deleted_launches: number;
  readonly exits: Readonly<Record<Outcome, number>>;
  /** Run time of ended images. The bounds of the buckets are in the answer; the last bucket has none. */
  readonly seconds: { readonly count: number; readonly sum: number; readonly buckets: readonly number[] };
  /** Null where there are no accounting records. */
  readonly resources: ResourcesJson | null;
  /** Unix times in seconds; null where unknown. */
  readonly first_seen: number | null;
  readonly last_launch: number | null;
}

/** What works, and what is missing. */
export interface HealthJson {
  /** Why it can't give whole answers yet; null once it can. */
  readonly not_ready: string | null;
  readonly sources: { readonly connector: boolean; readonly taskstats: boolean; readonly procfs: boolean };
  readonly boost: string;
  /** Messages that the kernel dropped. */
  readonly lost: { readonly execs: number; readonly lifecycle: number; readonly records: number };
  readonly resyncs: number;
  readonly resubscribes: number;
  readonly processes: number;
  readonly trees: number;
  readonly trees_limit: number;
  /** Launches counted under `/other`. */
  readonly collapsed: number;
}

/** The path above; null above the first program. A label has no slash: it is escaped. */
export function parentPath(path: string): string | null {
  const parent = path.slice(0, path.lastIndexOf("/"));
  return parent === "" || parent === "/random" ? null : parent;
}

function resourcesJson(rows: Float64Array, at: number): ResourcesJson {
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

/** A tree as JSON. */
export function treeJson({ path, random, expected, at }: Tree, { rows, accounting }: Registry): TreeJson {
  const buckets = Array.from(rows.subarray(at + Column.Buckets, at + Column.Buckets + BUCKETS));
  const exits = Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, rows[at + Column.Exits + i]!]));
  const time = (column: number) => rows[at + column] === 0 ? null : rounded(rows[at + column]!);
  return {
    path,
    parent: parentPath(path),
    random,
    expected: expected ?? null,
    running: rows[at + Column.Running]!,
    processes: rows[at + Column.Processes]!,
    launches: rows[at + Column.Launches]!,
    deleted_launches: rows[at + Column.DeletedLaunches]!,
    exits: exits as Record<Outcome, number>,
    seconds: {
      count: buckets.reduce((sum, count) => sum + count, 0),
      sum: rounded(rows[at + Column.SecondsSum]!) ?? 0,
      buckets,
    },
    resources: accounting ? resourcesJson(rows, at) : null,
    first_seen: time(Column.FirstSeen),
    last_launch: time(Column.LastLaunch),
  };
}

/** The exporter's health as JSON. */
export function healthJson({ stats }: Registry, notReady: string | undefined): HealthJson {
  const stat = (index: number) => stats[index]!;
  return {
    not_ready: notReady ?? null,
    sources: {
      connector: stat(Stat.ConnectorUp) === 1,
      taskstats: stat(Stat.TaskstatsUp) === 1,
      procfs: stat(Stat.ProcfsUp) === 1,
    },
    boost: BOOSTS[stat(Stat.Boost)] ?? "none",
    lost: { execs: stat(Stat.LostExecs), lifecycle: stat(Stat.LostLifecycle), records: stat(Stat.LostRecords) },
    resyncs: stat(Stat.Resyncs),
    resubscribes: stat(Stat.Resubscribes),
    processes: stat(Stat.Processes),
    trees: stat(Stat.Trees),
    trees_limit: stat(Stat.TreesLimit),
    collapsed: stat(Stat.Collapsed),
  };
}
