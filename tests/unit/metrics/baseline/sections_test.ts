import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/mod.ts";
import {
  bySection,
  compareBaselines,
  differenceText,
  findStale,
  findUnexpected,
  isSame,
  type LaunchedIn,
  mergeBaseline,
  parseBaseline,
  reportText,
  type SeenTree,
  staleText,
} from "../../../../metrics/baseline/mod.ts";

const FILE = `trees:
  - /sshd/**
units:
  cron.service:
    - /cron/base/rotate.sh # nightly
  session-*.scope: [/login/base]
  none: [/orphan]
images:
  redis:*:
    - /shim/redis-server
    - /shim/base
  nginx:1.27: [/shim/base]
flags:
  /shim/base: [upper]
`;

function seen(tree: string, launches = 1, rest: Partial<SeenTree> = {}): SeenTree {
  return { tree, launches, flags: 0, firstSeenSeconds: undefined, instances: [], ...rest };
}
const at = (tree: string, unit: string | undefined, image: string | undefined, launches = 1): LaunchedIn => ({
  tree,
  place: { unit, image },
  launches,
});

Deno.test("a tree of a section is expected there, and where nobody knows", () => {
  const baseline = parseBaseline(FILE, "b.yml");
  assert.equal(baseline.hasSections, true);
  assert.equal(parseBaseline("trees: [/a]\nunits: {}\nimages:\n", "b.yml").hasSections, false);
  const cases: [tree: string, unit: string | undefined, image: string | undefined, expected: boolean][] = [
    ["/cron/base/rotate.sh", "cron.service", "", true],
    ["/cron/base/rotate.sh", "nginx.service", "", false],
    ["/cron/base/rotate.sh", "", "", false],
    ["/cron/base/rotate.sh", undefined, "", true],
    ["/login/base", "session-*.scope", "", true],
    ["/login/base", "user@1000.service", "", false],
    ["/orphan", "", "", true],
    ["/orphan", "cron.service", "", false],
    ["/shim/redis-server", "docker-*.scope", "redis:7", true],
    ["/shim/redis-server", "docker-*.scope", "nginx:1.27", false],
    ["/shim/redis-server", "docker-*.scope", "", false],
    ["/shim/redis-server", "docker-*.scope", undefined, true],
    ["/shim/base", "docker-*.scope", "nginx:1.27", true],
    ["/shim/base", "docker-*.scope", "nginx:1.28", false],
    ["/sshd/x", "cron.service", "redis:7", true],
  ];
  for (const [tree, unit, image, expected] of cases) {
    const verdict = baseline.verdict(tree);
    assert.equal(verdict.expected, true, tree);
    assert.equal(verdict.onlyIn?.has({ unit, image }) ?? true, expected, `${tree} ${unit} ${image}`);
  }
  assert.equal(baseline.verdict("/nc").expected, false);
  assert.equal(baseline.verdict("/shim/base").unexpectedFlags & (Flag.Upper | Flag.Memfd), Flag.Memfd);
  const { onlyIn } = baseline.verdict("/shim/base");
  assert.equal(
    onlyIn!.reason({ unit: "docker-*.scope", image: "mysql:8" }),
    "it is expected in containers of redis:*, in containers of nginx:1.27, but not in a container of mysql:8",
  );
  assert.equal(
    baseline.verdict("/orphan").onlyIn!.reason({ unit: "cron.service", image: "" }),
    "it is expected in no unit, but not in cron.service",
  );
});

