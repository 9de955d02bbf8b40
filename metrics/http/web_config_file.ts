/**
 * The web configuration as it is now: read again when one of its files changes.
 *
 * @module
 */

import { WatchedFiles } from "../settings/mod.ts";
import type { Logger } from "../text/mod.ts";
import { readWebConfig } from "./web_config.ts";
import type { WebConfig } from "./web_settings.ts";

/** How often the files are looked at. */
const LOOK_MS = 1000;

export interface WebConfigUser {
  /** Throws an error for a configuration that can't be put into force; its message is one line. */
  check(config: WebConfig): void;
  /** Puts it into force. */
  apply(config: WebConfig): void;
}

/** Keeps the configuration of `--web.config.file`. */
export class WebConfigFile {
  readonly #file: string;
  readonly #log: Logger;
  readonly #user: WebConfigUser;
  #files = new WatchedFiles();
  #timer: number | undefined;

  /** Reads it for the first time, and puts it into force; throws what {@link readWebConfig} and the user's check throw. */
  constructor(file: string, log: Logger, user: WebConfigUser) {
    this.#file = file;
    this.#log = log;
    this.#user = user;
    this.load()();
  }

  /** Reads it again; what it gives puts it into force. Throws if it can't be used. */
  load(): () => void {
    // Whatever is wrong is said once, and again when the files have changed again.
    this.#files = new WatchedFiles();
    const config = readWebConfig(this.#file, this.#files);
    this.#user.check(config);
    return () => this.#user.apply(config);
  }

  /** Looks at the files from now on. */
  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    Deno.unrefTimer(this.#timer);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#files.haveChanged) return;
    try {
      this.load()();
      this.#log.log("info", "Read the web configuration again", { file: this.#file });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.log("error", `${reason}; what was read before stays in force`);
    }
  }
}
