/**
 * What a row of the table of interpreters says: by which names an interpreter goes, and how its command line names the program.
 *
 * @module
 */

/**
 * What an option does to the arguments after it.
 *
 * - `value`: takes a value: the rest of the argument, what follows `=`, or the next argument
 * - `next`: takes the next argument, whatever stands behind its letter: `bash -euxo pipefail`
 * - `attached`: the rest of the argument is its value, never the next one: `perl -i.bak`
 * - `inline`: brings the program's text, or leaves no program to run: `-c`, `-e`
 * - `stdin`: the program comes from standard input: `sh -s`
 * - `script`, `module`: its value is the program
 * - `end`: the options end here
 *
 * Every other option stands alone.
 */
export type Effect = "value" | "next" | "attached" | "inline" | "stdin" | "script" | "module" | "end";

/**
 * What the first operand is.
 *
 * - `script`: a file
 * - `class`: a Java class; a file where it begins with `/` or `.` or ends in `.java`
 * - `specifier`: a file, or the address of a module: `npm:cowsay`, `https://…`
 * - `assembly`: a file that ends in `.dll` or `.exe`; any other operand is a command of the tool itself
 * - `none`: not the program
 */
export type Operand = "script" | "class" | "specifier" | "assembly" | "none";

/**
 * What a sub-command does: `run` the operand after it, run a `task` (the operand after it is its name), or do something of its `own`.
 * Words that are in no list are operands.
 */
export type Command = "run" | "task" | "own";

/** A family of interpreters that share one command line. */
export interface Interpreter {
  /**
   * Names of executables without a version: `python` stands for `python3.13` as well. The first is the family's name: the
   * label of an interpreter that is not base and runs no script, so that versions share a tree.
   */
  readonly names: readonly [family: string, ...others: string[]];
  /** The manual that the row follows. */
  readonly manual: string;
  /** What the first operand is; `script` when it is not given. */
  readonly operand?: Operand;
  /** Options of one letter, which may be combined, by what they do. Without it `-abc` is one word. */
  readonly letters?: { readonly [effect in Effect]?: string };
  /** Options of several letters with their hyphens, separated by blanks, by what they do. */
  readonly words?: { readonly [effect in Effect]?: string };
  /** Options may begin with `+` as well. */
  readonly plus?: boolean;
  /** What `-` alone means: standard input, or the end of the options (POSIX.1 sh). Standard input when it is not given. */
  readonly hyphen?: "stdin" | "end";
  /** What `--` means: the end of the options when it is not given, or that the program is on standard input (php). */
  readonly hyphens?: "stdin";
  /** What an option that isn't listed means: nothing when it is not given, or that no script follows (tclsh). */
  readonly unlisted?: "stdin";
  /**
   * Options, with their hyphens and separated by blanks, whose value is code, or where code is found, that runs before the
   * program: whoever may set them has the program do something else.
   */
  readonly loads?: string;
  /** Sub-commands, separated by blanks, by what they do. */
  readonly commands?: { readonly [command in Command]?: string };
  /** One file with many programs: the name it is called by, or its first argument, says which (busybox). */
  readonly applets?: boolean;
}

/** What an interpreter runs. */
export type Program =
  /** A file, as the command line names it. With other code before it where `loads` is true. */
  | { readonly kind: "script"; readonly path: string; readonly loads?: true }
  /** A module, class or task that is known by name. */
  | { readonly kind: "module"; readonly name: string }
  /** A program inside the executable. */
  | { readonly kind: "applet"; readonly name: string }
  /** One that the command line names, but not in the part that was looked at. */
  | { readonly kind: "unknown" };
