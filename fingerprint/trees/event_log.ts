/**
 * Launches and endings one by one, as numbers, for whoever listens: the live page, `trace`. Nothing is kept while nobody
 * does. The log is bounded; what didn't fit is counted.
 *
 * @module
 */
import { OUTCOMES } from "./columns.ts";

/** Fields of an event: name → index. */
export const EventField = {
  /** An index into {@link OUTCOMES}: an ending; or one of {@link EventKind}. */
  Kind: 0,
  /** Number of the tree. */
  Tree: 1,
  Pid: 2,
  /** When, Unix time in seconds; NaN for an ending that nobody saw. */
  UnixSeconds: 3,
  /** Run time of an ended image, seconds; NaN where nobody saw it end, and for a launch. */
  Seconds: 4,
  /** CPU time of the whole process, whose last image ended; NaN where it goes on (`exec`) or has no accounting record. */
  CpuSeconds: 5,
} as const;

/** Width of an event. */
export const EVENT_WIDTH: number = EventField.CpuSeconds + 1;

/** Kinds of events beside the endings. */
export const EventKind = {
  Launch: OUTCOMES.length,
  /** The last launch of this pid was counted under the wrong tree; another launch follows, with the right one. */
  Correction: OUTCOMES.length + 1,
} as const;

/** The events since the last report, oldest first. */
export interface EventBatch {
  /** {@link EVENT_WIDTH} numbers each. */
  readonly fields: Float64Array<ArrayBuffer>;
  /** Events older than these that did not fit. */
  readonly skipped: number;
}

/** Events that are kept between two reports. */
export const EVENT_CAPACITY = 8192;

/** A ring of events: the newest push the oldest out. */
export class EventLog {
  readonly #ring: Float64Array<ArrayBuffer>;
  readonly #capacity: number;
  /** Events added since the last {@link take}. */
  #added = 0;

  constructor(capacity: number = EVENT_CAPACITY) {
    this.#capacity = capacity;
    this.#ring = new Float64Array(capacity * EVENT_WIDTH);
  }

  /** Adds an event; the numbers are those of {@link EventField}. */
  add(kind: number, tree: number, pid: number, unixSeconds: number, seconds: number, cpuSeconds: number): void {
    const ring = this.#ring, at = (this.#added++ % this.#capacity) * EVENT_WIDTH;
    ring[at + EventField.Kind] = kind;
    ring[at + EventField.Tree] = tree;
    ring[at + EventField.Pid] = pid;
    ring[at + EventField.UnixSeconds] = unixSeconds;
    ring[at + EventField.Seconds] = seconds;
    ring[at + EventField.CpuSeconds] = cpuSeconds;
  }

  /** The events since the last call. */
  take(): EventBatch {
    const count = Math.min(this.#added, this.#capacity), skipped = this.#added - count;
    const fields = new Float64Array(count * EVENT_WIDTH);
    const first = (skipped % this.#capacity) * EVENT_WIDTH,
      untilWrap = Math.min(fields.length, this.#ring.length - first);
    fields.set(this.#ring.subarray(first, first + untilWrap));
    fields.set(this.#ring.subarray(0, fields.length - untilWrap), untilWrap);
    this.#added = 0;
    return { fields, skipped };
  }
}
