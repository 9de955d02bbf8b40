/**
 * When to give memory back: what a storm leaves is collected when it is over, since that takes a while, in which no exec is
 * captured. Free pages, in less than a millisecond, even while it lasts where names aren't a race.
 *
 * @module
 */

/** Time between two looks; execs in such a time that still are quiet. */
const TIDY_NS = 5e9;
const QUIET_EXECS = 2000;
/** Garbage of the buffers that is collected at the next look; and forks and execs after which it is collected in any case, when it is quiet. */
const GARBAGE_BYTES = 4 << 20;
const GARBAGE_EVENTS = 20_000;

/** What is due: nothing, the C library's free pages, or garbage too. */
export type Due = "nothing" | "pages" | "garbage";

export class Tidying {
  readonly #isRaced: boolean;
  #buffered = 0;
  #garbageBytes = 0;
  #nextNs = 0;
  #execs = 0;
  #eventsAtCollection = 0;
  #isQuiet = false;

  /** `isRaced`: whether names are a race against the end of processes. */
  constructor(isRaced: boolean) {
    this.#isRaced = isRaced;
  }

  /** Whether few processes were launched lately, at the last look. */
  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  /** What is due at `nowNs`, with buffers of so many bytes, and so many execs and forks since the start. */
  check(nowNs: number, bufferedBytes: number, execs: number, forks: number): Due {
    this.#garbageBytes += Math.max(0, this.#buffered - bufferedBytes);
    this.#buffered = bufferedBytes;
    this.#isQuiet = false;
    if (nowNs < this.#nextNs) return "nothing";
    this.#nextNs = nowNs + TIDY_NS;
    this.#isQuiet = execs - this.#execs < QUIET_EXECS;
    this.#execs = execs;
    const events = execs + forks;
    if (this.#garbageBytes > GARBAGE_BYTES || (this.#isQuiet && events - this.#eventsAtCollection > GARBAGE_EVENTS)) {
      this.#garbageBytes = 0;
      // In the midst of a storm more comes, which is collected when it is over.
      if (this.#isQuiet) this.#eventsAtCollection = events;
      return "garbage";
    }
    return this.#isQuiet || !this.#isRaced ? "pages" : "nothing";
  }
}
