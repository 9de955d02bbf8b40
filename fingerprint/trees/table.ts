/**
 * The numbers of every tree, and which of them changed since the last report.
 *
 * @module
 */
import { RecordField } from "../../netlink/mod.ts";
import { EventKind, type EventLog } from "./event_log.ts";
import { BUCKET_BOUNDS, Column, ROW_WIDTH } from "./columns.ts";
import type { Changes, NewTree } from "./report.ts";
import { OTHER, ROOT, type Trie } from "./trie.ts";

/** Indexes into `OUTCOMES` of report.ts. */
export const Ending = { Success: 0, Error: 1, Signal: 2, Core: 3, Exec: 4, Unknown: 5 } as const satisfies Record<
  string,
  number
>;

/** How a process ended, from its status as wait(2) reports it. */
export function endingOf(status: number): number {
  if ((status & 0x7f) !== 0) return (status & 0x80) !== 0 ? Ending.Core : Ending.Signal;
  return (status & 0xff00) !== 0 ? Ending.Error : Ending.Success;
}

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

/** A report that is being made. */
export interface ReportTime {
  /** Its number: they are counted from 1. */
  readonly report: number;
  /** Number of the last report whose numbers scrapes have got. */
  readonly scraped: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly nowNs: number;
}

const FIRST: ReportTime = { report: 1, scraped: 0, nowNs: 0 };

export class TreeTable {
  /** Gets every launch and ending, while somebody listens. */
  events: EventLog | undefined;
  readonly #trie: Trie;
  readonly #retentionNs: number;
  #rows = new Float64Array(INITIAL_CAPACITY * ROW_WIDTH);
  #isDirty = new Uint8Array(INITIAL_CAPACITY);
  #dirty: number[] = [];
  /** The report that has a tree's last change, and its time. */
  #reportedIn = new Float64Array(INITIAL_CAPACITY);
  #reportedNs = new Float64Array(INITIAL_CAPACITY);

  /** Trees that had series and left. */
  retired = 0;

  /** A stopped tree leaves when `retentionNs` have passed since the report of its last change; 0 is never. */
  constructor(trie: Trie, retentionNs = 0) {
    this.#trie = trie;
    this.#retentionNs = retentionNs;
  }

  /** A number of a tree; for tests and checks. */
  get(node: number, column: number): number {
    return node * ROW_WIDTH + column < this.#rows.length ? this.#rows[node * ROW_WIDTH + column]! : 0;
  }

  /** A process begins (`count` 1) or ceases (-1) to run the tree's program. */
  countProcess(node: number, count: number): void {
    const at = this.#touch(node);
    this.#rows[at + Column.Processes]! += count;
  }

