/**
 * The panels of the Grafana dashboard, as data: what is shown, by which query.
 *
 * `$job` and `$host` choose the targets, `$tree` filters by a regular expression, `$__rate_interval` is Grafana's own. The
 * series with colons are those of deploy/prometheus/cnproc.rules.yml.
 *
 * @module
 */

/** One query of a panel. */
export interface Query {
  readonly expression: string;
  /** Name of a series, of its labels: `{{tree}}`. */
  readonly legend?: string;
}

/** One panel. */
export interface PanelSpec {
  /** How it is drawn. A table shows values of now, a row a series. */
  readonly kind: "stat" | "timeseries" | "stacked" | "table" | "heatmap";
  readonly title: string;
  /** What a reader should know about it. */
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit?: string;
  /** Width of 24, and height. */
  readonly width: number;
  readonly height?: number;
  readonly queries: readonly Query[];
  /** From this value on it is coloured as a warning. */
  readonly warnFrom?: number;
}

/** Panels under one heading. */
export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

/** The targets chosen. */
const TARGETS = `job=~"$job", instance=~"$host"`;
/** The same, and the trees chosen. */
const TREES = `${TARGETS}, tree=~"$tree"`;
const FAILED = `outcome=~"error|signal|core"`;
const BY_TREE = "{{tree}}";
const BY_HOST = "{{instance}}";

const one = (expression: string, legend?: string): readonly Query[] => [
  legend === undefined ? { expression } : { expression, legend },
];

const OVERVIEW: RowSpec = {
  title: "Overview",
  panels: [
    {
      kind: "stat",
      title: "Hosts",
      description: "Exporters that answer.",
      width: 4,
      height: 4,
      queries: one(`count(cnproc_trees{${TARGETS}})`),
    },
    {
      kind: "stat",
      title: "Trees",
      description: "Different process trees on all of them.",
      width: 4,
      height: 4,
      queries: one(`count(count by (tree) (cnproc_tree_launches_total{${TREES}}))`),
    },
    {
      kind: "stat",
      title: "Running",
      description: "Programs under way.",
      width: 4,
      height: 4,
      queries: one(`sum(cnproc_tree_running{${TREES}})`),
    },
    {
      kind: "stat",
      title: "Launches",
      description: "Launches a second.",
      unit: "ops",
      width: 4,
      height: 4,
      queries: one(`sum(rate(cnproc_tree_launches_total{${TREES}}[$__rate_interval]))`),
    },
    {
      kind: "stat",
      title: "Failures",
      description: "Share of processes that ended with an error or by a signal.",
      unit: "percentunit",
      width: 4,
      height: 4,
      warnFrom: 0.2,
      queries: one(
        `sum(rate(cnproc_tree_exits_total{${TREES}, ${FAILED}}[$__rate_interval])) / ` +
          `(sum(rate(cnproc_tree_exits_total{${TREES}, outcome!="exec"}[$__rate_interval])) > 0)`,
      ),
    },
    {
      kind: "stat",
      title: "Unexpected trees",
      description: "Trees that the hosts' baselines don't have; nothing without --baseline.file.",
      width: 4,
      height: 4,
      warnFrom: 1,
      queries: one(`sum(instance:cnproc_tree_unexpected:count{${TARGETS}})`),
    },
  ],
};

const NEW: RowSpec = {
  title: "What is new",
  panels: [
    {
      kind: "table",
      title: "New to the fleet",
      description: "Trees that no host of the job had in the last 30 days, and how long ago they came.",
      unit: "s",
      width: 12,
      queries: one(`sort(tree:cnproc_tree_new_seconds:fleet{job=~"$job", tree=~"$tree"})`),
    },
    {
      kind: "table",
      title: "Last seen first on a host",
      description: "The trees that are the youngest where they are; a restarted exporter sees everything first.",
      unit: "dateTimeFromNow",
      width: 12,
      queries: one(`sort_desc(topk(30, cnproc_tree_first_seen_timestamp_seconds{${TREES}}) * 1000)`),
    },
    {
      kind: "table",
      title: "Not in the baseline",
      description: "Trees that the host's baseline doesn't have, and their launches.",
      width: 8,
      queries: one(
        `sort_desc(cnproc_tree_launches_total{${TREES}} and on (job, instance, tree) cnproc_tree_expected{${TREES}} == 0)`,
      ),
    },
    {
      kind: "table",
      title: "Machine-made names",
      description: "Programs whose name or place no person chose, and what they launched.",
      width: 8,
      queries: one(`sort_desc(cnproc_tree_launches_total{${TREES}, tree=~"/random/.+"})`),
    },
    {
      kind: "timeseries",
      title: "Unexpected launches",
      description: "Launches of trees, or with grave flags, that the host's baseline doesn't have.",
      width: 8,
      queries: one(`increase(cnproc_unexpected_launches_total{${TARGETS}}[$__rate_interval])`, BY_HOST),
    },
  ],
};

