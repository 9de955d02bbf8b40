import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/mod.ts";
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

Deno.test("flags by pattern; a file without them records none", () => {
  const { flagEntries } = parseBaseline(
    'trees: [/a]\nflags:\n  /a: [memfd, deleted] # why\n  "/b c/**":\n    - setuid\n  /d:\n',
    "b.yml",
  );
  assert.deepEqual(flagEntries, [
    { pattern: "/a", line: 3, flags: ["memfd", "deleted"] },
    { pattern: "/b c/**", line: 4, flags: ["setuid"] },
    { pattern: "/d", line: 6, flags: [] },
  ]);
  for (const text of ["trees: [/a]\nflags:\n", "flags: {}\n"]) {
    assert.deepEqual(parseBaseline(text, "b.yml").flagEntries, [], JSON.stringify(text));
  }
  assert.equal(parseBaseline("trees: [/a]\n", "b.yml").flagEntries, undefined);
});

Deno.test("the files of docs/baseline.md can be used", async () => {
  const text = await Deno.readTextFile(new URL("../../../../docs/baseline.md", import.meta.url));
  const [trees, flags, sections] = [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block]) => block!);
  const baseline = parseBaseline("trees: [/**]\n" + flags, "b.yml"), tree = "/dockerd/x/runc/memfd:runc_cloned:\\x2f";
  assert.ok(parseBaseline(trees!, "b.yml").verdict("/nginx/base").expected);
  assert.deepEqual(parseBaseline(sections!, "b.yml").verdict("/cron/base/rotate.sh").onlyIn?.sections, [
    { kind: "units", name: "cron.service" },
  ]);
  assert.equal(baseline.verdict(tree).unexpectedFlags & Flag.Memfd, 0);
  assert.equal(baseline.verdict("/dockerd/x/runc").unexpectedFlags & Flag.Memfd, Flag.Memfd);
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
    ["- /a\n", 1, /want a map with trees, units, images, flags$/],
    ["/a\n", 1, /want a map with trees, units, images, flags$/],
    ["trees:\n  - 5\n", 2, /want a tree/],
    ["trees:\n  -\n", 2, /want a tree/],
    ["trees:\n  - [/a]\n", 2, /want a tree/],
    ["trees:\n  - &a /a\n  - *a\n", 3, /an alias can't stand here/],
    ["trees:\n  - /a\n - /b\n", 3, /./],
    ["trees:\n  - /a\nflags:\n  b: [memfd]\n", 4, /"b" is no tree: it doesn't begin with \//],
    ["flags:\n  /a: [memfd]\n  /b//c: [memfd]\n", 3, /it has an empty label/],
    ["flags:\n  /a:\n    - memfd\n    - memfdd\n", 4, /want flags: deleted, memfd, /],
    ["flags:\n  /a: memfd\n", 2, /"\/a": want a list of flags$/],
    ["flags: [memfd]\n", 1, /"flags": want a map from trees to lists of flags$/],
    ["flags:\n  /a: [memfd]\n  /a: [deleted]\n", 3, /unique/i],
    ["flag:\n  /a: [memfd]\n", 1, /the key "flag" is unknown; did you mean flags\?$/],
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
