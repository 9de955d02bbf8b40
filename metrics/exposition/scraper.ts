/**
 * A scrape from its beginning to its bytes: collect the changes, apply them, write the text, compress it. Scrapes at the same
 * time share all of that.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { Exposition } from "./exposition.ts";
import { type RunningTree, type SelfProcess, Stat, waitFor } from "../../fingerprint/mod.ts";
import type { LaunchedBy, Registry, Tree, Watcher } from "../registry/mod.ts";
import { familiesOf, PROFILES, type Selection, selectionKey } from "./groups.ts";
import type { EventLogNumbers, ReloadState } from "./family.ts";
import type { Format } from "./templates.ts";

/** The worker gave no answer in time: it is stuck, or the machine is. */
export class CollectTimeoutError extends Error {
  override readonly name = "CollectTimeoutError";
  constructor(readonly timeoutMs: number) {
    super(
      `Cannot collect the changes: no answer from the reading thread in ${timeoutMs} ms; is the machine overloaded?`,
    );
  }
}

/** Garbage that is let lie: a collection of the young generation takes about a millisecond. */
const MOST_GARBAGE = 4 << 20;
const GARBAGE_REST_MS = 50;
/** What a request leaves behind beside its body: objects of the server, and memory of the runtime that they keep. */
const REQUEST_GARBAGE = 32 << 10;

/** Formats and selections whose last bytes are kept, to be copied from; requests may ask for thousands. */
const MOST_EXPOSITIONS = 6;

export interface ScraperOptions {
  readonly watcher: Watcher;
  /** The trees and statistics of the last scrape. */
  readonly registry: Registry;
  /** Labels of `cnproc_exporter_build_info`, such as the version; the names must be label names. */
  readonly build: Readonly<Record<string, string>>;
  /** Reads the numbers of the exporter's own process; undefined if they can't be read. */
  readonly selfProcess: () => SelfProcess | undefined;
  /** What a scrape has that asks for nothing else; all if not given. */
  readonly selection?: Selection;
  /** How the last reload went; nothing was ever reloaded if not given. */
  readonly reload?: () => ReloadState;
  readonly eventLog?: EventLogNumbers | undefined;
  /** How long a scrape waits for the changes. */
  readonly timeoutMs?: number;
  /**
   * Collects what was thrown away lately. V8 counts the bytes of arrays only roughly and lets tens of megabytes of them lie,
   * because a scrape leaves few objects beside them.
   */
  readonly collectGarbage?: () => void;
}

/**
 * Compresses with gzip. Level 1 costs a fifth of level 6 and gives two thirds more bytes: right for a reader on the same
 * machine or network. CompressionStream knows only level 6. The metrics shrink to a tenth: one chunk holds them, and nothing
 * is put together.
 */
