/**
 * What containers are called, once their runtimes' files have been read: each is asked for once, few at a time, and remembered. Nobody
 * waits for an answer longer than he says; a container that has gone before it could be asked keeps its id alone.
 *
 * @module
 */
import type { ProcessPlace, Runtime } from "../context/mod.ts";
import type { ContainerInfo } from "./records.ts";

/** A container that the system's own runtime told of. */
export interface SystemContainer {
  /** What lists of the runtime call it. */
  readonly container: string;
  readonly runtime: Runtime;
  /** The whole id. */
  readonly id: string;
}

/** The container of a place; undefined where it is in none, or where that is a user's word. */
export function containerIn({ container, runtime, containerId }: ProcessPlace): SystemContainer | undefined {
  if (container === undefined || runtime === undefined || containerId === undefined) return undefined;
  return { container, runtime, id: containerId };
}

/** Containers that are remembered; those that nobody has asked about for longest leave first. */
export const MOST_NAMES = 2048;
/** Readings at a time. One whose file system doesn't answer keeps its place until it does. */
export const MOST_READINGS = 4;
/** Containers that wait for a reading. */
export const MOST_WAITING = 1024;
/** A runtime may write its file after the container's first process has begun: one that wasn't found is looked for once more. */
export const AGAIN_MS = 3000;

/** What names are made of. */
export interface ContainerNamesParts {
  /** Reads what a container is called; may never resolve. */
  readonly read: (container: SystemContainer) => Promise<ContainerInfo | undefined>;
  /** Calls back later; gives what takes that back. */
  readonly later?: (run: () => void, milliseconds: number) => () => void;
}

function later(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  Deno.unrefTimer(timer);
  return () => clearTimeout(timer);
}

export class ContainerNames {
  readonly #read: ContainerNamesParts["read"];
  readonly #later: NonNullable<ContainerNamesParts["later"]>;
  /** By what lists call them; null where nothing is known. */
  readonly #names = new Map<string, ContainerInfo | null>();
  #waiting: [SystemContainer, isSecond: boolean][] = [];
  #reading = 0;
  readonly #timers = new Set<() => void>();
  /** Readings that nobody has waited for in vain. */
  readonly #fresh = new Set<Promise<void>>();

  constructor(parts: ContainerNamesParts) {
    this.#read = parts.read;
    this.#later = parts.later ?? later;
  }

  /** What a container is called; undefined where nobody knows, or not yet. */
  of(container: string): ContainerInfo | undefined {
    const info = this.#names.get(container);
    if (info === undefined) return undefined;
    this.#names.delete(container);
    this.#names.set(container, info);
    return info ?? undefined;
  }

  /** Has a container's files read, unless they have been. */
  ask(container: SystemContainer): void {
    if (this.#names.has(container.container) || this.#waiting.length >= MOST_WAITING) return;
    if (this.#names.size >= MOST_NAMES) this.#names.delete(this.#names.keys().next().value!);
    this.#names.set(container.container, null);
    this.#enqueue(container, false);
  }

  /**
   * Resolves when what is being read is known, or so many milliseconds are over; undefined where nothing is being read that hasn't
   * taken longer than that already.
   */
  settled(milliseconds: number): Promise<void> | undefined {
    if (this.#fresh.size === 0) return undefined;
    const patience = Promise.withResolvers<void>();
    const cancel = this.#later(() => {
      this.#fresh.clear();
      patience.resolve();
    }, milliseconds);
    return Promise.race([Promise.all(this.#fresh), patience.promise]).then(cancel);
  }

  /** Forgets what is to be looked for once more. */
  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#waiting = [];
  }

  #enqueue(container: SystemContainer, isSecond: boolean): void {
    this.#waiting.push([container, isSecond]);
    this.#next();
  }

  #next(): void {
    while (this.#reading < MOST_READINGS && this.#waiting.length > 0) {
      const [container, isSecond] = this.#waiting.shift()!;
      this.#reading++;
      const look = this.#look(container, isSecond).finally(() => this.#fresh.delete(look));
      this.#fresh.add(look);
    }
  }

  async #look(container: SystemContainer, isSecond: boolean): Promise<void> {
    let info: ContainerInfo | undefined;
    try {
      info = await this.#read(container);
    } catch {
      // whatever is in there must not end more than its reading
    }
    this.#reading--;
    if (info !== undefined && this.#names.has(container.container)) this.#names.set(container.container, info);
    if (info === undefined && !isSecond) this.#lookAgain(container);
    this.#next();
  }

  #lookAgain(container: SystemContainer): void {
    if (this.#timers.size >= MOST_WAITING) return;
    const cancel = this.#later(() => {
      this.#timers.delete(cancel);
      if (this.#names.has(container.container)) this.#enqueue(container, true);
    }, AGAIN_MS);
    this.#timers.add(cancel);
  }
}
