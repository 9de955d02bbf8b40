/**
 * Rules of people's own: other labels, other base programs, trees that are not split further, roots that are left out.
 *
 * @module
 */

import type { RE2JS } from "re2js";
import { type BaseOverrides, mergePath } from "../base/mod.ts";
import { compileExpression, ExpressionError } from "./expressions.ts";
import { RESERVED } from "./escape.ts";
import { PatternError } from "./pattern.ts";
import { PatternSet } from "./pattern_set.ts";

export interface RenameRule {
  /** What the expression is compared with, as a whole: the path of the executable or script, or the label. */
  readonly of: "program" | "label";
  /** RE2 syntax (https://github.com/google/re2/wiki/Syntax); a text that is equal to it matches in any case. */
  readonly expression: string;
  /** The new label; `$1`, `${1}` and `${name}` stand for groups of the expression, `$$` for a dollar sign. */
  readonly as: string;
}

/** All rules, as plain data that can be sent to another thread. */
export interface Rules {
  /** The first that matches decides. */
  readonly rename: readonly RenameRule[];
  /** Patterns of paths whose programs are base, and of paths whose programs are not; the latter decide. */
  readonly base: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Patterns of trees below which there are no others: what is launched there counts as a launch of the tree. */
  readonly ignore: readonly string[];
  /** Labels that are left out as the root of a tree, as `systemd` is. */
  readonly roots: readonly string[];
}

export const NO_RULES: Rules = { rename: [], base: { add: [], remove: [] }, ignore: [], roots: [] };

/** A rule that can't be followed. `path` is where it stands in {@link Rules}, such as `rename`, 0, `expression`. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  constructor(readonly path: readonly (string | number)[], message: string) {
    super(message);
  }
}

export const MAX_RULES = 1000;
/** Characters of a pattern at most: the longest tree has half of them. */
const MAX_PATTERN = 8192;
/** Longer names are not compared with expressions, so that a storm of them costs little: paths of that length are made up. */
const MAX_NAME = 1024;
/** New labels that are remembered. */
const MAX_REMEMBERED = 4096;

export class CompiledRules implements BaseOverrides {
  readonly #renames: readonly ReturnType<typeof renameOf>[];
  /** By program and label; a command line with a module's name asks at each launch. */
  readonly #remembered = new Map<string, string | undefined>();
  readonly #base: { readonly add: PatternSet; readonly remove: PatternSet };
  readonly #ignore: PatternSet;
  /** Labels that are left out as the root of a tree. */
  readonly roots: ReadonlySet<string>;

  /** Throws a {@link RuleError} for the first that can't be followed. */
  constructor({ rename, base, ignore, roots }: Rules) {
    checkCount(rename, ["rename"]);
    this.#renames = rename.map((rule, index) => renameOf(rule, ["rename", index]));
    this.#base = {
      add: patternSet(base.add.map(mergePath), ["base", "add"]),
      remove: patternSet(base.remove.map(mergePath), ["base", "remove"]),
    };
    this.#ignore = patternSet(ignore, ["ignore"]);
    checkCount(roots, ["roots"]);
    this.roots = new Set(roots);
  }

  adds(path: string): boolean {
    return this.#base.add.matches(path);
  }

  removes(path: string): boolean {
    return this.#base.remove.matches(path);
  }

  /** Whether what is launched below this tree counts as launches of it. */
  ignores(tree: string): boolean {
    return this.#ignore.matches(tree);
  }

  /** The text of a program's new label, not escaped; undefined where no rule matches. */
  rename(program: string, label: string): string | undefined {
    if (this.#renames.length === 0 || program.length > MAX_NAME) return undefined;
    const key = `${program}\0${label}`;
    const known = this.#remembered.get(key);
    if (known !== undefined || this.#remembered.has(key)) return known;
    let renamed: string | undefined;
    for (const rename of this.#renames) {
      renamed = rename(program, label);
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

/** Reads patterns; throws a {@link RuleError} for the first that isn't one. */
function patternSet(patterns: readonly string[], path: readonly (string | number)[]): PatternSet {
  checkCount(patterns, path);
  const long = patterns.findIndex(({ length }) => length > MAX_PATTERN);
  if (long >= 0) {
    throw new RuleError([...path, long], `it has ${patterns[long]!.length} characters, want at most ${MAX_PATTERN}`);
  }
  try {
    return new PatternSet(patterns);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const wanted = "want names with / between them, and one that begins with /";
    throw new RuleError([...path, error.index], `it ${error.message}; ${wanted}`);
  }
}

function compile(expression: string, path: readonly (string | number)[]): RE2JS {
  try {
    return compileExpression(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new RuleError(path, error.message);
  }
}

/** `$$`, `$1`, `${1}`, `${name}`. */
const REFERENCE = /\$(?:(\$)|(\d+)|\{(\w+)\})/g;

/** What gives a program its new label by a rule; undefined where the expression doesn't match. */
function renameOf(
  { of, expression: text, as }: RenameRule,
  path: readonly (string | number)[],
): (program: string, label: string) => string | undefined {
  const expression = compile(text, [...path, "expression"]);
  /** Text, then the group that follows it, alternating. */
  const parts: (string | { readonly group: string | number })[] = [];
  let at = 0;
  for (const match of as.matchAll(REFERENCE)) {
    const [all, dollar, number, name] = match;
    parts.push(as.slice(at, match.index));
    at = match.index + all.length;
    parts.push(dollar ?? { group: groupOf(expression, number ?? name!, [...path, "as"]) });
  }
  parts.push(as.slice(at));
  if (as === "") throw new RuleError([...path, "as"], "it is empty, want a label");
  if (RESERVED.has(as)) {
    const remedy = as === "base" ? "base.add" : as === "systemd" ? "roots" : "another name";
    throw new RuleError([...path, "as"], `the label ${as} has a meaning of its own, want ${remedy}`);
  }
  return (program, label) => {
    const name = of === "program" ? program : label, matcher = expression.matcher(name), matches = matcher.matches();
    // A label such as `prom_cnproc-*` is no expression for itself.
    if (!matches && name !== text) return undefined;
    let renamed = "";
    for (const part of parts) {
      if (typeof part === "string") renamed += part;
      else if (matches) renamed += matcher.group(part.group as string) ?? "";
    }
    return renamed;
  };
}

function groupOf(expression: RE2JS, text: string, path: readonly (string | number)[]): string | number {
  if (!/^\d+$/.test(text)) {
    if (Object.hasOwn(expression.namedGroups(), text)) return text;
    throw new RuleError(path, `the expression has no group called ${text}`);
  }
  const count = expression.groupCount();
  if (Number(text) > count) throw new RuleError(path, `the expression has ${count} groups, and no number ${text}`);
  return Number(text);
}
