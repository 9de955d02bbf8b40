/**
 * The file of a baseline: YAML, with a list of patterns, lists of those that are expected in one unit or image only, and the grave
 * flags that were seen, by pattern.
 *
 * ```yaml
 * trees:
 *   - /cron/base/backup.sh # first seen 2026-01-02T03:04:05Z, 12 launches
 *   - /nginx/**
 * units:
 *   cron.service:
 *     - /cron/base/rotate.sh
 * images:
 *   redis:7:
 *     - /containerd-shim-runc-v2/redis-server
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
import { Baseline, type Entry, type FlagEntry } from "./baseline.ts";
import { type Section, SECTION_KINDS } from "./sections.ts";
import { lastSeenIn } from "./seen.ts";

/** The key of the list, and that of the map of flags. */
export const TREES = "trees", RECORDED = "flags";

/** Characters at most: 100,000 trees. */
const MAX_LENGTH = 16 * 2 ** 20;

const WANT_MAP = "want a map from trees to lists of flags", WANT_FLAGS = `want flags: ${FLAGS.join(", ")}`;

const LIST = v.nullish(v.array(v.string("want a tree such as /sshd/base"), "want a list"), []);

/** Sections of one kind; `name` says which names can be. */
function sections(name: RegExp, want: string) {
  const map = `want a map from ${want} to lists of trees`;
  return v.nullish(
    v.pipe(
      v.unknown(),
      v.check((value) => !Array.isArray(value), map),
      v.record(v.pipe(v.string(), v.regex(name, `want ${want}`)), LIST, map),
    ),
    {},
  );
}

const SCHEMA = v.strictObject({
  [TREES]: LIST,
  units: sections(/^[^/\s]+$/, "units such as cron.service"),
  images: sections(/^\S+$/, "images such as redis:7"),
  [RECORDED]: v.optional(v.nullable(v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), WANT_MAP), // to the library a list is a map, too
    v.record(v.string(), v.nullable(v.array(v.picklist(FLAGS, WANT_FLAGS), "want a list of flags")), WANT_MAP),
  ))),
});

/** A list of patterns. */
export interface SectionList {
  /** Undefined for what is expected anywhere. */
  readonly section: Section | undefined;
  readonly list: YAMLSeq;
}

/** A file taken apart: what is expected, and the document that holds the comments and the order. */
export interface ParsedFile {
  readonly document: Document.Parsed;
  /** The list of what is expected anywhere, and those of sections; without those that the file doesn't have yet. */
  readonly lists: readonly SectionList[];
  /** Undefined where the file has none, or nothing in it. */
  readonly flags: YAMLMap | undefined;
  readonly baseline: Baseline;
}

/** Takes a file apart. `name` is for the messages. Throws a `ConfigError`. */
export function parseFile(text: string, name: string): ParsedFile {
  const { value, document, lineOf, error: errorAt } = parseSettings(text, name, SCHEMA, { length: MAX_LENGTH });
  const flags = document.get(RECORDED);
  const recorded = value[RECORDED] === undefined ? undefined : Object.entries(value[RECORDED] ?? {});
  const flagEntries = recorded?.map(([pattern, flags]): FlagEntry => {
    const problem = problemOf(pattern);
    if (problem !== undefined) throw errorAt([RECORDED, pattern], `${quote(pattern)} is no tree: it ${problem}`);
    return { pattern, line: lineOf([RECORDED, pattern]), flags: (flags ?? []) as FlagName[] };
  });
  const parts = [
    { section: undefined, path: [TREES], patterns: value[TREES] ?? [] },
    ...SECTION_KINDS.flatMap((kind) =>
      Object.entries(value[kind] ?? {}).map(([name, patterns]) => ({
        section: { kind, name },
        path: [kind, name],
        patterns: patterns ?? [],
      }))
    ),
  ];
  const lists = parts.flatMap(({ section, path }): SectionList[] => {
    const list = document.getIn(path);
    return isSeq(list) ? [{ section, list }] : [];
  });
  const places = parts.flatMap(({ path, patterns }) => patterns.map((_, index) => [...path, index]));
  const entries = parts.flatMap(({ section, path, patterns }) => {
    const list = document.getIn(path);
    return patterns.map((pattern, index): Entry => {
      const item = isSeq(list) ? list.items[index] : undefined;
      const lastSeenSeconds = isScalar(item) ? lastSeenIn(item.comment) : undefined;
      return {
        pattern,
        line: lineOf([...path, index]),
        ...lastSeenSeconds === undefined ? {} : { lastSeenSeconds },
        ...section === undefined ? {} : { section },
      };
    });
  });
  try {
    return {
      document,
      lists,
      flags: isMap(flags) ? flags : undefined,
      baseline: new Baseline(entries, flagEntries),
    };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { index, message } = error;
    throw errorAt(places[index]!, `${quote(entries[index]!.pattern)} is no tree: it ${message}`);
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
