/**
 * What was read of another root so far, for the readers of package databases, which don't wait: what they ask for and isn't there
 * yet isn't there for them, and is fetched before they are asked again.
 *
 * @module
 */
import type { Files } from "../base/mod.ts";
import type { RootFiles } from "./root_files.ts";

/** Files asked for at most. The largest system has a few thousand packages. */
const MAX_WANTED = 1 << 15;

const UTF8 = new TextDecoder();

/** What can be fetched of a path. */
type Kind = "read" | "list" | "modified";
export type Fetcher = Pick<RootFiles, Kind>;

type Answers = { readonly [K in Kind]: Map<string, Awaited<ReturnType<Fetcher[K]>>> };

export class RootSnapshot implements Files {
  readonly #known: Answers = { read: new Map(), list: new Map(), modified: new Map() };
  readonly #wanted: { readonly [K in Kind]: Set<string> } = { read: new Set(), list: new Set(), modified: new Set() };
  #count = 0;

  /** Whether something was asked for that {@link fetch} has not looked for yet. */
  get isWanting(): boolean {
    return this.#wanted.read.size + this.#wanted.list.size + this.#wanted.modified.size > 0;
  }

  readText(path: string): string | undefined {
    const bytes = this.#ask("read", path);
    return bytes && UTF8.decode(bytes);
  }

  readInto(path: string, offset: number, buffer: Uint8Array<ArrayBuffer>): number | undefined {
    const bytes = this.#ask("read", path)?.subarray(offset, offset + buffer.length);
    if (bytes !== undefined) buffer.set(bytes);
    return bytes?.length;
  }

  list(path: string): string[] | undefined {
    return this.#ask("list", path);
  }

  modified(path: string): number | undefined {
    return this.#ask("modified", path);
  }

  /** Looks for everything that was asked for, one after the other, and calls `advance` after each. */
  async fetch(files: Fetcher, advance: () => void): Promise<void> {
    // The times first: what is written while it is read is read again.
    await this.#fetch("modified", (path) => files.modified(path), advance);
    await this.#fetch("list", (path) => files.list(path), advance);
    await this.#fetch("read", (path) => files.read(path), advance);
  }

  #ask<K extends Kind>(kind: K, path: string): Awaited<ReturnType<Fetcher[K]>> | undefined {
    const known: Answers[K] = this.#known[kind];
    if (!known.has(path) && this.#count < MAX_WANTED && !this.#wanted[kind].has(path)) {
      this.#wanted[kind].add(path);
      this.#count++;
    }
    return known.get(path) as Awaited<ReturnType<Fetcher[K]>> | undefined;
  }

  async #fetch<K extends Kind>(
    kind: K,
    fetch: (path: string) => ReturnType<Fetcher[K]>,
    advance: () => void,
  ): Promise<void> {
    const known = this.#known[kind] as Map<string, Awaited<ReturnType<Fetcher[K]>>>;
    for (const path of this.#wanted[kind]) {
      known.set(path, await fetch(path));
      advance();
    }
    this.#wanted[kind].clear();
  }
}
