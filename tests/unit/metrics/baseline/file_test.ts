import assert from "node:assert/strict";
import { parseBaseline, readBaseline } from "../../../../metrics/baseline/mod.ts";
import { ConfigError } from "../../../../metrics/text/mod.ts";

Deno.test("a file of trees, with comments and quotes", () => {
  const baseline = parseBaseline('# Hello\ntrees:\n  - /sshd/base # why\n\n  - "/a b/*"\n  - /x/\\*\n', "b.yml");
  assert.deepEqual(baseline.entries, [
    { pattern: "/sshd/base", line: 3 },
    { pattern: "/a b/*", line: 5 },
    { pattern: "/x/\\*", line: 6 },
  ]);
  assert.equal(baseline.verdict("/a b/c").expected, true);
});

Deno.test("an empty file expects nothing", () => {
  for (const text of ["", "# nothing\n", "trees:\n", "trees: []\n", "---\n"]) {
    assert.deepEqual(parseBaseline(text, "b.yml").entries, [], JSON.stringify(text));
  }
});

Deno.test("what is wrong is said with its line", () => {
  const cases: [text: string, line: number, want: RegExp][] = [
    ["trees:\n  - /a\n  - b\n", 3, /"b" is no tree: it doesn't begin with \//],
    ["trees:\n  - /a//b\n", 2, /it has an empty label/],
    ["trees:\n  - /a\ntree:\n  - /b\n", 3, /the key "tree" is unknown; did you mean trees\?$/],
    ["trees:\n  - /a\ntrees:\n  - /b\n", 3, /unique/i],
    ["trees: /a\n", 1, /"trees": want a list$/],
    ["- /a\n", 1, /want a map with trees$/],
    ["/a\n", 1, /want a map with trees$/],
    ["trees:\n  - 5\n", 2, /want a tree/],
    ["trees:\n  -\n", 2, /want a tree/],
    ["trees:\n  - [/a]\n", 2, /want a tree/],
    ["trees:\n  - &a /a\n  - *a\n", 3, /an alias can't stand here/],
    ["trees:\n  - /a\n - /b\n", 3, /./],
    ["trees: [/a\n", 2, /./],
    ['trees:\n  - "/a\n', 3, /./],
  ];
  for (const [text, line, want] of cases) {
    assert.throws(() => parseBaseline(text, "b.yml"), (error) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.match(error.message, want);
      assert.equal(error.line, line, `${JSON.stringify(text)}: ${error.message}`);
      assert.match(error.message, new RegExp(`^Cannot use b\\.yml:${line}:\\d+: [^\n]+$`));
      return true;
    });
  }
});

Deno.test("a file that isn't there", () => {
  assert.throws(
    () => readBaseline("/nowhere/b.yml"),
    /Cannot use \/nowhere\/b\.yml: it can't be read \(there is no such file\)$/,
  );
});
