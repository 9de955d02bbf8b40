/**
 * The texts of `--help`, at most 120 columns wide.
 *
 * @module
 */

import { type Command, type Flag, SWITCHES, takesValue } from "./command.ts";
import { COMMAND_SET, type CommandSet, commandsOf, PROGRAM, SUMMARY } from "./commands.ts";

/** The help about a command or a group by its name; without a name the help about the program. */
export function helpText(about?: string, set: CommandSet = COMMAND_SET): string {
  const command = set.commands.find(({ name }) => name === about);
  const lines = command !== undefined
    ? commandHelp(command)
    : about === undefined
    ? programHelp(set)
    : groupHelp(about, set);
  return [...lines, ""].join("\n");
}

function programHelp(set: CommandSet): string[] {
  return [
    SUMMARY,
    "",
    `Usage: ${PROGRAM} [COMMAND] [FLAG…]`,
    "",
    ...commandsSection(set.commands, set),
    "",
    `${PROGRAM} COMMAND --help tells more about one. These are the flags of ${set.byDefault.name}:`,
    "",
    ...flagLines(set.byDefault),
  ];
}

function groupHelp(group: string, set: CommandSet): string[] {
  return [
    set.groups[group]!,
    "",
    `Usage: ${PROGRAM} ${group} COMMAND [FLAG…]`,
    "",
    ...commandsSection(commandsOf(set, group), set),
    "",
    `${PROGRAM} ${group} COMMAND --help tells more about one.`,
  ];
}

function commandHelp(command: Command): string[] {
  const { name, help, details = [], operands } = command;
  return [
    help,
    "",
    `Usage: ${PROGRAM} ${name} ${synopsis(command)}`,
    "",
    ...details.flatMap((paragraph) => [paragraph, ""]),
    ...operands === undefined ? [] : ["Arguments:", `  ${operands.placeholder}`, `      ${operands.help}`, ""],
    "Flags:",
    ...flagLines(command),
  ];
}

/** What comes after the name of a command: `[FLAG…] PROGRAM…`. */
function synopsis({ operands }: Command): string {
  if (operands === undefined) return "[FLAG…]";
  const some = operands.placeholder + (operands.most > 1 ? "…" : "");
  const command = operands.commandLine === undefined ? "" : ` [-- ${operands.commandLine}]`;
  return `[FLAG…] ${operands.least === 0 ? `[${some}]` : some}${command}`;
}

function commandsSection(commands: readonly Command[], set: CommandSet): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const lines = commands.map((command) =>
    `  ${command.name.padEnd(width)}${command.help}${command === set.byDefault ? " The default." : ""}`
  );
  return ["Commands:", ...lines];
}

function flagLines({ flags }: Command): string[] {
  const switches = SWITCHES.map(({ name, short, help }) =>
    `  ${short === undefined ? "" : `-${short}, `}--${name}\n      ${help}`
  );
  return [...Object.values(flags).map(flagLine), ...switches];
}

function flagLine(flag: Flag): string {
  if (!takesValue(flag)) {
    const [usage, state] = flag.default ? [`no-${flag.name}`, "On"] : [flag.name, "Off"];
    return `  --${usage}\n      ${flag.help} ${state} by default.`;
  }
  const repeatable = flag.repeatable === true ? " Repeatable." : "";
  const value = flag.default === undefined ? "" : ` Default: ${flag.default}`;
  return `  --${flag.name}=${flag.placeholder}\n      ${flag.help}${repeatable}${value}`;
}
