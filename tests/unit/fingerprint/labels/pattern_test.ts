import assert from "node:assert/strict";
import { isTree, parsePattern, patternOf } from "../../../../fingerprint/labels/pattern.ts";
import { PatternSet } from "../../../../fingerprint/labels/pattern_set.ts";

Deno.test("what patterns match", () => {
  const cases: [pattern: string, matches: string[], others: string[]][] = [
    ["/sshd/base", ["/sshd/base"], ["/sshd", "/sshd/base/x", "/sshd/bas", "/Sshd/base", "/random/sshd/base"]],
    ["/cron/*", ["/cron/base", "/cron/*", "/cron/a b"], ["/cron", "/cron/a/b", "/crond/a"]],
    ["/cron/*.sh", ["/cron/a.sh", "/cron/.sh"], ["/cron/a.sh.bak", "/cron/sh", "/cron/a/b.sh"]],
    ["/a/x*y*z", ["/a/xyz", "/a/x1y2z", "/a/xyyz"], ["/a/xz", "/a/xzy", "/a/xy"]],
    ["/a/ab*ab", ["/a/abab", "/a/abXab"], ["/a/ab", "/a/aab"]],
    ["/*/base", ["/sshd/base", "/x/base"], ["/base", "/a/b/base"]],
    ["/nginx/**", ["/nginx", "/nginx/base", "/nginx/base/a/b"], ["/nginxd", "/a/nginx"]],
    ["/**/pstree", ["/pstree", "/sshd/base/pstree"], ["/pstree/x", "/"]],
    ["/a/**/b/**/c", ["/a/b/c", "/a/x/b/y/z/c", "/a/b/b/c/c"], ["/a/c", "/a/b", "/b/c"]],
    ["/**", ["/a", "/random/a/b", "/other"], []],
    ["/**/**/a", ["/a", "/b/a"], ["/b"]],
    ["/random/**/*", ["/random/a", "/random/a/b"], ["/random", "/a"]],
    ["/random/cron/\\*", ["/random/cron/*"], ["/random/cron/a", "/random/cron/\\*"]],
    ["/prom_cnproc-\\*", ["/prom_cnproc-*"], ["/prom_cnproc-1"]],
    // A backslash before anything else is one.
    ["/\\base", ["/\\base"], ["/base"]],
    ["/\\\\base/\\\\\\*", ["/\\base/\\*"], ["/base/\\*", "/\\base/\\a", "/\\base/*"]],
    // Two are one: so the text of /metrics has them, and labels of names that have one.
    ["/a\\x20b/\\\\x20", ["/a\\x20b/\\x20", "/a\\\\x20b/\\\\x20"], ["/a b/ ", "/ax20b/x20"]],
    ['/a\\"b', ['/a"b'], ["/a\\b", "/ab"]],
    // No other character has a meaning.
    ["/a/[x]", ["/a/[x]"], ["/a/x"]],
    ["/a/{b,c}?+(.)$", ["/a/{b,c}?+(.)$"], ["/a/b", "/a/{b,c}+(.)$"]],
    // Stars beside other text are one.
    ["/a/b**", ["/a/b", "/a/b**", "/a/bcd"], ["/a/b/c", "/a"]],
    ["/a/***", ["/a/b", "/a/***"], ["/a", "/a/b/c"]],
  ];
  for (const [pattern, matches, others] of cases) {
    const set = new PatternSet([pattern]);
    for (const tree of matches) assert.equal(set.matches(tree), true, `${pattern} ${tree}`);
    for (const tree of others) assert.equal(set.matches(tree), false, `${pattern} ${tree}`);
  }
});

Deno.test("what is no pattern", () => {
  const cases: [string, RegExp][] = [
    ["sshd", /begin with \//],
    ["", /begin with \//],
    ["/", /empty label/],
    ["/a//b", /empty label/],
    ["/a/", /empty label/],
  ];
  for (const [text, want] of cases) assert.throws(() => parsePattern(text), want, text);
  assert.deepEqual(["/a", "/a/b", "/", "a", "/a//b", ""].map(isTree), [true, true, false, false, false, false]);
});

Deno.test("the pattern of a tree matches it and nothing near it", () => {
  for (const tree of ["/a/*", "/\\base", "/\\*", "/a\\\\*b/c*"]) {
    const set = new PatternSet([patternOf(tree)]);
    assert.equal(set.matches(tree), true, tree);
    assert.equal(set.matches(tree.replaceAll("*", "x")), !tree.includes("*"), tree);
  }
});

Deno.test("hostile rules and labels take no time to speak of", () => {
  const set = new PatternSet([`/${"*a".repeat(30)}*b`, `/${"**/a/".repeat(15)}b`]);
  const start = performance.now();
  for (let i = 0; i < 100; i++) {
    set.matches(`/${"a".repeat(64)}`);
    set.matches("/a".repeat(32));
  }
  assert.ok(performance.now() - start < 1000);
});
