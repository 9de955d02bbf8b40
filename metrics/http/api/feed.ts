/**
 * What goes on, live: records launches and endings while somebody asks for them, and streams them, with the trees that
 * changed, as server-sent events.
 *
 * While somebody listens, the changes are collected as at a scrape, 40 times a second: an event reaches whoever watches within a
 * twentieth of a second. Trees and health follow once a second, and so do events where there are more than a subscriber wants.
 * Each gets what is new to it; those that are equally far share one text. One that doesn't read is dropped, not buffered for: it comes back with the id of
 * its last message.
 *
 * @module
 */

import type { Registry } from "../../registry/mod.ts";
import type { EventJson, EventList, Recorder } from "./history.ts";
import { type FeedOptions, message, type Subscriber, type TreesMessage, type Wanted } from "./subscriber.ts";
import { healthJson, recentJson, treeJson } from "./trees.ts";

/** Time between two messages with events, and between two with everything. */
const TICK_MS = 25;
const WHOLE_MS = 1000;
/** A recording goes on for so long after the last request for it. */
const KEEP_MS = 60_000;
/** A stream carries something at least that often, so that both ends notice when the other has gone. */
const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a subscriber when there is more to send; with more it is dropped. */
const MOST_WAITING = 4 << 20;
/** Bytes that may wait for all of them; with more, those that most waits for are dropped. */
const MOST_WAITING_IN_ALL = 8 << 20;
/** Subscribers at the same time, and those of one address: one client leaves places for others. */
export const MOST_SUBSCRIBERS = 32;
const MOST_OF_PEER = 16;
/** Trees that left, that are remembered for subscribers that come back. */
const MOST_REMOVED = 1000;

const ENCODER = new TextEncoder();

