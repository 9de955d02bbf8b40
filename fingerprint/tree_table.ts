/**
 * The numbers of every tree, and which of them changed since the last report.
 *
 * @module
 */
import { RecordField } from "../netlink/mod.ts";
import { EventKind, type EventLog } from "./event_log.ts";
import { BUCKET_BOUNDS, type Changes, Column, type NewTree, ROW_WIDTH } from "./report.ts";
import { OTHER, ROOT, type Trie } from "./tree.ts";

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

export class TreeTable {
  /** Gets every launch and ending, while somebody listens. */
  events: EventLog | undefined;
  readonly #trie: Trie;
  #rows = new Float64Array(INITIAL_CAPACITY * ROW_WIDTH);
  #isDirty = new Uint8Array(INITIAL_CAPACITY);
  #dirty: number[] = [];
  #reported = 0;

  constructor(trie: Trie) {
    this.#trie = trie;
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
    if (rows[at + Column.FirstSeen] === 0 || rows[at + Column.FirstSeen]! > unixSeconds) {
      rows[at + Column.FirstSeen] = unixSeconds;
    }
    if (unixSeconds >= rows[at + Column.LastLaunch]!) {
      rows[at + Column.LastLaunch] = unixSeconds;
      rows[at + Column.LastLaunchPid] = pid;
    }
    if (this.events !== undefined) this.events.add(EventKind.Launch, node, pid, unixSeconds, NaN, NaN);
  }

  /** An image that began since the last report turns out to be another tree's. */
  revoke(node: number, pid: number): void {
    const at = this.#touch(node);
    this.#rows[at + Column.Running]!--;
    this.#rows[at + Column.Launches]!--;
    if (this.events !== undefined) this.events.add(EventKind.Correction, node, pid, NaN, NaN, NaN);
  }

  /** An image ends, after `seconds`; NaN where nobody saw when. `cpuSeconds` is its process's, NaN where that isn't known. */
  end(node: number, ending: number, pid: number, seconds: number, unixSeconds: number, cpuSeconds = NaN): void {
    const at = this.#touch(node), rows = this.#rows;
    if (this.events !== undefined) this.events.add(ending, node, pid, unixSeconds, seconds, cpuSeconds);
    rows[at + Column.Running]!--;
    rows[at + Column.Exits + ending]!++;
    if (Number.isNaN(seconds)) return;
    const duration = Math.max(0, seconds);
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

  /** The trees that changed since the last call. The root is never among them. */
  collect(): Omit<Changes, "stats" | "removed"> {
    const trie = this.#trie, newTrees: NewTree[] = [];
    for (let id = Math.max(OTHER, this.#reported); id < trie.length; id++) {
      newTrees.push({ id, parent: trie.parentOf(id), path: trie.pathOf(id), random: trie.isRandom(id) });
    }
    this.#reported = trie.length;
    const ids = Uint32Array.from(this.#dirty);
    const rows = new Float64Array(ids.length * ROW_WIDTH);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      rows.set(this.#rows.subarray(id * ROW_WIDTH, (id + 1) * ROW_WIDTH), i * ROW_WIDTH);
      this.#isDirty[id] = 0;
    }
    this.#dirty = [];
    return { newTrees, ids, rows };
  }

  #touch(node: number): number {
    if (node >= this.#isDirty.length) this.#grow(node);
    if (this.#isDirty[node] === 0 && node !== ROOT) {
      this.#isDirty[node] = 1;
      this.#dirty.push(node);
    }
    return node * ROW_WIDTH;
  }

  #grow(node: number): void {
    let capacity = this.#isDirty.length;
    while (capacity <= node) capacity *= 2;
    const rows = new Float64Array(capacity * ROW_WIDTH), isDirty = new Uint8Array(capacity);
    rows.set(this.#rows);
    isDirty.set(this.#isDirty);
    this.#rows = rows;
    this.#isDirty = isDirty;
  }
}
