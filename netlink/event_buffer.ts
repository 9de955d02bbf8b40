/**
 * Events waiting to be applied, in the order of their kernel timestamps: columns of numbers, no object per event.
 *
 * @module
 */
import { NO_USER } from "./linux/mod.ts";
import { columns } from "./tables/mod.ts";

/** Kinds of events in a buffer. */
export const FORK = 0;
export const EXEC = 1;
export const EXIT = 2;

const INITIAL_CAPACITY = 1024;
/** An empty buffer above this size gives its memory back: it grew in a storm or while the process was stopped. */
const KEEP_CAPACITY = 4 * INITIAL_CAPACITY;

const Columns = columns({
  /** CLOCK_MONOTONIC, nanoseconds. */
  timestampNs: Float64Array,
  kind: Uint8Array,
  /** Process id. */
  pid: Int32Array,
  /** fork: process id of the parent; exec: what the capture returned; exit: status as wait(2) reports it. */
  detail: Int32Array,
  /** exec: when it was captured. */
  readNs: Float64Array,
  /** exec: user that runs it, or NO_USER. */
  user: Uint32Array,
  /** exec: id of its control group, 0 where that isn't told. */
  group: Float64Array,
});

export class EventBuffer extends Columns {
  static readonly bytesPerEvent = 37;
  /** Number of events. */
  length = 0;

  constructor() {
    super(INITIAL_CAPACITY);
  }

  /** Adds an event at its place in time. Events come nearly sorted, so the place is the end or close to it. */
  push(timestampNs: number, kind: number, pid: number, detail: number, readNs = 0, user = NO_USER, group = 0): void {
    if (this.length === this.capacity) this.resize(2 * this.length, this.length);
    let at = this.length;
    while (at > 0 && this.timestampNs[at - 1]! > timestampNs) at--;
    if (at < this.length) this.moveAll(at, at + 1, this.length - at);
    this.length++;
    this.timestampNs[at] = timestampNs;
    this.kind[at] = kind;
    this.pid[at] = pid;
    this.detail[at] = detail;
    this.readNs[at] = readNs;
    this.user[at] = user;
    this.group[at] = group;
  }

  /** Removes the first `count` events. */
  drop(count: number): void {
    this.length -= count;
    if (this.length > 0) this.moveAll(count, 0, this.length);
    else if (this.capacity > KEEP_CAPACITY) this.resize(INITIAL_CAPACITY, 0);
  }
}
