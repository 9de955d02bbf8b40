/**
 * Work in steps: reading a package database takes tens of milliseconds, in which no exec would be captured. So it is a
 * generator that stops after every few hundred microseconds' worth, and whoever drives it goes on when there is time.
 *
 * @module
 */

/** Work that comes to a value, in steps of a millisecond or two. */
export type Steps<T> = Generator<void, T, void>;

/** Does all that is left at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
