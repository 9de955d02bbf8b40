/**
 * The event log of an exporter: has events collected while it is there, and writes those that are wanted, a JSON object a line.
 *
 * @module
 */

import { EVENT_WIDTH, type EventBatch, EventField, Rows, waitFor } from "../../fingerprint/mod.ts";
import { eventJson } from "../http/api/mod.ts";
import type { BaselineMode, ContextOf, TreeOf } from "../registry/mod.ts";
import { jsonText } from "../text/mod.ts";
import type { LineQueue } from "./line_queue.ts";
import { Choice, type EventLine, type LogWish } from "./choice.ts";

/** Time between two looks for events: that of the reading thread's drains. */
const TICK_MS = 200;
/** With so many events in a look the next follows sooner, so that the worker's log of 8192 doesn't overflow. */
const MANY = 1024;
const BUSY_TICK_MS = 25;

export interface EventLogOptions {
  readonly queue: LineQueue;
  readonly only: readonly LogWish[];
  readonly baselineMode?: BaselineMode;
  /** Brings the registry up to date, which hands its events to {@link EventLog.add}; never rejects. */
  readonly collect: () => Promise<void>;
  /** Messages that the kernel has dropped up to now. */
  readonly lost: () => number;
  /** Unix time in milliseconds. */
  readonly now?: () => number;
}

/** Writes events until it is closed. */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #choice: Choice;
  readonly #now: () => number;
  /** Events up to now, those that weren't written included. */
  #seq = 0;
  #lost = 0;
  /** Events of the last look. */
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#choice = new Choice(options.only, options.baselineMode);
    this.#now = options.now ?? Date.now;
  }

  start(): void {
    const waitMs = this.#count > MANY ? BUSY_TICK_MS : TICK_MS;
    this.#timer = setTimeout(async () => {
      await this.look();
      if (!this.#isClosed) this.start();
    }, waitMs);
  }

  async look(): Promise<void> {
    this.#count = 0;
    await this.#options.collect();
    const lost = this.#options.lost();
    if (lost > this.#lost) this.#writeCount("lost", lost - this.#lost);
    this.#lost = lost;
  }

  add({ fields, skipped, places }: EventBatch, treeOf: TreeOf, contextOf: ContextOf): void {
    const batch = new Rows(EVENT_WIDTH, fields);
    this.#count += batch.capacity;
    this.#seq += skipped;
    if (skipped > 0) {
      this.#options.queue.addOverrun(skipped);
      this.#writeCount("skipped", skipped);
    }
    for (let i = 0; i < batch.capacity; i++) {
      const event = batch.row(i),
        tree = treeOf(event[EventField.Tree]!, event[EventField.Context]!),
        path = places?.get(i);
      this.#seq++;
      const reasons = this.#choice.reasons(event, tree, path);
      if (reasons === undefined) continue;
      const context = contextOf(event[EventField.Context]!, event[EventField.User]!);
      const json = eventJson(event, this.#seq, { tree, path, context });
      const line: EventLine = json.flags === undefined ? json : { ...json, reasons };
      this.#write(line);
    }
  }

  /** Looks for what happened until now, and writes what waits; what either takes longer than this is lost. */
  async close(timeouts: { readonly lookMs: number; readonly writeMs: number }): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await waitFor(this.#lookTwice(), timeouts.lookMs);
    await this.#options.queue.close(timeouts.writeMs);
  }

  /** The first may share a collection that began before; the second began after it. */
  async #lookTwice(): Promise<void> {
    await this.look();
    await this.look();
  }

  #writeCount(type: "lost" | "skipped", count: number): void {
    this.#write({ type, time: this.#now() / 1000, count });
  }

  #write(line: unknown): void {
    this.#options.queue.add(`${jsonText(line)}\n`);
  }
}
