/**
 * What is kept of each process, in columns of numbers: a process has a slot, and no object of its own.
 *
 * @module
 */
import { IntTable } from "../../netlink/mod.ts";

const INITIAL_CAPACITY = 256;
/** As many slots are kept whatever is free, so that an ordinary machine's coming and going moves nothing. */
const KEEP_CAPACITY = 4 * INITIAL_CAPACITY;

/** The columns of 32-bit numbers, of nanoseconds (CLOCK_MONOTONIC), and of bytes. */
const INTS = ["pid", "base", "node", "label", "executable", "seen", "leaderStatus"] as const;
const TIMES = ["startNs", "imageNs", "readNs", "foundNs", "leaderEndNs"] as const;
const BYTES = ["flags", "root"] as const;

export class ProcessColumns {
  /** Process id; 0 for a free slot. */
  pid = new Int32Array(INITIAL_CAPACITY);
  /** Bits that the process table gives their meaning. */
  flags = new Uint8Array(INITIAL_CAPACITY);
  /** Tree that the process had when it was forked: what it execs is launched from there. */
  base = new Int32Array(INITIAL_CAPACITY);
  /** Tree that it runs now. */
  node = new Int32Array(INITIAL_CAPACITY);
  /** Label of its image. */
  label = new Int32Array(INITIAL_CAPACITY);
  /** Number of its root: its parent's, until one of its own was seen. */
  root = new Uint8Array(INITIAL_CAPACITY);
  /** Executable of its image, or -1. */
  executable = new Int32Array(INITIAL_CAPACITY);
  /** What was seen of an image without a name yet. */
  seen = new Int32Array(INITIAL_CAPACITY);
  /** When it began, and its image. */
  startNs = new Float64Array(INITIAL_CAPACITY);
  imageNs = new Float64Array(INITIAL_CAPACITY);
  /** When its executable was read. */
  readNs = new Float64Array(INITIAL_CAPACITY);
  /** When it was found in /proc; -1 for one that was seen to begin. */
  foundNs = new Float64Array(INITIAL_CAPACITY);
  /** Of a process whose first thread ended: when, and with which status. */
  leaderEndNs = new Float64Array(INITIAL_CAPACITY);
  leaderStatus = new Int32Array(INITIAL_CAPACITY);
  readonly #slots = new IntTable();
  #free: number[] = [];
  #used = 0;

  /** Processes that have a slot. */
  get size(): number {
    return this.#slots.size;
  }

  /** Slots are numbered below this. */
  get used(): number {
    return this.#used;
  }

  /** The slot of a process id, or -1. */
  slotOf(pid: number): number {
    return this.#slots.get(pid);
  }

  /** Gives a process a slot; what the columns hold there is an earlier process's. */
  add(pid: number): number {
    let slot = this.#free.pop();
    if (slot === undefined) {
      if (this.#used === this.pid.length) this.#resize(2 * this.#used);
      slot = this.#used++;
    }
    this.pid[slot] = pid;
    this.#slots.set(pid, slot);
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.pid[slot]!);
    this.pid[slot] = 0;
    this.#free.push(slot);
  }

  /**
   * Gives memory back after a storm, where three quarters of many slots are free: the others move together. `moved` is told
   * of each that has another number then, in the order of the numbers.
   */
  compact(moved: (from: number, to: number) => void): void {
    if (this.pid.length <= KEEP_CAPACITY || 4 * this.size > this.pid.length) return;
    let to = 0;
    for (let from = 0; from < this.#used; from++) {
      const pid = this.pid[from]!;
      if (pid === 0) continue;
      if (from !== to) {
        for (const name of INTS) this[name][to] = this[name][from]!;
        for (const name of TIMES) this[name][to] = this[name][from]!;
        for (const name of BYTES) this[name][to] = this[name][from]!;
        this.#slots.set(pid, to);
        moved(from, to);
      }
      to++;
    }
    this.#used = to;
    this.#free = [];
    let capacity = KEEP_CAPACITY;
    while (capacity < 2 * to) capacity *= 2;
    this.#resize(capacity);
  }

  #resize(capacity: number): void {
    const keep = Math.min(capacity, this.#used);
    const copy = <T extends Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
      from: T,
      to: T,
    ) => {
      to.set(from.subarray(0, keep));
      return to;
    };
    for (const name of INTS) this[name] = copy(this[name], new Int32Array(capacity));
    for (const name of TIMES) this[name] = copy(this[name], new Float64Array(capacity));
    for (const name of BYTES) this[name] = copy(this[name], new Uint8Array(capacity));
  }
}
