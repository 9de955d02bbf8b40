/**
 * What the worker reports to the metrics: one row of numbers per tree, one row of numbers about the exporter itself.
 * Both travel as typed arrays, so a scrape costs a copy and no object per tree.
 *
 * @module
 */
import { fields } from "../../netlink/mod.ts";
import type { ContextChanges } from "../context/mod.ts";
import type { EventBatch } from "./event_log.ts";

const STATS = fields([
  /** Events received, by type (threads are filtered in the kernel where a filter could be attached). */
  "Forks",
  "Execs",
  "Exits",
  /** Events of other types (comm, uid, gid, sid, ptrace, coredump) and of types this version doesn't know. */
  "OtherEvents",
  /** Thread forks and exits that arrived all the same. */
  "ThreadEvents",
  "Records",
  /** Messages that could not be decoded. */
  "Malformed",
  /** Messages the kernel dropped, exactly, by socket. */
  "LostExecs",
  "LostLifecycle",
  "LostRecords",
  /** Records of execs that the ring had no room for, exactly; and those that could not be written. */
  "LostRing",
  "Resyncs",
  /** Images by what named them. */
  "ImagesByProc",
  "ImagesByInode",
  "ImagesByComm",
  "ImagesUnknown",
  "ImagesByBpf",
  /** Claims that another source contradicted: paths that lead to another file, records of ends that name one. */
  "ImagesContradicted",
  /** Gauges, 1 or 0: what works. */
  "ConnectorUp",
  "BpfUp",
  "TaskstatsUp",
  "ProcfsUp",
  /** Gauge: 0 none, 1 nice, 2 short slice, 3 FIFO; see `Boost`. */
  "Boost",
  /** Gauge: processes in the table. */
  "Processes",
  /** Gauges: trees that have series, and the limit. */
  "Trees",
  "TreesLimit",
  /** Gauges: bytes of the paths of the trees that have series, and the limit. */
  "TreesBytes",
  "TreesBytesLimit",
  /** Launches counted under `other`, because the limit was reached. */
  "Collapsed",
  /** Times the silent connector was subscribed again. */
  "Resubscribes",
  /** Polls of /proc (`--source=poll`). */
  "Polls",
  /** CPU time of the worker thread, seconds. */
  "WorkerCpuSeconds",
  /** Reads of /proc that failed for a reason other than a process that had gone. */
  "ProcfsErrors",
  /** Number of this report; they are counted from 1. */
  "Report",
  /** Trees that left because nothing of them had run for as long as trees are kept. */
  "Retired",
  /** Those of them that left early, to make room for another. */
  "Evicted",
  /** Gauge: roots that are told apart, the machine's own among them. */
  "Roots",
  /** Programs of the base system by what their packages' digests said of them. */
  "BaseUnchanged",
  "BaseModified",
  "BaseUnverified",
  /** Processes that were found in a root for which no number was left. */
  "RootsRefused",
  /** Gauge: roots whose packages aren't known, because a file system doesn't answer. */
  "RootsUnreadable",
]);

/** Numbers about the exporter's own completeness: name → place. Counters unless said otherwise. */
export const Stat = STATS.place;

/** Width of the array of {@link Stat}s. */
export const STAT_WIDTH: number = STATS.width;

/** The scheduling boosts of the worker thread; the order is the value of {@link Stat.Boost}. */
export const BOOSTS = ["none", "nice", "slice", "fifo"] as const;
export type Boost = (typeof BOOSTS)[number];

/** A tree that had no series before. */
export interface NewTree {
  /** Number of the tree, never used again for another, nor for this one when it comes back after it left. */
  readonly id: number;
  /** Number of the tree it was launched from, which may have left; 0 is the root. */
  readonly parent: number;
  /** The fingerprint as it is shown: `/sshd/base/pstree`, `/random/cron/top.py`. Already escaped. */
  readonly path: string;
  /** Whether a machine-made name is part of it. */
  readonly random: boolean;
  /** Whether its own name or place is, and not only one above. */
  readonly randomName: boolean;
}

/** Contexts that are new, the launches in each, and which trees were launched in which. */
export interface LaunchContextChanges extends ContextChanges {
  /**
   * Number of a tree, of a context it was launched in, of the user, and of such launches since the last report: `WAY_WIDTH` numbers
   * for each. Launches may be missing where there were too many ways to be launched.
   */
  readonly launchedIn: Float64Array<ArrayBuffer>;
}

/** What changed since the last report. */
export interface Changes {
  readonly newTrees: readonly NewTree[];
  /** Trees whose row changed. */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** Their rows, {@link ROW_WIDTH} numbers each, in the order of `ids`. */
  readonly rows: Float64Array<ArrayBuffer>;
  /** Run times that were added to these trees, by bucket: see {@link RUN_TIME_WIDTH}. */
  readonly runTimes: Uint32Array<ArrayBuffer>;
  /** Trees that left (retention): their series end. */
  readonly removed: Uint32Array<ArrayBuffer>;
  /** All {@link Stat}s. */
  readonly stats: Float64Array<ArrayBuffer>;
  /** Who launched; left out where nobody looks. */
  readonly contexts?: LaunchContextChanges;
  /** Launches and endings one by one; only while somebody listens. */
  readonly events?: EventBatch;
}
