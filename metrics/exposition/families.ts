/**
 * The metric families, as data: a row each, in groups of one type, which makes it longer than other files.
 *
 * `process` and `process_seconds` keep the names and labels of the original exporter. `process` is a gauge and no
 * stateset, because a stateset's label would have to be called `process`. The standard `process_*` families of the
 * exporter itself stand beside them: no name of one family, with any suffix, is a name of another.
 *
 * What an alert asks `increase()` of is there with 0 from the tree's first launch, because `increase()` can't see the step
 * from nothing to 1: launches, and all outcomes a healthy exporter can see, `core` and `exec` too. What only a loss of
 * events brings about (`outcome="unknown"`) has no series while it is 0, nor have flags, whose first value the shipped rules
 * count, nor amounts that never moved: CPU time, delays, faults, bytes, switches.
 *
 * @module
 */

import { BOOSTS, Column, FLAGS, OUTCOMES, Stat } from "../../fingerprint/mod.ts";
import { BASELINE_MODES, EXPECTED, RARITY, UNEXPECTED } from "../registry/mod.ts";
import type {
  CountedSeries,
  ExporterFamily,
  ExporterNumbers,
  ExporterSeries,
  Family,
  TreeFamily,
  TreeSeries,
  Unit,
} from "./family.ts";

/** A family about the exporter: its help, and its value: a {@link Stat}, a function of the numbers, or series, known or counted. */
type ExporterRow = readonly [
  help: string,
  value: number | ExporterSeries["value"] | readonly ExporterSeries[] | NonNullable<ExporterFamily["counted"]>,
];

/** A family with series for each tree: its help, and its value: a column, or several series. */
type TreeRow = readonly [help: string, value: number | readonly TreeSeries[]];

/** What the name of a family says about its unit. */
function unitOf(name: string): { readonly unit?: Unit } {
  const unit = /_(seconds|bytes)$/.exec(name)?.[1] as Unit | undefined;
  return unit === undefined ? {} : { unit };
}

const stat = (index: number) => ({ stats }: ExporterNumbers): number => stats[index]!;

function ofExporter(type: ExporterFamily["type"], rows: Readonly<Record<string, ExporterRow>>): ExporterFamily[] {
  return Object.entries(rows).map(([name, [help, value]]) => ({
    of: "exporter",
    name,
    type,
    ...unitOf(name),
    help,
    ...typeof value === "object" && "labels" in value
      ? { series: [], counted: value }
      : { series: typeof value === "object" ? value : [{ value: typeof value === "number" ? stat(value) : value }] },
  }));
}

function ofTrees(
  type: TreeFamily["type"],
  traits: Pick<TreeFamily, "needsAccounting" | "needsBaseline" | "exemplar">,
  rows: Readonly<Record<string, TreeRow>>,
): TreeFamily[] {
  return Object.entries(rows).map(([name, [help, value]]) => ({
    of: "trees",
    name,
    type,
    ...unitOf(name),
    help,
    ...traits,
    series: typeof value === "number" ? [{ column: value }] : value,
  }));
}

/** Series of one label, in the order given: of the exporter by {@link Stat}. */
function stats(label: string, indices: Readonly<Record<string, number>>): ExporterSeries[] {
  return Object.entries(indices).map(([value, index]) => ({ label: [label, value], value: stat(index) }));
}

const byFirst = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number => a < b ? -1 : 1;

/** Counts by a label, in the order of its values. */
function counts(entries: Iterable<readonly [value: string, count: number]>): CountedSeries[] {
  return [...entries].sort(byFirst).map(([value, count]) => [[value], count]);
}

/** An amount of a tree, which has a series once it is more than 0. */
function amount(column: number): TreeSeries[] {
  return [{ column, omitZero: true }];
}

function amounts(label: string, indices: Readonly<Record<string, number>>): TreeSeries[] {
  return Object.entries(indices).map(([value, column]) => ({ label: [label, value], column, omitZero: true }));
}