export class Feed {
  readonly #options: FeedOptions;
  readonly #registry: Registry;
  readonly #now: () => number;
  readonly #subscribers = new Set<Subscriber>();
  /** Names this recording: numbers of another mean other events. */
  #recording = "";
  #sinceMs = 0;
  #touchedMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isTicking = false;
  #wholeMs = 0;
  /** Paths that were shown at the last tick. */
  #shown: ReadonlySet<string> = new Set();
  #removed: { readonly path: string; readonly generation: number }[] = [];
  /** Since which generation all removed trees are known. */
  #removedSince = 0;
  #health = "";
  #isHealthNew = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#registry = options.scraper.registry;
  }

  /** Unix time in milliseconds since which events are recorded; undefined while they aren't. */
  get sinceMs(): number | undefined {
    return this.#history === undefined ? undefined : this.#sinceMs;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  get #history(): Recorder["history"] {
    return this.#options.recorder.history;
  }

  /** Where a subscriber is that knows all events and trees up to now. */
  get id(): string {
    return this.#id(this.#history?.last ?? 0, this.#registry.generation);
  }

  /** Where a subscriber is that knows all events before these, which are the newest, and no tree. */
  idBefore(events: readonly EventJson[]): string {
    return this.#id((events[0]?.seq ?? (this.#history?.last ?? 0) + 1) - 1, 0);
  }

  #id(seq: number, generation: number): string {
    return `${this.#recording}-${seq}-${generation}`;
  }

  /** Begins to record, or goes on: somebody asks for events. */
  touch(): void {
    this.#touchedMs = this.#now();
    if (this.#history !== undefined) return;
    const registry = this.#registry;
    this.#options.recorder.start();
    this.#sinceMs = this.#now();
    this.#wholeMs = this.#sinceMs;
    this.#recording = this.#sinceMs.toString(36);
    this.#shown = new Set(registry.trees.map(({ path }) => path));
    this.#removed = [];
    this.#removedSince = registry.generation;
    this.#options.listen(true);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** The newest events, at most `limit`, of those after the message `lastId`. */
  events(limit: number, lastId?: string): EventList {
    return this.#history?.after(this.#position(lastId)?.seq ?? 0, limit) ?? { events: [], skipped: 0 };
  }

  /** The newest events of a tree, at most `limit`, oldest first. */
  eventsOf(tree: string, limit: number): EventJson[] {
    return this.#history?.of(tree, limit) ?? [];
  }

  /** A stream of messages; undefined where there are too many already, in all or of that peer. */
  subscribe(wanted: Wanted, peer?: string): ReadableStream<Uint8Array> | undefined {
    const ofPeer = [...this.#subscribers].filter((other) => peer !== undefined && other.peer === peer);
    if (this.#subscribers.size >= MOST_SUBSCRIBERS || ofPeer.length >= MOST_OF_PEER) {
      this.#options.reached?.(ofPeer.length >= MOST_OF_PEER ? "streamsOfPeer" : "streams", peer);
      return undefined;
    }
    this.touch();
    const position = this.#position(wanted.lastId);
    let subscriber: Subscriber;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        subscriber = {
          wanted,
          peer,
          controller,
          seq: position?.seq ?? this.#history!.last,
          generation: position?.generation ?? -1,
          sentMs: this.#now(),
          sent: 0,
        };
        this.#subscribers.add(subscriber);
        controller.enqueue(ENCODER.encode("retry: 2000\n\n"));
        this.#send(subscriber, new Map(), true);
      },
      cancel: () => {
        this.#touchedMs = this.#now();
        this.#subscribers.delete(subscriber);
      },
    }, new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }));
  }

  /** Ends the streams and the recording. */
  close(): void {
    for (const subscriber of this.#subscribers) this.#drop(subscriber);
    if (this.#history === undefined) return;
    clearInterval(this.#timer);
    this.#options.recorder.stop();
    this.#options.listen(false);
  }

  /** What an id says, where it is one of this recording. */
  #position(id: string | undefined): { seq: number; generation: number } | undefined {
    const match = /^([0-9a-z]+)-(\d{1,15})-(\d{1,15})$/.exec(id ?? "");
    if (match === null || match[1] !== this.#recording) return undefined;
    const seq = Number(match[2]), generation = Number(match[3]);
    if (seq > this.#history!.last || generation > this.#registry.generation) return undefined;
    return { seq, generation: generation < this.#removedSince ? -1 : generation };
  }

  async #tick(): Promise<void> {
    if (this.#subscribers.size === 0) {
      if (this.#now() - this.#touchedMs > KEEP_MS) this.close();
      return;
    }
    if (this.#isTicking) return; // the worker is slow
    this.#isTicking = true;
    try {
      // What can't be collected is logged by the requests that need it; the streams go on when it can again.
      if (this.#options.notReady() === undefined) await this.#options.scraper.refresh().catch(() => {});
      const isWhole = this.#now() - this.#wholeMs >= WHOLE_MS;
      if (isWhole) {
        this.#wholeMs = this.#now();
        this.#noticeRemoved();
        this.#noticeHealth();
      }
      const texts = new Map<string, Uint8Array>();
      for (const subscriber of this.#subscribers) this.#send(subscriber, texts, isWhole);
    } finally {
      this.#isTicking = false;
    }
  }

  #noticeRemoved(): void {
    const registry = this.#registry, shown = new Set(registry.trees.map(({ path }) => path));
    for (const path of this.#shown) {
      if (!shown.has(path)) this.#removed.push({ path, generation: registry.generation });
    }
    this.#shown = shown;
    while (this.#removed.length > MOST_REMOVED) this.#removedSince = this.#removed.shift()!.generation;
  }

  #noticeHealth(): void {
    const health = JSON.stringify(healthJson(this.#registry, this.#options.notReady()));
    this.#isHealthNew = health !== this.#health;
    this.#health = health;
  }

  /** Sends what is new to a subscriber, or only its events. `texts` are those of others that are equally far. */
  #send(subscriber: Subscriber, texts: Map<string, Uint8Array>, isWhole: boolean): void {
    const { wanted, controller, seq, generation } = subscriber, now = this.#now(), history = this.#history!;
    const limit = isWhole ? wanted.limit : wanted.limit - subscriber.sent;
    // What doesn't fit is counted once a second.
    if (!isWhole && (seq === history.last || history.last - seq > limit)) return;
    const key = `${wanted.trees} ${limit} ${seq} ${generation}`;
    let text = texts.get(key);
    if (text === undefined) texts.set(key, text = ENCODER.encode(this.#text(subscriber, limit, isWhole)));
    subscriber.sent = isWhole ? 0 : subscriber.sent + history.last - seq;
    subscriber.seq = history.last;
    if (isWhole) subscriber.generation = this.#registry.generation;
    if (text.length === 0 && now - subscriber.sentMs < HEARTBEAT_MS) return;
    if (waitingFor(subscriber) >= MOST_WAITING) return this.#drop(subscriber, true);
    controller.enqueue(text.length > 0 ? text : ENCODER.encode(": heartbeat\n\n"));
    subscriber.sentMs = now;
    this.#dropSlow();
  }

  /** Drops those that most waits for, until what waits is little enough. One that is alone may have more: all trees are much. */
  #dropSlow(): void {
    const slow = [...this.#subscribers].filter((subscriber) => waitingFor(subscriber) > 0)
      .sort((a, b) => waitingFor(a) - waitingFor(b));
    let sum = slow.reduce((all, subscriber) => all + waitingFor(subscriber), 0);
    while (sum > MOST_WAITING_IN_ALL && slow.length > 1) {
      const subscriber = slow.pop()!;
      sum -= waitingFor(subscriber);
      this.#drop(subscriber, true);
    }
  }

  #text({ wanted, seq, generation }: Subscriber, limit: number, isWhole: boolean): string {
    const registry = this.#registry, { notReady } = this.#options, history = this.#history!;
    let text = "";
    if (wanted.trees && isWhole) {
      const complete = generation < 0 || generation < this.#removedSince;
      const trees = registry.trees.filter(({ changed }) => complete || changed > generation);
      const removed = this.#removed.filter((tree) => !complete && tree.generation > generation);
      if (complete || trees.length > 0 || removed.length > 0 || this.#isHealthNew) {
        const data: TreesMessage = {
          complete,
          trees: trees.map((tree) => treeJson(tree, registry)),
          removed: removed.map(({ path }) => path),
          recent: recentJson(registry),
          health: healthJson(registry, notReady()),
        };
        // The events that belong to it have not been sent yet.
        text += message("trees", data, this.#id(seq, registry.generation));
      }
    }
    const list = history.after(seq, limit);
    if (list.events.length > 0 || list.skipped > 0) {
      text += message("events", list, this.#id(history.last, isWhole ? registry.generation : generation));
    }
    return text;
  }

  /** Ends a subscriber's stream; what waits for one that is too slow is given up. */
  #drop(subscriber: Subscriber, isSlow = false): void {
    this.#touchedMs = this.#now();
    this.#subscribers.delete(subscriber);
    try {
      if (isSlow) subscriber.controller.error(new Error("The client reads too slowly"));
      else subscriber.controller.close();
    } catch {
      // Its side has ended it already.
    }
  }
}

/** Bytes that a subscriber hasn't read yet; those of a stream that ended are nobody's. */
function waitingFor({ controller }: Subscriber): number {
  return controller.desiredSize === null ? MOST_WAITING : MOST_WAITING - controller.desiredSize;
}
