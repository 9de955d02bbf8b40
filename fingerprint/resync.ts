/**
 * A resynchronisation with /proc after lost events: ends images of processes that have gone, adopts unknown ones, notices
 * missed execs. It works in slices, because events go on meanwhile and want to be read.
 *
 * First it compares what /proc lists. After the next drain, when every event from before the loss has been applied, it compares
 * the other processes of the table. What is missing may have ended since the last drain, with its exit event on its way:
 * it is ended after one more drain, if it is still in the table then.
 *
 * @module
 */
import { isSameStart } from "./process_stat.ts";
import type { ProcessTable } from "./processes.ts";
import type { Scanner } from "./scan.ts";

export class Resync {
  readonly #scanner: Scanner;
  readonly #table: ProcessTable;
  #isRunning = false;
  #listed: Int32Array = new Int32Array(0);
  #nextListed = 0;
  /** Processes of the list that live, and that the table has. */
  readonly #alive = new Set<number>();
  /** Other processes of the table; undefined until the drain after the comparison. */
  #others: Int32Array | undefined;
  #nextOther = 0;
  /** When the list was compared; 0 before. */
  #comparedNs = 0;
  /** Processes that were not there, and when that was noticed, in that order. */
  #missing: { readonly pid: number; readonly startNs: number; readonly noticedNs: number }[] = [];
  #nextMissing = 0;
  #waits = false;

  constructor(scanner: Scanner, table: ProcessTable) {
    this.#scanner = scanner;
    this.#table = table;
  }

  /** Whether work is left. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Whether nothing can be done before the next drain. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Begins, or begins anew. Throws when /proc can't be read. */
  start(): void {
    this.#listed = this.#scanner.processIds();
    this.#others = undefined;
    this.#nextListed =
      this.#nextOther =
      this.#nextMissing =
      this.#comparedNs =
        0;
    this.#missing = [];
    this.#alive.clear();
    this.#isRunning = true;
    this.#waits = false;
  }

  /** Goes on until `isTimeUp`. `nowNs` is the time, `drainNs` that of the last drain: what happened before has been applied. */
  step(nowNs: number, drainNs: number, isTimeUp: () => boolean): void {
    const table = this.#table, timeNs = Math.max(nowNs, drainNs);
    this.#waits = false;
    while (this.#nextListed < this.#listed.length) {
      if (isTimeUp()) return;
      const pid = this.#listed[this.#nextListed++]!;
      if (!this.#scanner.compare(table, pid)) this.#note(pid, timeNs);
      else if (table.has(pid)) this.#alive.add(pid);
    }
    if (this.#comparedNs === 0) this.#comparedNs = timeNs;
    if (this.#others === undefined) {
      this.#waits = drainNs <= this.#comparedNs;
      if (this.#waits) return;
      this.#others = table.processIds().filter((pid) => !this.#alive.has(pid));
    }
    while (this.#nextOther < this.#others.length) {
      if (isTimeUp()) return;
      const pid = this.#others[this.#nextOther++]!;
      if (table.has(pid) && !this.#scanner.compare(table, pid)) this.#note(pid, timeNs);
    }
    while (this.#nextMissing < this.#missing.length) {
      const { pid, startNs, noticedNs } = this.#missing[this.#nextMissing]!;
      this.#waits = drainNs <= noticedNs;
      if (this.#waits || isTimeUp()) return;
      this.#nextMissing++;
      if (isSameStart(table.startOf(pid) ?? NaN, startNs)) table.endUnseen(pid);
      this.#scanner.adopt(table, pid); // where its id has been given to another
    }
    this.#alive.clear();
    this.#isRunning = false;
  }

  #note(pid: number, noticedNs: number): void {
    this.#missing.push({ pid, startNs: this.#table.startOf(pid)!, noticedNs });
  }
}
