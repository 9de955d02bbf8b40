import assert from "node:assert/strict";
import {
  compareBaselines,
  differenceText,
  findUnexpected,
  parseBaseline,
  reportText,
  type SeenTree,
} from "../../../../metrics/baseline/mod.ts";

const baseline = (...patterns: string[]) =>
  parseBaseline(`trees:\n${patterns.map((pattern) => `  - ${JSON.stringify(pattern)}\n`).join("")}`, "b.yml");

Deno.test("what isn't expected is reported once, with where it was and why", () => {
  const seen: SeenTree[] = [
    { tree: "/sshd/base", launches: 3, firstSeenSeconds: 1, instances: ["a:1"] },
    { tree: "/sshd/base/nc", launches: 1, firstSeenSeconds: 1_800_000_000, instances: ["b:1"] },
    { tree: "/sshd/base/nc", launches: 4, firstSeenSeconds: undefined, instances: ["a:1"] },
    { tree: "/evil\u202e\x1b[2J", launches: 1, firstSeenSeconds: undefined, instances: [] },
  ];
  const report = findUnexpected(baseline("/sshd/base"), seen);
  assert.equal(report.trees, 3);
  assert.equal(
    reportText(report),
    [
      "/evil\\u{202e}\\x1b[2J  1 launch: nothing that it was launched by is expected",
      "/sshd/base/nc  5 launches, first seen 2027-01-15T08:00:00Z, on a:1, b:1: " +
      "/sshd/base is expected, but not that it launches nc",
      "3 trees, 2 of them unexpected",
    ].join("\n"),
  );
  const whole = findUnexpected(baseline("/**"), seen);
  assert.deepEqual(whole.unexpected, []);
  assert.equal(reportText(whole), "3 trees, 0 of them unexpected");
});

Deno.test("the difference of two baselines is in their rules, not in their order", () => {
  const old = baseline("/a", "/sshd/base", "/sshd/x", "/cron/*", "/b");
  const now = baseline("/b", "/sshd/**", "/c", "/a", "/a", "/cron/**");
  const difference = compareBaselines(old, now);
  assert.deepEqual(difference, {
    removed: [
      { pattern: "/sshd/base", line: 3, coveredBy: "/sshd/**" },
      { pattern: "/sshd/x", line: 4, coveredBy: "/sshd/**" },
      { pattern: "/cron/*", line: 5 },
    ],
    added: [{ pattern: "/sshd/**", line: 3 }, { pattern: "/c", line: 4 }, { pattern: "/cron/**", line: 7 }],
  });
  assert.equal(
    differenceText(difference),
    "- /sshd/base  (covered by /sshd/**)\n- /sshd/x  (covered by /sshd/**)\n- /cron/*\n+ /sshd/**\n+ /c\n+ /cron/**",
  );
  assert.equal(differenceText(compareBaselines(old, old)), "");
});
