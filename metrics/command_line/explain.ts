/**
 * The command `explain`: its options and their flags.
 *
 * @module
 */

import type { Command, OptionsOf } from "./command.ts";
import { OUTPUT_FLAGS, ROOTFS_FLAGS, RULES_FLAGS } from "./shared_flags.ts";

export const EXPLAIN = {
  name: "explain",
  help: "Tell why a label is what it is.",
  details: [
    "For each program: its label and the rule that gave it, and for each element of its path how much it looks like a\n" +
    "name made by a machine (0 to 1), and the rule that decided. For each process also its user, unit, slice,\n" +
    "container and pod, by name too, its tree, and the ancestors that it comes from. Each argument is a program of its\n" +
    "own; a whole command line stands behind --: explain -- python3 /srv/top.py tells what that would be, run here;\n" +
    "nothing is run.",
    "A line of standard input that begins with { is a command line as JSON, as some machine had it, such as\n" +
    '{"exe":"/usr/bin/python3.11","argv":["python3","top.py"],"cwd":"/srv"}: the executable as /proc/PID/exe shows it,\n' +
    "the arguments, and the working folder, where it is known. Whether a file of it is of the base system isn't known\n" +
    "where this machine doesn't have it. Lines that can't be explained are named by their numbers; the status is then 1.",
  ],
  operands: {
    placeholder: "PROGRAM|PID|-",
    help:
      "A path, or a bare name, which is looked for in the usual folders; the id of a running process; or - for paths,\n" +
      "      names and command lines from standard input, a line each. No file is looked at for paths and names there. A\n" +
      "      program whose name is a number is written with its path, ./4711, and so is one that begins with { there.",
    least: 1,
    most: Infinity,
    commandLine: "COMMAND ARG…",
  },
  flags: { ...RULES_FLAGS, ...ROOTFS_FLAGS, ...OUTPUT_FLAGS },
} as const satisfies Command;

export type ExplainOptions = OptionsOf<typeof EXPLAIN.flags>;
