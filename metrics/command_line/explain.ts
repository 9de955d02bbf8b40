/**
 * The command `explain`: its options and their flags.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { OUTPUT_FLAGS, type OutputOptions, RULES_FLAGS, type RulesOptions } from "./shared_flags.ts";

/** How it is explained. */
export interface ExplainOptions extends RulesOptions, OutputOptions {}

/** Tells why a label is what it is. */
export const EXPLAIN: Command<ExplainOptions> = {
  name: "explain",
  help: "Tell why a label is what it is.",
  details: [
    "For each program: its label and the rule that gave it, and for each element of its path how much it looks like a\n" +
    "name made by a machine (0 to 1), and the rule that decided. For each process also its tree, and the ancestors\n" +
    "that it comes from. Each argument is a program of its own: of python3 /srv/top.py, ask about /srv/top.py.",
  ],
  operands: {
    placeholder: "PROGRAM|PID|-",
    help: "A path or a bare name, the id of a running process, or - for paths and names from standard input, a line\n" +
      "      each. A program whose name is a number is written with its path: ./4711.",
    least: 1,
    most: Infinity,
  },
  flags: { ...RULES_FLAGS, ...OUTPUT_FLAGS },
};
