/**
 * The last launches and endings, numbered, for who asks for them later or again.
 *
 * @module
 */

import {
  EVENT_WIDTH,
  type EventBatch,
  EventField,
  EventKind,
  type Outcome,
  OUTCOMES,
} from "../../../fingerprint/mod.ts";

/** A launch or an ending as JSON has it. Field names are the interface that `docs/api.md` describes. */
export interface EventJson {
  /** Number of the event in its recording, from 1. */
  readonly seq: number;
  readonly type: "launch" | "ending" | "correction";
  /** Unix time in seconds; null for an ending that nobody saw and for a correction. */
  readonly time: number | null;
  readonly pid: number;
  readonly tree: string;
  /** How it ended; only of an ending. */
  readonly outcome?: Outcome;
  /** Run time of the image; null where nobody saw it end. Only of an ending. */
  readonly seconds?: number | null;
  /** CPU time of the whole process, which ended with the image; null where that isn't known. Only of an ending. */
  readonly cpu_seconds?: number | null;
}

/** Some events, oldest first, and how many between the wanted one and these are not among them. */
export interface EventList {
  readonly events: readonly EventJson[];
  readonly skipped: number;
}

/** Microseconds are what the clocks are good for. */
export function rounded(seconds: number): number | null {
  return Number.isNaN(seconds) ? null : Math.round(seconds * 1e6) / 1e6;
}

/** An event of a batch, whose first number is `fields[at]`. */
export function eventJson(fields: Float64Array, at: number, seq: number, tree: string): EventJson {
  const kind = fields[at + EventField.Kind]!;
  const base = { time: rounded(fields[at + EventField.UnixSeconds]!), pid: fields[at + EventField.Pid]!, tree };
  if (kind === EventKind.Launch) return { seq, type: "launch", ...base };
  if (kind === EventKind.Correction) return { seq, type: "correction", ...base };
  const seconds = fields[at + EventField.Seconds]!;
  return {
    seq,
    type: "ending",
    ...base,
    outcome: OUTCOMES[kind]!,
    seconds: rounded(Math.max(0, seconds)),
    cpu_seconds: rounded(fields[at + EventField.CpuSeconds]!),
  };
}

/** Events that can be asked for. */
export const HISTORY_CAPACITY = 1000;

/** The last events of a recording. */
export class EventHistory {
  readonly #capacity: number;
  readonly #fields: Float64Array;
  /** By place in the ring. */
  readonly #seqs: Float64Array;
  readonly #trees: string[] = [];
  /** Events put into the ring. */
  #added = 0;
  #last = 0;

  constructor(capacity: number = HISTORY_CAPACITY) {
    this.#capacity = capacity;
    this.#fields = new Float64Array(capacity * EVENT_WIDTH);
    this.#seqs = new Float64Array(capacity);
  }

  /** Number of the last event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Takes a batch in. Those that were skipped have numbers too, so that a gap shows. */
  add({ fields, skipped }: EventBatch, pathOf: (tree: number) => string): void {
    const count = fields.length / EVENT_WIDTH, first = Math.max(0, count - this.#capacity);
    this.#last += skipped + first;
    for (let i = first; i < count; i++) {
      const from = i * EVENT_WIDTH, place = this.#added++ % this.#capacity;
      this.#fields.set(fields.subarray(from, from + EVENT_WIDTH), place * EVENT_WIDTH);
      this.#trees[place] = pathOf(fields[from + EventField.Tree]!);
      this.#seqs[place] = ++this.#last;
    }
  }

  /** The newest events after the one with the number `seq`, at most `limit`. */
  after(seq: number, limit: number): EventList {
    const events: EventJson[] = [];
    const oldest = Math.max(0, this.#added - this.#capacity);
    for (let i = this.#added - 1; i >= oldest && events.length < limit; i--) {
      const place = i % this.#capacity;
      if (this.#seqs[place]! <= seq) break;
      events.push(eventJson(this.#fields, place * EVENT_WIDTH, this.#seqs[place]!, this.#trees[place]!));
    }
    return { events: events.reverse(), skipped: this.#last - seq - events.length };
  }
}
