/**
 * All commands.
 *
 * @module
 */

import { CHECK, DIFF, LEARN } from "./baseline.ts";
import { CHECK_CONFIG } from "./check_config.ts";
import type { Command, OptionsOf } from "./command.ts";
import { EXPLAIN } from "./explain.ts";
import { SERVE } from "./serve.ts";
import { TRACE } from "./trace.ts";
import { TOP, TREE } from "./tree.ts";

/** What is typed before everything else. */
export const PROGRAM = "cnproc-exporter";

export const SUMMARY =
  "cnproc-exporter watches every process launch of this machine and counts them by process tree for Prometheus.";

/** The commands that have a work to do, in the order of `--help`. */
const COMMANDS = [SERVE, TREE, TOP, TRACE, EXPLAIN, LEARN, CHECK, DIFF, CHECK_CONFIG] as const;

/** Prints what `--help` prints. */
export const HELP = {
  name: "help",
  help: "Tell what can be typed, or more about a command.",
  operands: { placeholder: "COMMAND", help: "What to tell about; the whole program if not given.", least: 0, most: 2 },
  flags: {},
} as const satisfies Command;

/** Prints what `--version` prints. */
export const VERSION = {
  name: "version",
  help: "Print the version.",
  flags: {},
} as const satisfies Command;

/** A command that is to be run, with what it is run with. */
export type Invocation = {
  readonly [Type in typeof COMMANDS[number] as Type["name"]]: {
    readonly command: Type["name"];
    readonly options: OptionsOf<Type["flags"]>;
    readonly operands: readonly string[];
    /** The command line behind `--`, of a command that takes one. */
    readonly argv?: readonly string[];
  };
}[typeof COMMANDS[number]["name"]];

export interface CommandSet {
  readonly commands: readonly Command[];
  /** The first words of commands that have two, with a sentence about what those commands are for. */
  readonly groups: Readonly<Record<string, string>>;
  /** What runs if no command is named. */
  readonly byDefault: Command;
}

export const COMMAND_SET: CommandSet = {
  commands: [...COMMANDS, HELP, VERSION],
  groups: { baseline: "What is expected to run: learn it, and compare with it." },
  byDefault: SERVE,
};

/** The commands of a group, by its first word. */
export function commandsOf({ commands }: CommandSet, group: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}
