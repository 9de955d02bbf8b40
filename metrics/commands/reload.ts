/**
 * What is read from files at the start and again at each reload, all or nothing.
 *
 * @module
 */

import type { ReloadState } from "../exposition/mod.ts";
import type { Logger } from "../text/mod.ts";

/** Something that is read from a file. */
export interface Reloadable {
  /** Reads it, and gives what puts it into force, which can't fail. Throws an error whose message is one line. */
  load(): Promise<() => void | Promise<void>>;
}

/** Reads all parts, and puts them into force only if all of them can be read. */
export class Reloader {
  state: ReloadState = { successful: true, successSeconds: 0 };
  readonly #parts: readonly Reloadable[];
  readonly #log: Logger;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: readonly Reloadable[], log: Logger) {
    this.#parts = parts;
    this.#log = log;
  }

  /** Reads everything for the first time; throws what a part throws. */
  async start(): Promise<void> {
    const loaded = await Promise.all(this.#parts.map((part) => part.load()));
    for (const apply of loaded) await apply();
    this.state = { successful: true, successSeconds: Date.now() / 1000 };
  }

  /** Reads everything again, after reloads that are under way. Never throws: undefined, or why everything stays as it was. */
  reload(): Promise<string | undefined> {
    const reloaded = this.#last.then(() => this.#reload());
    this.#last = reloaded;
    return reloaded;
  }

  async #reload(): Promise<string | undefined> {
    try {
      await this.start();
      this.#log.log("info", "Reloaded the configuration");
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.state = { ...this.state, successful: false };
      this.#log.log("error", "Cannot reload: everything stays as it was", { reason });
      return reason;
    }
  }
}
