/**
 * The accounting records of processes that are in the table or were: which is that of an end, and whose.
 *
 * @module
 */
import { LAST, LEADER, RecordField, type RecordQueue, UNDECIDED } from "../../netlink/mod.ts";

/** Where records come from; a `Reader` is one. */
export interface AccountingSource {
  /** Those that wait for the end of their process. */
  readonly records: RecordQueue;
  /** Whether every process that ended has its record among them, as far as is known. */
  readonly hasAllRecords: boolean;
  /** Whether events were lost lately. No, where it isn't there. */
  readonly hasLostEvents?: boolean;
  /** Whether exits are those of processes: told when the last task ends, instead of the first thread. No, where it isn't there. */
  readonly hasWholeExits?: boolean;
  /** Reads further records. */
  receiveRecords(): void;
}

export class EndRecords {
  readonly #source: AccountingSource;
  readonly queue: RecordQueue;

  constructor(source: AccountingSource) {
    this.#source = source;
    this.queue = source.records;
  }

  /** Whether every process that ended has its record here, as far as is known. */
  get areAll(): boolean {
    return this.#source.hasAllRecords;
  }

  /** Whether exits may be missing whose record is here. */
  get mayLackExits(): boolean {
    return this.#source.hasLostEvents === true;
  }

  /** Whether exits are those of processes, not of first threads. */
  get areExitsWhole(): boolean {
    return this.#source.hasWholeExits === true;
  }

  /** The record of a process's end, or -1. */
  lastOf(pid: number): number {
    let record = this.queue.first(pid);
    while (record >= 0 && !this.isLast(record)) record = this.queue.next(record);
    return record;
  }

  /** As {@link lastOf}, of what the kernel has as well. */
  fetchLastOf(pid: number): number {
    this.#source.receiveRecords();
    return this.lastOf(pid);
  }

  /** Whether a record is that of the last task of its process. */
  isLast(record: number): boolean {
    return (this.queue.field(record, RecordField.Flags) & LAST) !== 0;
  }

  /** Whether a record, taken for that of a last task, may as well be that of a first one whose process lives on. */
  isUndecided(record: number): boolean {
    return (this.queue.field(record, RecordField.Flags) & UNDECIDED) !== 0;
  }

  /** Whether a record is that of the first task of its process. */
  isLeader(record: number): boolean {
    return (this.queue.field(record, RecordField.Flags) & LEADER) !== 0;
  }

  /** How long the process of a record lived, nanoseconds; 0 where unknown. */
  ageNs(record: number): number {
    return this.queue.field(record, RecordField.ProcessSeconds) * 1e9;
  }

  /** Drops the records that had come before a process began: they are of an earlier one with its id, of which events were lost. */
  dropEarlier(pid: number, startNs: number): void {
    const { queue } = this;
    for (let record = queue.first(pid); record >= 0; record = queue.first(pid)) {
      if (queue.field(record, RecordField.ReceivedNs) > startNs) return;
      queue.shift(pid);
    }
  }

  /** Drops the records of a process that isn't in the table, up to that of its first thread. */
  dropEnded(pid: number): void {
    const { queue } = this;
    for (let record = queue.first(pid); record >= 0; record = queue.first(pid)) {
      const isEnd = this.isLast(record) || this.isLeader(record);
      queue.shift(pid);
      if (isEnd) return;
    }
  }
}
