/**
 * All commands.
 *
 * @module
 */

import { CHECK, DIFF, LEARN } from "./baseline.ts";
import type { Command, Flag, OptionsOf } from "./command.ts";
import { EXPLAIN } from "./explain.ts";
import { SERVE } from "./serve.ts";
import { TRACE } from "./trace.ts";

/** What is typed before everything else. */
export const PROGRAM = "cnproc-exporter";

/** One sentence about the program. */
export const SUMMARY =
  "cnproc-exporter watches every process launch of this machine and counts them by process tree for Prometheus.";

/** The commands by name, in the order of `--help`. */
const COMMANDS = {
  serve: SERVE,
  trace: TRACE,
  explain: EXPLAIN,
  "baseline learn": LEARN,
  "baseline check": CHECK,
  "baseline diff": DIFF,
} as const;

/** A command that is to be run, with what it is run with. */
export type Invocation = {
  readonly [Name in keyof typeof COMMANDS]: {
    readonly command: Name;
    readonly options: OptionsOf<typeof COMMANDS[Name]>;
    readonly operands: readonly string[];
  };
}[keyof typeof COMMANDS];

/** A command without its types, for what treats all alike. */
export interface AnyCommand extends Omit<Command<unknown>, "flags"> {
  readonly flags: Readonly<Record<string, Flag>>;
}

/** What can be typed. */
export interface CommandSet {
  readonly commands: readonly AnyCommand[];
  /** The first words of commands that have two, with a sentence about what those commands are for. */
  readonly groups: Readonly<Record<string, string>>;
  /** What runs if no command is named. */
  readonly byDefault: AnyCommand;
}

/** All that can be typed. */
export const COMMAND_SET: CommandSet = {
  commands: Object.values(COMMANDS),
  groups: { baseline: "What is expected to run: learn it, and compare with it." },
  byDefault: SERVE,
};

/** The commands of a group, by its first word. */
export function commandsOf({ commands }: CommandSet, group: string): readonly AnyCommand[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}
