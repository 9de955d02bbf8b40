/**
 * Arguments → tokens, and the command among them.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Command, type Flag, SWITCHES, takesValue } from "./command.ts";
import { type CommandSet, commandsOf } from "./commands.ts";
import { shown, suggestion, UsageError } from "./usage_error.ts";

/** The tokens of the arguments, by the kinds of these flags. An unknown flag is taken for one without a value. */
export function tokensOf(args: readonly string[], flags: readonly Flag[]) {
  const options: Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> = {};
  for (const flag of flags) options[flag.name] = { type: takesValue(flag) ? "string" : "boolean", multiple: true };
  for (const { name, short } of SWITCHES) options[name] = { type: "boolean", ...short === undefined ? {} : { short } };
  // Not `strict`: the tokens let the parser say itself what is wrong, in the same words everywhere.
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** The command that is named, and the arguments without its name. */
export interface Located {
  /** Undefined when none is named, or only the first word of some. */
  readonly command: Command | undefined;
  /** The first word of some. */
  readonly group?: string;
  readonly rest: readonly string[];
}

/**
 * Finds the command. Flags may stand before its name, because every flag has the same kind in all commands. Throws a
 * {@link UsageError} for a name that no command has.
 */
export function locate(args: readonly string[], set: CommandSet): Located {
  const flags = set.commands.flatMap((command) => Object.values(command.flags));
  const words = tokensOf(args, flags).flatMap((token) => token.kind === "positional" ? [token] : []);
  const [first, second] = words;
  if (first === undefined) return { command: undefined, rest: args };
  const without = (...indices: number[]) => args.filter((_, index) => !indices.includes(index));
  const single = set.commands.find(({ name }) => name === first.value);
  if (single !== undefined) return { command: single, rest: without(first.index) };
  const group = first.value;
  if (!Object.hasOwn(set.groups, group)) {
    throw unknown(group, [...new Set(set.commands.map(({ name }) => name.split(" ")[0]!))]);
  }
  if (second === undefined) return { command: undefined, group, rest: without(first.index) };
  const command = set.commands.find(({ name }) => name === `${group} ${second.value}`);
  if (command === undefined) throw unknown(second.value, secondWords(set, group), ` of ${group}`);
  return { command, rest: without(first.index, second.index) };
}

/** For a name that no command has, or none of a group. */
function unknown(given: string, names: readonly string[], place = ""): UsageError {
  const hint = suggestion(given, names) || `; the commands are ${names.join(", ")}`;
  return new UsageError(given, `Cannot use the argument ${shown(given)}: it is no command${place}${hint}`);
}

/** The names of a group's commands, without that of the group. */
export function secondWords(set: CommandSet, group: string): readonly string[] {
  return commandsOf(set, group).map(({ name }) => name.slice(group.length + 1));
}
