import assert from "node:assert/strict";
import { ALPHABETS, Generator, Random } from "../../../scripts/randomness/generator.ts";

/** Strings of one alphabet alone. */
function strings(alphabet: string): string[] {
  const others = Object.keys(ALPHABETS).filter((name) => name !== alphabet);
  const generator = new Generator(new Random(1), ["word"], new Set(others));
  return Array.from({ length: 300 }, () => generator.token());
}

/** Share of neighbours of which one is a vowel and the other none. */
function turns(texts: readonly string[]): number {
  let turned = 0, all = 0;
  for (const text of texts) {
    for (let i = 1; i < text.length; i++, all++) {
      if ("aeiouy".includes(text[i]!) !== "aeiouy".includes(text[i - 1]!)) turned++;
    }
  }
  return turned / all;
}

Deno.test("strings that can be spoken: vowels and consonants in turn, of many letters", () => {
  for (const [alphabet, least] of [["alternating", 0.75], ["syllables", 0.6]] as const) {
    const made = strings(alphabet);
    assert.ok(made.every((text) => /^[a-z]{6,14}$/.test(text)), alphabet);
    assert.ok(turns(made) > least, `${alphabet}: ${turns(made)}`);
    assert.ok(turns(made) > turns(strings("lower")) + 0.2);
    assert.ok(new Set(made.join("")).size > 24, "no letter is left out of all");
  }
});

Deno.test("the same seed makes the same names", () => {
  const names = () => {
    const generator = new Generator(new Random(7), ["alpha", "beta"]);
    return Array.from({ length: 50 }, () => generator.name());
  };
  assert.deepEqual(names(), names());
});
