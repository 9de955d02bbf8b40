import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeName } from "../../fingerprint/labels/escape.ts";
import { canonical, isTree, labelsOf, parsePattern, patternOf } from "../../fingerprint/labels/pattern.ts";
import { PatternSet } from "../../fingerprint/labels/pattern_set.ts";
import { CompiledRules, NO_RULES } from "../../fingerprint/mod.ts";
import { parseBaseline } from "../../metrics/baseline/mod.ts";
import { escapeLabelValue } from "../../metrics/text/mod.ts";
import { runs } from "./runs.ts";

/** Few letters, so that they often match. */
const label = fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), minLength: 1, maxLength: 4 });
const tree = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => `/${labels.join("/")}`);
const patternLabel = fc.oneof(
  fc.constant("**"),
  fc.constant("*"),
  fc.string({ unit: fc.constantFrom("a", "b", "*", "\\*", "\\\\"), minLength: 1, maxLength: 4 }),
);
const pattern = fc.array(patternLabel, { minLength: 1, maxLength: 5 }).map((labels) => `/${labels.join("/")}`);

/** Whether a pattern matches, by trying everything. */
function matches(pattern: ReturnType<typeof parsePattern>, labels: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return labels.length === 0;
  if (first.kind === "deep") return labels.some((_, i) => matches(rest, labels.slice(i))) || matches(rest, []);
  const [next, ...others] = labels;
  if (next === undefined) return false;
  const fits = first.kind === "exact" ? first.text === canonical(next) : globFits(first.pieces, canonical(next));
  return fits && matches(rest, others);
}

function globFits(pieces: readonly string[], text: string): boolean {
  const expression = pieces.map((piece) => piece.replace(/[\\*]/g, "\\$&")).join(".*");
  return new RegExp(`^${expression}$`, "s").test(text);
}

Deno.test("many rules at once say what each of them says alone", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), tree, (patterns, tree) => {
      const first = patterns.findIndex((text) => matches(parsePattern(text), labelsOf(tree)));
      const set = new PatternSet(patterns);
      assert.equal(set.matches(tree), first >= 0);
      assert.equal(set.walk(labelsOf(tree)).at(-1), first < 0 ? Infinity : first);
      const { expected, rule, reason } = parseBaseline(JSON.stringify({ trees: patterns }), "b.yml").verdict(tree);
      assert.equal(expected, first >= 0);
      assert.equal(rule, patterns[first]);
      assert.equal(reason === "", expected);
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("the pattern of a tree matches that tree and no other", () => {
  fc.assert(fc.property(tree, tree, (one, other) => {
    const set = new PatternSet([patternOf(one)]);
    assert.ok(set.matches(one));
    assert.equal(set.matches(other), canonical(one) === canonical(other));
  }));
});

/** What programs may be called, odd names above all. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."ab*\\[]{}(),?+.$^|! \"'~\u202e\udc80".split("")), maxLength: 8 }),
  fc.constantFrom("*", "**", "base", "prom_cnproc-*", "[", "\\x20", "\\*", '"', "x".repeat(80)),
  fc.string({ unit: "binary", maxLength: 80 }),
);

Deno.test("a tree is a pattern of itself, as it is and as the text of /metrics has it, in every file", () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
      const tree = `/${names.map(escapeName).join("/")}`;
      for (const copied of [tree, escapeLabelValue(tree), patternOf(tree)]) {
        const rules = new CompiledRules({ ...NO_RULES, ignore: [copied], base: { add: [copied], remove: [copied] } });
        assert.ok(rules.ignores(tree), copied);
        assert.ok(rules.adds(tree) && rules.removes(tree), copied);
        assert.ok(parseBaseline(JSON.stringify({ trees: [copied] }), "b.yml").verdict(tree).expected, copied);
      }
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("any text is a pattern or is refused", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), pattern), (text) => {
    try {
      assert.ok(parsePattern(text).length > 0);
      assert.ok(isTree(text));
    } catch (error) {
      assert.equal((error as Error).name, "PatternError");
    }
  }));
});