const FLAGGED: RowSpec = {
  title: "Flagged launches",
  panels: [
    {
      kind: "stacked",
      title: "Flagged launches by flag",
      description: "Launches of the last five minutes with what a tree's name can't say (docs/flags.md).",
      width: 8,
      queries: one(
        `sum by (flag) (instance_flag:cnproc_tree_flagged_launches:increase5m{${TARGETS}}) > 0`,
        "{{flag}}",
      ),
    },
    {
      kind: "timeseries",
      title: "Grave flags by host",
      description: "Those that want an explanation, without the programs that always have them: what the alerts read.",
      width: 8,
      queries: one(
        `sum by (instance, flag) (instance_flag:cnproc_tree_grave_launches:increase5m{${TARGETS}}) > 0`,
        "{{instance}} {{flag}}",
      ),
    },
    {
      kind: "table",
      title: "Trees with grave flags",
      description: "Trees that were launched with a grave flag since their exporter has known them, and how often.",
      width: 8,
      queries: one(`sort_desc(cnproc_tree_flagged_launches_total{${TREES}, flag!~"inline|temp|new|loader"})`),
    },
    {
      kind: "table",
      title: "Rarest launches",
      description:
        "Trees whose launch by their parent is the greatest surprise, in bits: 10 bits are one chance in 1,024.",
      width: 24,
      queries: one(`topk(20, cnproc_tree_rarity{${TREES}})`),
    },
  ],
};

const RUNNING: RowSpec = {
  title: "What runs",
  panels: [
    {
      kind: "table",
      title: "Running now",
      description: "Programs under way, on all hosts together.",
      width: 8,
      queries: one(`sort_desc(sum by (tree) (cnproc_tree_running{${TREES}}) > 0)`),
    },
    {
      kind: "timeseries",
      title: "Processes",
      description: "Processes alive by tree, forked workers included: the ten largest.",
      width: 16,
      queries: one(`topk(10, sum by (tree) (cnproc_tree_processes{${TREES}}))`, BY_TREE),
    },
  ],
};

const LAUNCHES: RowSpec = {
  title: "Launches and failures",
  panels: [
    {
      kind: "stacked",
      title: "Launches by tree",
      description: "Launches a second: the ten most.",
      unit: "ops",
      width: 12,
      queries: one(`topk(10, sum by (tree) (rate(cnproc_tree_launches_total{${TREES}}[$__rate_interval])))`, BY_TREE),
    },
    {
      kind: "stacked",
      title: "Launches by host",
      description: "Launches a second.",
      unit: "ops",
      width: 12,
      queries: one(`sum by (instance) (rate(cnproc_tree_launches_total{${TREES}}[$__rate_interval]))`, BY_HOST),
    },
    {
      kind: "timeseries",
      title: "Failures by tree",
      description: "Ends with an error or by a signal a second: the ten most.",
      unit: "ops",
      width: 12,
      queries: one(
        `topk(10, sum by (tree) (rate(cnproc_tree_exits_total{${TREES}, ${FAILED}}[$__rate_interval])))`,
        BY_TREE,
      ),
    },
    {
      kind: "stacked",
      title: "Endings by outcome",
      description: "How images end, a second: exec is one that another program replaced in its process.",
      unit: "ops",
      width: 12,
      queries: one(`sum by (outcome) (rate(cnproc_tree_exits_total{${TREES}}[$__rate_interval]))`, "{{outcome}}"),
    },
  ],
};

/** Run times by how often: native histograms where the server has them, those made of classic ones too, else the buckets. */
const RUN_TIMES = `sum(increase(process_seconds{${TREES}}[$__rate_interval])) or on () ` +
  `sum by (le) (increase(process_seconds_bucket{${TREES}}[$__rate_interval]))`;

/** The run time that this share of the images stays below, of either kind. */
function runTimeBelow(share: number): string {
  return `histogram_quantile(${share}, sum(rate(process_seconds{${TREES}}[$__rate_interval]))) or ` +
    `histogram_quantile(${share}, sum by (le) (rate(process_seconds_bucket{${TREES}}[$__rate_interval])))`;
}

const DURATIONS: RowSpec = {
  title: "Durations",
  panels: [
    {
      kind: "heatmap",
      title: "Run times",
      description: "How many images ended after how long.",
      unit: "s",
      width: 12,
      queries: one(RUN_TIMES, "{{le}}"),
    },
    {
      kind: "timeseries",
      title: "Run time, half and 19 of 20",
      description: "The run time that half of the images stay below, and 95 % of them.",
      unit: "s",
      width: 12,
      queries: [0.5, 0.95].map((quantile) => ({
        expression: runTimeBelow(quantile),
        legend: `${quantile * 100} %`,
      })),
    },
  ],
};

