/**
 * What the test of interpreters asks of each of them.
 *
 * @module
 */

/** An interpreter's options, as its manual has them, and ways to name a program. */
export interface Subject {
  /** Executables, of which the first that is installed is run. */
  readonly executables: readonly string[];
  /** Whether every machine that tests has it: then its absence is a skip, and a failure where skips are failures. */
  readonly isCommon?: boolean;
  /** Name of a script. */
  readonly script: string;
  /** The text of a program that prints `RAN` and the given word, at once and before it reads any input. */
  readonly print: (word: string) => string;
  /** What stands before the options. */
  readonly first?: string;
  /** Options, each as the words it takes. None may keep the program from running. */
  readonly options: string;
  /** Ends of command lines: a line each, `$` where the text of a program stands. */
  readonly ends: string;
  /** Command lines to run. */
  readonly runs: number;
  /** Other files that options name: name and text. */
  readonly files?: Readonly<Record<string, string>>;
  /** A command of the shell that makes further files. */
  readonly setUp?: string;
  /** An option with which a starter prints the arguments of what it becomes, a line each, and that one's name. */
  readonly becomes?: readonly [option: string, name: string];
  /** Programs that print another word than their name. */
  readonly prints?: Readonly<Record<string, string>>;
}
