/**
 * YAML with places: values are taken out one by one, and what is wrong with one is told with its line and column.
 *
 * @module
 */

import type * as yaml from "yaml";
import type { LineCounter, Node } from "yaml";
import { closest } from "../text/mod.ts";
import { quote } from "../text/mod.ts";

/** The library. It takes two megabytes, so that it is loaded where there is a file only. */
let library: typeof yaml;

/** To be awaited before a text is taken apart. */
export async function loadYaml(): Promise<void> {
  library ??= await import("yaml");
}

/** Characters of a file at most. */
export const MAX_FILE = 256 * 1024;

/** A file that can't be used. The message is one line: which file, where in it, what is wrong, what was wanted. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** Line and column count from 1; undefined where it is about the whole file. */
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    readonly column: number | undefined,
    what: string,
  ) {
    super(`Cannot use ${file}${line === undefined ? "" : `:${line}:${column}`}: ${what}`);
  }
}

/** A value in the file. */
export class YamlValue {
  readonly #node: Node | null;
  readonly #place: Place;

  constructor(node: Node | null, place: Place) {
    this.#node = node;
    this.#place = place;
  }

  /** Throws a {@link ConfigError} about this value. */
  fail(what: string): never {
    throw this.#place.error(this.#node, what);
  }

  /** Whether nothing is there: `key:` alone. */
  get isEmpty(): boolean {
    return this.#node === null || (library.isScalar(this.#node) && this.#node.value === null);
  }

  /** The values of a map by their keys; `known` are all that it may have. */
  fields<Key extends string>(known: readonly Key[]): Partial<Record<Key, YamlValue>> {
    if (!library.isMap(this.#node)) return this.fail(`want a map with ${known.join(", ")}`);
    const fields: Partial<Record<Key, YamlValue>> = {};
    for (const { key, value } of this.#node.items) {
      const word = library.isScalar(key) ? String(key.value) : "";
      const name = known.find((one) => one === word);
      if (name === undefined) {
        const meant = closest(word, known);
        const hint = meant === undefined ? `want ${known.join(", ")}` : `did you mean ${meant}?`;
        throw this.#place.error(key as Node, `there is no key ${quote(word.slice(0, 80))}; ${hint}`);
      }
      fields[name] = new YamlValue(value as Node | null, value === null ? this.#place.at(key as Node) : this.#place);
    }
    return fields;
  }

  /** The values of a list. */
  list(): YamlValue[] {
    if (this.isEmpty) return [];
    if (!library.isSeq(this.#node)) return this.fail("want a list");
    return this.#node.items.map((item) => new YamlValue(item as Node | null, this.#place.at(this.#node!)));
  }

  /** A text; other scalars, such as 4711, are wanted in quotes. */
  text(): string {
    if (!library.isScalar(this.#node) || typeof this.#node.value !== "string") {
      return this.fail("want a text; a number or a word such as true is written in quotes");
    }
    return this.#node.value;
  }
}

/** Tells where nodes are. */
class Place {
  constructor(readonly file: string, readonly lines: LineCounter, readonly otherwise: Node | null) {}

  /** For values that aren't there themselves: the place of another node. */
  at(otherwise: Node): Place {
    return new Place(this.file, this.lines, otherwise);
  }

  error(node: Node | null, what: string): ConfigError {
    const offset = (node?.range ?? this.otherwise?.range)?.[0] ?? 0;
    const { line, col } = this.lines.linePos(offset);
    return new ConfigError(
      this.file,
      line,
      col,
      library.isAlias(node) ? "an alias can't stand here, want the value itself" : what,
    );
  }
}

/** Takes the text of a file apart, after {@link loadYaml}; undefined where it holds nothing. `file` is for the messages. Throws a {@link ConfigError}. */
export function parseYaml(text: string, file: string): YamlValue | undefined {
  if (text.length > MAX_FILE) {
    throw new ConfigError(file, undefined, undefined, `it has ${text.length} characters, want at most ${MAX_FILE}`);
  }
  const lines = new library.LineCounter();
  const document = library.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new ConfigError(file, line, col, oneLine(problem.message));
  }
  const value = new YamlValue(document.contents as Node | null, new Place(file, lines, null));
  return value.isEmpty ? undefined : value;
}

/** Reads a file and takes it apart. Throws a {@link ConfigError}. */
export async function readYaml(file: string): Promise<YamlValue | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    throw new ConfigError(file, undefined, undefined, `it can't be read (${causeOf(error)})`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(file, undefined, undefined, "it is no UTF-8");
  }
  await loadYaml();
  return parseYaml(text, file);
}

function causeOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "that isn't allowed";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return oneLine(error instanceof Error ? error.message : String(error));
}

function oneLine(text: string): string {
  return quote(text.replace(/\s+/g, " ")).slice(1, -1).replaceAll('\\"', '"');
}
