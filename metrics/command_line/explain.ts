/**
 * The command `explain`: its options and their flags.
 *
 * @module
 */

import type { Command, OptionsOf } from "./command.ts";
import { OUTPUT_FLAGS, RULES_FLAGS } from "./shared_flags.ts";

/** Tells why a label is what it is. */
export const EXPLAIN = {
  name: "explain",
  help: "Tell why a label is what it is.",
  details: [
    "For each program: its label and the rule that gave it, and for each element of its path how much it looks like a\n" +
    "name made by a machine (0 to 1), and the rule that decided. For each process also its tree, and the ancestors\n" +
    "that it comes from. Each argument is a program of its own: of python3 /srv/top.py, ask about /srv/top.py.",
  ],
  operands: {
    placeholder: "PROGRAM|PID|-",
    help:
      "A path, or a bare name, which is looked for in the usual folders; the id of a running process; or - for paths\n" +
      "      and names from standard input, a line each, for which no file is looked at. A program whose name is a number\n" +
      "      is written with its path: ./4711.",
    least: 1,
    most: Infinity,
  },
  flags: { ...RULES_FLAGS, ...OUTPUT_FLAGS },
} as const satisfies Command;

/** How it is explained. */
export type ExplainOptions = OptionsOf<typeof EXPLAIN.flags>;
