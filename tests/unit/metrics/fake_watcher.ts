/**
 * A source of changes for the tests and the benchmark: rows are set here, and the next collect reports them.
 *
 * @module
 */

import type { Logger } from "../../../metrics/text/mod.ts";
import {
  BUCKET_BOUNDS,
  BUCKETS,
  type Changes,
  Column,
  type ContainerInfo,
  type LaunchContextChanges,
  type NewTree,
  NO_USER,
  ROW_WIDTH,
  type RunningTree,
  runTimeBucket,
  Stat,
  STAT_WIDTH,
  UNKNOWN_CONTEXT,
} from "../../../fingerprint/mod.ts";
import { Scraper, type ScraperOptions } from "../../../metrics/exposition/scraper.ts";
import { Feed } from "../../../metrics/http/api/feed.ts";
import type { FeedOptions } from "../../../metrics/http/api/subscriber.ts";
import { Recorder } from "../../../metrics/http/api/history.ts";
import { Registry } from "../../../metrics/registry/registry.ts";
import type { Watcher } from "../../../metrics/registry/tree.ts";

/** A row from the values of some columns; the rest is 0. */
export function row(values: Partial<Record<keyof typeof Column, number>>): Float64Array {
  const numbers = new Float64Array(ROW_WIDTH);
  for (const [column, value] of Object.entries(values)) numbers[Column[column as keyof typeof Column]] = value;
  return numbers;
}

/** A row as a tree has it after `launches` launches, all but `running` of them ended after `seconds`, one in ten in error. */
export function busyRow(launches: number, running: number, seconds: number): Float64Array {
  const ended = launches - running;
  const failed = Math.floor(ended / 10);
  const numbers = row({
    Processes: running,
    Running: running,
    Launches: launches,
    SecondsSum: ended * seconds,
    ExemplarPid: ended > 0 ? 1000 + launches : 0,
    ExemplarSeconds: seconds,
    ExemplarTime: 1_800_000_000.25 + launches,
    CpuUserSeconds: ended * 0.0012,
    CpuSystemSeconds: ended * 0.0007,
    ReadBytes: ended * 4096,
    WrittenBytes: ended * 512,
    MaxResidentBytes: 3_000_000 + launches,
    VoluntarySwitches: ended * 3,
    InvoluntarySwitches: ended,
    MajorFaults: failed,
    CpuDelaySeconds: ended * 0.0001,
    FirstSeen: 1_800_000_000.125,
    LastLaunch: 1_800_000_000.5 + launches,
    LastLaunchPid: 1000 + launches,
  });
  numbers[Column.Exits] = ended - failed;
  numbers[Column.Exits + 1] = failed;
  const bucket = BUCKET_BOUNDS.findIndex((bound) => seconds <= bound);
  numbers[Column.Buckets + (bucket < 0 ? BUCKET_BOUNDS.length : bucket)] = ended;
  return numbers;
}

/** Reports what was set since its last report. */
export class FakeWatcher implements Watcher {
  /** Number of calls of {@link collect}. */
  collects = 0;
  /** Waited for by each collect. */
  barrier: Promise<void> = Promise.resolve();
  /** Thrown by each collect, if set. */
  failure: Error | undefined;
  readonly stats = new Float64Array(STAT_WIDTH);
  /** What runs, by the number of the tree; nothing unless said otherwise. */
  readonly runs = new Map<number, RunningTree>();
  /** Whether events are wanted; they are reported then. */
  listening = false;
  /** Events that didn't fit. */
  skipped = 0;
  #events: number[] = [];
  #nextId = 1;
  #newTrees: NewTree[] = [];
  #removed: number[] = [];
  readonly #rows = new Map<number, Float64Array>();
  /** Endings of each tree that were reported, and the run times of those that weren't. */
  readonly #ended = new Map<number, number>();
  #runTimes: number[] = [];

  constructor() {
    this.stats[Stat.TreesLimit] = 1000;
    this.stats[Stat.ConnectorUp] = this.stats[Stat.TaskstatsUp] = this.stats[Stat.ProcfsUp] = 1;
  }

  /** Who launched, in the next report. */
  contexts: LaunchContextChanges | undefined;

