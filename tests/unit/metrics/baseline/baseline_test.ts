import assert from "node:assert/strict";
import { Flag, FLAGS, ORDINARY } from "../../../../fingerprint/mod.ts";
import { Baseline } from "../../../../metrics/baseline/mod.ts";

function baselineOf(patterns: readonly string[]): Baseline {
  return new Baseline(patterns.map((pattern, index) => ({ pattern, line: index + 1 })));
}

Deno.test("the first pattern that matches is named, else the reason", () => {
  const rules = baselineOf(["/sshd/base", "/sshd/**", "/sshd/*", "/cron/top.py", "/nginx"]);
  assert.equal(rules.verdict("/sshd/base").rule, "/sshd/base");
  assert.equal(rules.verdict("/sshd/x").rule, "/sshd/**");
  assert.equal(rules.verdict("/sshd/x").reason, "");
  const reasons: [string, string][] = [
    ["/nginx/base/nc", "/nginx is expected, but not that it launches base"],
    ["/cron/top.py/sh", "/cron/top.py is expected, but not that it launches sh"],
    ["/cron/x", "nothing that it was launched by is expected"],
    ["/random/cron/top.py", "a name or place in it is machine-made; with another it would be expected"],
    [
      "/random/cron/top.py/*",
      "/cron/top.py is expected without machine-made names or places, but not that it launches *",
    ],
    ["/random/cron/x", "nothing that it was launched by is expected"],
  ];
  for (const [tree, reason] of reasons) {
    assert.deepEqual(rules.verdict(tree), { expected: false, rule: undefined, reason, unexpectedFlags: 0 });
  }
});

Deno.test("grave flags that aren't recorded for a tree are news, ordinary ones and those of older files are not", () => {
  const entries = [{ pattern: "/a/**", line: 1 }, { pattern: "/b", line: 2 }];
  const rules = new Baseline(entries, [
    { pattern: "/a/x", line: 4, flags: ["memfd", "deleted"] },
    { pattern: "/**", line: 5, flags: ["setuid"] },
  ]);
  const all = FLAGS.reduce((bits, _, i) => bits | 1 << i, 0), grave = all & ~ORDINARY;
  assert.equal(rules.verdict("/a/x").unexpectedFlags, grave & ~(Flag.Memfd | Flag.Deleted | Flag.Setuid));
  assert.equal(rules.verdict("/b").unexpectedFlags, grave & ~Flag.Setuid);
  assert.equal(rules.verdict("/b", ORDINARY | Flag.Setuid).reason, "");
  assert.equal(rules.verdict("/b", all).expected, true, "the tree is");
  assert.equal(rules.verdict("/b", Flag.Memfd).reason, "it is expected, but not with the flag memfd");
  assert.equal(
    rules.verdict("/a/x", Flag.Memfd | Flag.Socket | Flag.Upper).reason,
    "it is expected, but not with the flags socket, upper",
  );
  assert.equal(rules.verdict("/c", all).unexpectedFlags, 0, "all launches of it are news");
  const older = new Baseline(entries);
  assert.deepEqual(older.verdict("/b", all), { expected: true, rule: "/b", reason: "", unexpectedFlags: 0 });
  assert.equal(new Baseline(entries, []).verdict("/b").unexpectedFlags, grave);
});

Deno.test("a verdict costs no more with 5,000 rules than with 50", () => {
  const patterns = Array.from(
    { length: 5000 },
    (_, i) => `/service-${i % 500}/base/job-${i}${i % 10 === 0 ? "/**" : ""}`,
  );
  const trees = Array.from({ length: 2000 }, (_, i) => `/service-${i % 500}/base/job-${i * 7}/x`);
  const time = (rules: Baseline) => {
    let least = Infinity;
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      for (const tree of trees) rules.verdict(tree);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  };
  const few = time(baselineOf(patterns.slice(0, 50)));
  const many = time(baselineOf(patterns));
  // 100 times the rules: a search through all of them would take 100 times as long.
  assert.ok(many < 50 * few + 5, `2,000 verdicts: ${few.toFixed(2)} ms with 50 rules, ${many.toFixed(2)} with 5,000`);
});
