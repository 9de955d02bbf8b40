/**
 * Commands that don't exist, with each kind of flag and of argument.
 *
 * @module
 */

import type { Command, CommandSet } from "../../../../metrics/command_line/mod.ts";

const number = {
  name: "limit",
  placeholder: "COUNT",
  help: "Most of them.",
  wanted: "a whole number",
  parse: (text: string) => /^\d+$/.test(text) ? Number(text) : undefined,
};

const run: Command = {
  name: "run",
  help: "Run.",
  flags: {
    level: {
      name: "level",
      placeholder: "low|high",
      choices: ["low", "high"],
      default: "low",
      help: "How much.",
      wanted: "one of low, high",
      parse: (text) => text,
    },
  },
};

const show: Command = {
  name: "show",
  help: "Show.",
  details: ["What is shown, and why."],
  operands: { placeholder: "NAME", help: "What to show.", least: 1, most: Infinity },
  flags: {
    color: { name: "color", default: true, help: "Paint it." },
    files: {
      name: "file",
      placeholder: "FILE",
      repeatable: true,
      help: "Where.",
      wanted: "a path",
      parse: (text) => text,
    },
    limit: number,
  },
};

const listAll: Command = {
  name: "list all",
  help: "List all.",
  operands: { placeholder: "NAME", help: "What to list.", least: 0, most: 1 },
  flags: { limit: number },
};

/** `run` (the default), `show` and `list all`. */
export const FAKE_SET: CommandSet = { commands: [run, show, listAll], groups: { list: "Lists." }, byDefault: run };
