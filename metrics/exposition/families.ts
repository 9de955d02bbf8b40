/**
 * The metric families, as data and in the order of their names, which is the order of the text. `family_rules.ts` holds
 * what must be true of them.
 *
 * `process` and `process_seconds` keep the names and labels of the original exporter. `process` is a gauge and no
 * stateset, because a stateset's label would have to be called `process`. The standard `process_*` families of the
 * exporter itself stand beside them: no name of one family, with any suffix, is a name of another.
 *
 * A series that can matter later is there with 0 from the tree's first launch, because `increase()` can't see the step
 * from nothing to 1: all outcomes a healthy exporter can see, `core` and `exec` too. What only a loss of events or a
 * missing fact brings about (`outcome="unknown"`, a launch time that nobody knows) has no series while it is 0.
 *
 * @module
 */

import { BOOSTS, Column, OUTCOMES, type SelfProcess, Stat } from "../../fingerprint/mod.ts";
import { EXPECTED } from "../registry/mod.ts";

/** How the last reload went. */
export interface ReloadState {
  readonly successful: boolean;
  /** Unix time of the last one that did, or of the start; 0 before it. */
  readonly successSeconds: number;
}

/** Units of OpenMetrics that are in use; a family's name ends with its unit. */
export type Unit = "seconds" | "bytes";

/** A label's name and value. */
export type Label = readonly [name: string, value: string];

/** One line of each tree: its labels beside `tree`, and where its value is in the tree's row. */
export interface TreeSeries {
  readonly label?: Label;
  /** Index of the value in the row; see {@link Column} and {@link EXPECTED}. */
  readonly column?: number;
  /** Instead of a column: 1 while the tree runs (true) or while it doesn't (false), else 0. */
  readonly whileRunning?: boolean;
  /** No line while the value is 0. */
  readonly omitZero?: true;
}

/** A family with series for each tree. */
export interface TreeFamily {
  readonly of: "trees";
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly unit?: Unit;
  readonly help: string;
  /** Only while accounting records could be had since the start: otherwise its zeros would be lies. */
  readonly needsAccounting?: true;
  /** Only with a baseline. */
  readonly needsBaseline?: true;
  /** The last image ended, on its bucket (histogram), or the last launch (counter), with its process id. */
  readonly exemplar?: "ending" | "launch";
  /** None for a histogram: its lines follow from the buckets. */
  readonly series: readonly TreeSeries[];
}

/** Numbers about the scrapes themselves. */
export interface ScrapeNumbers {
  /** Requests for metrics that were answered or begun. */
  readonly scrapes: number;
  /** Requests turned away, because too many were under way. */
  readonly rejected: number;
  /** Scrapes whose collecting failed. */
  readonly failed: number;
  /** Time the last collecting of changes took. */
  readonly collectSeconds: number;
  /** Time the writing of the last text took, without its compression; 0 before the first. */
  readonly renderSeconds: number;
}

/** What the values of {@link ExporterFamily} are read from. */
export interface ExporterNumbers {
  /** All {@link Stat}s. */
  readonly stats: Float64Array;
  /** Undefined where they can't be read: their families are left out. */
  readonly process: SelfProcess | undefined;
  readonly scrape: ScrapeNumbers;
  /** Launches of trees that weren't expected; undefined without a baseline. */
  readonly unexpectedLaunches: number | undefined;
  readonly reload: ReloadState;
  /** Labels of `cnproc_exporter_build_info`. */
  readonly build: Readonly<Record<string, string>>;
}

/** One line about the exporter. */
export interface ExporterSeries {
  readonly label?: Label;
  /** The value; undefined leaves the line out. */
  readonly value: (numbers: ExporterNumbers) => number | undefined;
}

/** A family about the exporter itself. The one series of an `info` has the build's labels. */
export interface ExporterFamily {
  readonly of: "exporter";
  readonly name: string;
  readonly type: "gauge" | "counter" | "info";
  readonly unit?: Unit;
  readonly help: string;
  readonly series: readonly ExporterSeries[];
}

export type Family = TreeFamily | ExporterFamily;

const stat = (index: number) => ({ stats }: ExporterNumbers): number => stats[index]!;

