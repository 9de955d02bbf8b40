/**
 * The command line: arguments → what to do, and the text of `--help`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { COMMANDS, type Config, type Flag, FLAGS, SWITCHES } from "./flag_table.ts";
import { closest } from "./flag_values.ts";
import { quote } from "./quoting.ts";

/** A command line that can't be followed. The message is one line: what was given, and what was wanted. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** @param given the argument that is wrong */
  constructor(readonly given: string, message: string) {
    super(message);
  }
}

/** What the command line asks for. */
export type CommandLine =
  | { readonly command: "serve"; readonly config: Config }
  | { readonly command: "help" | "version" };

const FLAG_LIST: readonly Flag<unknown>[] = Object.values(FLAGS);
const NAMES: readonly string[] = [...FLAG_LIST, ...SWITCHES].map(({ name }) => name);

/** What was given, quoted for a message of one line and no longer than needed. */
function shown(text: string): string {
  return quote(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function suggestion(given: string, candidates: readonly string[], prefix: string): string {
  const meant = closest(given, candidates);
  return meant === undefined ? "" : `; did you mean ${prefix}${meant}?`;
}

function unknownFlag(rawName: string): UsageError {
  const name = rawName.replace(/^-+/, "");
  const hint = suggestion(name, NAMES, "--") || "; --help lists all flags";
  return new UsageError(rawName, `Cannot use the flag ${shown(rawName)}: there is none of this name${hint}`);
}

function unexpectedArgument(given: string): UsageError {
  const names = COMMANDS.map(({ name }) => name);
  const hint = suggestion(given, names, "") || `; the commands are ${names.join(", ")}`;
  return new UsageError(given, `Cannot use the argument ${shown(given)}: it is no command${hint}`);
}

/** Texts of the flags given, by name; and the switches among them. */
function collect(args: readonly string[]): { texts: Map<string, string[]>; switches: Set<string> } {
  const options: Record<string, { type: "string" | "boolean"; short?: string; multiple?: boolean }> = {};
  for (const { name } of FLAG_LIST) options[name] = { type: "string", multiple: true };
  for (const { name, short } of SWITCHES) options[name] = { type: "boolean", ...short === undefined ? {} : { short } };
  // Not `strict`: the tokens let this file say itself what is wrong, in the same words everywhere.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const texts = new Map<string, string[]>();
  const switches = new Set<string>();
  let commands = 0;
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (commands++ > 0 || !COMMANDS.some(({ name }) => name === token.value)) throw unexpectedArgument(token.value);
    } else if (SWITCHES.some(({ name }) => name === token.name)) {
      if (token.value !== undefined) {
        throw new UsageError(token.rawName, `Cannot use ${shown(token.value)} for ${token.rawName}: it takes no value`);
      }
      switches.add(token.name);
    } else {
      const flag = FLAG_LIST.find(({ name }) => name === token.name);
      if (flag === undefined || !token.rawName.startsWith("--")) throw unknownFlag(token.rawName);
      texts.set(flag.name, [...texts.get(flag.name) ?? [], valueOf(flag, token.value, token.inlineValue === true)]);
    }
  }
  return { texts, switches };
}

/** The text given for a flag. `--flag --other` is a value forgotten, while `--flag=--other` is one. */
function valueOf(flag: Flag<unknown>, text: string | undefined, inline: boolean): string {
  if (text !== undefined && (inline || !text.startsWith("-"))) return text;
  throw new UsageError(`--${flag.name}`, `Cannot use --${flag.name} without a value: want ${flag.wanted}`);
}

function read<Value>(flag: Flag<Value>, texts: readonly string[]): Value[] {
  if (texts.length > 1 && flag.repeatable !== true) {
    throw new UsageError(`--${flag.name}`, `Cannot use --${flag.name} ${texts.length} times: want it once`);
  }
  return texts.map((text) => {
    const value = flag.parse(text);
    if (value !== undefined) return value;
    const choices = flag.placeholder.includes("|") ? flag.placeholder.split("|") : [];
    const hint = suggestion(text, choices, "");
    throw new UsageError(text, `Cannot use ${shown(text)} for --${flag.name}: want ${flag.wanted}${hint}`);
  });
}

/**
 * Reads a command line, without the program's own name. Throws a {@link UsageError} at the first thing that is wrong.
 * `--help` and `--version` win over everything that could be read.
 */
export function parseFlags(args: readonly string[]): CommandLine {
  const { texts, switches } = collect(args);
  for (const { name } of SWITCHES) if (switches.has(name)) return { command: name };
  const config: Record<string, unknown> = {};
  for (const [field, flag] of Object.entries(FLAGS) as [string, Flag<unknown>][]) {
    const values = read(flag, texts.get(flag.name) ?? [flag.default]);
    config[field] = flag.repeatable === true ? values : values[0];
  }
  // Each field was read by the flag that the table's type ties to it.
  return { command: "serve", config: config as unknown as Config };
}

/** The text of `--help`, at most 120 columns wide. */
export function helpText(): string {
  const commands = COMMANDS.map(({ name, help }, index) =>
    `  ${name.padEnd(10)}${help}${index === 0 ? " The default." : ""}`
  );
  const flags = FLAG_LIST.map((flag) => {
    const repeatable = flag.repeatable === true ? " Repeatable." : "";
    return `  --${flag.name}=${flag.placeholder}\n      ${flag.help}${repeatable} Default: ${flag.default}`;
  });
  const switches = SWITCHES.map((flag) => {
    const short = flag.short === undefined ? "" : `-${flag.short}, `;
    return `  ${short}--${flag.name}\n      ${flag.help}`;
  });
  return [
    "cnproc-exporter watches every process launch of this machine and counts them by process tree for Prometheus.",
    "",
    "Usage: cnproc-exporter [COMMAND] [FLAG…]",
    "",
    "Commands:",
    ...commands,
    "",
    "Flags:",
    ...flags,
    ...switches,
    "",
  ].join("\n");
}