  /** Announces a tree; gives its number. */
  add(path: string, numbers?: Float64Array, randomName = path.startsWith("/random/")): number {
    const id = this.#nextId++;
    this.#newTrees.push({ id, parent: 0, path, random: path.startsWith("/random/"), randomName });
    if (numbers !== undefined) this.set(id, numbers);
    return id;
  }

  /** Gives a tree a row; what ended since the one before ran as long as the row's last ending. */
  set(id: number, numbers: Float64Array): void {
    this.#rows.set(id, numbers);
    const ended = numbers.subarray(Column.Buckets, Column.Buckets + BUCKETS).reduce((sum, count) => sum + count, 0);
    const more = ended - (this.#ended.get(id) ?? 0);
    if (more <= 0) return;
    this.#ended.set(id, ended);
    this.#runTimes.push(id, runTimeBucket(numbers[Column.ExemplarSeconds]!), more);
  }

  /** Numbers of the reports that were confirmed. */
  readonly confirmed: number[] = [];

  confirm(report: number): void {
    this.confirmed.push(report);
  }

  async running(tree: number): Promise<RunningTree> {
    await this.barrier;
    return this.runs.get(tree) ?? { count: 0, processes: [], explanation: undefined };
  }

  listen(isOn: boolean): void {
    this.listening = isOn;
  }

  /** A launch or an ending: the numbers of {@link EventField}. */
  event(
    kind: number,
    tree: number,
    pid: number,
    unixSeconds: number,
    seconds = NaN,
    cpuSeconds = NaN,
    flags = 0,
    context = UNKNOWN_CONTEXT,
    user = NO_USER,
  ): void {
    const numbers = [kind, tree, pid, unixSeconds, seconds, cpuSeconds, flags, context, user];
    if (this.listening) this.#events.push(...numbers);
  }

  remove(id: number): void {
    this.#removed.push(id);
  }

  async collect(): Promise<Changes> {
    this.stats[Stat.Report] = ++this.collects;
    await this.barrier;
    if (this.failure !== undefined) throw this.failure;
    const rows = new Float64Array(this.#rows.size * ROW_WIDTH);
    [...this.#rows.values()].forEach((numbers, index) => rows.set(numbers, index * ROW_WIDTH));
    const changes = {
      newTrees: this.#newTrees,
      ids: Uint32Array.from(this.#rows.keys()),
      rows,
      runTimes: Uint32Array.from(this.#runTimes),
      removed: Uint32Array.from(this.#removed),
      stats: this.stats.slice(),
      ...this.contexts === undefined ? {} : { contexts: this.contexts },
      ...this.listening ? { events: { fields: Float64Array.from(this.#events), skipped: this.skipped } } : {},
    };
    this.contexts = undefined;
    this.#events = [];
    this.skipped = 0;
    this.#newTrees = [];
    this.#runTimes = [];
    this.#removed = [];
    this.#rows.clear();
    return changes;
  }
}

/** A logger that keeps its records. */
export class KeptLog implements Logger {
  readonly lines: string[] = [];
  log(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
  enabled(): boolean {
    return true;
  }
}

/** What containers of the tests are called. */
const NAMES: ReadonlyMap<string, ContainerInfo> = new Map([["4f8a1c0de3b2", { name: "web", image: "nginx:1.27" }]]);

/** A scraper of a watcher with what belongs to it, as `serve` puts it together. */
export function scraping(watcher: Watcher, options: Partial<ScraperOptions> = {}, startSeconds = 0) {
  const recorder = new Recorder();
  const registry = new Registry(
    { events: (batch, treeOf, contextOf) => recorder.add(batch, treeOf, contextOf) },
    startSeconds,
    { containers: { of: (container) => NAMES.get(container) } },
  );
  const scraper = new Scraper({ watcher, registry, build: {}, selfProcess: () => undefined, ...options });
  return { recorder, registry, scraper };
}

/** {@link scraping}, and a feed of it. */
export function feeding(watcher: FakeWatcher, options: Partial<FeedOptions & ScraperOptions> = {}, startSeconds = 0) {
  const parts = scraping(watcher, options, startSeconds);
  const listen = (isOn: boolean) => watcher.listen(isOn);
  return { ...parts, feed: new Feed({ ...parts, notReady: () => undefined, listen, ...options }) };
}
