import assert from "node:assert/strict";
import { FAMILIES } from "../../../../metrics/exposition/families.ts";
import {
  asked,
  familiesOf,
  type Group,
  groupOf,
  GROUPS,
  PROFILES,
  select,
  type Selection,
  selectionKey,
} from "../../../../metrics/exposition/groups.ts";
import { BUCKETS } from "../../../../fingerprint/mod.ts";
import type { Format } from "../../../../metrics/exposition/templates.ts";
import { decodeFamilies } from "./metrics_proto.ts";
import { busyRow, FakeWatcher, scraping } from "../fake_watcher.ts";

const names = (selection: Selection) => familiesOf(selection).map(({ name }) => name);

Deno.test("each family is in a group, and each group but that of lines has one", () => {
  const used = FAMILIES.map((family) => groupOf(family));
  assert.deepEqual([...new Set(used)].sort(), GROUPS.filter((group) => group !== "created"));
  assert.equal(used.includes(undefined as unknown as Group), false);
  assert.deepEqual(names(PROFILES.full), FAMILIES.map(({ name }) => name));
});

Deno.test("flags add groups to a profile, and take some from it", () => {
  const selection = select(PROFILES.small, ["io", "cpu"], ["exporter", "io", "exits"]);
  assert.deepEqual(
    names(selection),
    [
      "cnproc_tree_cpu_seconds",
      "cnproc_tree_expected",
      "cnproc_tree_flagged_launches",
      "cnproc_tree_launches",
      "cnproc_tree_rarity",
      "cnproc_tree_running",
      "cnproc_tree_unexpected_launches",
      "process_seconds",
    ].sort((a, b) => FAMILIES.findIndex(({ name }) => name === a) - FAMILIES.findIndex(({ name }) => name === b)),
  );
  assert.equal(select(PROFILES.full, [], ["io"]).groups.has("io"), false);
  assert.equal(PROFILES.full.groups.has("io"), true, "a profile stays what it is");
});

Deno.test("a request asks for a part of what there is", () => {
  const selection = select(PROFILES.full, [], ["delays"]);
  const cases: [query: string, want: string | RegExp][] = [
    ["", selectionKey(selection)],
    ["other=1", selectionKey(selection)],
    ["collect[]=io&collect[]=launches", "io,launches true false"],
    ["collect%5B%5D=io", "io true false"],
    ["collect[]=io&collect[]=io", "io true false"],
    ["exclude[]=exporter&exclude[]=io", selectionKey(select(selection, [], ["exporter", "io"]))],
    ["collect[]=io&exclude[]=cpu", /not both/],
    ["collect[]=nothing", /want some of baseline, context, cpu/],
    ["exclude[]=", /want some of/],
    ["collect[]=delays", /delays is switched off/],
  ];
  for (const [query, want] of cases) {
    const answer = asked(selection, new URLSearchParams(query));
    if (want instanceof RegExp) assert.match("problem" in answer ? answer.problem : "", want, query);
    else assert.equal("selection" in answer ? selectionKey(answer.selection) : answer.problem, want, query);
  }
});

