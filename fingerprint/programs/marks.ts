/**
 * What is added to the number of a program that was seen, in bits that no number has.
 *
 * @module
 */

/** The process could not be looked at: it had gone, or that isn't allowed. */
export const UNSEEN = -1;
/** Added to a program: the interpreter is known, what it runs was not there to be read any more. */
export const SCRIPT_UNSEEN = 1 << 30;
/** Added to an executable's number: it runs for the first time, and is labelled when that is needed, not in the capture. */
export const UNLABELLED = 1 << 29;
/** Added to a program: the root of its process was looked at as well. */
export const ROOT_SEEN = 1 << 28;
/** Added to a program: the kernel's record of the exec told it. */
export const RECORDED = 1 << 27;
export const NUMBER = RECORDED - 1;
