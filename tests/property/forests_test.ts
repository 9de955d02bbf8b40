/** The same programs on another machine, in other versions, from other temporary folders: the same trees. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { type RecordedForest, recordedForests, Replay } from "../unit/fingerprint/recorded_forest.ts";
import { runs } from "./runs.ts";

/** Names as tools make them: each character as likely as any other. */
function made(characters: string, length: number): fc.Arbitrary<string> {
  return fc.noBias(fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length }));
}

const LOWER = "abcdefghijklmnopqrstuvwxyz", DIGITS = "0123456789";
const HEXADECIMAL = made("0123456789abcdef", 32);
const PYTHON = made(`${LOWER}${DIGITS}_`, 8);

/**
 * mktemp(1) takes letters and digits. Of its names one in 200 (of 6) or 6,000 (of 10 characters) is all small letters; a
 * quarter of those nobody can tell from words, so they are left out here.
 */
function mktemp(length: number): fc.Arbitrary<string> {
  return made(`${LOWER}${LOWER.toUpperCase()}${DIGITS}`, length).filter((name) => /[A-Z0-9]/.test(name));
}

/** What is made up anew on each machine or in each run: where it stands in a path, and what it may be instead. */
const PARTS: readonly (readonly [place: RegExp, instead: fc.Arbitrary<string>])[] = [
  [/(?<=\/tmp\.)[A-Za-z0-9]{10}(?=\/|$)/g, mktemp(10)], // GNU coreutils
  [/(?<=\/tmp\.)[A-Za-z0-9]{6}(?=\/|$)/g, mktemp(6)], // busybox
  [/(?<=\/tmp)[a-z0-9_]{8}(?=\/|$)/g, PYTHON], // Python's tempfile
  [/(?<=\/pip-[a-z]+(?:-env)?-)[a-z0-9_]{8}(?=\/)/g, PYTHON],
  [/(?<=_)[0-9a-f]{32}(?=\/|$)/g, HEXADECIMAL],
  [/(?<=\/_npx\/)[0-9a-f]{16}(?=\/)/g, HEXADECIMAL.map((name) => name.slice(16))],
  [/(?<=^\/home\/)alice(?=\/|$)/g, fc.constantFrom("bob", "carol", "dave.smith", "u1001", "svc-build", "zoë")],
  [/(?<=python3\.)11(?=\/|$)/g, fc.integer({ min: 7, max: 14 }).map(String)],
  [/(?<=x86_64-linux-gnu(?:-gcc-|\/))12(?=\/|$)/g, fc.integer({ min: 9, max: 15 }).map(String)],
  [/(?<=^\/usr\/(?:bin|lib\/gcc)\/)x86_64-linux-gnu/g, fc.constantFrom("aarch64-linux-gnu", "riscv64-linux-gnu")],
];

type Rewrite = (text: string) => string;

/** Renames these parts, each in the same way wherever it stands. */
const renaming: fc.Arbitrary<Rewrite> = fc.gen().map((gen) => {
  const renamed = new Map<string, string>();
  return (text) =>
    PARTS.reduce((path, [place, instead], index) =>
      path.replace(place, (part) => {
        const key = `${index} ${part}`;
        const name = renamed.get(key) ?? gen(() => instead);
        renamed.set(key, name);
        return name;
      }), text);
});

const forests = [...recordedForests()];

function treesOf(forest: RecordedForest, ...rewrites: Rewrite[]): Map<string, number> {
  const replay = new Replay();
  for (const rewrite of rewrites) replay.replay(forest, rewrite);
  return replay.trees();
}

for (const [name, forest] of forests) {
  const known = treesOf(forest, (text) => text);

  Deno.test(`stability: ${name} is the same ${known.size} trees under any other random names, users and versions`, () => {
    fc.assert(
      fc.property(renaming, (rewrite) => {
        const trees = treesOf(forest, rewrite);
        assert.deepEqual([...trees.keys()].sort(), [...known.keys()].sort());
        assert.deepEqual(new Map([...trees].sort()), new Map([...known].sort()));
      }),
      { numRuns: runs(100) },
    );
  });

  Deno.test(`stability: ${name} adds no tree when it runs again and again`, () => {
    fc.assert(
      fc.property(fc.array(renaming, { minLength: 4, maxLength: 4 }), (rewrites) => {
        assert.equal(treesOf(forest, ...rewrites).size, known.size);
      }),
      { numRuns: 20 },
    );
  });
}

Deno.test("stability: every part that is renamed stands in a forest", () => {
  const texts = forests.flatMap(([, forest]) => forest.strings);
  for (const [place] of PARTS) assert.ok(texts.some((text) => text.search(place) >= 0), String(place));
});
