import assert from "node:assert/strict";
import fc from "fast-check";
import { type ElementVerdict, judgeElement, judgePath, type Place } from "../../fingerprint/randomness/judge.ts";
import { runs } from "./runs.ts";

const PLACES: readonly Place[] = ["temporary", "system", "other"];
const place = fc.constantFrom(...PLACES);

/** Any string of UTF-16 units, lone surrogates among them. */
const anyString = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
  .map((units) => String.fromCharCode(...units));

/** Names as they come: any string, and pieces of names in any order. */
const anyName = fc.oneof(
  anyString,
  fc.string({ maxLength: 300, unit: "binary" }),
  fc.array(
    fc.oneof(
      fc.constantFrom(
        "tmp",
        ".",
        "-",
        "_",
        "*",
        "lib",
        "usr",
        "conda-bld_",
        "systemd-private-",
        "=",
        "+",
        "é",
        "20240131",
      ),
      fc.stringMatching(/^[A-Za-z0-9]{1,12}$/),
      fc.stringMatching(/^[0-9a-f]{8,20}$/),
      fc.uuid(),
    ),
    { maxLength: 12 },
  ).map((pieces) => pieces.join("")),
);

function checkVerdict(verdict: ElementVerdict, name: string): void {
  assert.equal(verdict.name, name);
  assert.ok(verdict.score >= 0 && verdict.score <= 1, `score ${verdict.score}`);
  assert.notEqual(verdict.rule, "");
  if (!verdict.random) return assert.equal(verdict.collapsed, name);
  assert.ok(verdict.collapsed.includes("*"));
  assert.ok(!verdict.collapsed.includes("**"), verdict.collapsed);
  assert.ok(verdict.collapsed.length <= name.length);
  // What is kept stands in the name, in the same order.
  let at = 0;
  for (const kept of verdict.collapsed.split("*")) {
    const found = name.indexOf(kept, at);
    assert.ok(found >= at, `${kept} of ${verdict.collapsed}`);
    at = found + kept.length;
  }
}

Deno.test("judgeElement gives a sound verdict on any string", () => {
  fc.assert(fc.property(anyName, place, (name, where) => checkVerdict(judgeElement(name, where), name)), {
    numRuns: runs(3000),
  });
});

Deno.test("judgeElement is the same whatever was judged before", () => {
  fc.assert(
    fc.property(anyName, anyName, place, (name, other, where) => {
      const first = judgeElement(name, where);
      judgeElement(other, where);
      assert.deepEqual(judgeElement(name, where), first);
    }),
    { numRuns: runs(1000) },
  );
});

Deno.test("a stricter place finds no more", () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const [temporary, system, other] = PLACES.map((where) => judgeElement(name, where).random);
      assert.ok(!system || other);
      assert.ok(!other || temporary);
    }),
    { numRuns: runs(1000) },
  );
});

Deno.test("judgePath judges any path, element by element", () => {
  const path = fc.array(anyName, { maxLength: 12 }).map((names) => names.join("/"));
  fc.assert(
    fc.property(path, (path) => {
      const verdict = judgePath(path);
      const names = path.split("/").filter((name) => name !== "");
      assert.deepEqual(verdict.elements.map(({ name }) => name), names);
      assert.equal(verdict.random, verdict.elements.some(({ random }) => random));
      assert.equal(verdict.name, verdict.elements.at(-1)?.collapsed ?? "");
    }),
    { numRuns: runs(1000) },
  );
});

/** Makes a name from random parts, and says what it must collapse to. */
interface Kind {
  readonly title: string;
  readonly parts: readonly fc.Arbitrary<string>[];
  readonly make: (...parts: string[]) => string;
  readonly collapsed: string;
}

