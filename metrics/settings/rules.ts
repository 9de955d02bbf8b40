/**
 * The configuration file (`--config.file`): an operator's own rules.
 *
 * @module
 */

import {
  CompiledRules,
  loadExpressions,
  NO_RULES,
  type RenameRule,
  RuleError,
  type Rules,
} from "../../fingerprint/mod.ts";
import { readYaml, type YamlValue } from "./yaml_reader.ts";

/** Where the parts of the rules stand in the file, by their paths joined with dots: `rename.0.as`. */
type Places = Map<string, YamlValue>;

/** Reads the rules of a file. Throws a `ConfigError` with the place of what is wrong. */
export async function readRules(file: string): Promise<Rules> {
  await loadExpressions();
  return rulesOf(await readYaml(file));
}

/** The rules in the contents of a file; undefined is an empty one. `loadExpressions()` comes first. Throws a `ConfigError`. */
export function rulesOf(contents: YamlValue | undefined): Rules {
  if (contents === undefined) return NO_RULES;
  const places: Places = new Map([["", contents]]);
  const fields = contents.fields(["rename", "base", "ignore", "roots"]);
  const base = fields.base?.isEmpty === false ? fields.base.fields(["add", "remove"]) : {};
  const rules: Rules = {
    rename: renames(fields.rename, places),
    base: { add: texts(base.add, "base.add", places), remove: texts(base.remove, "base.remove", places) },
    ignore: texts(fields.ignore, "ignore", places),
    roots: texts(fields.roots, "roots", places),
  };
  try {
    new CompiledRules(rules);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    (places.get(error.path.join(".")) ?? contents).fail(error.message);
  }
  return rules;
}

/** A list of texts; each has a place. */
function texts(value: YamlValue | undefined, path: string, places: Places): string[] {
  if (value === undefined) return [];
  places.set(path, value);
  return value.list().map((item, index) => {
    places.set(`${path}.${index}`, item);
    return item.text();
  });
}

function renames(value: YamlValue | undefined, places: Places): RenameRule[] {
  if (value === undefined) return [];
  places.set("rename", value);
  return value.list().map((item, index): RenameRule => {
    const { program, label, as } = item.fields(["program", "label", "as"]);
    const expression = program ?? label;
    if (expression === undefined || (program !== undefined && label !== undefined)) {
      return item.fail("want either program or label, with an expression");
    }
    if (as === undefined) return item.fail("want as, with the new label");
    places.set(`rename.${index}.expression`, expression);
    places.set(`rename.${index}.as`, as);
    return { of: program === undefined ? "label" : "program", expression: expression.text(), as: as.text() };
  });
}
