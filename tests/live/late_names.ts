/**
 * Which trees may stand for which, where names came too late.
 *
 * @module
 */

/** What says in a tree that a name isn't known: all of it, where a file lies, or what an interpreter ran. */
const NOT_KNOWN = /^unknown$|[@:]\?$/;

/** Whether a tree, as its labels, may be the other, whose names came in time: each is the same, or says that it isn't known. */
export function mayBe(late: readonly string[], inTime: readonly string[]): boolean {
  return late.length === inTime.length &&
    late.every((name, index) => name === inTime[index] || NOT_KNOWN.test(name));
}
