/**
 * The file of a baseline: YAML, with one list of patterns.
 *
 * ```yaml
 * trees:
 *   - /cron/base/backup.sh # first seen 2026-01-02T03:04:05Z, 12 launches
 *   - /nginx/**
 * ```
 *
 * @module
 */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLSeq,
} from "yaml";
import { parsePattern, PatternError } from "../../fingerprint/mod.ts";
import { Baseline, type Entry } from "./baseline.ts";

/** The key of the list. */
export const TREES = "trees";

/** A file that can't be used. The message is one line: which file, which line of it, what is wrong. */
export class BaselineError extends Error {
  override readonly name = "BaselineError";
  /** @param line the line of the file, from 1; undefined where it isn't about one */
  constructor(readonly file: string, readonly line: number | undefined, problem: string) {
    super(`Cannot use the baseline ${file}: ${line === undefined ? "" : `line ${line}: `}${problem}`);
  }
}

/** A file taken apart: what is in it, and the document that holds its comments and order. */
export interface ParsedFile {
  readonly document: Document.Parsed;
  /** Undefined where the file has nothing or no list yet. */
  readonly list: YAMLSeq | undefined;
  readonly entries: readonly Entry[];
}

/** Takes a file apart. `name` is for the messages. Throws a {@link BaselineError}. */
export function parseFile(text: string, name: string): ParsedFile {
  const lines = new LineCounter();
  const lineOf = (node: { readonly range?: readonly number[] | null | undefined } | null | undefined) =>
    node?.range == null ? undefined : lines.linePos(node.range[0]!).line;
  const fail = (node: Node | null | undefined, problem: string): never => {
    throw new BaselineError(name, lineOf(node), problem);
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw new BaselineError(name, lines.linePos(error.pos[0]).line, error.message);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return { document, list: undefined, entries: [] };
  }
  if (!isMap(contents)) return fail(contents, `it holds no map, want "${TREES}:" and a list`);
  let list: YAMLSeq | undefined;
  for (const { key, value } of contents.items) {
    const word = isScalar(key) ? String(key.value) : "";
    if (word !== TREES) fail(key as Node, `the key ${JSON.stringify(word)} is unknown, want only "${TREES}"`);
    if (isSeq(value)) list = value;
    else if (!(isScalar(value) && value.value === null)) fail(value as Node, `"${TREES}" is no list`);
  }
  const entries = (list?.items ?? []).map((item): Entry => {
    if (isAlias(item)) return fail(item, "an alias is no tree, want its text");
    if (!isScalar(item) || typeof item.value !== "string") return fail(item as Node, "want a tree such as /sshd/base");
    try {
      parsePattern(item.value);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return fail(item, `${JSON.stringify(item.value)} is no tree: it ${error.message}`);
    }
    return { pattern: item.value, line: lineOf(item)! };
  });
  return { document, list, entries };
}

/** Reads the text of a file; throws a {@link BaselineError}. */
export function parseBaseline(text: string, name: string): Baseline {
  return new Baseline(parseFile(text, name).entries);
}

/** Reads a file; throws a {@link BaselineError} for one that can't be read or used. */
export async function readBaseline(path: string): Promise<Baseline> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new BaselineError(path, undefined, `it can't be read (${error instanceof Error ? error.message : error})`);
  }
  return parseBaseline(text, path);
}
