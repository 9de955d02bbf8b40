/**
 * Reads the metrics text back, as a Prometheus server would, and gives the figures of each tree. Written apart from the
 * code that renders the text, so that one checks the other.
 *
 * @module
 */

import assert from "node:assert/strict";

/** One line of the text. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The figures of one tree at one scrape. */
export interface Tree {
  readonly path: string;
  launches: number;
  running: number;
  processes: number;
  /** Endings by outcome; outcomes that never happened are 0 or absent. */
  exits: Record<string, number>;
  /** Count and sum of `process_seconds`. */
  ended: number;
  seconds: number;
  /** Cumulative bucket counts by upper bound. */
  buckets: Map<number, number>;
  /** Value of `process` by state. */
  state: Record<string, number>;
  /** CPU seconds of finished processes, both modes. */
  cpuSeconds: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)(?: [\d.]+)?(?: # .*)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { "\\n": "\n", '\\"': '"', "\\\\": "\\" };

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex;
    const match = LABEL.exec(text);
    assert.ok(match, `a label at ${at} of {${text}}`);
    labels[match[1]!] = match[2]!.replace(/\\[n"\\]/g, (escape) => ESCAPES[escape]!);
  }
  return labels;
}

/** Parses the text formats 0.0.4 and OpenMetrics 1.0.0; throws on a line that is neither comment nor sample. */
export function parseSamples(text: string): Sample[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
    const match = LINE.exec(line);
    assert.ok(match, `a sample: ${line}`);
    const value = match[3] === "+Inf" ? Infinity : Number(match[3]);
    assert.ok(!Number.isNaN(value), `a number: ${line}`);
    return { name: match[1]!, labels: parseLabels(match[2] ?? ""), value };
  });
}

/** One scrape. */
export class Scrape {
  readonly samples: readonly Sample[];
  readonly trees: ReadonlyMap<string, Tree>;

  constructor(readonly text: string) {
    this.samples = parseSamples(text);
    this.trees = collectTrees(this.samples);
  }

  /** Sum of the samples with that name whose labels include the given ones; NaN when there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const matching = this.samples.filter((sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value)
    );
    return matching.length === 0 ? NaN : matching.reduce((sum, sample) => sum + sample.value, 0);
  }

  /** The one tree whose last element is `name`. */
  treeNamed(name: string): Tree | undefined {
    const found = [...this.trees.values()].filter((tree) => tree.path.endsWith(`/${name}`));
    assert.ok(found.length <= 1, `one tree that ends with ${name}, not ${found.map((tree) => tree.path)}`);
    return found[0];
  }

  /** All trees with the element `name`: what it launched is among them, by whatever names. */
  treesThrough(name: string): Tree[] {
    return [...this.trees.values()].filter((tree) => `${tree.path}/`.includes(`/${name}/`));
  }

  /** A tree and what was launched below it. */
  below(root: string): Tree[] {
    return [...this.trees.values()].filter((tree) => tree.path === root || tree.path.startsWith(`${root}/`));
  }
}

function emptyTree(path: string): Tree {
  const numbers = { launches: 0, running: 0, processes: 0, ended: 0, seconds: 0, cpuSeconds: 0 };
  return { path, ...numbers, exits: {}, buckets: new Map(), state: {} };
}

function collectTrees(samples: readonly Sample[]): Map<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const { name, labels, value } of samples) {
    if (labels.tree === undefined) continue;
    let tree = trees.get(labels.tree);
    if (tree === undefined) trees.set(labels.tree, tree = emptyTree(labels.tree));
    if (name === "process") tree.state[labels.state!] = value;
    else if (name === "cnproc_tree_launches_total") tree.launches = value;
    else if (name === "cnproc_tree_running") tree.running = value;
    else if (name === "cnproc_tree_processes") tree.processes = value;
    else if (name === "cnproc_tree_exits_total") tree.exits[labels.outcome!] = value;
    else if (name === "cnproc_tree_cpu_seconds_total") tree.cpuSeconds += value;
    else if (name === "process_seconds_count") tree.ended = value;
    else if (name === "process_seconds_sum") tree.seconds = value;
    else if (name === "process_seconds_bucket") tree.buckets.set(Number(labels.le!.replace("+Inf", "Infinity")), value);
  }
  return trees;
}

/** Endings of a tree, all outcomes. */
export function endings(tree: Tree): number {
  return Object.values(tree.exits).reduce((sum, count) => sum + count, 0);
}

/** What must hold for every tree at every scrape, whatever happens on the machine. */
export function assertInvariants(scrape: Scrape): void {
  // By polling, and after a loss, an exec can be found that nobody saw: then it isn't known when the image before it ended.
  const isUp = (source: string) => scrape.value("cnproc_source_up", { source }) === 1;
  const isComplete = (isUp("connector") || isUp("bpf")) &&
    scrape.value("cnproc_resyncs_total") === 0;
  for (const tree of scrape.trees.values()) {
    const figures = JSON.stringify({ ...tree, buckets: [...tree.buckets] });
    assert.equal(tree.launches, endings(tree) + tree.running, `launches = endings + running: ${figures}`);
    const seen = endings(tree) - (tree.exits.unknown ?? 0) - (isComplete ? 0 : tree.exits.exec ?? 0);
    assert.ok(tree.ended >= seen && tree.ended <= endings(tree), `every ending seen has a run time: ${figures}`);
    assert.ok(tree.running >= 0 && tree.processes >= tree.running, `no gauge below what it must be: ${figures}`);
    // What forked may outlive the image that it came of, and keeps its tree running.
    assert.equal(tree.state.RUNNING, tree.processes > 0 ? 1 : 0, `RUNNING while any process runs: ${figures}`);
    assert.equal(tree.state.STOPPED, tree.processes > 0 ? 0 : 1, `one state only: ${figures}`);
    const counts = [...tree.buckets].sort(([a], [b]) => a - b).map(([, count]) => count);
    assert.deepEqual(counts, counts.toSorted((a, b) => a - b), `cumulative buckets: ${figures}`);
    assert.equal(tree.buckets.get(Infinity), tree.ended, `the last bucket holds all: ${figures}`);
  }
}