Deno.test("trees are learned into the sections of where they were launched", () => {
  const trees = [
    seen("/cron/base", 12, { firstSeenSeconds: 1_800_000_000, lastSeenSeconds: 1_800_000_000, flags: Flag.Memfd }),
    seen("/sh", 9, { firstSeenSeconds: 1_800_000_000 }),
    seen("/brief", 2),
    seen("/shim", 5),
  ];
  const places = [
    at("/cron/base", "cron.service", "", 12),
    at("/sh", "a.service", "", 4),
    at("/sh", "", "", 3),
    at("/sh", undefined, "", 2),
    at("/brief", undefined, "", 2),
    at("/shim", "docker-*.scope", "redis:7", 4),
    at("/shim", "docker-*.scope", undefined, 1),
  ];
  const byUnit = mergeBaseline(undefined, "b.yml", bySection(trees, places, "unit"));
  assert.equal(
    byUnit.text.split("\n\n").slice(1).join("\n").replace(/^# (What|Grave) .*\n/gm, ""),
    `trees:
  - /brief # 2 launches
units:
  a.service:
    - /sh # 4 launches
  cron.service:
    - /cron/base # first seen 2027-01-15T08:00:00Z, last seen 2027-01-15, 12 launches
  docker-*.scope:
    - /shim # 5 launches
  none:
    - /sh # 3 launches
flags:
  /cron/base: [memfd]
`,
  );
  const again = mergeBaseline(byUnit.text, "b.yml", bySection(trees, places, "unit"));
  assert.equal(again.text, byUnit.text);
  assert.deepEqual([again.added.length, again.known], [0, 5]);
  // By image, what is in none is expected anywhere.
  const byImage = mergeBaseline(undefined, "b.yml", bySection(trees, places, "image")).text;
  assert.match(byImage, /^trees:\n {2}- \/brief.*\n {2}- \/cron\/base.*\n {2}- \/sh # first seen .*, 9 launches\n/m);
  assert.match(byImage, /^images:\n {2}redis:7:\n {4}- \/shim # 4 launches\n/m);
  assert.deepEqual(bySection(trees, places, "machine"), trees);
});

Deno.test("a file with sections keeps what a person wrote; what covers a tree isn't added", () => {
  const { text, added } = mergeBaseline(FILE, "b.yml", [
    seen("/sshd/base", 1, { section: { kind: "units", name: "ssh.service" } }),
    seen("/login/base", 1, { section: { kind: "units", name: "session-*.scope" } }),
    seen("/shim/base", 1, { section: { kind: "images", name: "redis:8" } }),
    seen("/shim/base", 1, { section: { kind: "images", name: "mysql:8" } }),
    seen("/cron/base/x.sh", 2, { section: { kind: "units", name: "cron.service" } }),
    seen("/orphan"),
  ]);
  assert.deepEqual(added, ["/cron/base/x.sh", "/shim/base"]);
  assert.match(text, /^ {2}cron\.service:\n {4}- \/cron\/base\/rotate\.sh # nightly\n {4}- \/cron\/base\/x\.sh # 2/m);
  assert.match(text, /^ {2}mysql:8:\n {4}- \/shim\/base # 1 launch$/m);
  assert.match(text, /^ {2}session-\*\.scope: \[\/login\/base\]$/m);
  for (const old of ["units:\n", "units: {}\n", "units:\n  a.service:\n", "units: {a.service: []}\n"]) {
    const learned = mergeBaseline(old, "b.yml", [seen("/x", 1, { section: { kind: "units", name: "a.service" } })]);
    assert.deepEqual(parseBaseline(learned.text, "b.yml").entries.map(({ pattern, section }) => [pattern, section]), [
      ["/x", { kind: "units", name: "a.service" }],
    ], old);
  }
});

Deno.test("days of sections are renewed by what was seen there", () => {
  const old = "units:\n  a.service:\n    - /x # last seen 2027-01-09, 1 launch\n  b.service:\n" +
    "    - /x # last seen 2027-01-09, 1 launch\n";
  const last = { lastSeenSeconds: 1_800_000_000, section: { kind: "units", name: "a.service" } as const };
  const { text } = mergeBaseline(old, "b.yml", [seen("/x", 1, last)], true);
  assert.match(text, /a\.service:\n.*2027-01-15, 1 launch\n {2}b\.service:\n.*2027-01-09/);
});

Deno.test("what is wrong in sections is said with its line", () => {
  const cases: [text: string, want: RegExp][] = [
    ["units:\n  a.service:\n    - x\n", /b\.yml:3:\d+: "x" is no tree/],
    ["units:\n  a/b.service: [/x]\n", /b\.yml:2:\d+: .*want units such as cron\.service/],
    ["images:\n  redis:7: /x\n", /b\.yml:2:\d+: .*want a list/],
    ["units: [/x]\n", /b\.yml:1:\d+: .*want a map from units such as cron\.service to lists of trees/],
    ["trees: [/x]\nunits:\n  a.service: [/y, /z//z]\n", /b\.yml:3:\d+: "\/z\/\/z" is no tree/],
  ];
  for (const [text, want] of cases) assert.throws(() => parseBaseline(text, "b.yml"), want, text);
});

Deno.test("check says where a tree isn't expected, with the launches there", () => {
  const baseline = parseBaseline(FILE, "b.yml");
  const trees = [seen("/cron/base/rotate.sh", 9), seen("/sshd/x", 2), seen("/nc", 1)];
  const report = findUnexpected(baseline, trees, [
    at("/cron/base/rotate.sh", "cron.service", "", 5),
    at("/cron/base/rotate.sh", "web.service", "", 3),
    at("/cron/base/rotate.sh", "web.service", "", 1),
    at("/cron/base/rotate.sh", undefined, "", 1),
    at("/sshd/x", "web.service", "", 2),
    at("/nc", "web.service", "", 1),
  ]);
  assert.equal(
    reportText(report),
    [
      "/cron/base/rotate.sh  4 launches: it is expected in cron.service, but not in web.service",
      "/nc  1 launch: nothing that it was launched by is expected",
      "3 trees, 2 of them unexpected",
    ].join("\n"),
  );
});

Deno.test("sections are compared, and their stale rules are named with them", () => {
  const old = parseBaseline(FILE, "b.yml");
  assert.equal(isSame(compareBaselines(old, parseBaseline(FILE, "c.yml"))), true);
  const now = parseBaseline(
    "trees: [/sshd/**, /cron/base/rotate.sh]\nunits: {session-*.scope: [/login/base]}\n" +
      "images: {redis:*: [/shim/redis-server], nginx:*: [/shim/base]}\nflags: {/shim/base: [upper]}\n",
    "c.yml",
  );
  assert.equal(
    differenceText(compareBaselines(old, now)),
    [
      "- /cron/base/rotate.sh in cron.service  (covered by /cron/base/rotate.sh)",
      "- /orphan in no unit",
      "- /shim/base in containers of redis:*",
      "- /shim/base in containers of nginx:1.27  (covered by /shim/base)",
      "+ /cron/base/rotate.sh",
      "+ /shim/base in containers of nginx:*",
    ].join("\n"),
  );
  const last = { lastSeenSeconds: 1_800_000_000 };
  const known = { seen: [seen("/login/base", 1, last), seen("/sshd/x", 1, last)], sinceSeconds: 1 };
  assert.match(
    staleText(findStale(now, known, 1_700_000_000)),
    /^\/cron\/base\/rotate\.sh {2}line 1: stale.*\n\/shim\/redis-server in containers of redis:\* {2}line 3: stale/,
  );
});
