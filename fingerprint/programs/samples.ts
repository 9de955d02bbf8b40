/**
 * Which launches of an executable are looked at further, where that costs system calls.
 *
 * @module
 */

/** All of so many first launches; then one in so many. */
const FIRST = 8, EACH = 64;
/** Executables are numbered below this; those beyond share counters. */
const EXECUTABLES = 1 << 15;

export class LaunchSamples {
  /** By executable: launches, up to {@link FIRST}, and then those since the last that was looked at. */
  #counts: Uint8Array | undefined;

  /** Counts a launch of an executable; whether it is one to be looked at. */
  isDue(executable: number): boolean {
    const counts = this.#counts ??= new Uint8Array(EXECUTABLES), at = executable % EXECUTABLES, count = counts[at]!;
    const isLast = count === FIRST + EACH - 1;
    counts[at] = isLast ? FIRST : count + 1;
    return count < FIRST || isLast;
  }

  clear(): void {
    this.#counts = undefined;
  }
}
