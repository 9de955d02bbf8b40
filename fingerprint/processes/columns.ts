/**
 * What is kept of each process, in columns of numbers: a process has a slot, and no object of its own.
 *
 * @module
 */
import { columns, IntTable, shrunk } from "../../netlink/mod.ts";

const INITIAL_CAPACITY = 256;
/** As many slots are kept whatever is free, so that an ordinary machine's coming and going moves nothing. */
const KEEP_CAPACITY = 4 * INITIAL_CAPACITY;

/** Times are nanoseconds of CLOCK_MONOTONIC. */
const Columns = columns({
  /** Process id; 0 for a free slot. */
  pid: Int32Array,
  /** Bits that the process table gives their meaning. */
  flags: Uint8Array,
  /** A `State` of endings.ts. */
  state: Uint8Array,
  /** Tree that the process had when it was forked: what it execs is launched from there. */
  base: Int32Array,
  /** Tree that it runs now. */
  node: Int32Array,
  /** User that runs it, as far as is known. */
  user: Uint32Array,
  /** Number of its unit and container: its parent's, until it is known itself. */
  context: Int32Array,
  /** Id of the control group that says so; 0 where it was a look at some process, whatever group that was in at its exec. */
  group: Float64Array,
  /** Label of its image. */
  label: Int32Array,
  /** Number of its root: its parent's, until one of its own was seen. */
  root: Uint16Array,
  /** Executable of its image, or -1. */
  executable: Int32Array,
  /** Flags of its launch. */
  launchFlags: Uint16Array,
  /** What was seen of an image without a name yet. */
  seen: Int32Array,
  /** When it began, and its image. */
  startNs: Float64Array,
  imageNs: Float64Array,
  /** When its executable was read. */
  readNs: Float64Array,
  /** When it was found in /proc; -1 for one that was seen to begin. */
  foundNs: Float64Array,
  /** Of a process whose first thread ended: when, and with which status. */
  leaderEndNs: Float64Array,
  leaderStatus: Int32Array,
});

export class ProcessColumns extends Columns {
  readonly #slots = new IntTable();
  #free: number[] = [];
  #used = 0;

  constructor() {
    super(INITIAL_CAPACITY);
  }

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
      if (this.#used === this.capacity) this.resize(2 * this.#used, this.#used);
      slot = this.#used++;
    }
    this.pid[slot] = pid;
    this.#slots.set(slot, pid);
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.pid[slot]!);
    this.pid[slot] = 0;
    this.#free.push(slot);
  }

  /** The process in a root that began first, as it is the likeliest to stay; -1 where nobody is. */
  pidIn(root: number): number {
    let pid = -1, startNs = Infinity;
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.root[slot] !== root || this.pid[slot] === 0 || this.startNs[slot]! >= startNs) continue;
      pid = this.pid[slot]!;
      startNs = this.startNs[slot]!;
    }
    return pid;
  }

  /** The numbers of the roots in which somebody is. */
  rootsInUse(): Set<number> {
    const used = new Set<number>();
    for (let slot = 0; slot < this.#used; slot++) if (this.pid[slot] !== 0) used.add(this.root[slot]!);
    return used;
  }

  /**
   * Gives memory back after a storm, where three quarters of many slots are free: the others move together. `moved` is told
   * of each that has another number then, in the order of the numbers.
   */
  compact(moved: (from: number, to: number) => void): void {
    const capacity = shrunk(this.capacity, this.size, KEEP_CAPACITY);
    if (capacity === this.capacity) return;
    let to = 0;
    for (let from = 0; from < this.#used; from++) {
      const pid = this.pid[from]!;
      if (pid === 0) continue;
      if (from !== to) {
        this.moveAll(from, to, 1);
        this.#slots.set(to, pid);
        moved(from, to);
      }
      to++;
    }
    this.#used = to;
    this.#free = [];
    this.resize(capacity, to);
  }
}
