import assert from "node:assert/strict";
import fc from "fast-check";
import { isKnownName } from "../../fingerprint/base/mod.ts";
import { escapeName } from "../../fingerprint/labels/escape.ts";
import { skeleton } from "../../fingerprint/labels/look_alikes.ts";
import { runs } from "./runs.ts";

/** Names that nobody may pass for, a few of each kind. */
const KNOWN = "ls sshd base systemd apt-get cron bash python3.11 java kworker su dpkg-deb [ init login ld.so".split(
  " ",
);

/** All characters that are read as each of Basic Latin. */
const readAs = new Map<string, string[]>();
for (let code = 0x80; code < 0x20000; code++) {
  if (code >= 0xd800 && code < 0xe000) continue;
  const character = String.fromCodePoint(code), plain = skeleton(character);
  if (plain !== character) readAs.set(plain, [...readAs.get(plain) ?? [], character]);
}

Deno.test("no label that isn't made of escapes reads like the name of another program", () => {
  const disguised = fc.constantFrom(...KNOWN).chain((name) =>
    fc.tuple(
      fc.constant(name),
      ...[...name].map((character) => fc.constantFrom(character, ...readAs.get(character) ?? [])),
    )
  ).map(([name, ...characters]) => [name, characters.join("")] as const);
  fc.assert(
    fc.property(disguised, ([name, text]) => {
      assert.equal(skeleton(text), name);
      const label = escapeName(text);
      assert.equal(label.includes("\\"), text !== name || escapeName(name).includes("\\"), `${text} → ${label}`);
    }),
    { numRuns: runs(5000) },
  );
});

Deno.test("any text of characters that are read as others is told from the names of the system", () => {
  const alphabet = ["l", "s", "-", "x", ...[...readAs.values()].flat()];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 4 }), (characters) => {
      const text = characters.join(""), label = escapeName(text);
      if (!label.includes("\\") && isKnownName(skeleton(label))) assert.equal(skeleton(label), label);
    }),
    { numRuns: runs(5000) },
  );
});
