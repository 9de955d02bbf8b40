/**
 * What the kernel recorded of execs whose events haven't been read yet, by process and time: columns of numbers.
 *
 * @module
 */
import { NO_USER } from "./linux/mod.ts";
import { columns, IntTable } from "./tables/mod.ts";

const INITIAL_CAPACITY = 1024;
const KEEP_CAPACITY = 4 * INITIAL_CAPACITY;
/** In place of a capture that was taken. */
const TAKEN = -2;

const Columns = columns({
  /** CLOCK_MONOTONIC, nanoseconds. */
  timeNs: Float64Array,
  /** Process id. */
  pid: Int32Array,
  captured: Int32Array,
  /** User that runs it. */
  user: Uint32Array,
  /** Id of its control group, 0 where that isn't told. */
  group: Float64Array,
  /** The one before it of the same process, or -1. */
  older: Int32Array,
});

export class Captures {
  static readonly bytesEach = 32;
  readonly #rows = new Columns(INITIAL_CAPACITY);
  /** Process id → its newest. */
  readonly #newest = new IntTable();
  #length = 0;
  /** User and control group of the exec that {@link take} gave last. */
  user = NO_USER;
  group = 0;

  get capacity(): number {
    return this.#rows.capacity;
  }

  /** Whether none waits. */
  get isEmpty(): boolean {
    return this.#newest.size === 0;
  }

  /** Adds a capture. Those of a process come in the order of their times. */
  add(timeNs: number, pid: number, captured: number, user = NO_USER, group = 0): void {
    const rows = this.#rows;
    if (this.#length === rows.capacity) rows.resize(2 * this.#length, this.#length);
    const index = this.#length++;
    rows.timeNs[index] = timeNs;
    rows.pid[index] = pid;
    rows.captured[index] = captured;
    rows.user[index] = user;
    rows.group[index] = group;
    rows.older[index] = this.#newest.get(pid);
    this.#newest.set(index, pid);
  }

  /**
   * Takes what was captured of the exec of a process at `timeNs`, which is the newest capture from before; -1 without one. Older
   * ones go with it: their events were lost.
   */
  take(pid: number, timeNs: number): number {
    const rows = this.#rows;
    let index = this.#newest.get(pid), younger = -1;
    while (index >= 0 && rows.timeNs[index]! > timeNs) {
      younger = index;
      index = rows.older[index]!;
    }
    if (index < 0) return -1;
    const captured = rows.captured[index]!;
    this.user = rows.user[index]!;
    this.group = rows.group[index]!;
    if (younger < 0) this.#newest.delete(pid);
    else rows.older[younger] = -1;
    for (; index >= 0; index = rows.older[index]!) rows.captured[index] = TAKEN;
    if (this.isEmpty) this.#clear();
    return captured;
  }

  /** Forgets those from before a time: their events were lost. Makes room of what was taken. */
  forget(beforeNs: number): void {
    const rows = this.#rows, length = this.#length;
    if (length === 0) return;
    this.#newest.clear();
    this.#length = 0;
    for (let from = 0; from < length; from++) {
      if (rows.captured[from] === TAKEN || rows.timeNs[from]! < beforeNs) continue;
      this.add(rows.timeNs[from]!, rows.pid[from]!, rows.captured[from]!, rows.user[from], rows.group[from]);
    }
    if (this.isEmpty) this.#clear();
  }

  #clear(): void {
    this.#length = 0;
    if (this.#rows.capacity > KEEP_CAPACITY) this.#rows.resize(INITIAL_CAPACITY, 0);
  }
}
