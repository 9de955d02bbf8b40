/**
 * The commands about the program itself; `--help` and `--version` do the same.
 *
 * @module
 */

import type { Command } from "./command.ts";

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
