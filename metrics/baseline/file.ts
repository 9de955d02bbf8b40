/**
 * The file of a baseline: YAML, with a list of patterns, and the grave flags that were seen, by pattern.
 *
 * ```yaml
 * trees:
 *   - /cron/base/backup.sh # first seen 2026-01-02T03:04:05Z, 12 launches
 *   - /nginx/**
 * flags:
 *   /sshd/base/sudo: [setuid]
 * ```
 *
 * A file without `flags`, as learned by older versions, has recorded none: it says nothing about flags.
 *
 * @module
 */

import * as v from "valibot";
import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { type FlagName, FLAGS, parsePattern, PatternError } from "../../fingerprint/mod.ts";
import { parseSettings, readText } from "../settings/mod.ts";
import { quote } from "../text/mod.ts";
import { Baseline, type FlagEntry } from "./baseline.ts";
import { lastSeenIn } from "./seen.ts";

/** The key of the list, and that of the map of flags. */
export const TREES = "trees", RECORDED = "flags";

/** Characters at most: 100,000 trees. */
const MAX_LENGTH = 16 * 2 ** 20;

const WANT_MAP = "want a map from trees to lists of flags", WANT_FLAGS = `want flags: ${FLAGS.join(", ")}`;

const SCHEMA = v.strictObject({
  [TREES]: v.nullish(v.array(v.string("want a tree such as /sshd/base"), "want a list"), []),
  [RECORDED]: v.optional(v.nullable(v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), WANT_MAP), // to the library a list is a map, too
    v.record(v.string(), v.nullable(v.array(v.picklist(FLAGS, WANT_FLAGS), "want a list of flags")), WANT_MAP),
  ))),
});

/** A file taken apart: what is expected, and the document that holds the comments and the order. */
export interface ParsedFile {
  readonly document: Document.Parsed;
  /** Undefined where the file has nothing or no list yet. */
  readonly list: YAMLSeq | undefined;
  /** Undefined where the file has none, or nothing in it. */
  readonly flags: YAMLMap | undefined;
  readonly baseline: Baseline;
}

/** Takes a file apart. `name` is for the messages. Throws a `ConfigError`. */
export function parseFile(text: string, name: string): ParsedFile {
  const { value, document, lineOf, error: errorAt } = parseSettings(text, name, SCHEMA, { length: MAX_LENGTH });
  const list = document.get(TREES), flags = document.get(RECORDED);
  const recorded = value[RECORDED] === undefined ? undefined : Object.entries(value[RECORDED] ?? {});
  const flagEntries = recorded?.map(([pattern, flags]): FlagEntry => {
    const problem = problemOf(pattern);
    if (problem !== undefined) throw errorAt([RECORDED, pattern], `${quote(pattern)} is no tree: it ${problem}`);
    return { pattern, line: lineOf([RECORDED, pattern]), flags: (flags ?? []) as FlagName[] };
  });
  try {
    const entries = value[TREES].map((pattern, index) => {
      const item = isSeq(list) ? list.items[index] : undefined;
      const lastSeenSeconds = isScalar(item) ? lastSeenIn(item.comment) : undefined;
      return { pattern, line: lineOf([TREES, index]), ...lastSeenSeconds === undefined ? {} : { lastSeenSeconds } };
    });
    return {
      document,
      list: isSeq(list) ? list : undefined,
      flags: isMap(flags) ? flags : undefined,
      baseline: new Baseline(entries, flagEntries),
    };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { index, message } = error;
    throw errorAt([TREES, index], `${quote(value[TREES][index]!)} is no tree: it ${message}`);
  }
}

/** Why a text is no pattern of trees. */
function problemOf(pattern: string): string | undefined {
  try {
    parsePattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
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