const EXPORTER_FAMILIES: readonly ExporterFamily[] = [
  ...ofExporter("info", {
    cnproc_container: [
      "What a container of cnproc_container_launches_total is called, as far as the files of its runtime tell: name, image, Kubernetes " +
      "pod and namespace.",
      {
        labels: ["container", "name", "image", "pod", "namespace"],
        series: ({ namedContainers }) => [...namedContainers()].sort(byFirst).map((labels) => [labels, 1]),
      },
    ],
    cnproc_exporter_build: ["Version of the exporter and of what it is built from.", () => 1],
    cnproc_tree: [
      "Who launches a tree: unit, container and user by number, the last 4 of them that were seen; a label is missing where " +
      "there is none or nobody knows.",
      {
        labels: ["tree", "unit", "container", "user"],
        *series({ launchedBy }) {
          for (const by of launchedBy()) yield [by, 1];
        },
      },
    ],
  }),
  ...ofExporter("gauge", {
    cnproc_baseline_mode: [
      "1 for the mode of the baseline, 0 for the other: in shadow mode what it doesn't expect alerts nobody.",
      BASELINE_MODES.map((mode) => ({
        label: ["mode", mode],
        value: ({ baselineMode }) => baselineMode === undefined ? undefined : baselineMode === mode ? 1 : 0,
      })),
    ],
    cnproc_boost: [
      "1 for how the scheduling of the reading thread is boosted, 0 for the other ways.",
      BOOSTS.map((kind, index) => ({
        label: ["kind", kind],
        value: ({ stats }) => stats[Stat.Boost] === index ? 1 : 0,
      })),
    ],
    cnproc_config_last_reload_success_timestamp_seconds: [
      "Unix time at which all files were last read, at the start or by a reload.",
      ({ reload }) => reload.successSeconds,
    ],
    cnproc_config_last_reload_successful: [
      "1 if the last reload of the files went well, 0 if it failed and everything stayed as it was.",
      ({ reload }) => reload.successful ? 1 : 0,
    ],
    cnproc_processes: ["Processes in the table.", Stat.Processes],
    cnproc_roots: [
      "Roots (containers, chroots) whose programs are told apart by their own packages, the machine's own among them.",
      Stat.Roots,
    ],
    cnproc_roots_unreadable: [
      "Roots whose packages aren't known, because a file system doesn't answer; their programs go by the built-in list.",
      Stat.RootsUnreadable,
    ],
    cnproc_scrape_collect_seconds: [
      "Time it took to collect the changes for this scrape.",
      ({ scrape }) => scrape.collectSeconds,
    ],
    cnproc_scrape_render_seconds: [
      "Time it took to write the text of the scrape before this one, without its compression.",
      ({ scrape }) => scrape.renderSeconds,
    ],
    cnproc_source_up: [
      "1 for a source that works, 0 for one that doesn't; the log says why.",
      stats("source", {
        bpf: Stat.BpfUp,
        connector: Stat.ConnectorUp,
        procfs: Stat.ProcfsUp,
        taskstats: Stat.TaskstatsUp,
      }),
    ],
    cnproc_trees: ["Trees that have series.", Stat.Trees],
    cnproc_trees_complete_since_timestamp_seconds: [
      "Unix time since which every tree that was launched has series: the start, or the last launch of one that left.",
      ({ completeSinceSeconds }) => completeSinceSeconds || undefined,
    ],
    cnproc_trees_limit: ["Most trees that may have series.", Stat.TreesLimit],
    cnproc_trees_path_bytes: ["Bytes of the paths of all trees that have series.", Stat.TreesBytes],
    cnproc_trees_path_limit_bytes: ["Most bytes that the paths of all trees may have.", Stat.TreesBytesLimit],
    process_max_fds: ["Most file descriptors the exporter may have open.", ({ process }) => process?.maxFds],
    process_open_fds: ["File descriptors the exporter has open.", ({ process }) => process?.openFds],
    process_resident_memory_bytes: ["Resident memory of the exporter.", ({ process }) => process?.residentBytes],
    process_start_time_seconds: [
      "Unix time at which the exporter started.",
      ({ process }) => process?.startTimeSeconds,
    ],
    process_virtual_memory_bytes: ["Virtual memory of the exporter.", ({ process }) => process?.virtualBytes],
  }),
  ...ofExporter("counter", {
    cnproc_base_verifications: [
      "Programs of the base system that ran, by what their packages' digests say; once for each content of a file.",
      stats("result", {
        modified: Stat.BaseModified,
        unchanged: Stat.BaseUnchanged,
        unverified: Stat.BaseUnverified,
      }),
    ],
    cnproc_container_launches: [
      "Launches by the container of the process, what is in none left out; beyond 200 containers as other, and one that was quiet " +
      "for an hour leaves.",
      { labels: ["container"], series: ({ launchesByContainer }) => counts(launchesByContainer) },
    ],
    cnproc_event_log_lines: ["Lines written to the event log.", ({ eventLog }) => eventLog?.lines],
    cnproc_event_log_lines_lost: [
      "Lines of the event log that were lost: too many waited (backlog), or writing failed (write); overrun counts events " +
      "that nobody looked at, because too many came at once.",
      (["backlog", "overrun", "write"] as const).map((reason) => ({
        label: ["reason", reason] as const,
        value: ({ eventLog }: ExporterNumbers) => eventLog?.lost[reason],
      })),
    ],
    cnproc_events: [
      "Messages of the kernel received, by type; accounting is the record of a thread or process that ended.",
      stats("type", {
        accounting: Stat.Records,
        exec: Stat.Execs,
        exit: Stat.Exits,
        fork: Stat.Forks,
        other: Stat.OtherEvents,
      }),
    ],
    cnproc_events_lost: [
      "Messages the kernel dropped because a socket or the ring was full, exactly, by socket.",
      stats("socket", {
        exec: Stat.LostExecs,
        lifecycle: Stat.LostLifecycle,
        ring: Stat.LostRing,
        taskstats: Stat.LostRecords,
      }),
    ],
    cnproc_images: [
      "Images begun, by what named them; unknown ones have no name.",
      stats("identified_by", {
        bpf: Stat.ImagesByBpf,
        comm: Stat.ImagesByComm,
        inode: Stat.ImagesByInode,
        proc: Stat.ImagesByProc,
        unknown: Stat.ImagesUnknown,
      }),
    ],
    cnproc_images_contradicted: [
      "Claims that another source contradicted: a path that leads to another file, the record of an end that names one.",
      Stat.ImagesContradicted,
    ],
    cnproc_malformed_messages: ["Messages that could not be decoded.", Stat.Malformed],
    cnproc_polls: ["Polls of /proc, where that is the source.", Stat.Polls],
    cnproc_procfs_errors: [
      "Reads of /proc that failed for a reason other than a process that had gone.",
      Stat.ProcfsErrors,
    ],
    cnproc_resubscribes: ["Times the silent connector was subscribed again.", Stat.Resubscribes],
    cnproc_resyncs: ["Times the process table was compared with /proc after a loss.", Stat.Resyncs],
    cnproc_roots_refused: [
      "Processes found in a further root than can be told apart; their programs go by the built-in list.",
      Stat.RootsRefused,
    ],
    cnproc_scrape_failures: [
      "Scrapes that found no changes to show, because collecting them failed.",
      ({ scrape }) => scrape.failed,
    ],
    cnproc_scrapes: ["Requests for metrics, this one included.", ({ scrape }) => scrape.scrapes],
    cnproc_scrapes_rejected: [
      "Requests for metrics turned away, because too many were under way.",
      ({ scrape }) => scrape.rejected,
    ],
    cnproc_thread_events: [
      "Forks and exits of threads that arrived although they are filtered.",
      Stat.ThreadEvents,
    ],
    cnproc_trees_collapsed: [
      "Launches counted under other, because the limit of trees was reached.",
      Stat.Collapsed,
    ],
    cnproc_trees_evicted: [
      "Trees whose series ended early, because a new one took their place.",
      Stat.Evicted,
    ],
    cnproc_trees_retired: [
      "Trees whose series ended, after the retention time or early, because a new one took their place.",
      Stat.Retired,
    ],
    cnproc_unexpected_launches: [
      "Launches of trees, in places, or with grave flags, that the baseline does not expect; programs found running at the start too.",
      ({ unexpectedLaunches }) => unexpectedLaunches,
    ],
    cnproc_unit_launches: [
      "Launches by the systemd unit of the process; numbered units of one kind count together, those of a user's manager as that, " +
      "and beyond 200 as other.",
      { labels: ["unit"], series: ({ launchesByUnit }) => counts(launchesByUnit) },
    ],
    cnproc_worker_cpu_seconds: ["CPU time of the thread that reads the events.", Stat.WorkerCpuSeconds],
    process_cpu_seconds: ["CPU time of the exporter, user and system.", ({ process }) => process?.cpuSeconds],
  }),
];

