/**
 * Rules of an operator's own: other labels, other base programs, trees that are not split further, roots that are left out.
 *
 * Expressions are RE2's, as everywhere in Prometheus: whatever a program calls itself, matching takes a time that is linear in
 * the length of the name.
 *
 * @module
 */
// @ts-types="./std_path.d.ts"
import { globToRegExp } from "@std/path/posix";
import type { RE2JS } from "re2js";
import { RESERVED } from "./labeller.ts";
import { type BaseOverrides, mergePath } from "../base/mod.ts";

/** The library of expressions. It takes a megabyte in each thread, so that it is loaded where there are rules only. */
let library: typeof RE2JS | undefined;

/** To be awaited in a thread before rules are compiled there. */
export async function loadExpressions(): Promise<void> {
  library ??= (await import("re2js")).RE2JS;
}

/** Gives another label to programs. */
export interface RenameRule {
  /** What the expression is compared with, as a whole: the path of the executable or script, or the label. */
  readonly of: "program" | "label";
  /** RE2 syntax (https://github.com/google/re2/wiki/Syntax). */
  readonly expression: string;
  /** The new label; `$1`, `${1}` and `${name}` stand for groups of the expression, `$$` for a dollar sign. */
  readonly as: string;
}

/** All rules, as plain data that can be sent to another thread. */
export interface Rules {
  /** The first that matches decides. */
  readonly rename: readonly RenameRule[];
  /** Globs of paths whose programs are base, and of paths whose programs are not; the latter decide. */
  readonly base: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Globs of trees below which there are no others: what is launched there counts as a launch of the tree. */
  readonly ignore: readonly string[];
  /** Labels that are left out as the root of a tree, as `systemd` is. */
  readonly roots: readonly string[];
}

/** No rule at all. */
export const NO_RULES: Rules = { rename: [], base: { add: [], remove: [] }, ignore: [], roots: [] };

/** A rule that can't be followed. `path` is where it stands in {@link Rules}, such as `rename`, 0, `expression`. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  constructor(readonly path: readonly (string | number)[], message: string) {
    super(message);
  }
}

/** Rules of one kind at most. */
export const MAX_RULES = 1000;
/** Characters of an expression or a glob at most. */
const MAX_PATTERN = 1000;
/** Longer names are not compared with expressions, so that a storm of them costs little: paths of that length are made up. */
const MAX_NAME = 1024;
/** New labels that are remembered. */
const MAX_REMEMBERED = 4096;

/** Rules made ready to be asked. */
export class CompiledRules implements BaseOverrides {
  readonly #renames: readonly Rename[];
  /** By program and label; a command line with a module's name asks at each launch. */
  readonly #remembered = new Map<string, string | undefined>();
  readonly #base: { readonly add: Globs; readonly remove: Globs };
  readonly #ignore: Globs;
  /** Labels that are left out as the root of a tree. */
  readonly roots: ReadonlySet<string>;

  /** Throws a {@link RuleError} for the first that can't be followed. */
  constructor({ rename, base, ignore, roots }: Rules) {
    checkCount(rename, ["rename"]);
    this.#renames = rename.map((rule, index) => new Rename(rule, ["rename", index]));
    this.#base = {
      add: new Globs(base.add.map(mergePath), ["base", "add"]),
      remove: new Globs(base.remove.map(mergePath), ["base", "remove"]),
    };
    this.#ignore = new Globs(ignore, ["ignore"]);
    checkCount(roots, ["roots"]);
    this.roots = new Set(roots);
  }

  adds(path: string): boolean {
    return this.#base.add.match(path);
  }

  removes(path: string): boolean {
    return this.#base.remove.match(path);
  }

  /** Whether what is launched below this tree counts as launches of it. */
  ignores(tree: string): boolean {
    return this.#ignore.match(tree);
  }

  /** The text of a program's new label, not escaped; undefined where no rule matches. */
  rename(program: string, label: string): string | undefined {
    if (this.#renames.length === 0 || program.length > MAX_NAME) return undefined;
    const key = `${program}\0${label}`;
    const known = this.#remembered.get(key);
    if (known !== undefined || this.#remembered.has(key)) return known;
    let renamed: string | undefined;
    for (const rename of this.#renames) {
      renamed = rename.apply(program, label);
      if (renamed !== undefined) break;
    }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, renamed);
    return renamed;
  }
}

