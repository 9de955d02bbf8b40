/**
 * What is said of a program: its label, and how that was found.
 *
 * @module
 */
import type { Interpreter } from "../interpreters/mod.ts";

export type LabelRule =
  /** A program of the base system: `base`. */
  | "base"
  /** One of the base system that begins lineages or crosses privileges: its file name. */
  | "service"
  /** An interpreter that is not base and runs no script: its family's name, without a version. */
  | "interpreter"
  /** An interpreter that runs something, but nobody knows what: its family's name and `:?`. Where `..` may lead through a link too. */
  | "unknown"
  /** A script in /etc/init.d, or a link to it by run level, or in a supervised service's folder: its name, even in a base package. */
  | "init-script"
  /** A module, class or task known by name: that name. */
  | "module"
  /** A program inside busybox: its name. */
  | "applet"
  /** An executable without a file (memfd_create(2)): `memfd:` and the name it was given. */
  | "memfd"
  /** A script read from a file descriptor: `fd`. */
  | "descriptor"
  /** A rule of the configuration file gave the label. */
  | "renamed"
  /** Any other program: its file name, machine-made parts as `*`; in folders of the system without its version. */
  | "file";

export interface ProgramLabel {
  /** The executable's or script's path, the module's name; as the process gave it, not escaped. */
  readonly program: string;
  /** The label, escaped ({@link escapeLabel}). */
  readonly label: string;
  /** Whether the program is of the base system. */
  readonly base: boolean;
  /** Whether a part of the program's path is machine-made; never so for `base`. */
  readonly random: boolean;
  readonly rule: LabelRule;
  /** {@link Flag}s that every launch of it has. */
  readonly flags: number;
}

/** What is known of an executable once, by its path: cached by the caller. */
export interface Executable extends ProgramLabel {
  /** The interpreter that it is. Only then the command line matters. */
  readonly interpreter: Interpreter | undefined;
  /** Whether what it launches may have another root. */
  readonly entersRoots: boolean;
}

export function withFlags(program: ProgramLabel, flags: number): ProgramLabel {
  return (flags & ~program.flags) === 0 ? program : { ...program, flags: program.flags | flags };
}
