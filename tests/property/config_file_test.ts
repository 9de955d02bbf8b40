import assert from "node:assert/strict";
import fc from "fast-check";
import { CompiledRules, isTree, type Rules } from "../../fingerprint/mod.ts";
import { rulesOf } from "../../metrics/settings/config_file.ts";
import { ConfigError } from "../../metrics/text/mod.ts";
import { loadExpressions } from "../../fingerprint/labels/expressions.ts";
import { runs } from "./runs.ts";

await loadExpressions();

const word = fc.constantFrom(
  ..."rename base ignore roots add remove program label as /a/* /** a{2} (a [z $1 ${x} null ~ true 1 *x &x !t | > '"
    .split(" "),
  "\n  - ",
  "\n",
  ": ",
  ", ",
  "[",
  "{",
  "}",
  "]",
  "\t",
  "# ",
  "---\n",
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(word, { maxLength: 40 }).map((words) => words.join("")),
);

Deno.test("any file gives rules that can be followed, or one line that says what is wrong", () => {
  fc.assert(
    fc.property(text, (text) => {
      let rules: Rules;
      try {
        rules = rulesOf(text, "config.yml");
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        // deno-lint-ignore no-control-regex
        assert.doesNotMatch(error.message, /[\u0000-\u001f\u007f-\u009f]/);
        assert.match(error.message, /^Cannot use config\.yml:\d+:\d+: ./);
        return;
      }
      const compiled = new CompiledRules(rules);
      compiled.rename(text, text);
      compiled.ignores(text);
      compiled.adds(text);
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("rules survive their way through a file", () => {
  const glob = fc.string({ unit: "grapheme-ascii", maxLength: 20 }).map((text) =>
    `/x${text.replace(/[[\]{}\\]/g, "")}`
  );
  const pattern = fc.string({ unit: "grapheme-ascii", maxLength: 20 }).map((text) => `/${text}`).filter(isTree);
  const list = fc.array(pattern, { maxLength: 4 });
  const rule = fc.record({
    of: fc.constantFrom("program" as const, "label" as const),
    expression: glob.map((text) => text.replace(/[^\w/]/g, ".")),
    as: glob.map((text) => text.replaceAll("$", "$$$$")),
  }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), list, list, list, list, (rename, add, remove, ignore, roots) => {
      const file = {
        rename: rename.map(({ of, expression, as }) => ({ [of]: expression, as })),
        base: { add, remove },
        ignore,
        roots,
      };
      // JSON is YAML.
      const read = rulesOf(JSON.stringify(file), "x");
      assert.deepEqual(read, { rename, base: { add, remove }, ignore, roots });
    }),
    { numRuns: runs(300) },
  );
});
