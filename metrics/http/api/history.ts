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
  type FlagName,
  flagNames,
  type Outcome,
  OUTCOMES,
  Rows,
} from "../../../fingerprint/mod.ts";
import { type ContextJson, type ContextOf, type EventTree, isLaunchExpected, type TreeOf } from "../../registry/mod.ts";

/**
 * A launch or an ending as JSON has it, with its context. Field names are the interface that `docs/api.md` describes.
 */
export interface EventJson extends Partial<ContextJson> {
  /** Number of the event in its recording, from 1. */
  readonly seq: number;
  readonly type: "launch" | "ending" | "correction" | "flags";
  /** Unix time in seconds; null for an ending that nobody saw, for a correction and for further flags. */
  readonly time: number | null;
  readonly pid: number;
  readonly tree: string;
  /** What the tree's name can't say about it, none mostly: of a launch, or of one that was told before. */
  readonly flags?: readonly FlagName[];
  /** Whether the baseline expected it, as it was then; null without one. Only of a launch. */
  readonly expected?: boolean | null;
  /** The tree that counts it, where there was no room for its own. */
  readonly counted_as?: string;
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

/** What an event is told with, beside its row in a batch. */
export interface EventDetails {
  /** What counts it. */
  readonly tree: EventTree;
  /** The path where it belongs, if that is another than the tree's. */
  readonly path?: string | undefined;
  /** Whose its process is, and where. */
  readonly context: ContextJson;
}

/** An event as JSON; `event` is its row in a batch. */
export function eventJson(
  event: Float64Array,
  seq: number,
  { tree, path = tree.path, context }: EventDetails,
): EventJson {
  const kind = event[EventField.Kind]!;
  const where = path === tree.path ? { tree: path } : { tree: path, counted_as: tree.path };
  const base = { time: rounded(event[EventField.UnixSeconds]!), pid: event[EventField.Pid]!, ...where };
  if (kind === EventKind.Launch) {
    const flags = event[EventField.Flags]!, expected = isLaunchExpected(tree, flags) ?? null;
    return { seq, type: "launch", ...base, ...context, flags: flagNames(flags), expected };
  }
  if (kind === EventKind.Correction) return { seq, type: "correction", ...base };
  if (kind === EventKind.Flags) return { seq, type: "flags", ...base, flags: flagNames(event[EventField.Flags]!) };
  const seconds = event[EventField.Seconds]!;
  return {
    seq,
    type: "ending",
    ...base,
    ...context,
    outcome: OUTCOMES[kind]!,
    seconds: rounded(Math.max(0, seconds)),
    cpu_seconds: rounded(event[EventField.CpuSeconds]!),
  };
}

/** Where nobody told the contexts. */
const UNKNOWN: ContextJson = { uid: null, user: null, unit: null, container: null };
const unknown: ContextOf = () => UNKNOWN;

/** Events that can be asked for. */
export const HISTORY_CAPACITY = 1000;

export class EventHistory {
  readonly #ring: Rows;
  /** By place in the ring. */
  readonly #seqs: Float64Array;
  /** The trees that count them, by place in the ring, as they were judged then. */
  readonly #trees: EventTree[] = [];
  /** Where those belong that another tree counts. */
  readonly #paths: (string | undefined)[] = [];
  readonly #contexts: ContextJson[] = [];
  /** Events put into the ring. */
  #added = 0;
  #last = 0;

  constructor(readonly capacity: number = HISTORY_CAPACITY) {
    this.#ring = new Rows(EVENT_WIDTH, capacity);
    this.#seqs = new Float64Array(capacity);
  }

  /** Number of the last event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Takes a batch in. Those that were skipped have numbers too, so that a gap shows. */
  add(
    { fields, skipped, places }: EventBatch,
    treeOf: TreeOf,
    contextOf: ContextOf = unknown,
  ): void {
    const batch = new Rows(EVENT_WIDTH, fields), first = Math.max(0, batch.capacity - this.capacity);
    this.#last += skipped + first;
    for (let i = first; i < batch.capacity; i++) {
      const event = batch.row(i), place = this.#added++ % this.capacity;
      this.#ring.row(place).set(event);
      const { path, expected, unexpectedFlags } = treeOf(event[EventField.Tree]!, event[EventField.Context]!);
      this.#trees[place] = { path, expected, unexpectedFlags };
      this.#paths[place] = places?.get(i);
      this.#contexts[place] = contextOf(event[EventField.Context]!, event[EventField.User]!);
      this.#seqs[place] = ++this.#last;
    }
  }

  /** The newest events of a tree, at most `limit`, oldest first. */
  of(tree: string, limit: number): EventJson[] {
    const events: EventJson[] = [], oldest = Math.max(0, this.#added - this.capacity);
    for (let i = this.#added - 1; i >= oldest && events.length < limit; i--) {
      const place = i % this.capacity;
      if ((this.#paths[place] ?? this.#trees[place]!.path) === tree) events.push(this.#eventAt(place));
    }
    return events.reverse();
  }

  #eventAt(place: number): EventJson {
    const tree = this.#trees[place]!, path = this.#paths[place];
    return eventJson(this.#ring.row(place), this.#seqs[place]!, { tree, path, context: this.#contexts[place]! });
  }

  /** The newest events after the one with the number `seq`, at most `limit`. */
  after(seq: number, limit: number): EventList {
    const events: EventJson[] = [];
    const oldest = Math.max(0, this.#added - this.capacity);
    for (let i = this.#added - 1; i >= oldest && events.length < limit; i--) {
      const place = i % this.capacity;
      if (this.#seqs[place]! <= seq) break;
      events.push(this.#eventAt(place));
    }
    return { events: events.reverse(), skipped: this.#last - seq - events.length };
  }
}

/** The recording that goes on, if one does: where the registry's events go, and where the feed finds them. */
export class Recorder {
  #history: EventHistory | undefined;

  /** Undefined while nothing is recorded. */
  get history(): EventHistory | undefined {
    return this.#history;
  }

  /** Begins anew. */
  start(): void {
    this.#history = new EventHistory();
  }

  stop(): void {
    this.#history = undefined;
  }

  /** Takes a batch in, while something is recorded. */
  add(batch: EventBatch, treeOf: TreeOf, contextOf: ContextOf = unknown): void {
    this.#history?.add(batch, treeOf, contextOf);
  }
}
