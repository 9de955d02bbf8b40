import assert from "node:assert/strict";
import { isTree, parsePattern, patternOf } from "../../../../metrics/baseline/pattern.ts";
import { Rules } from "../../../../metrics/baseline/rules.ts";

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
    ["/\\\\base/\\\\\\*", ["/\\base/\\*"], ["/\\\\base/\\*", "/\\base/\\a"]],
  ];
  for (const [pattern, matches, others] of cases) {
    const rules = new Rules([pattern]);
    for (const tree of matches) assert.equal(rules.verdict(tree).expected, true, `${pattern} ${tree}`);
    for (const tree of others) assert.equal(rules.verdict(tree).expected, false, `${pattern} ${tree}`);
  }
});

Deno.test("what is no pattern", () => {
  const cases: [string, RegExp][] = [
    ["sshd", /begin with \//],
    ["", /begin with \//],
    ["/", /empty label/],
    ["/a//b", /empty label/],
    ["/a/", /empty label/],
    ["/a/b**", /beside other text/],
    ["/a/***", /beside other text/],
  ];
  for (const [text, want] of cases) assert.throws(() => parsePattern(text), want, text);
  assert.deepEqual(["/a", "/a/b", "/", "a", "/a//b", ""].map(isTree), [true, true, false, false, false, false]);
});

Deno.test("the pattern of a tree matches it and nothing near it", () => {
  for (const tree of ["/a/*", "/\\base", "/\\*", "/a\\\\*b/c*"]) {
    const rules = new Rules([patternOf(tree)]);
    assert.equal(rules.verdict(tree).expected, true, tree);
    assert.equal(rules.verdict(tree.replaceAll("*", "x")).expected, !tree.includes("*"), tree);
  }
});

Deno.test("the first pattern that matches is named, else the reason", () => {
  const rules = new Rules(["/sshd/base", "/sshd/**", "/sshd/*", "/cron/top.py", "/nginx"]);
  assert.equal(rules.verdict("/sshd/base").rule, "/sshd/base");
  assert.equal(rules.verdict("/sshd/x").rule, "/sshd/**");
  assert.equal(rules.verdict("/sshd/x").reason, "");
  const reasons: [string, string][] = [
    ["/nginx/base/nc", "/nginx is expected, but not that it launches base"],
    ["/cron/top.py/sh", "/cron/top.py is expected, but not that it launches sh"],
    ["/cron/x", "nothing that it was launched by is expected"],
    ["/random/cron/top.py", "a name or place in it is machine-made; with another it would be expected"],
    ["/random/cron/x", "nothing that it was launched by is expected"],
  ];
  for (const [tree, reason] of reasons) {
    assert.deepEqual(rules.verdict(tree), { expected: false, rule: undefined, reason });
  }
});

Deno.test("a verdict costs no more with 5,000 rules than with 50", () => {
  const patterns = Array.from(
    { length: 5000 },
    (_, i) => `/service-${i % 500}/base/job-${i}${i % 10 === 0 ? "/**" : ""}`,
  );
  const trees = Array.from({ length: 2000 }, (_, i) => `/service-${i % 500}/base/job-${i * 7}/x`);
  const time = (rules: Rules) => {
    let least = Infinity;
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      for (const tree of trees) rules.verdict(tree);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };
  const few = time(new Rules(patterns.slice(0, 50)));
  const many = time(new Rules(patterns));
  // 100 times the rules: a search through all of them would take 100 times as long.
  assert.ok(many < 10 * few + 5, `2,000 verdicts: ${few.toFixed(2)} ms with 50 rules, ${many.toFixed(2)} with 5,000`);
});

Deno.test("hostile rules and labels take no time to speak of", () => {
  const rules = new Rules([`/${"*a".repeat(30)}*b`, `/${"**/a/".repeat(15)}b`]);
  const start = performance.now();
  for (let i = 0; i < 100; i++) {
    rules.verdict(`/${"a".repeat(64)}`);
    rules.verdict("/a".repeat(32));
  }
  assert.ok(performance.now() - start < 1000);
});
