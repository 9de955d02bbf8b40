/** What was learned is expected, flags included; any other grave flag is news, wherever it comes from. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeCharacter, Flag, FLAGS, ORDINARY, patternOf } from "../../fingerprint/mod.ts";
import {
  compareBaselines,
  findUnexpected,
  isSame,
  mergeBaseline,
  parseBaseline,
  type SeenTree,
} from "../../metrics/baseline/mod.ts";
import { runs } from "./runs.ts";

const ALL = FLAGS.reduce((bits, _, i) => bits | 1 << i, 0), GRAVE = ALL & ~ORDINARY;

/** Labels as there are: letters, and what YAML and patterns have a meaning for. */
const label = fc.string({ unit: fc.constantFrom(..."ab*\\:# -[]{}&!'\"@,é"), minLength: 1, maxLength: 6 })
  .map((text) => text.replaceAll("\\", escapeCharacter("\\")));
const tree = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `/${labels.join("/")}`)
  .filter((tree) => tree !== "/other");
const seen = fc.record({
  tree,
  launches: fc.integer({ min: 1, max: 1000 }),
  flags: fc.integer({ min: 0, max: ALL }),
  firstSeenSeconds: fc.constantFrom(undefined, 1_800_000_000),
  instances: fc.constant([] as string[]),
});

const learned = (trees: readonly SeenTree[], text?: string) => mergeBaseline(text, "b.yml", trees).text;

Deno.test("what was learned is expected, and any further grave flag is not", () => {
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (trees, which, flag) => {
      const text = learned(trees), baseline = parseBaseline(text, "b.yml");
      assert.deepEqual(findUnexpected(baseline, trees).unexpected, []);
      assert.equal(learned(trees, text), text, "there is nothing more to learn");
      const chosen = trees[which % trees.length]!, bit = 1 << flag % FLAGS.length;
      const had = trees.reduce((bits, { tree, flags }) => tree === chosen.tree ? bits | flags : bits, 0);
      const { unexpected } = findUnexpected(baseline, [...trees, { ...chosen, flags: bit }]);
      const isNews = (bit & GRAVE & ~had) !== 0;
      assert.deepEqual(
        unexpected.map(({ tree, unexpectedFlags }) => [tree, unexpectedFlags]),
        isNews ? [[chosen.tree, bit]] : [],
      );
      // Learned too, it is expected, and is all that differs.
      const more = learned([...trees, { ...chosen, flags: bit }], text), other = parseBaseline(more, "b.yml");
      assert.equal(more !== text, isNews);
      assert.deepEqual(findUnexpected(other, [{ ...chosen, flags: bit | had }]).unexpected, []);
      const difference = compareBaselines(baseline, other);
      assert.equal(isSame(difference), !isNews);
      assert.equal(difference.removed.length, 0);
      if (isNews) assert.deepEqual(difference.added.map(({ pattern }) => pattern), [patternOf(chosen.tree)]);
    }),
    { numRuns: runs(300) },
  );
});

Deno.test("a baseline without flags says nothing of them", () => {
  fc.assert(
    fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), (trees) => {
      const older = learned(trees).replace(/\n# Grave [^]*$/, "\n");
      assert.doesNotMatch(older, /^flags:/m);
      const baseline = parseBaseline(older, "b.yml");
      assert.deepEqual(findUnexpected(baseline, trees.map((tree) => ({ ...tree, flags: ALL }))).unexpected, []);
      assert.equal(learned(trees, older), older, "nor does learning give it any");
    }),
  );
  assert.equal(Flag.Deleted & GRAVE, Flag.Deleted);
});