function checkCount(rules: readonly unknown[], path: readonly (string | number)[]): void {
  if (rules.length > MAX_RULES) throw new RuleError(path, `it has ${rules.length} entries, want at most ${MAX_RULES}`);
}

/** `toExpression` makes an expression of what is written. */
function compile(text: string, path: readonly (string | number)[], toExpression = (text: string) => text): RE2JS {
  if (text.length > MAX_PATTERN) {
    throw new RuleError(path, `it has ${text.length} characters, want at most ${MAX_PATTERN}`);
  }
  if (library === undefined) throw new Error("Cannot compile an expression: loadExpressions() was not awaited");
  try {
    return library.compile(toExpression(text));
  } catch (error) {
    throw new RuleError(path, error instanceof Error ? error.message : String(error));
  }
}

/** `$$`, `$1`, `${1}`, `${name}`. */
const REFERENCE = /\$(?:(\$)|(\d+)|\{(\w+)\})/g;

/** A rule about labels. */
class Rename {
  readonly #of: "program" | "label";
  readonly #expression: RE2JS;
  /** Text, then the group that follows it, alternating. */
  readonly #parts: readonly (string | { readonly group: string | number })[];

  constructor({ of, expression, as }: RenameRule, path: readonly (string | number)[]) {
    this.#of = of;
    this.#expression = compile(expression, [...path, "expression"]);
    const parts: (string | { readonly group: string | number })[] = [];
    let at = 0;
    for (const match of as.matchAll(REFERENCE)) {
      const [text, dollar, number, name] = match;
      parts.push(as.slice(at, match.index));
      at = match.index + text.length;
      if (dollar !== undefined) parts.push(dollar);
      else parts.push({ group: this.#group(number ?? name!, [...path, "as"]) });
    }
    parts.push(as.slice(at));
    this.#parts = parts;
    if (as === "") throw new RuleError([...path, "as"], "it is empty, want a label");
    if (RESERVED.has(as)) {
      const remedy = as === "base" ? "base.add" : as === "systemd" ? "roots" : "another name";
      throw new RuleError([...path, "as"], `the label ${as} has a meaning of its own, want ${remedy}`);
    }
  }

  #group(text: string, path: readonly (string | number)[]): string | number {
    if (!/^\d+$/.test(text)) {
      if (Object.hasOwn(this.#expression.namedGroups(), text)) return text;
      throw new RuleError(path, `the expression has no group called ${text}`);
    }
    const count = this.#expression.groupCount();
    if (Number(text) > count) throw new RuleError(path, `the expression has ${count} groups, and no number ${text}`);
    return Number(text);
  }

  /** The new label; undefined where the expression doesn't match. */
  apply(program: string, label: string): string | undefined {
    const matcher = this.#expression.matcher(this.#of === "program" ? program : label);
    if (!matcher.matches()) return undefined;
    let text = "";
    for (const part of this.#parts) text += typeof part === "string" ? part : matcher.group(part.group as string) ?? "";
    return text;
  }
}

function globExpression(glob: string): string {
  return globToRegExp(glob, { extended: false, globstar: true }).source;
}

/** Patterns of paths: `*` and `?` within an element, `**` for any number of them, `[a-z]`, `{a,b}`. */
class Globs {
  readonly #exact = new Set<string>();
  readonly #patterns: RE2JS[] = [];

  constructor(globs: readonly string[], path: readonly (string | number)[]) {
    checkCount(globs, path);
    globs.forEach((glob, index) => {
      const place = [...path, index];
      if (!glob.startsWith("/") || glob === "/") throw new RuleError(place, "want a path that begins with /");
      if (!/[*?[\]{}\\]/.test(glob)) this.#exact.add(glob);
      else this.#patterns.push(compile(glob, place, globExpression));
    });
  }

  match(text: string): boolean {
    if (this.#exact.has(text)) return true;
    if (text.length > 4 * MAX_NAME) return false;
    return this.#patterns.some((pattern) => pattern.matcher(text).matches());
  }
}
