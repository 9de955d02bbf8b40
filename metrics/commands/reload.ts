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

/** How the last reload went, for who shows it. */
export class ReloadRecord implements ReloadState {
  successful = true;
  successSeconds = 0;
}

/** Reads all parts, and puts them into force only if all of them can be read. */
export class Reloader {
  readonly #parts: readonly Reloadable[];
  readonly #record: ReloadRecord;
  readonly #log: Logger;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: readonly Reloadable[], record: ReloadRecord, log: Logger) {
    this.#parts = parts;
    this.#record = record;
    this.#log = log;
  }

  /** Reads parts for the first time: all, or those that nobody has read yet. Throws what a part throws. */
  async start(parts: readonly Reloadable[] = this.#parts): Promise<void> {
    const loaded = await Promise.all(parts.map((part) => part.load()));
    for (const apply of loaded) await apply();
    this.#record.successful = true;
    this.#record.successSeconds = Date.now() / 1000;
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
      this.#record.successful = false;
      this.#log.log("error", "Cannot reload: everything stays as it was", { reason });
      return reason;
    }
  }
}
