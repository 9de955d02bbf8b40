/**
 * A scrape from its beginning to its bytes: collect the changes, apply them, write the text, compress it. Scrapes at the same
 * time share all of that.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { Exposition } from "./exposition.ts";
import { type SelfProcess, Stat } from "./fingerprint.ts";
import { Registry, type Watcher } from "./registry.ts";
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

/** What a {@link Scraper} is made of. */
export interface ScraperOptions {
  readonly watcher: Watcher;
  /** Labels of `cnproc_exporter_build_info`, such as the version; the names must be label names. */
  readonly build: Readonly<Record<string, string>>;
  /** Reads the numbers of the exporter's own process; undefined if they can't be read. */
  readonly selfProcess: () => SelfProcess | undefined;
  /** How long a scrape waits for the changes. */
  readonly timeoutMs?: number;
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

/** One state of the metrics, in as many formats as are asked for. */
class Snapshot {
  readonly #bodies = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #render: (format: Format) => Uint8Array<ArrayBuffer>;

  /** `report` is the number of the last report that is part of it. */
  constructor(readonly report: number, render: (format: Format) => Uint8Array<ArrayBuffer>) {
    this.#render = render;
  }

  body(format: Format, gzip: boolean): Uint8Array<ArrayBuffer> {
    const key = `${format} ${gzip}`;
    let body = this.#bodies.get(key);
    if (body === undefined) {
      const text = this.#render(format);
      // Later scrapes write over the text: it is copied.
      body = gzip ? compress(text) : text.slice();
      this.#bodies.set(key, body);
    }
    return body;
  }
}

/** Gives the metrics as bytes. */
export class Scraper {
  /** The trees and statistics of the last scrape. */
  readonly registry = new Registry();
  /** Counters of the web side; see `ScrapeNumbers`. */
  rejected = 0;
  #scrapes = 0;
  #failed = 0;
  #collectSeconds = 0;
  #renderSeconds = 0;
  #pending: Promise<Snapshot> | undefined;
  readonly #options: ScraperOptions;
  readonly #expositions = new Map<Format, Exposition>();
  /** Of each body: the report it shows, and the scrapes that have it and aren't done. */
  readonly #given = new WeakMap<Uint8Array, { readonly report: number; scrapes: number }>();

  constructor(options: ScraperOptions) {
    this.#options = options;
  }

  /** Brings the registry up to date. Throws what the watcher throws, or a {@link CollectTimeoutError}. */
  async refresh(): Promise<void> {
    await this.#snapshot();
  }

  /** The metrics of now. Throws what the watcher throws, or a {@link CollectTimeoutError}. */
  async scrape(format: Format, gzip: boolean): Promise<Uint8Array<ArrayBuffer>> {
    this.#scrapes++;
    try {
      const snapshot = await this.#snapshot(), body = snapshot.body(format, gzip);
      const given = this.#given.get(body);
      if (given === undefined) this.#given.set(body, { report: snapshot.report, scrapes: 1 });
      else given.scrapes++;
      return body;
    } catch (error) {
      this.#failed++;
      throw error;
    }
  }

  /** A body of {@link scrape} is on its way to a client that waits for it. */
  confirm(body: Uint8Array): void {
    const given = this.#given.get(body);
    if (given !== undefined) this.#options.watcher.confirm(given.report);
  }

  /** An answer with a body of {@link scrape} is done: the last one gives back megabytes that no collector would see for long. */
  release(body: Uint8Array<ArrayBuffer>): void {
    const given = this.#given.get(body);
    if (given !== undefined && --given.scrapes === 0) body.buffer.transfer(0);
  }

  async #snapshot(): Promise<Snapshot> {
    this.#pending ??= this.#collect().finally(() => this.#pending = undefined);
    const { timeoutMs = 10_000 } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new CollectTimeoutError(timeoutMs)), timeoutMs);
    try {
      return await Promise.race([this.#pending, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #collect(): Promise<Snapshot> {
    const start = performance.now();
    const changes = await this.#options.watcher.collect();
    this.#collectSeconds = (performance.now() - start) / 1000;
    this.registry.apply(changes);
    return new Snapshot(changes.stats[Stat.Report]!, (format) => this.#render(format));
  }

  #render(format: Format): Uint8Array<ArrayBuffer> {
    const start = performance.now();
    let exposition = this.#expositions.get(format);
    if (exposition === undefined) this.#expositions.set(format, exposition = new Exposition(format));
    const text = exposition.render(this.registry, {
      stats: this.registry.stats,
      unexpectedLaunches: this.registry.hasExpectation ? this.registry.unexpectedLaunches : undefined,
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
}
