/**
 * Launches and endings one by one, as numbers, for whoever listens: the live page, `trace`. Nothing is kept while nobody
 * does. The log is bounded; what didn't fit is counted.
 *
 * @module
 */
import { UNKNOWN_CONTEXT } from "../context/mod.ts";
import { fields, NO_USER, Rows } from "../../netlink/mod.ts";
import { OUTCOMES } from "./columns.ts";

const EVENT = fields([
  /** An index into {@link OUTCOMES}: an ending; or one of {@link EventKind}. */
  "Kind",
  "Tree",
  "Pid",
  /** When, Unix time in seconds; NaN for an ending that nobody saw. */
  "UnixSeconds",
  /** Run time of an ended image, seconds; NaN where nobody saw it end, and for a launch. */
  "Seconds",
  /** CPU time of the whole process, whose last image ended; NaN where it goes on (`exec`) or has no accounting record. */
  "CpuSeconds",
  /** Of a launch: its flags (`Flag`); of {@link EventKind.Flags} those that were not known then. */
  "Flags",
  /** Of a launch or an ending: number of its context, and of its user; `NO_USER` where that isn't known. */
  "Context",
  "User",
]);

/** Places of an event's numbers in its row. */
export const EventField = EVENT.place;

export const EVENT_WIDTH: number = EVENT.width;

/** Kinds of events beside the endings. */
export const EventKind = {
  Launch: OUTCOMES.length,
  /** The last launch of this pid was counted under the wrong tree; another launch follows, with the right one. */
  Correction: OUTCOMES.length + 1,
  /** A launch of this pid in this tree, which was told before, has further flags: what they say took a while to find out. */
  Flags: OUTCOMES.length + 2,
} as const;

/** The events since the last report, oldest first. */
export interface EventBatch {
  /** {@link EVENT_WIDTH} numbers each. */
  readonly fields: Float64Array<ArrayBuffer>;
  /** Events older than these that did not fit. */
  readonly skipped: number;
  /** Event, from 0 → the path where it would have stood, had there been room for its tree. */
  readonly places?: ReadonlyMap<number, string>;
}

/** Events that are kept between two reports. */
export const EVENT_CAPACITY = 8192;
/** Paths that are kept with them: each may have 4 kB. */
const MOST_PLACES = 1024;

/** A ring of events: the newest push the oldest out. It takes none, and no memory, before {@link listen}. */
export class EventLog {
  #ring: Rows | undefined;
  /** Events added since the last {@link take}. */
  #added = 0;
  /** Number of an event → where it would have stood; the oldest first. */
  readonly #places = new Map<number, string>();

  constructor(readonly capacity: number = EVENT_CAPACITY) {}

  /** Keeps events from now on, or forgets them and keeps none. */
  listen(isOn: boolean): void {
    this.#ring = isOn ? this.#ring ?? new Rows(EVENT_WIDTH, this.capacity) : undefined;
    if (isOn) return;
    this.#added = 0;
    this.#places.clear();
  }

  /** Whether somebody listens. */
  get isOn(): boolean {
    return this.#ring !== undefined;
  }

  /** The event that was added last would have stood here. */
  place(path: string): void {
    if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
    this.#places.set(this.#added - 1, path);
  }

  /** Adds an event; the numbers are those of {@link EventField}. */
  add(
    kind: number,
    tree: number,
    pid: number,
    unixSeconds: number,
    seconds: number,
    cpuSeconds: number,
    flags = 0,
    context = UNKNOWN_CONTEXT,
    user = NO_USER,
  ): void {
    const ring = this.#ring;
    if (ring === undefined) return;
    const at = ring.at(this.#added++ % this.capacity), f = ring.values;
    f[at + EventField.Kind] = kind;
    f[at + EventField.Tree] = tree;
    f[at + EventField.Pid] = pid;
    f[at + EventField.UnixSeconds] = unixSeconds;
    f[at + EventField.Seconds] = seconds;
    f[at + EventField.CpuSeconds] = cpuSeconds;
    f[at + EventField.Flags] = flags;
    f[at + EventField.Context] = context;
    f[at + EventField.User] = user;
  }

  /** The events since the last call; undefined while nobody listens. */
  take(): EventBatch | undefined {
    const ring = this.#ring;
    if (ring === undefined) return undefined;
    const count = Math.min(this.#added, this.capacity), skipped = this.#added - count;
    const batch = new Rows(EVENT_WIDTH, count);
    for (let i = 0; i < count; i++) batch.row(i).set(ring.row((skipped + i) % this.capacity));
    this.#added = 0;
    if (this.#places.size === 0) return { fields: batch.values, skipped };
    const places = new Map([...this.#places].map(([event, path]) => [event - skipped, path]));
    this.#places.clear();
    return { fields: batch.values, skipped, places };
  }
}
