/**
 * The columns of a tree's row, how images end, and the buckets of their run times.
 *
 * @module
 */

import { fields } from "../../netlink/mod.ts";
import { FLAGS } from "../labels/mod.ts";

/** Upper bounds of the `process_seconds` buckets, in seconds; `+Inf` follows. */
export const BUCKET_BOUNDS: readonly number[] = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600, 86400];

/** Number of buckets of a tree, `+Inf` included. */
export const BUCKETS = BUCKET_BOUNDS.length + 1;

/** How an image ended; the order is the order of the `EXITS` columns. */
export const OUTCOMES = ["success", "error", "signal", "core", "exec", "unknown"] as const;
export type Outcome = (typeof OUTCOMES)[number];

const ROW = fields([
  /** Processes alive that run the tree's program, workers that forked without an exec included. */
  "Processes",
  /** Images under way: launches − endings. */
  "Running",
  /** Images begun: execs seen, and images found running at the start. */
  "Launches",
  /** First of the endings by outcome, in the order of {@link OUTCOMES}. */
  ["Exits", OUTCOMES.length],
  /** Sum of the run times of ended images, seconds. */
  "SecondsSum",
  /** First of the {@link BUCKETS} bucket counts; each counts its own range only (not cumulative). */
  ["Buckets", BUCKETS],
  /** The image that ended last: pid, run time (s), Unix time of its end (s); pid 0 when there is none. */
  "ExemplarPid",
  "ExemplarSeconds",
  "ExemplarTime",
  /** Accounting of finished processes (taskstats). */
  "CpuUserSeconds",
  "CpuSystemSeconds",
  "ReadBytes",
  "WrittenBytes",
  "MaxResidentBytes",
  "VoluntarySwitches",
  "InvoluntarySwitches",
  "MajorFaults",
  "CpuDelaySeconds",
  "BlockIoDelaySeconds",
  "SwapDelaySeconds",
  "ReclaimDelaySeconds",
  /** Unix time of the first and of the last launch, seconds; 0 when unknown. */
  "FirstSeen",
  "LastLaunch",
  "LastLaunchPid",
  /** First of the launches with a flag, in the order of {@link FLAGS}. */
  ["Flagged", FLAGS.length],
]);

/** Places of a tree's numbers in its row. Times are seconds, sizes bytes; counters never fall. */
export const Column = ROW.place;

export const ROW_WIDTH: number = ROW.width;
