/**
 * Flags that several commands have, and the parts that flags are made of.
 *
 * @module
 */

import { LOG_FORMATS, LOG_LEVELS, parseCount, parseDuration } from "../text/mod.ts";
import type { Flags, OptionsOf } from "./command.ts";

export function within(parse: (text: string) => number | undefined, least: number, most: number) {
  return (text: string): number | undefined => {
    const value = parse(text);
    return value !== undefined && value >= least && value <= most ? value : undefined;
  };
}

/** The parts of a flag that has a fixed set of values, the first of which is the default. */
export function choice<const Value extends string>(choices: readonly [Value, ...Value[]]) {
  return {
    placeholder: choices.join("|"),
    choices,
    default: choices[0] as string,
    wanted: `one of ${choices.join(", ")}`,
    parse: (text: string) => choices.find((value) => value === text),
  };
}

export function count(least: number, most: number) {
  return {
    placeholder: "COUNT",
    wanted: `a whole number from ${least} to ${most}`,
    parse: within(parseCount, least, most),
  };
}

/** The parts of a flag that is a time between two bounds, as they are written, and examples; in milliseconds. */
export function duration(least: string, most: string, examples: string) {
  return {
    placeholder: "DURATION",
    wanted: `a duration from ${least} to ${most} such as ${examples}`,
    parse: within(parseDuration, parseDuration(least)!, parseDuration(most)!),
  };
}

/** The same parts for a flag that may be 0, which is below the least. */
export function orZero(parts: ReturnType<typeof duration>) {
  const { wanted, parse } = parts;
  return { ...parts, wanted: `0, or ${wanted}`, parse: (text: string) => text === "0" ? 0 : parse(text) };
}

export const FILE = {
  placeholder: "FILE",
  wanted: "the path of a file",
  parse: (text: string) => text === "" || text.includes("\0") ? undefined : text,
} as const;

/** A URL to ask. Names and passwords in it would be seen by every user of the machine. */
function parseUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  return url.username === "" && url.password === "" ? url.href : undefined;
}

export const URL_VALUE = {
  placeholder: "URL",
  wanted: "http://HOST… or https://HOST…, names and passwords in --http.config.file",
  parse: parseUrl,
} as const;

export const HTTP_CONFIG_FLAG = {
  name: "http.config.file",
  ...FILE,
  help: "How to ask over HTTP, in Prometheus' form: basic_auth, authorization, tls_config.",
} as const;

/** Flags of a command that follows the rules of the configuration file. */
export const RULES_FLAGS = {
  configFile: {
    name: "config.file",
    ...FILE,
    help: "Rules of your own, in YAML: other labels, base programs, trees to ignore. SIGHUP reads it again.",
  },
} as const satisfies Flags;

/** Flags of a command that tells what containers are called. */
export const ROOTFS_FLAGS = {
  rootfs: {
    name: "path.rootfs",
    placeholder: "FOLDER",
    wanted: "an absolute path",
    parse: (text: string) => text.startsWith("/") && !text.includes("\0") ? text : undefined,
    help: "The machine's root, where container runtimes' files are looked for; that of the first process by default.",
  },
} as const satisfies Flags;

export const LOG_FLAGS = {
  logLevel: {
    name: "log.level",
    ...choice(LOG_LEVELS),
    default: "info",
    help: "Least urgent records that are logged.",
  },
  logFormat: {
    name: "log.format",
    ...choice(LOG_FORMATS),
    help: "How records are written to standard error; journald is logfmt with priorities in front.",
  },
} as const satisfies Flags;

const NAMES = {
  placeholder: "GLOB",
  repeatable: true,
  wanted: "a name, with wildcards such as www-*",
  parse: (text: string) => text === "" ? undefined : text,
} as const;

/** Flags of a command that shows launches: whose, and where. */
export const CONTEXT_FLAGS = {
  users: { name: "user", ...NAMES, help: "Only what this user launched, by name or number; several: any of them." },
  units: {
    name: "unit",
    ...NAMES,
    help: "Only what was launched in this systemd unit, such as nginx, session-*.scope or none.",
  },
  containers: {
    name: "container",
    ...NAMES,
    help: "Only what was launched in this container, by id such as 4f8a1c0de3b2 or by name; * is any, or none.",
  },
  context: {
    name: "context",
    ...choice(["auto", "always", "never"]),
    help: "Columns for user and unit, or container: on a terminal that has room, or as it says.",
  },
} as const satisfies Flags;

/** Whose launches are shown, and whether that is told. */
export type ContextOptions = OptionsOf<typeof CONTEXT_FLAGS>;

export const OUTPUT_FLAGS = {
  output: {
    name: "output",
    ...choice(["text", "json"]),
    help: "How it is printed: for people, or as one JSON object a line.",
  },
} as const satisfies Flags;
