/**
 * A resynchronisation with /proc after lost events: ends images of processes that have gone, adopts unknown ones, notices
 * missed execs. It works in slices, because events go on meanwhile and want to be read.
 *
 * @module
 */
import type { ProcessTable } from "./processes.ts";
import type { Scanner } from "./scan.ts";

export class Resync {
  readonly #scanner: Scanner;
  readonly #table: ProcessTable;
  #found: Int32Array = new Int32Array(0);
  #next = -1;
  #known: Int32Array = new Int32Array(0);
  #nextKnown = 0;
  /** Processes that were not there, and when their absence was noticed. Their exit event may still be on its way. */
  #missing: { pid: number; startNs: number; noticedNs: number }[] = [];

  constructor(scanner: Scanner, table: ProcessTable) {
    this.#scanner = scanner;
    this.#table = table;
  }

  /** Whether work is left. */
  get isRunning(): boolean {
    return this.#next >= 0 || this.#missing.length > 0;
  }

  /** Begins, or begins anew. Throws when /proc can't be read. */
  start(): void {
    this.#found = this.#scanner.processIds();
    this.#known = this.#table.processIds();
    this.#next = this.#nextKnown = 0;
    this.#missing = [];
  }

  /** Goes on until `isTimeUp`. `nowNs` is the time, `drainNs` that of the last drain: what ended before has been applied. */
  step(nowNs: number, drainNs: number, isTimeUp: () => boolean): void {
    while (this.#next >= 0 && !isTimeUp()) {
      if (this.#next < this.#found.length) {
        this.#scanner.compare(this.#table, this.#found[this.#next++]!);
      } else if (this.#nextKnown < this.#known.length) {
        const pid = this.#known[this.#nextKnown++]!, startNs = this.#table.startOf(pid);
        if (startNs !== undefined && !this.#scanner.isSame(this.#table, pid)) {
          this.#missing.push({ pid, startNs, noticedNs: nowNs });
        }
      } else {
        this.#next = -1;
      }
    }
    if (this.#next >= 0 || this.#missing.length === 0) return;
    this.#missing = this.#missing.filter(({ pid, startNs, noticedNs }) => {
      if (drainNs <= noticedNs) return true;
      if (this.#table.startOf(pid) === startNs) this.#table.endUnseen(pid);
      return false;
    });
  }
}
