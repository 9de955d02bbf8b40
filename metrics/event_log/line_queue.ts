/**
 * Lines on their way into a file: they wait in memory, up to a bound, and who adds one never waits. What can't be written is
 * lost, and counted.
 *
 * @module
 */

import { waitFor } from "../../fingerprint/mod.ts";
import type { EventLogNumbers } from "../exposition/mod.ts";
import type { Logger } from "../text/mod.ts";

/** Characters that may wait: some 5000 lines. */
const MOST_WAITING = 1 << 20;

/** Where lines go; `AppendedFile` is one. */
export interface LineTarget {
  /** Writes bytes; gives how many were written. One call at a time. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Why the last write wrote less than all. */
  readonly problem: string;
  close(): Promise<void>;
}

const LINE_FEED = 10;

function lineFeedsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let i = bytes.indexOf(LINE_FEED); i >= 0; i = bytes.indexOf(LINE_FEED, i + 1)) count++;
  return count;
}

/** Writes lines into one file after another. */
export class LineQueue implements EventLogNumbers {
  readonly #log: Logger;
  readonly #mostWaiting: number;
  #target: LineTarget;
  #waiting: string[] = [];
  #waitingLength = 0;
  #pumping: Promise<void> | undefined;
  #writing: LineTarget | undefined;
  /** Whether what was written last is part of a line only. */
  #isTorn = false;
  /** Whether the last lines were lost. */
  #isLosing = false;
  #lines = 0;
  readonly lost = { backlog: 0, overrun: 0, write: 0 };

  constructor(target: LineTarget, log: Logger, mostWaiting = MOST_WAITING) {
    this.#target = target;
    this.#log = log;
    this.#mostWaiting = mostWaiting;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Events that nobody could take a look at, because too many came at once. */
  addOverrun(events: number): void {
    this.lost.overrun += events;
  }

  /** Takes a line, with its line feed. */
  add(line: string): void {
    if (this.#waitingLength + line.length > this.#mostWaiting) {
      this.lost.backlog++;
      this.#noteLoss("they come faster than they are read");
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    this.#pumping ??= this.#pump().finally(() => this.#pumping = undefined);
  }

  /** Goes on in another file, once what is being written now is. */
  replace(target: LineTarget): void {
    const old = this.#target;
    this.#target = target;
    if (old !== this.#writing) old.close();
  }

  /** Writes what waits, for some time at most; then it is lost. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#pumping !== undefined) await waitFor(this.#pumping, timeoutMs);
    if (this.#pumping === undefined) await this.#target.close();
  }

  async #pump(): Promise<void> {
    await undefined; // the lines of one report go out together
    while (this.#waiting.length > 0) {
      const target = this.#writing = this.#target;
      // What follows a line that was cut off begins a new one.
      const bytes = new TextEncoder().encode((this.#isTorn ? "\n" : "") + this.#waiting.join(""));
      const torn = this.#isTorn ? 1 : 0, count = this.#waiting.length;
      this.#waiting = [];
      this.#waitingLength = 0;
      const written = await target.write(bytes);
      const whole = Math.max(0, lineFeedsIn(bytes.subarray(0, written)) - torn);
      this.#lines += whole;
      if (written > 0) this.#isTorn = bytes[written - 1] !== LINE_FEED;
      if (whole < count) {
        this.lost.write += count - whole;
        this.#noteLoss(target.problem);
      } else if (this.#isLosing) {
        this.#isLosing = false;
        this.#log.log("info", "Writing the event log again", { ...this.lost });
      }
      this.#writing = undefined;
      if (target === this.#target) continue;
      this.#isTorn = false;
      await target.close();
    }
  }

  /** Said once, until lines are written again. */
  #noteLoss(reason: string): void {
    if (this.#isLosing) return;
    this.#isLosing = true;
    this.#log.log("warn", "Cannot write the event log: lines are lost", { reason });
  }
}
