/**
 * The columns of a tree's row, how images end, and the buckets of their run times.
 *
 * @module
 */

/** Upper bounds of the `process_seconds` buckets, in seconds; `+Inf` follows. */
export const BUCKET_BOUNDS: readonly number[] = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600, 86400];

/** Number of buckets of a tree, `+Inf` included. */
export const BUCKETS = BUCKET_BOUNDS.length + 1;

/** How an image ended; the order is the order of the `EXITS` columns. */
export const OUTCOMES = ["success", "error", "signal", "core", "exec", "unknown"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Columns of a tree's row: name → index. Times are seconds, sizes bytes; counters never fall. */
export const Column = {
  /** Processes alive that run the tree's program, workers that forked without an exec included. */
  Processes: 0,
  /** Images under way: launches − endings. */
  Running: 1,
  /** Images begun: execs seen, and images found running at the start. */
  Launches: 2,
  /** First of the endings by outcome, in the order of {@link OUTCOMES}. */
  Exits: 3,
  /** Sum of the run times of ended images, seconds. */
  SecondsSum: 3 + OUTCOMES.length,
  /** First of the {@link BUCKETS} bucket counts; each counts its own range only (not cumulative). */
  Buckets: 4 + OUTCOMES.length,
  /** The image that ended last: pid, run time (s), Unix time of its end (s); pid 0 when there is none. */
  ExemplarPid: 4 + OUTCOMES.length + BUCKETS,
  ExemplarSeconds: 5 + OUTCOMES.length + BUCKETS,
  ExemplarTime: 6 + OUTCOMES.length + BUCKETS,
  /** Accounting of finished processes (taskstats). */
  CpuUserSeconds: 7 + OUTCOMES.length + BUCKETS,
  CpuSystemSeconds: 8 + OUTCOMES.length + BUCKETS,
  ReadBytes: 9 + OUTCOMES.length + BUCKETS,
  WrittenBytes: 10 + OUTCOMES.length + BUCKETS,
  MaxResidentBytes: 11 + OUTCOMES.length + BUCKETS,
  VoluntarySwitches: 12 + OUTCOMES.length + BUCKETS,
  InvoluntarySwitches: 13 + OUTCOMES.length + BUCKETS,
  MajorFaults: 14 + OUTCOMES.length + BUCKETS,
  CpuDelaySeconds: 15 + OUTCOMES.length + BUCKETS,
  BlockIoDelaySeconds: 16 + OUTCOMES.length + BUCKETS,
  SwapDelaySeconds: 17 + OUTCOMES.length + BUCKETS,
  ReclaimDelaySeconds: 18 + OUTCOMES.length + BUCKETS,
  /** Unix time of the first and of the last launch, seconds; 0 when unknown. */
  FirstSeen: 19 + OUTCOMES.length + BUCKETS,
  LastLaunch: 20 + OUTCOMES.length + BUCKETS,
  /** Process id of the last launch. */
  LastLaunchPid: 21 + OUTCOMES.length + BUCKETS,
  /** Launches of an executable whose file had been deleted, or never had a name. */
  DeletedLaunches: 22 + OUTCOMES.length + BUCKETS,
} as const;

/** Width of a tree's row. */
export const ROW_WIDTH: number = Column.DeletedLaunches + 1;