function compress(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = gzipSync(text, { level: 1, chunkSize: 16_384 + (text.length >> 3) });
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

/** One state of the metrics: the number of its last report, and its bytes in as many formats as are asked for. */
interface Snapshot {
  readonly report: number;
  readonly body: (format: Format, gzip: boolean, selection: Selection) => Uint8Array<ArrayBuffer>;
}

/** The metrics of a moment. */
export interface Scraped {
  /** Whoever wants to change it copies it: others may be getting the same. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Says that it is on its way to a client that waits for it. */
  confirm(): void;
}

/** Gives the metrics as bytes. */
export class Scraper {
  readonly registry: Registry;
  /** Counters of the web side; see `ScrapeNumbers`. */
  rejected = 0;
  #scrapes = 0;
  #failed = 0;
  #collectSeconds = 0;
  #renderSeconds = 0;
  #garbageBytes = 0;
  #pending: Promise<Snapshot> | undefined;
  readonly #options: ScraperOptions;
  /** By format and selection, the one that was used last at the end. */
  readonly #expositions = new Map<string, Exposition>();

  constructor(options: ScraperOptions) {
    this.#options = options;
    this.registry = options.registry;
  }

  /** What a scrape has that asks for nothing else. */
  get selection(): Selection {
    return this.#options.selection ?? PROFILES.full;
  }

  /** Brings the registry up to date. Throws what the watcher throws, or a {@link CollectTimeoutError}. */
  async refresh(): Promise<void> {
    await this.#snapshot();
  }

  /**
   * The metrics of now, of `selection` only. Throws what the watcher throws, or a {@link CollectTimeoutError}.
   */
  async scrape(format: Format, gzip: boolean, selection: Selection = this.selection): Promise<Scraped> {
    this.#scrapes++;
    this.#leaveGarbage(REQUEST_GARBAGE);
    try {
      const snapshot = await this.#snapshot();
      const bytes = snapshot.body(format, gzip, selection);
      return { bytes, confirm: () => this.#options.watcher.confirm(snapshot.report) };
    } catch (error) {
      this.#failed++;
      throw error;
    }
  }

  /** What runs a tree now. Throws what the watcher throws, or a {@link CollectTimeoutError}. */
  async running({ id }: Pick<Tree, "id">): Promise<RunningTree> {
    return await this.#inTime(this.#options.watcher.running(id));
  }

  async #snapshot(): Promise<Snapshot> {
    this.#pending ??= this.#collect().finally(() => this.#pending = undefined);
    return await this.#inTime(this.#pending);
  }

  async #inTime<T extends object>(answer: Promise<T>): Promise<T> {
    const { timeoutMs = 10_000 } = this.#options;
    const given = await waitFor(answer, timeoutMs);
    if (given === undefined) throw new CollectTimeoutError(timeoutMs);
    return given;
  }

  async #collect(): Promise<Snapshot> {
    const start = performance.now();
    const changes = await this.#options.watcher.collect();
    this.#collectSeconds = (performance.now() - start) / 1000;
    this.registry.apply(changes);
    this.#leaveGarbage(changes.rows.byteLength);
    const bodies = new Map<string, Uint8Array<ArrayBuffer>>();
    return {
      report: changes.stats[Stat.Report]!,
      body: (format, gzip, selection) => {
        const key = `${format} ${gzip} ${selectionKey(selection)}`, known = bodies.get(key);
        if (known !== undefined) return known;
        const text = this.#render(format, selection), body = gzip ? compress(text) : text.slice();
        this.#leaveGarbage(body.buffer.byteLength);
        bodies.set(key, body);
        return body;
      },
    };
  }

  #leaveGarbage(bytes: number): void {
    const { collectGarbage } = this.#options;
    if (collectGarbage === undefined) return;
    const before = this.#garbageBytes;
    this.#garbageBytes += bytes;
    if (before > MOST_GARBAGE || this.#garbageBytes <= MOST_GARBAGE) return;
    // After the answers under way: they hold what is to be collected.
    setTimeout(() => {
      this.#garbageBytes = 0;
      collectGarbage();
    }, GARBAGE_REST_MS);
  }

  /** The text, where the next but one is written over it. */
  #render(format: Format, selection: Selection): Uint8Array<ArrayBuffer> {
    const start = performance.now();
    const text = this.#exposition(format, selection).render(this.registry, {
      stats: this.registry.stats,
      unexpectedLaunches: this.registry.hasExpectation ? this.registry.unexpectedLaunches : undefined,
      completeSinceSeconds: this.registry.completeSinceSeconds,
      baselineMode: this.registry.baselineMode,
      reload: this.#options.reload?.() ?? { successful: true, successSeconds: 0 },
      launchesByUnit: this.registry.contexts.launchesByUnit,
      launchesByContainer: this.registry.contexts.containers.entries(),
      namedContainers: () => this.registry.contexts.named(),
      launchedBy: () => launchersOf(this.registry),
      eventLog: this.#options.eventLog,
      process: this.#options.selfProcess(),
      build: this.#options.build,
      scrape: {
        scrapes: this.#scrapes,
        rejected: this.rejected,
        failed: this.#failed,
        collectSeconds: this.#collectSeconds,
        renderSeconds: this.#renderSeconds,
      },
    });
    this.#renderSeconds = (performance.now() - start) / 1000;
    return text;
  }

  #exposition(format: Format, selection: Selection): Exposition {
    const key = `${format} ${selectionKey(selection)}`;
    const exposition = this.#expositions.get(key) ?? new Exposition(format, familiesOf(selection));
    this.#expositions.delete(key);
    this.#expositions.set(key, exposition);
    if (this.#expositions.size > MOST_EXPOSITIONS) this.#expositions.delete(this.#expositions.keys().next().value!);
    return exposition;
  }
}

/** Each tree with who launches it, in the order of the trees. */
function* launchersOf({ trees, contexts }: Registry): Generator<LaunchedBy> {
  for (const { id } of trees) yield* contexts.launchersOf(id);
}
