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

import * as v from "valibot";
import { type Document, isSeq, type YAMLSeq } from "yaml";
import { PatternError } from "../../fingerprint/mod.ts";
import { parseSettings, readText } from "../settings/mod.ts";
import { quote } from "../text/mod.ts";
import { Baseline } from "./baseline.ts";

/** The key of the list. */
export const TREES = "trees";

/** Characters at most: 100,000 trees. */
const MAX_LENGTH = 16 * 2 ** 20;

const SCHEMA = v.strictObject({
  [TREES]: v.nullish(v.array(v.string("want a tree such as /sshd/base"), "want a list"), []),
});

/** A file taken apart: what is expected, and the document that holds the comments and the order. */
export interface ParsedFile {
  readonly document: Document.Parsed;
  /** Undefined where the file has nothing or no list yet. */
  readonly list: YAMLSeq | undefined;
  readonly baseline: Baseline;
}

/** Takes a file apart. `name` is for the messages. Throws a `ConfigError`. */
export function parseFile(text: string, name: string): ParsedFile {
  const { value, document, lineOf, error: errorAt } = parseSettings(text, name, SCHEMA, { length: MAX_LENGTH });
  const list = document.get(TREES);
  try {
    const entries = value[TREES].map((pattern, index) => ({ pattern, line: lineOf([TREES, index]) }));
    return { document, list: isSeq(list) ? list : undefined, baseline: new Baseline(entries) };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { index, message } = error;
    throw errorAt([TREES, index], `${quote(value[TREES][index]!)} is no tree: it ${message}`);
  }
}

/** Reads the text of a file; throws a `ConfigError`. */
export function parseBaseline(text: string, name: string): Baseline {
  return parseFile(text, name).baseline;
}

/** Reads a file; throws a `ConfigError` for one that can't be read or used. */
export function readBaseline(path: string): Baseline {
  return parseBaseline(readText(path), path);
}
