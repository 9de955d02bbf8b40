/**
 * Accounting records waiting for the end of their process: a queue per process id, in columns of numbers.
 *
 * A queue, because after a long stop a process id may have been used several times within one batch; and its order is that
 * of the ends, because the kernel sends a task's record before it frees the id.
 *
 * @module
 */
import { columns, fields, IntTable, Rows } from "./tables/mod.ts";
import type { TaskRecord } from "./taskstats.ts";

/** Numbers of a record that add up over the threads of a process (of the peak memory, the largest counts). */
const AMOUNTS = [
  "UserSeconds",
  "SystemSeconds",
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
  /** CPU time that the fields above miss. */
  "TailSeconds",
] as const;

const RECORD = fields([
  ...AMOUNTS,
  /** Seconds the process lived, 0 where unknown. */
  "ProcessSeconds",
  "ExitCode",
  /** Who ran it at its end; NO_USER where unknown. */
  "User",
  "ExeDevice",
  "ExeInodeLow",
  "ExeInodeHigh",
  /** Bit set of {@link LAST}, {@link PROCESS_SUMS}, {@link PARTIAL_SUMS}, {@link LEADER}, {@link UNDECIDED}. */
  "Flags",
  /** The drain in which the record came. */
  "Generation",
  /** When it had been received, CLOCK_MONOTONIC in nanoseconds: its task had ended before. */
  "ReceivedNs",
]);

/** Places of a record's numbers in its row. */
export const RecordField = RECORD.place;
/** The first so many of them are amounts. */
export const RECORD_AMOUNTS = AMOUNTS.length;

/** The last task of its process. */
export const LAST = 1;
/** CPU time, switches and delays are those of the whole process. */
export const PROCESS_SUMS = 2;
/** These sums lack user and system time, which are split as the task's own, and switches, which are the task's own. */
export const PARTIAL_SUMS = 8;
/** The first task of its process: the one whose exit event is sent. */
export const LEADER = 4;
/**
 * It doesn't tell whether it was the last of its process, as before Linux 5.19 that of a process of one thread and that of the first of
 * several that live on are alike: it is taken for {@link LAST} until something else says so.
 */
export const UNDECIDED = 16;

/** Bytes of a task's name that are kept: TASK_COMM_LEN. */
export const COMM_BYTES = 16;
const INITIAL_CAPACITY = 256;
const KEEP_CAPACITY = 16 * INITIAL_CAPACITY;

const Links = columns({
  /** Process id; 0 where the place is free. */
  tgid: Int32Array,
  /** The next record of the same id, or the next free place; -1 is none. */
  next: Int32Array,
  /** The last record of the same id, at the first. */
  last: Int32Array,
});

export class RecordQueue {
  static readonly bytesPerRecord = 8 * RECORD.width + COMM_BYTES + 12;
  /** A row of {@link RecordField}s a record. */
  readonly rows = new Rows(RECORD.width, INITIAL_CAPACITY);
  /** {@link COMM_BYTES} bytes a record. */
  comm = new Uint8Array(INITIAL_CAPACITY * COMM_BYTES);
  readonly #links = new Links(INITIAL_CAPACITY);
  /** Process id → its first record. */
  readonly #heads = new IntTable();
  #free = -1;
  #used = 0;
  #size = 0;

  /** Records there is room for. */
  get capacity(): number {
    return this.#links.capacity;
  }

  /** Records waiting. */
  get size(): number {
    return this.#size;
  }