const TREE_FAMILIES: readonly TreeFamily[] = [
  ...ofTrees("gauge", {}, {
    cnproc_tree_first_seen_timestamp_seconds: [
      "Unix time of the first launch.",
      amount(Column.FirstSeen),
    ],
    cnproc_tree_last_launch_timestamp_seconds: [
      "Unix time of the last launch.",
      amount(Column.LastLaunch),
    ],
    cnproc_tree_processes: [
      "Processes alive that run the program, workers forked without an exec included.",
      Column.Processes,
    ],
    cnproc_tree_rarity: [
      "Surprisal of a launch of the tree by its parent, in bits, as far as this exporter has seen (docs/rarity.md).",
      RARITY,
    ],
    cnproc_tree_running: ["Images under way.", Column.Running],
    process: [
      "1 for the state the tree is in, 0 for the other; RUNNING while any process of it runs.",
      [{ label: ["state", "RUNNING"], whileRunning: true }, { label: ["state", "STOPPED"], whileRunning: false }],
    ],
  }),
  ...ofTrees("gauge", { needsAccounting: true }, {
    cnproc_tree_max_resident_bytes: [
      "Largest resident memory that a finished process had.",
      amount(Column.MaxResidentBytes),
    ],
  }),
  ...ofTrees("gauge", { needsBaseline: true }, {
    cnproc_tree_expected: [
      "1 for a tree that the baseline expects, in some place at least, 0 for one that it does not.",
      EXPECTED,
    ],
  }),
  ...ofTrees("counter", {}, {
    cnproc_tree_exits: [
      "Endings of images: exit status 0, another one, a signal, a signal with a core dump, the exec of another program.",
      OUTCOMES.map((outcome, index) => ({
        label: ["outcome", outcome] as const,
        column: Column.Exits + index,
        ...(outcome === "unknown" ? { omitZero: true } as const : {}),
      })),
    ],
  }),
  ...ofTrees("counter", {}, {
    cnproc_tree_flagged_launches: [
      "Launches with what the name of the tree can't say; a launch may have several flags (docs/flags.md).",
      FLAGS.map((flag, i) => ({ label: ["flag", flag] as const, column: Column.Flagged + i, omitZero: true as const })),
    ],
  }),
  ...ofTrees("counter", { needsBaseline: true }, {
    cnproc_tree_unexpected_launches: [
      "Launches that the baseline does not expect: all of a tree that it does not have, else those elsewhere or with a grave flag that is news.",
      amount(UNEXPECTED),
    ],
  }),
  ...ofTrees("counter", { exemplar: "launch" }, {
    cnproc_tree_launches: [
      "Images begun: execs, and programs found running at the start. Launches are endings plus running images.",
      Column.Launches,
    ],
  }),
  ...ofTrees("counter", { needsAccounting: true }, {
    cnproc_tree_context_switches: [
      "Context switches of finished processes.",
      amounts("kind", { involuntary: Column.InvoluntarySwitches, voluntary: Column.VoluntarySwitches }),
    ],
    cnproc_tree_cpu_seconds: [
      "CPU time of finished processes.",
      amounts("mode", { system: Column.CpuSystemSeconds, user: Column.CpuUserSeconds }),
    ],
    cnproc_tree_delay_seconds: [
      "Time that finished processes waited: for a CPU, and, if the kernel counts it (kernel.task_delayacct), for " +
      "block I/O, swapped pages and memory reclaim.",
      amounts("kind", {
        block_io: Column.BlockIoDelaySeconds,
        cpu: Column.CpuDelaySeconds,
        reclaim: Column.ReclaimDelaySeconds,
        swap: Column.SwapDelaySeconds,
      }),
    ],
    cnproc_tree_major_faults: [
      "Page faults of finished processes that had to wait for storage.",
      amount(Column.MajorFaults),
    ],
    cnproc_tree_read_bytes: ["Bytes that finished processes read from storage.", amount(Column.ReadBytes)],
    cnproc_tree_written_bytes: ["Bytes that finished processes wrote to storage.", amount(Column.WrittenBytes)],
  }),
  ...ofTrees("histogram", { exemplar: "ending" }, {
    process_seconds: [
      "Run time of ended images, from their exec to the next one or the exit, by the kernel's clock.",
      [],
    ],
  }),
];

/**
 * All families of the exporter, which is the order of the text: those without a unit, then those with one, each in the order
 * of their names. OpenMetrics prescribes none, and Prometheus with `--enable-feature=type-and-unit-labels` (3.16) keeps a
 * family's unit for all that follow until the next line of a unit.
 */
export const FAMILIES: readonly Family[] = [...EXPORTER_FAMILIES, ...TREE_FAMILIES].sort((a, b) =>
  Number(a.unit !== undefined) - Number(b.unit !== undefined) || (a.name < b.name ? -1 : 1)
);
