import assert from "node:assert/strict";
import { Exposition } from "../../../../metrics/exposition/exposition.ts";
import type { ExporterNumbers } from "../../../../metrics/exposition/family.ts";
import { Stat, STAT_WIDTH } from "../../../../fingerprint/mod.ts";
import type { LaunchedBy } from "../../../../metrics/registry/mod.ts";
import { Registry } from "../../../../metrics/registry/registry.ts";
import { boundText, type Format } from "../../../../metrics/exposition/templates.ts";
import { escapeLabelValue } from "../../../../metrics/text/quoting.ts";
import { busyRow, FakeWatcher, row } from "../fake_watcher.ts";

const FORMATS = ["openmetrics", "text", "protobuf"] as const satisfies Format[];
const FIXTURES = `${import.meta.dirname}/../../../fixtures/exposition`;

function numbers(stats: Float64Array): ExporterNumbers {
  return {
    stats,
    process: {
      cpuSeconds: 1.25,
      residentBytes: 60_000_000,
      virtualBytes: 50_000_000_000,
      openFds: 23,
      maxFds: 1024,
      startTimeSeconds: 1_800_000_000.75,
    },
    scrape: { scrapes: 3, rejected: 1, failed: 2, collectSeconds: 0.00075, renderSeconds: 0.0005 },
    unexpectedLaunches: 42,
    baselineMode: "shadow",
    completeSinceSeconds: 1_800_000_000.75,
    reload: { successful: true, successSeconds: 1_800_000_001.5 },
    launchesByContainer: [["web", 7], ["4f8a1c0de3b2", 3]],
    launchesByUnit: new Map([["sshd@*.service", 12], ["cron.service", 40_000], ["none", 3]]),
    namedContainers: () => [
      ["web", "web", "", "", ""],
      ["4f8a1c0de3b2", "nginx", "docker.io/library/nginx:1.27", "shop-7d4b", "default"],
    ],
    launchedBy: () => [['/cron/a"b', "cron.service", "", "0"]],
    eventLog: { lines: 12, lost: { backlog: 3, overrun: 0, write: 1 } },
    build: { version: "0.1.0", revision: 'a"b\\c\nd' },
  };
}

const render = (exposition: Exposition, registry: Registry): string =>
  new TextDecoder().decode(exposition.render(registry, numbers(registry.stats)));

/** Trees for the golden texts: one busy, one running, one that ended badly, one with a hostile name. */
function goldenRegistry(): Promise<Registry> {
  const watcher = new FakeWatcher();
  for (let index = 0; index < STAT_WIDTH; index++) watcher.stats[index] = 100 + index;
  watcher.stats[Stat.Boost] = 3;
  watcher.stats[Stat.TaskstatsUp] = 1;
  watcher.add("/sshd/base/pstree", busyRow(1234, 2, 0.3));
  watcher.add(
    "/cron/top.py",
    row({ Launches: 1, Running: 1, Processes: 1, FirstSeen: 1.5, LastLaunch: 1.5, LastLaunchPid: 7 }),
  );
  const failed = busyRow(1, 0, 1e6);
  failed.fill(0, 3, 9);
  failed[8] = 1; // The outcome is unknown.
  watcher.add("/random/x", failed);
  watcher.add('/ev"il\\\n😀', busyRow(3, 0, 0.001));
  const registry = new Registry();
  registry.expect({ verdict: (path) => ({ expected: path.startsWith("/sshd/"), reason: "" }) });
  return watcher.collect().then((changes) => (registry.apply(changes), registry));
}

for (const format of FORMATS) {
  Deno.test(`${format}: counted series are those of now, whichever of them are the same objects as before`, async () => {
    const watcher = new FakeWatcher(), registry = new Registry(), exposition = new Exposition(format);
    watcher.add("/a", busyRow(9, 1, 0.5));
    registry.apply(await watcher.collect());
    const a = ["/a", "cron.service", "", "0"] as const, b = ["/b", "", "4f8a1c0de3b2", ""] as const;
    const long = [`/${"é".repeat(300)}\ud800`, "", "", "5"] as const;
    const states: [what: string, launchedBy: LaunchedBy[], scrapes: number][] = [
      ["the first", [a, b], 9],
      ["the same behind as many bytes", [a, b], 8],
      ["the same behind more bytes", [a, b], 123_456],
      ["another object", [a, [...b]], 123_456],
      ["more", [a, long, b], 10],
      ["the same", [a, long, b], 1],
      ["fewer", [a, long], 1],
      ["none", [], 1],
      ["none again", [], 1],
      ["some again", [b], 1],
    ];
    for (const [what, launchedBy, scrapes] of states) {
      const { scrape, ...rest } = numbers(registry.stats);
      const now = { ...rest, scrape: { ...scrape, scrapes }, launchedBy: () => launchedBy };
      assert.deepEqual(exposition.render(registry, now), new Exposition(format).render(registry, now), what);
      const interrupted = { ...now, launchedBy: (): never[] => assert.fail("in the middle") };
      if (what === "more") assert.throws(() => exposition.render(registry, interrupted), /in the middle/);
    }
  });
}

