/**
 * Settings in a YAML file, checked against a schema: what is wrong is said with the line it stands in, and never with the value
 * itself, which may be a secret.
 *
 * @module
 */

import * as v from "valibot";
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { quote } from "../text/mod.ts";

/** A file that can't be used. The message is one line: which file, which line of it, what is wrong and what is wanted. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** @param line from 1; undefined where the file as a whole is meant */
  constructor(readonly file: string, readonly line: number | undefined, readonly problem: string) {
    super(`Cannot use ${file}: ${line === undefined ? "" : `line ${line}: `}${problem}`);
  }
}

/** Settings, and where in the file they stand. */
export interface Settings<Value> {
  readonly value: Value;
  /** An error about what stands at a path such as `["rate_limit", "burst"]`. */
  error(path: readonly PropertyKey[], problem: string): SettingsError;
}

/** The key of the last element of a path if the file has it, else the deepest node on the way to it. */
function nodeAt(contents: unknown, path: readonly PropertyKey[]): Node | undefined {
  let node = isNode(contents) ? contents : undefined;
  for (let i = 0; i < path.length; i++) {
    const step = path[i]!;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return node;
      if (i === path.length - 1 || !isNode(pair.value)) return pair.key as Node;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (!isNode(item)) return node;
      node = item;
    } else {
      return node;
    }
  }
  return node;
}

/** What is wrong, in words. `received` of an issue would show the value. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const key = quote(String(issue.path?.at(-1)?.key ?? ""));
  if (issue.type === "strict_object") {
    return issue.expected === "never" ? `the key ${key} is unknown` : `the key ${key} is missing`;
  }
  // A message of the schema's own says what is wanted; the library's would show what was received.
  const wanted = issue.message.startsWith("want ")
    ? issue.message
    : `want ${String(issue.expected).replace(/^Object$/, "a map").replace(/^Array$/, "a list")}`;
  return issue.path === undefined ? wanted : `${key}: ${wanted}`;
}

/** Reads settings from a text. A file with nothing in it is a map without keys. Throws a {@link SettingsError}. */
export function parseSettings<Schema extends v.GenericSchema>(
  text: string,
  file: string,
  schema: Schema,
): Settings<v.InferOutput<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    // The first line of the message: others may quote the file.
    throw new SettingsError(file, lines.linePos(error.pos[0]).line, error.message.split("\n")[0]!);
  }
  const failure = (path: readonly PropertyKey[], problem: string): SettingsError => {
    const start = nodeAt(document.contents, path)?.range?.[0];
    return new SettingsError(file, start === undefined ? undefined : lines.linePos(start).line, problem);
  };
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    throw new SettingsError(file, undefined, cause instanceof Error ? cause.message : String(cause));
  }
  // To the library a list is an object, too.
  if (Array.isArray(plain)) throw failure([], "want a map");
  const result = v.safeParse(schema, plain, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw failure(issue.path?.map(({ key }) => key as PropertyKey) ?? [], problemOf(issue));
  }
  return { value: result.output, error: failure };
}

/** The text of a file that settings name or are in; a failure is about `path` in the settings. */
export function readSettingsFile(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    throw new SettingsError(file, undefined, `it can't be read (${error instanceof Error ? error.message : error})`);
  }
}
