/**
 * The configuration file (`--config.file`): rules about labels, base programs, trees and roots.
 *
 * @module
 */

import * as v from "valibot";
import { CompiledRules, loadExpressions, type RenameRule, RuleError, type Rules } from "../../fingerprint/mod.ts";
import { readText } from "./files.ts";
import { parseSettings } from "./reader.ts";

const TEXT = v.string("want a text; a number or a word such as true is written in quotes");
const TEXTS = v.nullish(v.array(TEXT, "want a list"), []);

const SCHEMA = v.strictObject({
  rename: v.nullish(
    v.array(
      v.strictObject({ program: v.optional(TEXT), label: v.optional(TEXT), as: v.optional(TEXT) }),
      "want a list",
    ),
    [],
  ),
  base: v.nullish(v.strictObject({ add: TEXTS, remove: TEXTS }), {}),
  ignore: TEXTS,
  roots: TEXTS,
});

/** Reads the rules of a file. Throws a `ConfigError` with the place of what is wrong. */
export async function readRules(file: string): Promise<Rules> {
  await loadExpressions();
  return rulesOf(readText(file), file);
}

/** The rules in the text of a file. `loadExpressions()` comes first. Throws a `ConfigError`. */
export function rulesOf(text: string, file: string): Rules {
  const settings = parseSettings(text, file, SCHEMA);
  const rename = settings.value.rename.map(({ program, label, as }, index): RenameRule => {
    const expression = program ?? label;
    if (expression === undefined || (program !== undefined && label !== undefined)) {
      throw settings.error(["rename", index], "want either program or label, with an expression");
    }
    if (as === undefined) throw settings.error(["rename", index], "want as, with the new label");
    return { of: program === undefined ? "label" : "program", expression, as };
  });
  const rules: Rules = { ...settings.value, rename };
  try {
    new CompiledRules(rules);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const path = error.path.map((step) => step === "expression" ? rename[Number(error.path[1])]!.of : step);
    throw settings.error(path, error.message);
  }
  return rules;
}
