/**
 * The numbers of every tree, and which of them changed since the last report. One class of more than 300 lines: whatever changes a
 * number touches the row, and rows leave with their trees.
 *
 * @module
 */
import type { LabelTable } from "../labels/mod.ts";
import { UNKNOWN_CONTEXT } from "../context/mod.ts";
import { columns, NO_USER, RecordField, Rows, shrunk } from "../../netlink/mod.ts";
import { EventKind, EventLog } from "./event_log.ts";
import { BUCKET_BOUNDS, Column, ROW_WIDTH } from "./columns.ts";
import type { Changes, NewTree } from "./report.ts";
import type { Ending } from "./ending.ts";
import { LaunchContexts } from "./launch_contexts.ts";
import { LeastUsed } from "./least_used.ts";
import { RunTimes } from "./run_times.ts";
import { OTHER, ROOT } from "./nodes.ts";
import { Trie } from "./trie.ts";

/** Columns of an accounting record → columns of a tree, without the peak memory, which doesn't add up. */
const SUMS: readonly (readonly [field: number, column: number])[] = [
  [RecordField.UserSeconds, Column.CpuUserSeconds],
  [RecordField.SystemSeconds, Column.CpuSystemSeconds],
  [RecordField.ReadBytes, Column.ReadBytes],
  [RecordField.WrittenBytes, Column.WrittenBytes],
  [RecordField.VoluntarySwitches, Column.VoluntarySwitches],
  [RecordField.InvoluntarySwitches, Column.InvoluntarySwitches],
  [RecordField.MajorFaults, Column.MajorFaults],
  [RecordField.CpuDelaySeconds, Column.CpuDelaySeconds],
  [RecordField.BlockIoDelaySeconds, Column.BlockIoDelaySeconds],
  [RecordField.SwapDelaySeconds, Column.SwapDelaySeconds],
  [RecordField.ReclaimDelaySeconds, Column.ReclaimDelaySeconds],
];

const INITIAL_CAPACITY = 256;
/** A program that runs for so long is no throwaway name, though it was launched once. */
const REGULAR_SECONDS = 60;

/** For so long a user's places that it took from other trees are counted against it. */
const TAKEN_NS = 3600e9;

export interface ReportTime {
  /** Its number: they are counted from 1. */
  readonly report: number;
  /** Number of the last report whose numbers scrapes have got. */
  readonly scraped: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly nowNs: number;
}

/** How many trees there may be, and how long they stay. */
export interface TreeBounds {
  /** Trees of their own. */
  readonly limit: number;
  /** Names launched once that have a tree of their own below one tree; 0 is any number. */
  readonly maxOnce?: number;
  /** A stopped tree leaves when so much time has passed since the report of its last change; 0 is never. */
  readonly retentionNs?: number;
}

const FIRST: ReportTime = { report: 1, scraped: 0, nowNs: 0 };

/** Whether a tree changed since the last report; the report that has its last change, and its time. */
const Reports = columns({ isDirty: Uint8Array, number: Float64Array, timeNs: Float64Array });

export class TreeTable {
  /** The trees whose numbers these are. */
  readonly trie: Trie;
  readonly #events: EventLog;
  readonly #retentionNs: number;
  readonly #rows = new Rows(ROW_WIDTH, INITIAL_CAPACITY);
  readonly #reports = new Reports(INITIAL_CAPACITY);
  readonly #runTimes = new RunTimes();
  readonly contexts = new LaunchContexts();
  #dirty: number[] = [];

  /** Trees that had series and left. */
  retired = 0;
  /** Those of them that made room for another. */
  evicted = 0;
  /** Launches counted where others are, for want of room. */
  collapsed = 0;
  readonly #leastUsed: LeastUsed;
  /** Trees that made room since the last report. */
  #left: number[] = [];
  #scraped = 0;
  #takenSinceNs = 0;