Deno.test("the small profile has at most ten series a tree, and none that is 0", async () => {
  const watcher = new FakeWatcher();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  watcher.add("/sshd/idle", busyRow(3, 0, 0.5));
  const { scraper } = scraping(watcher, { selection: PROFILES.small });
  const scrape = async (selection?: Selection) =>
    new TextDecoder().decode((await scraper.scrape("text", false, selection)).bytes);
  const seriesOf = (text: string) => text.match(/^.*tree=.*$/gm)!;
  const text = await scrape(), series = seriesOf(text);
  assert.deepEqual(series.filter((line) => / 0$/.test(line)), []);
  const busy = series.filter((line) => line.includes('"/sshd/base"'));
  assert.ok(busy.length >= 4 && busy.length <= 10, busy.join("\n"));
  assert.match(text, /^cnproc_trees \d/m);
  assert.doesNotMatch(text, /process_seconds|cnproc_tree_read_bytes/);
  const withDurations = await scrape(select(PROFILES.small, ["durations"], []));
  assert.equal(withDurations.match(/^process_seconds.*sshd\/base"/gm)!.length, BUCKETS + 2);
  const one = await scrape({ groups: new Set<Group>(["launches"]), zeros: true, nativeOnly: false });
  assert.deepEqual(one.match(/^[^#{ ]+/gm), ["cnproc_tree_launches_total", "cnproc_tree_launches_total"]);
  assert.deepEqual(seriesOf(await scrape()), series, "one selection leaves another alone");
});

Deno.test("the small profile has run times where they are one series", async () => {
  const watcher = new FakeWatcher();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  const { scraper } = scraping(watcher, { selection: PROFILES.small });
  const histograms = async (selection?: Selection) =>
    decodeFamilies((await scraper.scrape("protobuf", false, selection)).bytes)
      .filter(({ name }) => name === "process_seconds").flatMap(({ metric }) =>
        metric.map(({ histogram }) => histogram!)
      );
  const [small] = await histograms(), [full] = await histograms(PROFILES.full);
  assert.equal(small!.bucket.length, 0);
  assert.equal(full!.bucket.length, BUCKETS);
  assert.deepEqual({ ...small, bucket: [] }, { ...full, bucket: [] });
});

const WITH_CREATED = select(PROFILES.full, ["created"], []);

Deno.test("on request each counter and histogram of OpenMetrics says since when it counts, right behind its series", async () => {
  const watcher = new FakeWatcher();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  const { scraper } = scraping(watcher, { selection: WITH_CREATED }, 1_799_999_999.5);
  const scrape = async (format: Format, selection?: Selection) =>
    new TextDecoder().decode((await scraper.scrape(format, false, selection)).bytes).split("\n");
  const isCreated = (line: string) => /^[a-z_]+_created[{ ]/.test(line);
  const lines = await scrape("openmetrics"), plain = await scrape("openmetrics", PROFILES.full);
  assert.equal(plain.some(isCreated), false);
  assert.deepEqual((await scrape("text")).filter(isCreated), []);
  const since = new Map<string, number>();
  lines.forEach((line, index) => {
    if (!isCreated(line)) return;
    const [, name, labels, seconds] = /^(.+)_created((?:\{.*\})?) (\S+)$/.exec(line)!;
    const before = lines[index - 1]!.replace(/ # .*/, "").replace(/ \S+$/, "");
    assert.ok(before === `${name}_total${labels}` || before === `${name}_count${labels}`, `${before}, then ${line}`);
    since.set(`${name}${labels}`, Number(seconds));
  });
  assert.equal(since.get('cnproc_tree_launches{tree="/sshd/base"}'), 1_800_000_000.125);
  assert.equal(since.get('cnproc_tree_exits{outcome="success",tree="/sshd/base"}'), 1_800_000_000.125);
  assert.equal(since.get('process_seconds{tree="/sshd/base"}'), 1_800_000_000.125);
  assert.equal(since.get("cnproc_resyncs"), 1_799_999_999.5);
  const counted = lines.filter((line) => /^[a-z_]+(?:_total[{ ]|_count\{)/.test(line));
  assert.equal(since.size, counted.length);
});

Deno.test("a client may ask for more selections than are kept", async () => {
  const watcher = new FakeWatcher();
  watcher.add("/sshd/base", busyRow(3, 1, 0.5));
  const { scraper } = scraping(watcher);
  for (let round = 0; round < 2; round++) {
    for (const group of GROUPS) {
      const text = new TextDecoder().decode(
        (await scraper.scrape("text", false, { groups: new Set([group]), zeros: true, nativeOnly: false })).bytes,
      );
      assert.equal(/cnproc_tree_launches_total/.test(text), group === "launches", group);
    }
  }
});