/** Series of one label, in the order given. */
function by(label: string, stats: Readonly<Record<string, number>>): ExporterSeries[] {
  return Object.entries(stats).map(([value, index]) => ({ label: [label, value], value: stat(index) }));
}

/** All families of the exporter. */
export const FAMILIES: readonly Family[] = [
  {
    of: "exporter",
    name: "cnproc_boost",
    type: "gauge",
    help: "1 for how the scheduling of the reading thread is boosted, 0 for the other ways.",
    series: BOOSTS.map((kind, index) => ({
      label: ["kind", kind],
      value: ({ stats }) => stats[Stat.Boost] === index ? 1 : 0,
    })),
  },
  {
    of: "exporter",
    name: "cnproc_config_last_reload_success_timestamp_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Unix time at which all files were last read, at the start or by a reload.",
    series: [{ value: ({ reload }) => reload.successSeconds }],
  },
  {
    of: "exporter",
    name: "cnproc_config_last_reload_successful",
    type: "gauge",
    help: "1 if the last reload of the files went well, 0 if it failed and everything stayed as it was.",
    series: [{ value: ({ reload }) => reload.successful ? 1 : 0 }],
  },
  {
    of: "exporter",
    name: "cnproc_events",
    type: "counter",
    help: "Messages of the kernel received, by type; accounting is the record of a thread or process that ended.",
    series: by("type", {
      accounting: Stat.Records,
      exec: Stat.Execs,
      exit: Stat.Exits,
      fork: Stat.Forks,
      other: Stat.OtherEvents,
    }),
  },
  {
    of: "exporter",
    name: "cnproc_events_lost",
    type: "counter",
    help: "Messages the kernel dropped because a socket was full, exactly, by socket.",
    series: by("socket", { exec: Stat.LostExecs, lifecycle: Stat.LostLifecycle, taskstats: Stat.LostRecords }),
  },
  {
    of: "exporter",
    name: "cnproc_exporter_build",
    type: "info",
    help: "Version of the exporter and of what it is built from.",
    series: [{ value: () => 1 }],
  },
  {
    of: "exporter",
    name: "cnproc_images",
    type: "counter",
    help: "Images begun, by what named them; unknown ones have no name.",
    series: by("identified_by", {
      comm: Stat.ImagesByComm,
      inode: Stat.ImagesByInode,
      proc: Stat.ImagesByProc,
      unknown: Stat.ImagesUnknown,
    }),
  },
  {
    of: "exporter",
    name: "cnproc_malformed_messages",
    type: "counter",
    help: "Messages that could not be decoded.",
    series: [{ value: stat(Stat.Malformed) }],
  },
  {
    of: "exporter",
    name: "cnproc_polls",
    type: "counter",
    help: "Polls of /proc, where that is the source.",
    series: [{ value: stat(Stat.Polls) }],
  },
  {
    of: "exporter",
    name: "cnproc_processes",
    type: "gauge",
    help: "Processes in the table.",
    series: [{ value: stat(Stat.Processes) }],
  },
  {
    of: "exporter",
    name: "cnproc_procfs_errors",
    type: "counter",
    help: "Reads of /proc that failed for a reason other than a process that had gone.",
    series: [{ value: stat(Stat.ProcfsErrors) }],
  },
  {
    of: "exporter",
    name: "cnproc_resubscribes",
    type: "counter",
    help: "Times the silent connector was subscribed again.",
    series: [{ value: stat(Stat.Resubscribes) }],
  },
  {
    of: "exporter",
    name: "cnproc_resyncs",
    type: "counter",
    help: "Times the process table was compared with /proc after a loss.",
    series: [{ value: stat(Stat.Resyncs) }],
  },
  {
    of: "exporter",
    name: "cnproc_scrape_collect_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time it took to collect the changes for this scrape.",
    series: [{ value: ({ scrape }) => scrape.collectSeconds }],
  },
  {
    of: "exporter",
    name: "cnproc_scrape_failures",
    type: "counter",
    help: "Scrapes that found no changes to show, because collecting them failed.",
    series: [{ value: ({ scrape }) => scrape.failed }],
  },
  {
    of: "exporter",
    name: "cnproc_scrape_render_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Time it took to write the text of the scrape before this one, without its compression.",
    series: [{ value: ({ scrape }) => scrape.renderSeconds }],
  },
  {
    of: "exporter",
    name: "cnproc_scrapes",
    type: "counter",
    help: "Requests for metrics, this one included.",
    series: [{ value: ({ scrape }) => scrape.scrapes }],
  },
  {
    of: "exporter",
    name: "cnproc_scrapes_rejected",
    type: "counter",
    help: "Requests for metrics turned away, because too many were under way.",
    series: [{ value: ({ scrape }) => scrape.rejected }],
  },
  {
    of: "exporter",
    name: "cnproc_source_up",
    type: "gauge",
    help: "1 for a source that works, 0 for one that doesn't; the log says why.",
    series: by("source", { connector: Stat.ConnectorUp, procfs: Stat.ProcfsUp, taskstats: Stat.TaskstatsUp }),
  },
  {
    of: "exporter",
    name: "cnproc_thread_events",
    type: "counter",
    help: "Forks and exits of threads that arrived although they are filtered.",
    series: [{ value: stat(Stat.ThreadEvents) }],
  },
  {
    of: "trees",
    name: "cnproc_tree_context_switches",
    type: "counter",
    help: "Context switches of finished processes.",
    needsAccounting: true,
    series: [
      { label: ["kind", "involuntary"], column: Column.InvoluntarySwitches },
      { label: ["kind", "voluntary"], column: Column.VoluntarySwitches },
    ],
  },
  {
    of: "trees",
    name: "cnproc_tree_cpu_seconds",
    type: "counter",
    unit: "seconds",
    help: "CPU time of finished processes.",
    needsAccounting: true,
    series: [
      { label: ["mode", "system"], column: Column.CpuSystemSeconds },
      { label: ["mode", "user"], column: Column.CpuUserSeconds },
    ],
  },
  {
    of: "trees",
    name: "cnproc_tree_delay_seconds",
    type: "counter",
    unit: "seconds",
    help: "Time that finished processes waited: for a CPU, and, if the kernel counts it (kernel.task_delayacct), for " +
      "block I/O, swapped pages and memory reclaim.",
    needsAccounting: true,
    series: [
      { label: ["kind", "block_io"], column: Column.BlockIoDelaySeconds },
      { label: ["kind", "cpu"], column: Column.CpuDelaySeconds },
      { label: ["kind", "reclaim"], column: Column.ReclaimDelaySeconds },
      { label: ["kind", "swap"], column: Column.SwapDelaySeconds },
    ],
  },
  {
    of: "trees",
    name: "cnproc_tree_deleted_launches",
    type: "counter",
    help: "Launches of an executable whose file had been deleted, or never had a name.",
    series: [{ column: Column.DeletedLaunches, omitZero: true }],
  },
  {
    of: "trees",
    name: "cnproc_tree_exits",
    type: "counter",
    help:
      "Endings of images: exit status 0, another one, a signal, a signal with a core dump, the exec of another program.",
    series: OUTCOMES.map((outcome, index) => ({
      label: ["outcome", outcome] as const,
      column: Column.Exits + index,
      ...(outcome === "unknown" ? { omitZero: true } as const : {}),
    })),
  },
  {
    of: "trees",
    name: "cnproc_tree_expected",
    type: "gauge",
    help: "1 for a tree that the baseline expects, 0 for one that it does not.",
    needsBaseline: true,
    series: [{ column: EXPECTED }],
  },
  {
    of: "trees",
    name: "cnproc_tree_first_seen_timestamp_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Unix time of the first launch.",
    series: [{ column: Column.FirstSeen, omitZero: true }],
  },
  {
    of: "trees",
    name: "cnproc_tree_last_launch_timestamp_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Unix time of the last launch.",
    series: [{ column: Column.LastLaunch, omitZero: true }],
  },
  {
    of: "trees",
    name: "cnproc_tree_launches",
    type: "counter",
    help: "Images begun: execs, and programs found running at the start. Launches are endings plus running images.",
    exemplar: "launch",
    series: [{ column: Column.Launches }],
  },
  {
    of: "trees",
    name: "cnproc_tree_major_faults",
    type: "counter",
    help: "Page faults of finished processes that had to wait for storage.",
    needsAccounting: true,
    series: [{ column: Column.MajorFaults }],
  },
  {
    of: "trees",
    name: "cnproc_tree_max_resident_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Largest resident memory that a finished process had.",
    needsAccounting: true,
    series: [{ column: Column.MaxResidentBytes }],
  },
  {
    of: "trees",
    name: "cnproc_tree_processes",
    type: "gauge",
    help: "Processes alive that run the program, workers forked without an exec included.",
    series: [{ column: Column.Processes }],
  },
  {
    of: "trees",
    name: "cnproc_tree_read_bytes",
    type: "counter",
    unit: "bytes",
    help: "Bytes that finished processes read from storage.",
    needsAccounting: true,
    series: [{ column: Column.ReadBytes }],
  },
  {
    of: "trees",
    name: "cnproc_tree_running",
    type: "gauge",
    help: "Images under way.",
    series: [{ column: Column.Running }],
  },
  {
    of: "trees",
    name: "cnproc_tree_written_bytes",
    type: "counter",
    unit: "bytes",
    help: "Bytes that finished processes wrote to storage.",
    needsAccounting: true,
    series: [{ column: Column.WrittenBytes }],
  },
  {
    of: "exporter",
    name: "cnproc_trees",
    type: "gauge",
    help: "Trees that have series.",
    series: [{ value: stat(Stat.Trees) }],
  },
  {
    of: "exporter",
    name: "cnproc_trees_collapsed",
    type: "counter",
    help: "Launches counted under /other, because the limit of trees was reached.",
    series: [{ value: stat(Stat.Collapsed) }],
  },
  {
    of: "exporter",
    name: "cnproc_trees_limit",
    type: "gauge",
    help: "Most trees that may have series.",
    series: [{ value: stat(Stat.TreesLimit) }],
  },
  {
    of: "exporter",
    name: "cnproc_trees_retired",
    type: "counter",
    help: "Trees whose series ended, because nothing of them had run for the retention time.",
    series: [{ value: stat(Stat.Retired) }],
  },
  {
    of: "exporter",
    name: "cnproc_unexpected_launches",
    type: "counter",
    help: "Launches of trees that the baseline does not expect, and such programs found running at the start.",
    series: [{ value: ({ unexpectedLaunches }) => unexpectedLaunches }],
  },
  {
    of: "exporter",
    name: "cnproc_worker_cpu_seconds",
    type: "counter",
    unit: "seconds",
    help: "CPU time of the thread that reads the events.",
    series: [{ value: stat(Stat.WorkerCpuSeconds) }],
  },
  {
    of: "trees",
    name: "process",
    type: "gauge",
    help: "1 for the state the tree is in, 0 for the other; RUNNING while any process of it runs.",
    series: [
      { label: ["state", "RUNNING"], whileRunning: true },
      { label: ["state", "STOPPED"], whileRunning: false },
    ],
  },
  {
    of: "exporter",
    name: "process_cpu_seconds",
    type: "counter",
    unit: "seconds",
    help: "CPU time of the exporter, user and system.",
    series: [{ value: ({ process }) => process?.cpuSeconds }],
  },
  {
    of: "exporter",
    name: "process_max_fds",
    type: "gauge",
    help: "Most file descriptors the exporter may have open.",
    series: [{ value: ({ process }) => process?.maxFds }],
  },
  {
    of: "exporter",
    name: "process_open_fds",
    type: "gauge",
    help: "File descriptors the exporter has open.",
    series: [{ value: ({ process }) => process?.openFds }],
  },
  {
    of: "exporter",
    name: "process_resident_memory_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Resident memory of the exporter.",
    series: [{ value: ({ process }) => process?.residentBytes }],
  },
  {
    of: "trees",
    name: "process_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Run time of ended images, from their exec to the next one or the exit, by the kernel's clock.",
    exemplar: "ending",
    series: [],
  },
  {
    of: "exporter",
    name: "process_start_time_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Unix time at which the exporter started.",
    series: [{ value: ({ process }) => process?.startTimeSeconds }],
  },
  {
    of: "exporter",
    name: "process_virtual_memory_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Virtual memory of the exporter.",
    series: [{ value: ({ process }) => process?.virtualBytes }],
  },
];
