/**
 * Tells how far learning is: a line that is written over on a terminal, a line of the log now and then elsewhere.
 *
 * @module
 */

import type { LearnOptions } from "../command_line/mod.ts";
import type { LearnProgress } from "../baseline/mod.ts";
import { countText, durationText } from "../http/page/browser/mod.ts";
import type { Logger } from "../text/mod.ts";
import { fitted, roomOf } from "./terminal.ts";

/** Time between two lines of the log. */
const LOG_MS = 3_600_000;

/** To the beginning of the line, and the rest of it blank (ECMA-48: CR, EL). */
const CLEAR = "\r\x1b[K";

/** Writes a line without its end over the last one on standard error, which is a terminal. */
export function writeStatus(text: string): void {
  const line = CLEAR + fitted(text, roomOf(true).columns - 1);
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(line));
  } catch {
    // Nobody is left to be told.
  }
}

export type LearnEnd = Pick<LearnOptions, "until" | "stableMs" | "stableLaunches">;

/** `Learning for 2h 05m: 412 trees; no new one for 1h 10m of 24h, 512 of 1,000 launches since; 12 of 17 units stable` */
export function progressText(
  { trees, quietMs, launches, passedMs, forMs, stableUnits, units }: LearnProgress,
  { until, stableMs, stableLaunches }: LearnEnd,
): string {
  const time = (ms: number) => durationText(ms / 1000), isStableWanted = until === "stable";
  const most = forMs === Infinity ? "" : ` of ${time(forMs)}`;
  const quiet = `no new one for ${time(quietMs)}${isStableWanted ? ` of ${time(stableMs)}` : ""}`;
  const since = `${countText(launches)}${isStableWanted ? ` of ${countText(stableLaunches)}` : ""} launches since`;
  const byUnit = isStableWanted && units > 0 ? `; ${stableUnits} of ${units} units stable` : "";
  return `Learning for ${time(passedMs)}${most}: ${trees} trees; ${quiet}, ${since}${byUnit}`;
}

export class LearnTeller {
  /** Logs, and takes the line on the terminal away before. */
  readonly log: Logger;
  readonly #end: LearnEnd;
  readonly #status: ((text: string) => void) | undefined;
  #toldMs = 0;
  #isShown = false;

  /** `status` writes a line over the last one; undefined where there is no terminal. */
  constructor(log: Logger, end: LearnEnd, status: ((text: string) => void) | undefined) {
    this.#end = end;
    this.#status = status;
    this.log = {
      enabled: (level) => log.enabled(level),
      log: (level, message, fields) => {
        if (log.enabled(level)) this.clear();
        log.log(level, message, fields);
      },
    };
  }

  /** Told after each look. */
  progress(progress: LearnProgress): void {
    const { passedMs } = progress;
    if (this.#status !== undefined) {
      this.#isShown = true;
      this.#status(progressText(progress, this.#end));
    } else if (passedMs - this.#toldMs >= LOG_MS) {
      this.#toldMs = passedMs;
      this.log.log("info", progressText(progress, this.#end));
    }
  }

  /** Takes the line on the terminal away. */
  clear(): void {
    if (this.#isShown) this.#status?.("");
    this.#isShown = false;
  }
}
