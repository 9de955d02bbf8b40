import assert from "node:assert/strict";
import fc from "fast-check";
import { isTree, labelsOf, parsePattern, patternOf } from "../../metrics/baseline/pattern.ts";
import { Rules } from "../../metrics/baseline/rules.ts";

/** Few letters, so that they often match. */
const label = fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), minLength: 1, maxLength: 4 });
const tree = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => `/${labels.join("/")}`);
const patternLabel = fc.oneof(
  fc.constant("**"),
  fc.constant("*"),
  fc.string({ unit: fc.constantFrom("a", "b", "*", "\\*", "\\\\"), minLength: 1, maxLength: 4 })
    .filter((text) => !text.includes("**")),
);
const pattern = fc.array(patternLabel, { minLength: 1, maxLength: 5 }).map((labels) => `/${labels.join("/")}`);

/** Whether a pattern matches, by trying everything. */
function matches(pattern: ReturnType<typeof parsePattern>, labels: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return labels.length === 0;
  if (first.kind === "deep") return labels.some((_, i) => matches(rest, labels.slice(i))) || matches(rest, []);
  const [next, ...others] = labels;
  if (next === undefined) return false;
  const fits = first.kind === "exact" ? first.text === next : globFits(first.pieces, next);
  return fits && matches(rest, others);
}

function globFits(pieces: readonly string[], text: string): boolean {
  const expression = pieces.map((piece) => piece.replace(/[\\*]/g, "\\$&")).join(".*");
  return new RegExp(`^${expression}$`, "s").test(text);
}

Deno.test("many rules at once say what each of them says alone", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), tree, (patterns, tree) => {
      const first = patterns.find((text) => matches(parsePattern(text), labelsOf(tree)));
      const { expected, rule, reason } = new Rules(patterns).verdict(tree);
      assert.equal(expected, first !== undefined);
      assert.equal(rule, first);
      assert.equal(reason === "", expected);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("the pattern of a tree matches that tree and no other", () => {
  fc.assert(fc.property(tree, tree, (one, other) => {
    const rules = new Rules([patternOf(one)]);
    assert.ok(rules.verdict(one).expected);
    assert.equal(rules.verdict(other).expected, one === other);
  }));
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