  /** An image begins. `unixSeconds` is when. */
  begin(node: number, pid: number, unixSeconds: number): void {
    const at = this.#touch(node), rows = this.#rows;
    rows[at + Column.Running]!++;
    rows[at + Column.Launches]!++;
    this.#trie.countLaunch(node);
    if (rows[at + Column.FirstSeen] === 0 || rows[at + Column.FirstSeen]! > unixSeconds) {
      rows[at + Column.FirstSeen] = unixSeconds;
    }
    if (unixSeconds >= rows[at + Column.LastLaunch]!) {
      rows[at + Column.LastLaunch] = unixSeconds;
      rows[at + Column.LastLaunchPid] = pid;
    }
    if (this.events !== undefined) this.events.add(EventKind.Launch, this.#trie.idOf(node), pid, unixSeconds, NaN, NaN);
  }

  /** The executable of an image that begins had been deleted (`count` 1), or that is taken back (-1). */
  countDeleted(node: number, count: number): void {
    this.#rows[this.#touch(node) + Column.DeletedLaunches]! += count;
  }

  /** An image that began since the last report turns out to be another tree's. */
  revoke(node: number, pid: number): void {
    const at = this.#touch(node);
    this.#rows[at + Column.Running]!--;
    this.#rows[at + Column.Launches]!--;
    this.#trie.revokeLaunch(node);
    if (this.events !== undefined) this.events.add(EventKind.Correction, this.#trie.idOf(node), pid, NaN, NaN, NaN);
  }

  /** An image ends, after `seconds`; NaN where nobody saw when. `cpuSeconds` is its process's, NaN where that isn't known. */
  end(node: number, ending: number, pid: number, seconds: number, unixSeconds: number, cpuSeconds = NaN): void {
    const at = this.#touch(node), rows = this.#rows;
    if (this.events !== undefined) {
      this.events.add(ending, this.#trie.idOf(node), pid, unixSeconds, seconds, cpuSeconds);
    }
    rows[at + Column.Running]!--;
    rows[at + Column.Exits + ending]!++;
    if (Number.isNaN(seconds)) return;
    const duration = Math.max(0, seconds);
    if (duration > REGULAR_SECONDS) this.#trie.prove(node);
    let bucket = 0;
    while (bucket < BUCKET_BOUNDS.length && duration > BUCKET_BOUNDS[bucket]!) bucket++;
    rows[at + Column.Buckets + bucket]!++;
    rows[at + Column.SecondsSum]! += duration;
    rows[at + Column.ExemplarPid] = pid;
    rows[at + Column.ExemplarSeconds] = duration;
    rows[at + Column.ExemplarTime] = unixSeconds;
  }

  /** Adds the resources of a finished process: {@link RecordField.Amounts} numbers of `amounts` from `from`. */
  account(node: number, amounts: Float64Array, from: number): void {
    const at = this.#touch(node), rows = this.#rows;
    for (let i = 0; i < SUMS.length; i++) {
      const pair = SUMS[i]!;
      rows[at + pair[1]]! += amounts[from + pair[0]]!;
    }
    const peak = amounts[from + RecordField.MaxResidentBytes]!;
    if (peak > rows[at + Column.MaxResidentBytes]!) rows[at + Column.MaxResidentBytes] = peak;
  }

  /** Launches counted under `/other`. */
  get collapsed(): number {
    return this.get(OTHER, Column.Launches);
  }

  /** Looks for programs that were launched once and are no throwaway names, because they still run. */
  proveRegular(unixSeconds: number): void {
    const rows = this.#rows;
    for (let node = OTHER + 1; node < this.#trie.length; node++) {
      const at = node * ROW_WIDTH;
      if (rows[at + Column.Running]! > 0 && unixSeconds - rows[at + Column.LastLaunch]! > REGULAR_SECONDS) {
        this.#trie.prove(node);
      }
    }
  }

  /** The trees that came, changed and left since the last call. The root is never among them. */
  collect(time = FIRST): Omit<Changes, "stats"> {
    const trie = this.#trie;
    const newTrees = trie.takeAnnounced().map((node): NewTree => ({
      id: trie.idOf(node),
      parent: trie.idOf(trie.parentOf(node)),
      path: trie.pathOf(node),
      random: trie.isRandom(node),
    }));
    const dirty = this.#dirty, ids = new Uint32Array(dirty.length), rows = new Float64Array(dirty.length * ROW_WIDTH);
    for (let i = 0; i < dirty.length; i++) {
      const node = dirty[i]!;
      ids[i] = trie.idOf(node);
      rows.set(this.#rows.subarray(node * ROW_WIDTH, (node + 1) * ROW_WIDTH), i * ROW_WIDTH);
      this.#isDirty[node] = 0;
      this.#reportedIn[node] = time.report;
      this.#reportedNs[node] = time.nowNs;
    }
    this.#dirty = [];
    return { newTrees, ids, rows, removed: this.#retire(time) };
  }

  /** Lets the trees leave whose time has come; their last numbers have been reported. Returns their ids. */
  #retire({ scraped, nowNs }: ReportTime): Uint32Array<ArrayBuffer> {
    if (this.#retentionNs === 0) return new Uint32Array(0);
    const trie = this.#trie, rows = this.#rows, removed: number[] = [];
    for (let node = OTHER + 1; node < trie.length; node++) {
      const at = node * ROW_WIDTH;
      if (!trie.isLive(node) || rows[at + Column.Processes]! > 0 || rows[at + Column.Running]! > 0) continue;
      const hasSeries = rows[at + Column.Launches]! > 0;
      const isDue = this.#reportedIn[node]! <= scraped && nowNs - this.#reportedNs[node]! >= this.#retentionNs;
      if (hasSeries && !isDue) continue;
      if (hasSeries) this.retired++;
      removed.push(trie.idOf(node));
      rows.fill(0, at, at + ROW_WIDTH);
      trie.retire(node);
    }
    trie.sweep();
    let capacity = this.#isDirty.length;
    while (capacity > INITIAL_CAPACITY && 4 * trie.length < capacity) capacity /= 2;
    if (capacity < this.#isDirty.length) this.#resize(capacity);
    return Uint32Array.from(removed);
  }

  #touch(node: number): number {
    if (node >= this.#isDirty.length) this.#grow(node);
    if (this.#isDirty[node] === 0 && node !== ROOT) {
      this.#isDirty[node] = 1;
      this.#dirty.push(node);
      this.#trie.wake(node);
    }
    return node * ROW_WIDTH;
  }

  #grow(node: number): void {
    let capacity = this.#isDirty.length;
    while (capacity <= node) capacity *= 2;
    this.#resize(capacity);
  }

  #resize(capacity: number): void {
    const length = Math.min(capacity, this.#isDirty.length);
    const floats = (from: Float64Array<ArrayBuffer>, width: number) => {
      const to = new Float64Array(capacity * width);
      to.set(from.subarray(0, length * width));
      return to;
    };
    this.#rows = floats(this.#rows, ROW_WIDTH);
    this.#reportedIn = floats(this.#reportedIn, 1);
    this.#reportedNs = floats(this.#reportedNs, 1);
    const isDirty = new Uint8Array(capacity);
    isDirty.set(this.#isDirty.subarray(0, length));
    this.#isDirty = isDirty;
  }
}
