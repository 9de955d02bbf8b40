/** docs/flags.md has every flag, with its weight and with what the page says of it. */

import assert from "node:assert/strict";
import { Flag, FLAGS, ORDINARY } from "../../../fingerprint/mod.ts";
import { FLAG_MEANINGS, weightOf } from "../../../metrics/http/page/browser/badges.ts";

const text = await Deno.readTextFile(new URL("../../../docs/flags.md", import.meta.url));

/** `Memfd` of {@link Flag} by `memfd`. */
const isOrdinary = (flag: string) =>
  (Flag[`${flag[0]!.toUpperCase()}${flag.slice(1)}` as keyof typeof Flag] & ORDINARY) !== 0;

Deno.test("the page knows every flag, and which are grave", () => {
  assert.deepEqual(Object.keys(FLAG_MEANINGS), [...FLAGS]);
  for (const flag of FLAGS) assert.equal(weightOf(flag), isOrdinary(flag) ? "ordinary" : "grave", flag);
});

Deno.test("docs/flags.md has a row of each flag, with the page's words", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) +\|$/gm)].map(([, ...cells]) => cells);
  assert.deepEqual(rows, FLAGS.map((flag) => [flag, weightOf(flag), FLAG_MEANINGS[flag]]));
});

Deno.test("docs/flags.md has a section of each flag: its weight, what brings it about, when it is looked at, what to do", () => {
  const sections = text.split(/^## /m).slice(1).map((section) => section.split("\n"));
  assert.deepEqual(sections.map(([heading]) => heading), [...FLAGS]);
  for (const [flag, ...lines] of sections) {
    const body = lines.join("\n").trim();
    assert.ok(body.startsWith(isOrdinary(flag!) ? "**Ordinary.** " : "**Grave.** "), flag);
    for (const part of ["Brought about by ", "Looked at: ", "To do: "]) {
      assert.equal(body.split(`\n- ${part}`).length, 2, `${flag}: ${part}`);
    }
  }
});
