/**
 * Settings in YAML, checked against a schema: what is wrong is said with its line and column, and never with the value itself,
 * which may be a secret.
 *
 * @module
 */

import * as v from "valibot";
import {
  type Alias,
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { closest, ConfigError, quote } from "../text/mod.ts";

/** Where something stands in settings, such as `["rate_limit", "burst"]`. */
export type SettingsPath = readonly PropertyKey[];

/** Settings, and where in the file they stand. */
export interface Settings<Value> {
  readonly value: Value;
  /** With the comments, the order and the style of the file. */
  readonly document: Document.Parsed;
  /** The line that what stands at a path begins in, from 1. */
  lineOf(path: SettingsPath): number;
  /** An error about what stands at a path. */
  error(path: SettingsPath, problem: string): ConfigError;
}

export interface Limits {
  /** Characters at most. */
  readonly length?: number;
  /** Whether a value may stand for another one (`*name`). */
  readonly aliases?: boolean;
}

/** Characters of a file at most unless its kind says otherwise. */
const MAX_LENGTH = 256 * 1024;
/** Copies that aliases may make: some lines of them can stand for more than any memory holds. */
const MAX_ALIASES = 100;

/** Own words for errors of the library whose message would quote the file or name a function. */
const PROBLEMS: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: "a line that begins with % isn't understood, want none",
  BAD_DQ_ESCAPE: "a backslash in double quotes begins no escape; want two of them, or single quotes",
  MULTIPLE_DOCS: "there are several documents, want one",
  NON_STRING_KEY: "want a text as the key",
  TAG_RESOLVE_FAILED: "Unresolved tag, want none",
};

/** What a message of the library says before it quotes the file. */
function withoutQuotation(message: string): string {
  if (message.startsWith("Maximum call stack")) return "it is nested too deeply";
  return message.split(/: |\n/, 1)[0]!;
}

/**
 * Reads settings from a text; `file` is for the messages. A file with nothing in it is a map without keys. Throws a
 * {@link ConfigError}.
 */
export function parseSettings<Schema extends v.GenericSchema>(
  text: string,
  file: string,
  schema: Schema,
  { length = MAX_LENGTH, aliases = false }: Limits = {},
): Settings<v.InferOutput<Schema>> {
  if (text.length > length) {
    throw new ConfigError(file, undefined, undefined, `it has ${text.length} characters, want at most ${length}`);
  }
  const lines = new LineCounter();
  const errorAt = (offset: number, problem: string, further: readonly ConfigError[] = []): ConfigError => {
    const { line, col } = lines.linePos(offset);
    return new ConfigError(file, line, col, problem, further);
  };
  /** The first of them, with the others in it. */
  const together = ([first, ...others]: readonly (readonly [offset: number, problem: string])[]): ConfigError =>
    errorAt(...first!, others.map((other) => errorAt(...other)));
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: "error", // warnings quote the file
  });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    throw together(problems.map(({ pos, code, message }) => [pos[0], PROBLEMS[code] ?? withoutQuotation(message)]));
  }
  const { contents } = document;
  const offsetOf = (path: SettingsPath, part?: "key") => nodeAt(contents, path, part)?.range?.[0] ?? 0;
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
  if (!isEmpty && !isMap(contents)) throw errorAt(offsetOf([]), wanted(schema, []));
  const alias = firstAlias(document);
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    throw errorAt(alias?.range?.[0] ?? 0, withoutQuotation(error instanceof Error ? error.message : String(error)));
  }
  const result = v.safeParse(schema, plain);
  if (!result.success) {
    // A key that is mistyped is missing, too.
    const unknown = result.issues.filter(isUnknownKey);
    const others = result.issues.filter((issue) => !isUnknownKey(issue) && !(unknown.length > 0 && isMissing(issue)));
    throw together([...unknown, ...others].map((issue) => {
      const path = issue.path?.map(({ key }) => key as PropertyKey) ?? [], above = path.slice(0, -1);
      if (!isUnknownKey(issue)) return [offsetOf(path), problemOf(issue, schema, path)];
      // To the library a list is a map, too.
      if (isSeq(document.getIn(above))) return [offsetOf(above), wanted(schema, above)];
      return [offsetOf(path, "key"), unknownKey(String(path.at(-1)), keysOf(schema, above))];
    }));
  }
  if (alias !== undefined && !aliases) {
    throw errorAt(alias.range![0], "an alias can't stand here, want the value itself");
  }
  return {
    value: result.output,
    document,
    lineOf: (path) => lines.linePos(offsetOf(path)).line,
    error: (path, problem) => errorAt(offsetOf(path), problem),
  };
}

function firstAlias(document: Document.Parsed): Alias.Parsed | undefined {
  let first: Alias.Parsed | undefined;
  visit(document, {
    Alias(_, node) {
      first = node as Alias.Parsed;
      return visit.BREAK;
    },
  });
  return first;
}

/** What is shown for a path: the value where it is one, the key of a map or list, the map that lacks the key. */
function nodeAt(contents: Node | null, path: SettingsPath, part?: "key"): Node | undefined {
  let node: Node | undefined = contents ?? undefined, shown = node;
  for (const [depth, step] of path.entries()) {
    let below: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return node;
      below = pair.value;
      const isKeyMeant = part === "key" && depth === path.length - 1;
      shown = isKeyMeant || !isNode(below) || isCollection(below) ? pair.key as Node : below;
    } else if (isSeq(node)) {
      below = node.items[Number(step)];
      shown = isNode(below) ? below : node;
    } else {
      return shown;
    }
    node = isNode(below) ? below : undefined;
  }
  return shown;
}

/** The parts of a schema that lead to others. */
interface SchemaParts {
  readonly wrapped?: SchemaParts;
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly item?: SchemaParts;
  readonly value?: SchemaParts;
}

/** The keys that the map at a path may have; none where any will do. */
function keysOf(schema: v.GenericSchema, path: SettingsPath): string[] {
  const unwrap = (parts: SchemaParts | undefined): SchemaParts | undefined =>
    parts?.wrapped === undefined ? parts : unwrap(parts.wrapped);
  let parts = unwrap(schema as SchemaParts);
  for (const step of path) parts = unwrap(parts?.entries?.[String(step)] ?? parts?.item ?? parts?.value);
  return Object.keys(parts?.entries ?? {});
}

function wanted(schema: v.GenericSchema, path: SettingsPath): string {
  const keys = keysOf(schema, path);
  return keys.length === 0 ? "want a map" : `want a map with ${keys.join(", ")}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  const hint = meant === undefined ? `want ${known.join(", ")}` : `did you mean ${meant}?`;
  return `the key ${quote(key.slice(0, 80))} is unknown; ${hint}`;
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === "strict_object" && issue.expected === "never";
}

/** Whether a key that must be there isn't. */
function isMissing({ path, input }: v.BaseIssue<unknown>): boolean {
  return path !== undefined && input === undefined;
}

/** What is wrong, in words; `received` of an issue would show the value. */
function problemOf(issue: v.BaseIssue<unknown>, schema: v.GenericSchema, path: SettingsPath): string {
  const key = path.at(-1), name = typeof key === "string" ? `${quote(key)}: ` : "";
  // A message of the schema's own says what is wanted; the library's would show what was received.
  if (issue.message.startsWith("want ")) return name + issue.message;
  return name + (issue.expected === "Object" ? wanted(schema, path) : `want ${issue.expected}`);
}
