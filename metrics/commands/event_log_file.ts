/**
 * The file of the event log, for as long as `serve` runs.
 *
 * @module
 */

import { AppendedFile } from "../../fingerprint/mod.ts";
import type { ServeOptions } from "../command_line/mod.ts";
import { LineQueue } from "../event_log/mod.ts";
import type { Logger } from "../text/mod.ts";

const STANDARD_OUTPUT = "-";

/** The path of the file that is appended to; undefined without one. */
export function eventLogPath({ eventLog }: Pick<ServeOptions, "eventLog">): string | undefined {
  return eventLog === STANDARD_OUTPUT ? undefined : eventLog;
}

/** Lines on their way into that file, or to standard output. */
export class EventLogFile {
  readonly queue: LineQueue;
  readonly #path: string | undefined;
  readonly #log: Logger;

  private constructor(path: string | undefined, file: AppendedFile, log: Logger) {
    this.#path = path;
    this.#log = log;
    this.queue = new LineQueue(file, log);
  }

  /** Opens it, unless it was before rights were given up; undefined where none is wanted. Throws an error of one line. */
  static open(
    options: Pick<ServeOptions, "eventLog">,
    opened: AppendedFile | undefined,
    log: Logger,
  ): EventLogFile | undefined {
    if (options.eventLog === undefined) return undefined;
    const path = eventLogPath(options);
    const file = path === undefined ? AppendedFile.standardOutput() : opened ?? AppendedFile.open(path);
    return new EventLogFile(path, file, log);
  }

  /** Goes on in the file that has this path now, so that a rotation can move the old one. Where that fails the old one stays. */
  reopen(): void {
    if (this.#path === undefined) return;
    try {
      this.queue.replace(AppendedFile.open(this.#path));
    } catch (error) {
      this.#log.log("error", "Cannot open the event log again: it stays in the file it was", {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
