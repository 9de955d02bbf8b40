/**
 * What gave a label, in words.
 *
 * @module
 */

import type { ExplainedRule } from "../../fingerprint/mod.ts";

export const LABEL_RULES: Readonly<Record<ExplainedRule, string>> = {
  "base": "a program of the base system",
  "service": "of the base system, but it begins lineages or crosses privileges: its file name",
  "unknown":
    "an interpreter that runs something else, but its command line doesn't say what in the part that is looked at",
  "interpreter": "an interpreter that runs no script: its family's name",
  "init-script": "an init script: the service's name",
  "module": "a module, class or task that an interpreter was told to run: its name",
  "applet": "a program inside busybox: its name",
  "memfd": "an executable without a file: the name it was given",
  "descriptor": "a script read from a file descriptor",
  "file": "its file name, parts made by a machine as *",
  "renamed": "the configuration file renames it",
  "comm": "its thread's name: the executable can't be read without the right to trace the process; ask as root",
  "leaderless": "its thread's name: its first thread has ended, so that the kernel doesn't tell its executable",
  "kernel": "a thread of the kernel: it is in no tree",
};
