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
 * - `inline`: brings the program's text: `-c`, `-e`
 * - `stdin`: the program comes from standard input: `sh -s`
 * - `ends`: leaves no program to run: `--version`
 * - `script`, `module`: its value is the program
 * - `library`: its value is a module, and the program if no option behind it brings one: `racket -l racket/base -e 1`
 * - `file`: the first operand is a file, whatever else is said before it: `java -jar -Xmx1g app.jar`
 * - `part`: its value is a file of the program, of which there may be more: `awk -f`
 * - `folder`: its value is the folder that scripts are looked for in from there on: `ruby -C`
 * - `search`: a script without a folder is looked for in PATH: `perl -S`
 * - `end`: the options end here
 *
 * Every other option stands alone.
 */
export type Effect =
  | "value"
  | "next"
  | "attached"
  | "inline"
  | "stdin"
  | "ends"
  | "script"
  | "module"
  | "library"
  | "file"
  | "part"
  | "folder"
  | "search"
  | "end";

/**
 * What the value of an option says about code that runs before the program: whoever may set it has the program do something else.
 *
 * - `place`: a file or folder with code, or more of them with `:` between
 * - `library`: the same, but a name without a folder is looked for among those of the system
 * - `module`: a module that is looked for among the interpreter's own; a path where it begins like one
 * - `beside`: the same, but looked for from the working folder as well
 * - `code`: code itself
 */
export type Before = "place" | "library" | "module" | "beside" | "code";

/**
 * What the first operand is.
 *
 * - `script`: a file
 * - `class`: a Java class; a file where it begins with `/` or `.` or ends in `.java`
 * - `specifier`: a file, or the address of a module: `npm:cowsay`, `https://…`
 * - `application`: a file, or a folder with one
 * - `jar`: a file of classes, behind which the class may stand
 * - `program`: a file, or the name of one that is looked for
 * - `assembly`: a file that ends in `.dll` or `.exe`; any other operand is a command of the tool itself
 * - `text`: the program's text, unless an option brought the program
 * - `executable`: a program of machine code, with its own command line behind it
 * - `none`: not the program
 */
export type Operand =
  | "script"
  | "class"
  | "specifier"
  | "application"
  | "jar"
  | "program"
  | "assembly"
  | "text"
  | "executable"
  | "none";

/**
 * What a sub-command does: `run` the operand after it, run a `task` (the operand after it is its name), run `inline` text, or do
 * something of its `own`. Words that are in no list are operands.
 */
export type Command = "run" | "task" | "inline" | "own";

/** A family of interpreters that share one command line. */
export interface Interpreter {
  /**
   * Names of executables without a version: `python` stands for `python3.13` as well. The first is the family's name: the
   * label of an interpreter that is not base and runs no script, so that versions share a tree.
   */
  readonly names: readonly [family: string, ...others: string[]];
  /** What other names look like. */
  readonly pattern?: RegExp;
  /** Programs bring it along, and users unpack it: one that lies in a folder of their own is nobody's namesake. */
  readonly isBundled?: boolean;
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
  /** Letters that are combined take the next arguments as their values, in their order: `racket -tm FILE`. */
  readonly valuesFollow?: boolean;
  /** What an option that isn't listed means: nothing when it is not given, or that no script follows (tclsh). */
  readonly unlisted?: "stdin";
  /**
   * Options, with their hyphens and separated by blanks, whose value is about code that runs before the program. A name that ends
   * in `:` takes what follows as its value.
   */
  readonly before?: { readonly [what in Before]?: string };
  /** Keys, separated by blanks, of values of the form `key=place` that are a place of such code: `php -d auto_prepend_file=x`. */
  readonly settings?: string;
  /** Modules are looked for in the working folder first, unless one of these letters stands before: `python -I -m`. */
  readonly isolated?: string;
  /** Sub-commands, separated by blanks, by what they do. */
  readonly commands?: { readonly [command in Command]?: string };
  /** Words that are in no list of sub-commands are others of its own, and no operands. */
  readonly isTool?: boolean;
  /** Options may be cut short, and their case doesn't matter (pwsh). */
  readonly abbreviates?: boolean;
  /**
   * One file with many programs: the name it is called by, or its first argument, says which (busybox); or an option that begins
   * so (coreutils).
   */
  readonly applets?: readonly string[];
  /** Behind the executable its own `argv[0]` may stand: binfmt_misc hands it over so, where it is told to (flag `P`). */
  readonly keepsName?: boolean;
  /** The command line has rules of its own, which are code: erlang.ts, windows.ts. */
  readonly custom?: "erlang" | "windows";
}

/**
 * Code that an option brings before the program. `shared`: from a folder for all users, or beside the script in the working
 * folder, so that it is no base program any more. `foreign`: from anywhere else.
 */
export type Loads = "shared" | "foreign";

/** What an interpreter runs; `launcher` is the path of a script that it runs to run that. */
export type Program =
  /** A file, as the command line names it. */
  | { readonly kind: "script"; readonly path: string; readonly loads?: Loads; readonly launcher?: string }
  /** A module, class or task that is known by name; perhaps one that lies in the working folder. */
  | {
    readonly kind: "module";
    readonly name: string;
    readonly loads?: Loads;
    readonly beside?: true;
    readonly launcher?: string;
  }
  /** A program inside the executable. */
  | { readonly kind: "applet"; readonly name: string }
  /** Another executable, with its command line from argument `at` on. */
  | { readonly kind: "executable"; readonly path: string; readonly at: number; readonly loads?: Loads }
  /** Code of an option, of standard input, or of a file that only an option names. */
  | { readonly kind: "inline" }
  /** One that the command line names, but not in the part that was looked at. */
  | { readonly kind: "unknown" };
