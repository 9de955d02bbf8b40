/**
 * The command line: arguments → what to do.
 *
 * @module
 */

import { type Command, type Conflict, type Flag, SWITCHES, takesValue, type ValueFlag } from "./command.ts";
import { COMMAND_SET, type CommandSet, HELP, type Invocation, VERSION } from "./commands.ts";
import { locate, secondWords, tokensOf } from "./tokens.ts";
import { shown, suggestion, UsageError } from "./usage_error.ts";

export type CommandLine =
  | Invocation
  /** `about` is the command or group that help is wanted about, or undefined for the program. */
  | { readonly command: "help"; readonly about: string | undefined }
  | { readonly command: "version" };

/** What was given to a command: texts of the flags with a value and states of the others, by name; switches; operands. */
interface Given {
  readonly texts: Map<string, string[]>;
  readonly states: Map<string, boolean>;
  readonly switches: Set<string>;
  readonly operands: string[];
  /** What stands behind `--`, of a command that takes a command line there. */
  readonly argv: string[];
}

/**
 * Reads a command line, without the program's own name. Throws a {@link UsageError} at the first thing that is wrong.
 * `--help` and `--version` win over everything that could be read.
 */
export function parseCommandLine(args: readonly string[], set: CommandSet = COMMAND_SET): CommandLine {
  const { command: named, group, rest } = locate(args, set);
  const command = named ?? (group === undefined ? set.byDefault : noCommand(group));
  const given = collect(command, rest, set);
  for (const { name } of SWITCHES) {
    if (!given.switches.has(name)) continue;
    return name === "help" ? { command: name, about: named?.name ?? group } : { command: name };
  }
  if (group !== undefined) {
    throw new UsageError(
      group,
      `Cannot use ${group} by itself: want one of ${secondWords(set, group).join(", ")} after it`,
    );
  }
  checkOperands(command, given);
  if (command.name === VERSION.name) return { command: VERSION.name };
  if (command.name === HELP.name) return { command: HELP.name, about: subject(given.operands, set) };
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([field, flag]) => [field, readFlag(flag, given)]),
  );
  checkConflicts(command, given);
  // Each option was read by the flag that the table's type ties to it.
  const { operands, argv } = given;
  return { command: command.name, options, operands, ...argv.length > 0 && { argv } } as unknown as Invocation;
}

/** What `help` is asked about. Throws a {@link UsageError} for what is no command. */
function subject(words: readonly string[], set: CommandSet): string | undefined {
  const { command, group, rest } = locate(words, set);
  if (rest.length > 0) throw new UsageError(rest[0]!, `Cannot use the argument ${shown(rest[0]!)}: want one command`);
  return command?.name ?? group;
}

/** Stands for the second word that is missing: it has no flags of its own. */
function noCommand(group: string): Command {
  return { name: group, help: "", flags: {} };
}

/** Sorts the arguments of a command. */
function collect(command: Command, args: readonly string[], set: CommandSet): Given {
  const flags = Object.values(command.flags);
  const given: Given = { texts: new Map(), states: new Map(), switches: new Set(), operands: [], argv: [] };
  const { texts, states, switches, operands } = given;
  for (const token of tokensOf(args, flags)) {
    if (token.kind === "option-terminator") {
      if (command.operands?.commandLine === undefined) continue;
      given.argv.push(...args.slice(token.index + 1));
      break;
    }
    if (token.kind === "positional") {
      operands.push(token.value);
      continue;
    }
    const { name, rawName, value } = token;
    const isSwitch = SWITCHES.some((known) => known.name === name);
    const flag = flags.find((known) => known.name === name || (!takesValue(known) && `no-${known.name}` === name));
    // What has one letter is a switch.
    if (!isSwitch && (flag === undefined || !rawName.startsWith("--"))) throw unknownFlag(command, rawName, set);
    if (flag !== undefined && takesValue(flag)) {
      texts.set(flag.name, [...texts.get(flag.name) ?? [], valueOf(flag, value, token.inlineValue === true)]);
      continue;
    }
    if (value !== undefined) {
      throw new UsageError(rawName, `Cannot use ${shown(value)} for ${rawName}: it takes no value`);
    }
    if (flag === undefined) switches.add(name);
    else states.set(flag.name, flag.name === name);
  }
  return given;
}

function unknownFlag(command: Command, rawName: string, set: CommandSet): UsageError {
  const name = rawName.replace(/^-+/, "");
  const candidates = [...Object.values(command.flags), ...SWITCHES].map(({ name }) => name);
  const others = set.commands.filter(({ flags }) => Object.values(flags).some((flag) => flag.name === name));
  const own = command === set.byDefault ? "" : `${command.name} `;
  const hint = others.length > 0
    ? `; it is one of ${others.map(({ name }) => name).join(", ")}`
    : suggestion(name, candidates, "--") || `; ${own}--help lists all flags`;
  const lack = own === "" ? "there is none of this name" : `${command.name} has none of this name`;
  return new UsageError(rawName, `Cannot use the flag ${shown(rawName)}: ${lack}${hint}`);
}

/** The text given for a flag. `--flag --other` is a value forgotten, while `--flag=--other` is one. */
function valueOf(flag: ValueFlag, text: string | undefined, inline: boolean): string {
  if (text !== undefined && (inline || !text.startsWith("-"))) return text;
  throw new UsageError(`--${flag.name}`, `Cannot use --${flag.name} without a value: want ${flag.wanted}`);
}

/** The values have one spelling each: they are choices. */
function checkConflicts(command: Command, { texts }: Given): void {
  for (const { one, other, because } of command.conflicts ?? []) {
    const isGiven = ({ name, value }: Conflict["other"]) =>
      value === undefined ? texts.has(name) : texts.get(name)?.includes(value) === true;
    if (![one, other].every(isGiven)) continue;
    const [first, second] = [one, other].map(({ name, value }: Conflict["other"]) =>
      value === undefined ? `--${name}` : `--${name}=${value}`
    );
    throw new UsageError(first!, `Cannot use ${first} with ${second}: ${because}`);
  }
}

function readFlag(flag: Flag, { texts, states }: Given): unknown {
  if (!takesValue(flag)) return states.get(flag.name) ?? flag.default;
  const values = readValues(flag, texts.get(flag.name) ?? (flag.default === undefined ? [] : [flag.default]));
  return flag.repeatable === true ? values : values[0];
}

function readValues(flag: ValueFlag, texts: readonly string[]): unknown[] {
  if (texts.length > 1 && flag.repeatable !== true) {
    throw new UsageError(`--${flag.name}`, `Cannot use --${flag.name} ${texts.length} times: want it once`);
  }
  return texts.map((text) => {
    const value = flag.parse(text);
    if (value !== undefined) return value;
    const hint = suggestion(text, flag.choices ?? []);
    throw new UsageError(text, `Cannot use ${shown(text)} for --${flag.name}: want ${flag.wanted}${hint}`);
  });
}

/** Counts what was given beside flags. */
function checkOperands({ name, operands }: Command, { operands: given, argv }: Given): void {
  const most = operands?.most ?? 0;
  if (given.length > most) {
    const wanted = most === 0 ? `${name} takes none` : `${name} takes at most ${most}`;
    throw new UsageError(given[most]!, `Cannot use the argument ${shown(given[most]!)}: ${wanted}`);
  }
  if (operands !== undefined && given.length + Math.min(argv.length, 1) < operands.least) {
    throw new UsageError(name, `Cannot use ${name} without an argument: want ${operands.placeholder}`);
  }
}
