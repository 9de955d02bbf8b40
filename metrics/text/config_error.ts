/**
 * What is said about a file that people write, and that can't be used.
 *
 * @module
 */

/**
 * A file that can't be used. The message is one line: which file, where in it, what is wrong, what is wanted; never a value of
 * settings, which may be a secret.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Line and column count from 1; undefined where it is about the whole file. */
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    readonly column: number | undefined,
    readonly problem: string,
    /** What else is wrong with the file, where it was read to its end. */
    readonly further: readonly ConfigError[] = [],
  ) {
    super(`Cannot use ${file}${line === undefined ? "" : `:${line}:${column}`}: ${problem}`);
  }
}
