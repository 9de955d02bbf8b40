/**
 * Types of what is used of `@std/path/posix`: the standard library's code on npm comes without.
 *
 * @module
 */

/** Whether a path begins at the root. */
export function isAbsolute(path: string): boolean;
/** Joins paths with `/` and normalizes the result. */
export function join(...paths: string[]): string;
/** Resolves `.` and `..` and repeated slashes, without looking at the file system. */
export function normalize(path: string): string;
