/**
 * Events waiting to be applied, in the order of their kernel timestamps: columns of numbers, no object per event.
 *
 * @module
 */

/** Kinds of events in a buffer. */
export const FORK = 0;
export const EXEC = 1;
export const EXIT = 2;

const INITIAL_CAPACITY = 1024;
/** An empty buffer above this size gives its memory back: it grew in a storm or while the process was stopped. */
const KEEP_CAPACITY = 4 * INITIAL_CAPACITY;

export class EventBuffer {
  static readonly bytesPerEvent = 25;
  /** Number of events. */
  length = 0;
  /** CLOCK_MONOTONIC, nanoseconds. */
  timestampNs = new Float64Array(INITIAL_CAPACITY);
  kind = new Uint8Array(INITIAL_CAPACITY);
  /** Process id. */
  pid = new Int32Array(INITIAL_CAPACITY);
  /** fork: process id of the parent; exec: what the capture returned; exit: status as wait(2) reports it. */
  detail = new Int32Array(INITIAL_CAPACITY);
  /** exec: when it was captured. */
  readNs = new Float64Array(INITIAL_CAPACITY);

  /** Events there is room for. */
  get capacity(): number {
    return this.timestampNs.length;
  }

  /** Adds an event at its place in time. Events come nearly sorted, so the place is the end or close to it. */
  push(timestampNs: number, kind: number, pid: number, detail: number, readNs = 0): void {
    if (this.length === this.timestampNs.length) this.#resize(this.length * 2);
    let at = this.length++;
    for (; at > 0 && this.timestampNs[at - 1]! > timestampNs; at--) this.#move(at - 1, at);
    this.timestampNs[at] = timestampNs;
    this.kind[at] = kind;
    this.pid[at] = pid;
    this.detail[at] = detail;
    this.readNs[at] = readNs;
  }

  /** Removes the first `count` events. */
  drop(count: number): void {
    this.length -= count;
    if (this.length === 0) {
      if (this.timestampNs.length > KEEP_CAPACITY) this.#resize(INITIAL_CAPACITY);
    } else if (count > 0) {
      this.timestampNs.copyWithin(0, count, count + this.length);
      this.kind.copyWithin(0, count, count + this.length);
      this.pid.copyWithin(0, count, count + this.length);
      this.detail.copyWithin(0, count, count + this.length);
      this.readNs.copyWithin(0, count, count + this.length);
    }
  }

  #move(from: number, to: number): void {
    this.timestampNs[to] = this.timestampNs[from]!;
    this.kind[to] = this.kind[from]!;
    this.pid[to] = this.pid[from]!;
    this.detail[to] = this.detail[from]!;
    this.readNs[to] = this.readNs[from]!;
  }

  #resize(capacity: number): void {
    const keep = Math.min(this.length, capacity);
    const timestampNs = new Float64Array(capacity),
      readNs = new Float64Array(capacity),
      kind = new Uint8Array(capacity);
    const pid = new Int32Array(capacity), detail = new Int32Array(capacity);
    timestampNs.set(this.timestampNs.subarray(0, keep));
    kind.set(this.kind.subarray(0, keep));
    pid.set(this.pid.subarray(0, keep));
    detail.set(this.detail.subarray(0, keep));
    readNs.set(this.readNs.subarray(0, keep));
    this.timestampNs = timestampNs;
    this.readNs = readNs;
    this.kind = kind;
    this.pid = pid;
    this.detail = detail;
  }
}
