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
import { isSameStart } from "../proc/mod.ts";
import type { ProcessTable } from "./table.ts";
import type { Scanner } from "./scan.ts";

export class Resync {
  readonly #scanner: Scanner;
  readonly #table: ProcessTable;
  #isRunning = false;
  #waits = false;
  /** What is compared: first the list of /proc, then what else the table has. */
  #processes: Int32Array = new Int32Array(0);
  #next = 0;
  /** Processes that were compared, by their starts. */
  readonly #compared = new Map<number, number>();
  /** When the list had been compared; 0 before. */
  #listedNs = 0;
  /** Processes that were not there, and when that was noticed, in that order. */
  #missing: { readonly pid: number; readonly startNs: number; readonly noticedNs: number }[] = [];
  #nextMissing = 0;

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
    this.#processes = this.#scanner.processIds();
    this.#next = this.#nextMissing = this.#listedNs = 0;
    this.#compared.clear();
    this.#missing = [];
    this.#isRunning = true;
    this.#waits = false;
  }

  /** Goes on until `isTimeUp`. `nowNs` is the time, `drainNs` that of the last drain: what happened before has been applied. */
  step(nowNs: number, drainNs: number, isTimeUp: () => boolean): void {
    const timeNs = Math.max(nowNs, drainNs);
    this.#waits = false;
    if (!this.#compare(timeNs, isTimeUp)) return;
    if (this.#listedNs === 0) this.#listedNs = timeNs;
    this.#waits = drainNs <= this.#listedNs;
    if (this.#waits) return;
    // Until there is nothing new: what was forked meanwhile can have the tree of a parent that had not been compared yet.
    for (;;) {
      this.#processes = this.#table.processIds().filter((pid) => !this.#isSame(pid, this.#compared.get(pid)));
      this.#next = 0;
      if (this.#processes.length === 0) break;
      if (!this.#compare(timeNs, isTimeUp)) return;
    }
    for (; this.#nextMissing < this.#missing.length; this.#nextMissing++) {
      const { pid, startNs, noticedNs } = this.#missing[this.#nextMissing]!;
      this.#waits = drainNs <= noticedNs;
      if (this.#waits || isTimeUp()) return;
      if (this.#isSame(pid, startNs)) this.#table.endUnseen(pid);
      this.#scanner.adopt(pid); // where its id has been given to another
    }
    this.#compared.clear();
    this.#isRunning = false;
  }

  /** Compares the rest of the processes; false when the time is up before. */
  #compare(timeNs: number, isTimeUp: () => boolean): boolean {
    const scanner = this.#scanner, table = this.#table;
    for (; this.#next < this.#processes.length; this.#next++) {
      if (isTimeUp()) return false;
      const pid = this.#processes[this.#next]!;
      const isThere = scanner.compare(pid), startNs = table.startOf(pid);
      if (startNs === undefined) continue;
      if (!isThere) this.#missing.push({ pid, startNs, noticedNs: timeNs });
      this.#compared.set(pid, startNs);
    }
    return true;
  }

  /** Whether the table has this process, which began at `startNs`. */
  #isSame(pid: number, startNs = NaN): boolean {
    return isSameStart(this.#table.startOf(pid) ?? NaN, startNs);
  }
}
