import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/mod.ts";
import {
  compareBaselines,
  differenceText,
  findUnexpected,
  isSame,
  parseBaseline,
  reportText,
  type SeenTree,
} from "../../../../metrics/baseline/mod.ts";

const baseline = (...patterns: string[]) =>
  parseBaseline(`trees:\n${patterns.map((pattern) => `  - ${JSON.stringify(pattern)}\n`).join("")}`, "b.yml");

Deno.test("what isn't expected is reported once, with where it was and why", () => {
  const seen: SeenTree[] = [
    { tree: "/sshd/base", launches: 3, flags: 0, firstSeenSeconds: 1, instances: ["a:1"] },
    { tree: "/sshd/base/nc", launches: 1, flags: 0, firstSeenSeconds: 1_800_000_000, instances: ["b:1"] },
    { tree: "/sshd/base/nc", launches: 4, flags: 0, firstSeenSeconds: undefined, instances: ["a:1"] },
    { tree: "/evil\u202e\x1b[2J", launches: 1, flags: 0, firstSeenSeconds: undefined, instances: [] },
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

Deno.test("an expected tree is reported for its flags", () => {
  const rules = parseBaseline("trees: [/a, /b]\nflags: {/a: [memfd]}\n", "b.yml");
  const tree = (name: string, flags: number): SeenTree => ({
    tree: name,
    launches: 2,
    flags,
    firstSeenSeconds: undefined,
    instances: [],
  });
  // Seen by two exporters, with a flag each.
  const seen = [
    tree("/a", Flag.Memfd),
    tree("/a", Flag.Setuid | Flag.Temp),
    tree("/b", Flag.New),
    tree("/c", Flag.Upper),
  ];
  const report = findUnexpected(rules, seen);
  assert.deepEqual(report.unexpected.map(({ tree, unexpectedFlags }) => [tree, unexpectedFlags]), [
    ["/a", Flag.Setuid],
    ["/c", 0],
  ]);
  assert.match(reportText(report), /^\/a {2}4 launches: it is expected, but not with the flag setuid\n\/c /);
});

Deno.test("the difference of two baselines is in their flags too", () => {
  const parse = (text: string) => parseBaseline(text, "b.yml");
  const old = parse("trees: [/a]\nflags:\n  /a: [memfd, setuid]\n  /b: [deleted]\n");
  const now = parse("trees: [/a]\nflags:\n  /a: [setuid, socket]\n  /**: [deleted]\n");
  const difference = compareBaselines(old, now);
  assert.deepEqual(difference, {
    recordsFlags: [true, true],
    removed: [{ pattern: "/a", line: 3, flag: "memfd" }, { pattern: "/b", line: 4, flag: "deleted", coveredBy: "/**" }],
    added: [{ pattern: "/a", line: 3, flag: "socket" }, { pattern: "/**", line: 4, flag: "deleted" }],
  });
  assert.equal(
    differenceText(difference),
    "- /a: memfd\n- /b: deleted  (covered by /**)\n+ /a: socket\n+ /**: deleted",
  );
  const older = parse("trees: [/a]\n");
  assert.equal(differenceText(compareBaselines(older, parse("trees: [/a]\nflags: {}\n"))), "+ flags are recorded");
  assert.deepEqual([isSame(difference), isSame(compareBaselines(old, old)), isSame(compareBaselines(older, old))], [
    false,
    true,
    false,
  ]);
});

Deno.test("the difference of two baselines is in their rules, not in their order", () => {
  const old = baseline("/a", "/sshd/base", "/sshd/x", "/cron/*", "/b");
  const now = baseline("/b", "/sshd/**", "/c", "/a", "/a", "/cron/**");
  const difference = compareBaselines(old, now);
  assert.deepEqual(difference, {
    recordsFlags: [false, false],
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