const RESOURCES: RowSpec = {
  title: "Resources of finished processes",
  panels: [
    {
      kind: "stacked",
      title: "CPU by tree",
      description: "CPU seconds a second: the ten most.",
      unit: "short",
      width: 8,
      queries: one(
        `topk(10, sum by (tree) (rate(cnproc_tree_cpu_seconds_total{${TREES}}[$__rate_interval])))`,
        BY_TREE,
      ),
    },
    {
      kind: "timeseries",
      title: "Largest memory by tree",
      description: "The most resident memory that a process of the tree ever had: the ten largest.",
      unit: "bytes",
      width: 8,
      queries: one(`topk(10, max by (tree) (cnproc_tree_max_resident_bytes{${TREES}}))`, BY_TREE),
    },
    {
      kind: "timeseries",
      title: "Storage by tree",
      description: "Bytes read and written a second: the ten most.",
      unit: "Bps",
      width: 8,
      queries: one(
        // A tree may have only one of them.
        `topk(10, sum by (tree) (rate(cnproc_tree_read_bytes_total{${TREES}}[$__rate_interval]) or ` +
          `label_replace(rate(cnproc_tree_written_bytes_total{${TREES}}[$__rate_interval]), "way", "out", "", "")))`,
        BY_TREE,
      ),
    },
  ],
};

/** How far a host's rate of launches is from the mean of its job, in standard deviations. */
const DEVIATION = `(instance:cnproc_tree_launches:rate5m{${TARGETS}} - on (job) group_left () ` +
  `avg by (job) (instance:cnproc_tree_launches:rate5m{job=~"$job"})) / on (job) group_left () ` +
  `(stddev by (job) (instance:cnproc_tree_launches:rate5m{job=~"$job"}) > 0)`;

const FLEET: RowSpec = {
  title: "Fleet outliers",
  panels: [
    {
      kind: "table",
      title: "Hosts unlike the others",
      description: "How far a host's rate of launches is from its job's mean, in standard deviations.",
      width: 8,
      queries: one(`sort_desc(topk(20, abs(${DEVIATION})))`),
    },
    {
      kind: "table",
      title: "Trees on few hosts",
      description: "Trees on one or two hosts of ten or more, and how many have them.",
      width: 8,
      queries: one(`sort(tree:cnproc_tree_rare_instances:count{job=~"$job", tree=~"$tree"})`),
    },
    {
      kind: "timeseries",
      title: "Trees by host",
      description: "Trees that have series.",
      width: 8,
      queries: one(`topk(20, cnproc_trees{${TARGETS}})`, BY_HOST),
    },
  ],
};

const HEALTH: RowSpec = {
  title: "Exporter health",
  panels: [
    {
      kind: "table",
      title: "Sources",
      description: "1 for what works, 0 for what doesn't; the exporter's log says why.",
      width: 6,
      queries: one(`sort(cnproc_source_up{${TARGETS}})`),
    },
    {
      kind: "timeseries",
      title: "Lost messages",
      description: "Messages that the kernel dropped because the exporter didn't come to read them, exactly.",
      width: 6,
      queries: one(
        `sum by (instance) (increase(cnproc_events_lost_total{${TARGETS}}[$__rate_interval]))`,
        BY_HOST,
      ),
    },
    {
      kind: "timeseries",
      title: "Series budget",
      description:
        "Share in use of what --trees.max gives to whoever comes, in trees or bytes; a quarter is kept for users that have few.",
      unit: "percentunit",
      width: 6,
      warnFrom: 0.9,
      queries: one(`instance:cnproc_trees:ratio{${TARGETS}}`, BY_HOST),
    },
    {
      kind: "stacked",
      title: "What named the images",
      description: "proc is /proc, inode and comm are the accounting record of what had gone, unknown has no name.",
      unit: "ops",
      width: 6,
      queries: one(
        `sum by (identified_by) (rate(cnproc_images_total{${TARGETS}}[$__rate_interval]))`,
        "{{identified_by}}",
      ),
    },
    {
      kind: "timeseries",
      title: "CPU of the exporters",
      description: "CPU seconds a second.",
      width: 6,
      queries: one(`rate(process_cpu_seconds_total{${TARGETS}}[$__rate_interval])`, BY_HOST),
    },
    {
      kind: "timeseries",
      title: "Memory of the exporters",
      description: "Resident memory.",
      unit: "bytes",
      width: 6,
      queries: one(`process_resident_memory_bytes{${TARGETS}}`, BY_HOST),
    },
    {
      kind: "timeseries",
      title: "Scrapes",
      description: "How long Prometheus waits for the exporters.",
      unit: "s",
      width: 6,
      queries: one(`scrape_duration_seconds{${TARGETS}}`, BY_HOST),
    },
    {
      kind: "table",
      title: "Configuration",
      description: "1 where the last reload went well, 0 where the exporter kept what it had.",
      width: 6,
      queries: one(`sort(cnproc_config_last_reload_successful{${TARGETS}})`),
    },
  ],
};

/** All rows, from the top. */
export const ROWS: readonly RowSpec[] = [
  OVERVIEW,
  NEW,
  FLAGGED,
  RUNNING,
  LAUNCHES,
  DURATIONS,
  RESOURCES,
  FLEET,
  HEALTH,
];