for (const format of ["openmetrics", "text"] as const satisfies Format[]) {
  Deno.test(`the ${format} text is, byte for byte, the one in the fixtures`, async () => {
    const text = render(new Exposition(format), await goldenRegistry());
    const path = `${FIXTURES}/${format}.txt`;
    // Written by UPDATE_FIXTURES=1; a change is read line by line before it is committed.
    if (Deno.env.get("UPDATE_FIXTURES") === "1") Deno.writeTextFileSync(path, text);
    assert.equal(text, Deno.readTextFileSync(path));
  });

  Deno.test(`the ${format} text shows each change and nothing old`, async () => {
    const watcher = new FakeWatcher();
    const registry = new Registry();
    const exposition = new Exposition(format);
    const apply = async () => registry.apply(await watcher.collect());
    const ids = ["/b", "/d", "/f"].map((path) => watcher.add(path, busyRow(9, 1, 0.5)));
    const same = async (what: string) => {
      await apply();
      assert.equal(render(exposition, registry), render(new Exposition(format), registry), what);
    };
    await same("the first");
    await same("nothing new");
    watcher.set(ids[1]!, busyRow(12345, 1, 7));
    await same("a changed tree that needs more room");
    watcher.add("/a", busyRow(1, 1, 0));
    watcher.add("/g", busyRow(1, 1, 0));
    await same("trees before and behind");
    watcher.remove(ids[0]!);
    await same("a tree gone");
    watcher.remove(ids[2]!);
    watcher.add("/f", busyRow(2, 0, 1));
    await same("another of the same path");
    watcher.set(ids[1]!, busyRow(20000, 0, 7));
    await apply();
    watcher.add("/h", busyRow(2, 0, 1));
    await same("two reports between two texts");
    watcher.remove(ids[1]!);
    await same("the end of all that was there at first");
    registry.expect({ verdict: (path) => ({ expected: path === "/a", reason: "" }) });
    await same("a baseline");
    registry.expect({ verdict: (path) => ({ expected: path === "/g", reason: "" }) });
    await same("another baseline");
    registry.expect(undefined);
    await same("none any more");
  });

  Deno.test(`accounting families of the ${format} text are there once accounting was`, async () => {
    const watcher = new FakeWatcher();
    watcher.stats[Stat.TaskstatsUp] = 0;
    watcher.add("/a", busyRow(1, 0, 1));
    watcher.add("/b", busyRow(1, 0, 1));
    const registry = new Registry();
    const exposition = new Exposition(format);
    registry.apply(await watcher.collect());
    assert.doesNotMatch(render(exposition, registry), /cnproc_tree_cpu_seconds/);
    watcher.stats[Stat.TaskstatsUp] = 1;
    registry.apply(await watcher.collect());
    assert.match(render(exposition, registry), /^cnproc_tree_cpu_seconds_total\{mode="user",tree="\/b"\} 0.0012$/m);
    watcher.stats[Stat.TaskstatsUp] = 0;
    registry.apply(await watcher.collect());
    const text = render(exposition, registry);
    assert.match(text, /^cnproc_tree_cpu_seconds_total\{mode="user",tree="\/b"\} 0.0012$/m);
    assert.match(text, /^cnproc_source_up\{source="taskstats"\} 0$/m);
  });
}

Deno.test("a process that can't be read leaves its families out", async () => {
  const registry = await goldenRegistry();
  const text = new TextDecoder().decode(
    new Exposition("openmetrics").render(registry, { ...numbers(registry.stats), process: undefined }),
  );
  assert.doesNotMatch(text, /process_(?:cpu|max|open|resident|start|virtual)/);
  assert.match(text, /^# TYPE process_seconds histogram$/m);
});

Deno.test("labels are escaped and bounds are canonical", () => {
  assert.equal(escapeLabelValue('a"b\\c\nd\r\ud800'), 'a\\"b\\\\c\\nd\r\ufffd');
  const bounds: [number, string, string][] = [[0.001, "0.001", "0.001"], [2, "2.0", "2"], [86400, "86400.0", "86400"]];
  for (const [bound, openmetrics, text] of bounds) {
    assert.equal(boundText(bound, "openmetrics"), openmetrics);
    assert.equal(boundText(bound, "text"), text);
  }
  assert.equal(boundText(Infinity, "openmetrics"), "+Inf");
});
