/**
 * Command lines that nobody has run: what an exec would make of one here, and one as another machine had it.
 *
 * @module
 */

/** What the kernel would have of a process. */
export interface CommandLine {
  /** The executable, as /proc/PID/exe shows it. */
  readonly exe: string;
  readonly argv: readonly string[];
  /** The working folder, where it is known. */
  readonly cwd?: string;
}

export interface ExecFiles {
  /**
   * The file that a command names, and that file with links followed: a bare name is looked for in the usual folders, as
   * execvp(3) does. Undefined where there is none.
   */
  readonly find: (command: string) => { readonly path: string; readonly exe: string } | undefined;
  /** The first line of a file, without its end; undefined where it can't be read. */
  readonly firstLine: (path: string) => string | undefined;
}

/** Interpreters of interpreters' scripts that the kernel follows (fs/exec.c, exec_binprm). */
const MAX_INTERPRETERS = 5;
/** Bytes of a file that the kernel looks at (linux/binfmts.h, BINPRM_BUF_SIZE). */
export const FIRST_LINE_BYTES = 256;

/**
 * What an exec of a command makes of it: of a file that begins with `#!` its interpreter, with that line's one argument and the
 * script before the others (execve(2)). env(1), which most name there, becomes the command that it is given. The command itself
 * where there is no such file.
 */
export function executed(command: readonly string[], { find, firstLine }: ExecFiles, cwd: string): CommandLine {
  let argv = command, name = command[0]!;
  for (let depth = 0;; depth++) {
    const found = find(name);
    if (found === undefined) return { exe: name, argv, cwd };
    const { path, exe } = found;
    const line = depth < MAX_INTERPRETERS ? /^#![ \t]*(\S+)[ \t]*(.*?)[ \t]*$/.exec(firstLine(exe) ?? "") : null;
    if (line === null) return { exe, argv, cwd };
    argv = [line[1]!, ...line[2] === "" ? [] : [line[2]!], path, ...argv.slice(1)];
    const wanted = /\/env$/.test(line[1]!)
      ? /^(?:-S[ \t]*|-[iv]+[ \t]+)*((?:\w+=\S*[ \t]+)*)([^-\s].*)$/.exec(line[2]!)
      : null;
    if (wanted !== null) argv = [...wanted[2]!.split(/[ \t]+/), ...argv.slice(2)];
    name = argv[0]!;
  }
}

/** A command line that can't be read; the message says what it is and what was wanted. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}

/** A command line as JSON has it: `{"exe", "argv", "cwd"}`. Throws a {@link CommandLineError}. */
export function parseCommandLine(text: string): CommandLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandLineError('it is no JSON, want {"exe":"/path","argv":["…"],"cwd":"/path"}');
  }
  const { exe, argv = [], cwd } = (value ?? {}) as { readonly [key: string]: unknown };
  if (typeof exe !== "string" || exe === "") {
    throw new CommandLineError("it has no exe, want the path of an executable");
  }
  if (!Array.isArray(argv) || !argv.every((argument) => typeof argument === "string")) {
    throw new CommandLineError("its argv is no list of texts");
  }
  if (cwd !== undefined && cwd !== null && typeof cwd !== "string") {
    throw new CommandLineError("its cwd is no text, want the path of a folder, or none");
  }
  return { exe, argv, ...typeof cwd === "string" && { cwd } };
}
