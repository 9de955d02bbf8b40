/** docs/example-machine.md against the trees that were recorded on the machine, and how they are told from others. */

import assert from "node:assert/strict";
import { CompiledRules, NO_RULES, PatternSet } from "../../../fingerprint/labels/mod.ts";
import { rulesOf } from "../../../metrics/settings/config_file.ts";
import { page, recorded, rulesOn } from "../../example_machine/page.ts";
import {
  eventsWithin,
  isBelowRandom,
  sizeOfFamilies,
  sizeOfText,
  treesOf,
  treeWithin,
} from "../../example_machine/reading.ts";
import type { Metric } from "../metrics/exposition/metrics_proto.ts";

const PAGE = await page(), TREES = await recorded("trees"), ADDED = await recorded("second_day");

/** The patterns in the first columns of the tables. */
const PATTERNS = [...PAGE.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([^`]+)`/g)].map(([, pattern]) => pattern!)
);

Deno.test("each tree is explained, and nothing that isn't there", () => {
  const explained = new PatternSet(PATTERNS), all = [...TREES, ...ADDED];
  assert.deepEqual(all.filter((tree) => !explained.matches(tree)), []);
  assert.deepEqual(PATTERNS.filter((pattern) => !all.some((tree) => new PatternSet([pattern]).matches(tree))), []);
  assert.ok(PAGE.includes(` ${TREES.length} trees`) && PAGE.includes(` ${ADDED.length} trees`));
});

Deno.test("the rules that are recommended take what they name, and nothing that somebody puts beside it", () => {
  const { base } = rulesOf(rulesOn(PAGE), "docs/example-machine.md");
  const rules = new CompiledRules({ ...NO_RULES, base });
  const cases: readonly [path: string, isBase: boolean][] = [
    ["/etc/update-motd.d/92-unattended-upgrades", true],
    ["/etc/update-motd.d/99-mine", false],
    ["/var/lib/dpkg/info/openssh-server.postinst", true],
    ["/tmp/var/lib/dpkg/info/openssh-server.postinst", false],
    ["/usr/bin/lsb_release", true],
    ["/usr/local/bin/lsb_release", false],
  ];
  for (const [path, isBase] of cases) assert.equal(rules.adds(path), isBase, path);
});

Deno.test("trees of the example machine are told from others", () => {
  const cases: readonly [tree: string, within: string | undefined][] = [
    ["/sshd/base/unshare/\\systemd/cron/base", "/cron/base"],
    ["/random/sshd/base/unshare/\\systemd/base/x.config.*", "/random/base/x.config.*"],
    ["/sshd/base/unshare/\\\\systemd/cron", "/cron"], // as a text has it
    ["/sshd/base/unshare/\\systemd", undefined],
    ["/sshd/base/unshare/\\systemd2/cron", undefined],
    ["/sshd/base/unshare/systemd/cron", undefined],
    ["/cron", undefined],
  ];
  for (const [tree, within] of cases) assert.equal(treeWithin(tree), within, tree);
  assert.deepEqual(
    [...eventsWithin('{"tree":"/unshare/\\\\systemd/cron","pid":7}\n{"tree":"/cron"}\n{"type":"lost"}\n')],
    ['{"tree":"/cron","pid":7}'],
  );
});

Deno.test("that all is random, by where it was started, is found out before it boots", () => {
  const cases: readonly [tree: string, isBelow: boolean][] = [
    ["/random/sshd/base/unshare/example-machine.sh", true],
    ["/random/unshare/example-machine.sh", true],
    ["/sshd/base/unshare/example-machine.sh", false],
    ["/random/sshd/base/unshare", false],
  ];
  for (const [tree, isBelow] of cases) assert.equal(isBelowRandom(`y_total{tree="${tree}"} 2\n`), isBelow, tree);
});

Deno.test("a scrape has the size that it would have on the example machine", () => {
  const own = "# TYPE x counter\nx 1\n", line = (tree: string) => `y_total{tree="${tree}",kind="a"} 2\n`;
  const text = own + line("/unshare/\\\\systemd/cron") + line("/sshd") + line("/unshare/\\\\systemd/nginx");
  assert.deepEqual(treesOf(text), ["/cron", "/nginx"]);
  const bytes = (own + line("/cron") + line("/nginx")).length;
  assert.deepEqual(sizeOfText(text), { series: 2, own: 1, bytes });

  const metric = (tree: string): Metric => ({
    label: [{ name: "tree", value: tree }],
    gauge: { value: 1 },
    counter: null,
    histogram: null,
  });
  const family = { name: "z", help: "", type: "GAUGE", unit: "" } as const;
  const within = sizeOfFamilies([{ ...family, metric: ["/unshare/\\systemd/cron", "/sshd"].map(metric) }]);
  assert.deepEqual({ ...within, bytes: 0 }, { series: 1, own: 0, bytes: 0 });
  const padded = sizeOfFamilies([{ ...family, metric: ["/unshare/\\systemd/cronies"].map(metric) }]);
  assert.equal(padded.bytes - within.bytes, "ies".length);
});