/** Random characters of an alphabet, all as likely, as the tools draw them. */
function drawn(alphabet: string, length: number): fc.Arbitrary<string> {
  const character = fc.noBias(fc.integer({ min: 0, max: alphabet.length - 1 }));
  return fc.array(character, { minLength: length, maxLength: length })
    .map((drawn) => drawn.map((i) => alphabet[i]!).join(""));
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const BASE36 = `${LOWER}0123456789`;
const BASE62 = `${BASE36}${LOWER.toUpperCase()}`;
const HEX = "0123456789abcdef";

const KINDS: readonly Kind[] = [
  {
    title: "UUID",
    parts: [8, 4, 4, 4, 12].map((length) => drawn(HEX, length)),
    make: (...parts) => `job-${parts.join("-")}.sock`,
    collapsed: "job-*.sock",
  },
  { title: "SHA-256", parts: [drawn(HEX, 64)], make: (hash) => hash!, collapsed: "*" },
  { title: "hash of 16 digits", parts: [drawn(HEX, 16)], make: (hash) => `server-${hash}`, collapsed: "server-*" },
  {
    title: "UUID with underscores",
    parts: [8, 4, 4, 4, 12].map((length) => drawn(HEX, length)),
    make: (...parts) => parts.join("_"),
    collapsed: "*",
  },
  {
    title: "ULID",
    parts: [drawn("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24)],
    make: (text) => `backup-01${text}`,
    collapsed: "backup-*",
  },
  {
    title: "temporary file of Windows",
    parts: [drawn(BASE62, 6)],
    make: (text) => `tmp${text}.tmp`,
    collapsed: "tmp*.tmp",
  },
  {
    title: "pod of a CronJob",
    parts: [drawn("bcdfghjklmnpqrstvwxz2456789", 5)],
    make: (text) => `backup-28459140-${text}`,
    collapsed: "backup-*",
  },
  { title: "base 62", parts: [drawn(BASE62, 24)], make: (text) => text!, collapsed: "*" },
  { title: "base 36", parts: [drawn(BASE36, 24)], make: (text) => text!, collapsed: "*" },
  {
    title: "Rust's tempfile",
    parts: [drawn(BASE62, 6)],
    make: (text) => `.tmp${text}`,
    collapsed: ".tmp*",
  },
  {
    title: "AppImage",
    parts: [drawn(BASE62, 6)],
    make: (text) => `.mount_balena${text}`,
    collapsed: ".mount_balena*",
  },
  {
    title: "PyInstaller",
    parts: [drawn(BASE62, 6)],
    make: (text) => `_MEI${text}`,
    collapsed: "_MEI*",
  },
  {
    title: "systemd's private folders",
    parts: [drawn(HEX, 32), drawn(BASE62, 6)],
    make: (boot, text) => `systemd-private-${boot}-chrony.service-${text}`,
    collapsed: "systemd-private-*-chrony.service-*",
  },
  {
    title: "Ruby's tmpdir",
    parts: [drawn("0123456789", 6), drawn(BASE36, 6)],
    make: (pid, text) => `d20240131-${pid}-${text}`,
    collapsed: "d*",
  },
];

for (const { title, parts, make, collapsed } of KINDS) {
  Deno.test(`every ${title} collapses to ${collapsed}`, () => {
    fc.assert(
      fc.property(fc.tuple(...parts), place, (drawnParts, where) => {
        const verdict = judgeElement(make(...drawnParts), where);
        assert.deepEqual([verdict.random, verdict.collapsed], [true, collapsed]);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
}

Deno.test("judging takes linear time: 255 characters cost some microseconds whatever they are", () => {
  const names = [
    "a".repeat(255),
    "a-".repeat(128).slice(0, 255),
    "x7-".repeat(85),
    "aB3".repeat(85),
    "conda_".repeat(43).slice(0, 255),
    "20240131-1-".repeat(24).slice(0, 255),
    "kqzvw ".repeat(43).slice(0, 255),
    "0123456789abcdef-".repeat(15),
    "bcd2-".repeat(51),
    "\ud800".repeat(255),
  ];
  for (const name of names) {
    let fastest = Infinity;
    // On a busy machine it takes a while to be left alone for some milliseconds.
    for (const end = performance.now() + 5000; fastest >= 100 && performance.now() < end;) {
      const start = performance.now();
      for (let i = 0; i < 50; i++) judgeElement(name, "other");
      fastest = Math.min(fastest, (performance.now() - start) * 1000 / 50);
    }
    assert.ok(fastest < 100, `${name.slice(0, 20)}…: ${fastest} µs`);
  }
});