  /** `events` gets every launch and ending. */
  constructor(labels: LabelTable, { limit, maxOnce, retentionNs = 0 }: TreeBounds, events = new EventLog()) {
    const trie = this.trie = new Trie(
      labels,
      limit,
      maxOnce,
      retentionNs > 0 ? (user) => this.#evict(user) : undefined,
    );
    this.#events = events;
    this.#retentionNs = retentionNs;
    this.#leastUsed = new LeastUsed({
      get length(): number {
        return trie.length;
      },
      mayLeave: (node) => this.#mayLeave(node),
      isOnce: (node) => trie.isOnce(node),
      lastLaunch: (node) => this.get(node, Column.LastLaunch),
      userOf: (node) => trie.userOf(node),
      firstOf: (node) => trie.firstOf(node),
      loadOf: (user) => trie.budget.loadOf(user),
    });
  }

  /** A number of a tree; for tests and checks. */
  get(node: number, column: number): number {
    return this.#rows.values[this.#rows.at(node) + column] ?? 0;
  }

  /** A process begins (`count` 1) or ceases (-1) to run the tree's program. */
  countProcess(node: number, count: number): void {
    const at = this.#touch(node);
    this.#rows.values[at + Column.Processes]! += count;
  }

  /** Whether the process of the next launch is to be looked at for its context. */
  wantsContext(node: number): boolean {
    return this.contexts.isWanted(node, this.get(node, Column.Launches));
  }

  /** An image begins. `unixSeconds` is when, `flags` are those of the launch, `context` and `user` who launched it. */
  begin(
    node: number,
    pid: number,
    unixSeconds: number,
    flags = 0,
    context = UNKNOWN_CONTEXT,
    user = NO_USER,
  ): void {
    const at = this.#touch(node), rows = this.#rows.values;
    rows[at + Column.Running]!++;
    rows[at + Column.Launches]!++;
    this.trie.countLaunch(node);
    if (this.trie.isOther(node)) this.collapsed++;
    if (rows[at + Column.FirstSeen] === 0 || rows[at + Column.FirstSeen]! > unixSeconds) {
      rows[at + Column.FirstSeen] = unixSeconds;
    }
    if (unixSeconds >= rows[at + Column.LastLaunch]!) {
      rows[at + Column.LastLaunch] = unixSeconds;
      rows[at + Column.LastLaunchPid] = pid;
    }
    if (flags !== 0) this.flag(node, flags, 1);
    const tree = this.trie.idOf(node);
    if (node !== ROOT) this.contexts.note(node, tree, context, user);
    this.#events.add(EventKind.Launch, tree, pid, unixSeconds, NaN, NaN, flags, context, user);
  }

  /** So many launches of a tree have flags, or don't have them after all (a negative `count`). */
  flag(node: number, flags: number, count: number): void {
    const at = this.#touch(node) + Column.Flagged;
    for (let i = 0; flags >> i !== 0; i++) if ((flags >> i & 1) !== 0) this.#rows.values[at + i]! += count;
  }

  /** A launch that was told before has further flags. */
  flagLaunched(node: number, pid: number, flags: number): void {
    this.flag(node, flags, 1);
    this.#events.add(EventKind.Flags, this.trie.idOf(node), pid, NaN, NaN, NaN, flags);
  }

  /** An image that began since the last report turns out to be another tree's; `context` and `user` are those it began with. */
  revoke(node: number, pid: number, flags = 0, context = UNKNOWN_CONTEXT, user = NO_USER): void {
    const at = this.#touch(node), rows = this.#rows.values;
    rows[at + Column.Running]!--;
    rows[at + Column.Launches]!--;
    this.trie.revokeLaunch(node);
    if (this.trie.isOther(node)) this.collapsed--;
    if (flags !== 0) this.flag(node, flags, -1);
    const tree = this.trie.idOf(node);
    if (node !== ROOT) this.contexts.note(node, tree, context, user, -1);
    this.#events.add(EventKind.Correction, tree, pid, NaN, NaN, NaN);
  }

  /**
   * An image ends, after `seconds`; NaN where nobody saw when. `cpuSeconds` is its process's, NaN where that isn't known; `context`
   * and `user` are where it was and whose it was at last.
   */
  end(
    node: number,
    ending: Ending,
    pid: number,
    seconds: number,
    unixSeconds: number,
    cpuSeconds = NaN,
    context = UNKNOWN_CONTEXT,
    user = NO_USER,
  ): void {
    const at = this.#touch(node), rows = this.#rows.values;
    this.#events.add(ending, this.trie.idOf(node), pid, unixSeconds, seconds, cpuSeconds, 0, context, user);
    rows[at + Column.Running]!--;
    rows[at + Column.Exits + ending]!++;
    if (Number.isNaN(seconds)) return;
    const duration = Math.max(0, seconds);
    if (duration > REGULAR_SECONDS) this.trie.prove(node);
    let bucket = 0;
    while (bucket < BUCKET_BOUNDS.length && duration > BUCKET_BOUNDS[bucket]!) bucket++;
    rows[at + Column.Buckets + bucket]!++;
    if (node !== ROOT) this.#runTimes.add(node, duration);
    rows[at + Column.SecondsSum]! += duration;
    rows[at + Column.ExemplarPid] = pid;
    rows[at + Column.ExemplarSeconds] = duration;
    rows[at + Column.ExemplarTime] = unixSeconds;
  }

  /** Adds the resources of a finished process: {@link RecordField.Amounts} numbers of `amounts` from `from`. */
  account(node: number, amounts: Float64Array, from: number): void {
    const at = this.#touch(node), rows = this.#rows.values;
    for (let i = 0; i < SUMS.length; i++) {
      const pair = SUMS[i]!;
      rows[at + pair[1]]! += amounts[from + pair[0]]!;
    }
    const peak = amounts[from + RecordField.MaxResidentBytes]!;
    if (peak > rows[at + Column.MaxResidentBytes]!) rows[at + Column.MaxResidentBytes] = peak;
  }

  /**
   * The event that was added last is of a program for which there was no room: that listeners are told where it would have stood.
   * `path` is asked while somebody listens.
   */
  tellWhere(path: () => string): void {
    if (this.#events.isOn) this.#events.place(path());
  }

  /** Looks for programs that were launched once and are no throwaway names, because they still run. */
  proveRegular(unixSeconds: number): void {
    for (let node = OTHER + 1; node < this.trie.length; node++) {
      const isOld = unixSeconds - this.get(node, Column.LastLaunch) > REGULAR_SECONDS;
      if (isOld && this.get(node, Column.Running) > 0) this.trie.prove(node);
    }
  }

  /** The trees that came, changed and left since the last call. The root is never among them. */
  collect(time = FIRST): Omit<Changes, "stats"> {
    const trie = this.trie, reports = this.#reports;
    const newTrees = trie.takeAnnounced().map((node): NewTree => ({
      id: trie.idOf(node),
      parent: trie.idOf(trie.parentOf(node)),
      path: trie.pathOf(node),
      random: trie.isRandom(node),
      randomName: trie.hasRandomName(node),
    }));
    const dirty = this.#dirty, ids = new Uint32Array(dirty.length), rows = new Rows(ROW_WIDTH, dirty.length);
    for (let i = 0; i < dirty.length; i++) {
      const node = dirty[i]!;
      ids[i] = trie.idOf(node);
      rows.row(i).set(this.#rows.row(node));
      reports.isDirty[node] = 0;
      reports.number[node] = time.report;
      reports.timeNs[node] = time.nowNs;
    }
    this.#dirty = [];
    if (time.scraped !== this.#scraped) this.#leastUsed.refresh();
    this.#scraped = time.scraped;
    if (time.nowNs - this.#takenSinceNs >= TAKEN_NS) {
      this.#takenSinceNs = time.nowNs;
      trie.budget.forgetTaken();
    }
    const runTimes = this.#runTimes.take((node) => trie.idOf(node));
    return { newTrees, ids, rows: rows.values, runTimes, removed: this.#retire(time) };
  }

  /** Whether nothing keeps a tree, and a scrape has got its last numbers. */
  #mayLeave(node: number): boolean {
    const reports = this.#reports;
    return node > OTHER && node < reports.capacity && this.trie.isLive(node) && reports.isDirty[node] === 0 &&
      reports.number[node]! <= this.#scraped && this.get(node, Column.Launches) > 0 &&
      this.get(node, Column.Processes) <= 0 && this.get(node, Column.Running) <= 0;
  }

  /** Lets the tree leave early that a user may have the place of: bytes of its path, or 0. */
  #evict(user: number): number {
    const node = this.#leastUsed.next(user);
    if (node < 0) return 0;
    this.evicted++;
    this.retired++;
    this.#leave(node, this.#left);
    return this.trie.pathBytesOf(node);
  }

  #leave(node: number, removed: number[]): void {
    removed.push(this.trie.idOf(node));
    this.#rows.clear(node);
    this.contexts.forget(node);
    this.trie.retire(node);
  }

  /** Lets the trees leave whose time has come; their last numbers have been reported. Returns their ids. */
  #retire({ scraped, nowNs }: ReportTime): Uint32Array<ArrayBuffer> {
    if (this.#retentionNs === 0) return new Uint32Array(0);
    const trie = this.trie, reports = this.#reports, removed = this.#left;
    this.#left = [];
    for (let node = OTHER + 1; node < trie.length; node++) {
      if (!trie.isLive(node) || this.get(node, Column.Processes) > 0 || this.get(node, Column.Running) > 0) continue;
      const hasSeries = this.get(node, Column.Launches) > 0;
      const isDue = reports.number[node]! <= scraped && nowNs - reports.timeNs[node]! >= this.#retentionNs;
      if (hasSeries && !isDue) continue;
      if (hasSeries) this.retired++;
      this.#leave(node, removed);
    }
    trie.sweep();
    const capacity = shrunk(reports.capacity, trie.length, INITIAL_CAPACITY);
    if (capacity < reports.capacity) this.#resize(capacity);
    return Uint32Array.from(removed);
  }

  /** Where the row of a tree that is about to change begins. */
  #touch(node: number): number {
    const reports = this.#reports;
    if (node >= reports.capacity) this.#resize(Math.max(2 * reports.capacity, node + 1));
    if (reports.isDirty[node] === 0 && node !== ROOT) {
      reports.isDirty[node] = 1;
      this.#dirty.push(node);
      this.trie.wake(node);
    }
    return this.#rows.at(node);
  }

  #resize(capacity: number): void {
    this.#rows.resize(capacity, capacity);
    this.#reports.resize(capacity, capacity);
  }
}