  /** Adds a decoded record whose datagram lies in `bytes`. */
  push(record: TaskRecord, bytes: DataView, generation: number, receivedNs: number): void {
    const index = this.#allocate();
    const at = this.rows.at(index), f = this.rows.values;
    f[at + RecordField.UserSeconds] = record.userSeconds;
    f[at + RecordField.SystemSeconds] = record.systemSeconds;
    f[at + RecordField.ReadBytes] = record.readBytes;
    f[at + RecordField.WrittenBytes] = record.writtenBytes;
    f[at + RecordField.MaxResidentBytes] = record.maxResidentBytes;
    f[at + RecordField.VoluntarySwitches] = record.voluntarySwitches;
    f[at + RecordField.InvoluntarySwitches] = record.involuntarySwitches;
    f[at + RecordField.MajorFaults] = record.majorFaults;
    f[at + RecordField.CpuDelaySeconds] = record.cpuDelaySeconds;
    f[at + RecordField.BlockIoDelaySeconds] = record.blockIoDelaySeconds;
    f[at + RecordField.SwapDelaySeconds] = record.swapDelaySeconds;
    f[at + RecordField.ReclaimDelaySeconds] = record.reclaimDelaySeconds;
    f[at + RecordField.TailSeconds] = record.tailSeconds;
    f[at + RecordField.ProcessSeconds] = record.processSeconds;
    f[at + RecordField.ExitCode] = record.exitCode;
    f[at + RecordField.User] = record.user;
    f[at + RecordField.ExeDevice] = record.exeDevice;
    f[at + RecordField.ExeInodeLow] = record.exeInodeLow;
    f[at + RecordField.ExeInodeHigh] = record.exeInodeHigh;
    const undecided = record.tgid === 0, last = record.last || undecided;
    const leader = undecided || record.pid === record.tgid;
    const sums = (record.hasProcessSums ? PROCESS_SUMS : 0) | (record.arePartialSums ? PARTIAL_SUMS : 0);
    f[at + RecordField.Flags] = (last ? LAST : 0) | sums | (leader ? LEADER : 0) | (undecided ? UNDECIDED : 0);
    f[at + RecordField.Generation] = generation;
    f[at + RecordField.ReceivedNs] = receivedNs;
    for (let i = 0; i < COMM_BYTES; i++) {
      this.comm[index * COMM_BYTES + i] = record.commOffset < 0 ? 0 : bytes.getUint8(record.commOffset + i);
    }
    const key = undecided ? record.pid : record.tgid;
    const links = this.#links, head = this.#heads.get(key);
    links.tgid[index] = key;
    links.next[index] = -1;
    if (head < 0) this.#heads.set(index, key);
    else links.next[links.last[head]!] = index;
    links.last[head < 0 ? index : head] = index;
  }

  field(index: number, field: number): number {
    return this.rows.values[this.rows.at(index) + field]!;
  }

  /** First record of a process id, or -1. */
  first(tgid: number): number {
    return this.#size === 0 ? -1 : this.#heads.get(tgid);
  }

  /** The record behind `index` of the same process id, or -1. */
  next(index: number): number {
    return this.#links.next[index]!;
  }

  tgidOf(index: number): number {
    return this.#links.tgid[index]!;
  }

  /** Removes the first record of a process id. */
  shift(tgid: number): void {
    const index = this.#heads.get(tgid);
    if (index < 0) return;
    const links = this.#links, next = links.next[index]!;
    if (next < 0) {
      this.#heads.delete(tgid);
    } else {
      this.#heads.set(next, tgid);
      links.last[next] = links.last[index]!;
    }
    links.tgid[index] = 0;
    links.next[index] = this.#free;
    this.#free = index;
    this.#size--;
    if (this.#size === 0) this.#reset();
  }

  /** Calls `visit` with each waiting record of a generation up to `generation`; it may shift the record's queue. */
  visitOld(generation: number, visit: (index: number, tgid: number) => void): void {
    for (let index = 0; this.#size > 0 && index < this.#used; index++) {
      const tgid = this.#links.tgid[index]!;
      if (tgid !== 0 && this.field(index, RecordField.Generation) <= generation) {
        visit(index, tgid);
      }
    }
  }

  #allocate(): number {
    this.#size++;
    const free = this.#free;
    if (free >= 0) {
      this.#free = this.#links.next[free]!;
      return free;
    }
    if (this.#used === this.#links.capacity) this.#resize(this.#used * 2);
    return this.#used++;
  }

  #reset(): void {
    this.#free = -1;
    this.#used = 0;
    if (this.#links.capacity > KEEP_CAPACITY) this.#resize(INITIAL_CAPACITY);
  }

  #resize(capacity: number): void {
    this.rows.resize(capacity, this.#used);
    this.#links.resize(capacity, this.#used);
    const comm = new Uint8Array(capacity * COMM_BYTES);
    comm.set(this.comm.subarray(0, this.#used * COMM_BYTES));
    this.comm = comm;
  }
}
