/**
 * How a command tells what went wrong: an error that a user may meet is one line.
 *
 * @module
 */

import { WatchError } from "../../fingerprint/mod.ts";
import { createLogger, type LogFormat, type Logger, type LogLevel } from "../text/mod.ts";
import type { Process } from "./process.ts";

/** Does something that logs; gives the exit status. An error is logged in one line, its details are for debugging. */
export async function reporting(
  { logLevel, logFormat }: { readonly logLevel: LogLevel; readonly logFormat: LogFormat },
  process: Pick<Process, "isJournal">,
  work: (log: Logger) => Promise<number>,
): Promise<number> {
  const log = createLogger({ level: logLevel, format: logFormat, toJournal: process.isJournal() });
  try {
    return await work(log);
  } catch (error) {
    log.log("error", error instanceof Error ? error.message : String(error));
    log.log("debug", "Details", {
      detail: error instanceof WatchError ? error.detail : String(error instanceof Error ? error.stack : error),
    });
    return 1;
  }
}
