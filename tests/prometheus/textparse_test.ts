/** What Prometheus 3.16 makes of a scrape: its parser, in a small program of Go (textparse/main.go). */

import assert from "node:assert/strict";
import { BUCKETS } from "../../fingerprint/mod.ts";
import { CONTENT_TYPES, PROFILES, select, type Selection } from "../../metrics/exposition/mod.ts";
import type { Format } from "../../metrics/exposition/templates.ts";
import { requireTool } from "../require.ts";
import { busyRow, FakeWatcher, scraping } from "../unit/metrics/fake_watcher.ts";
import { HOSTILE_PATHS, hostileScraper, run } from "./texts.ts";

/** A series as the parser gives it; `startMs` is 0 where it has no start. */
interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value?: string;
  /** Of a native histogram. */
  readonly native?: {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly count: number;
    readonly sum: number;
    readonly buckets: readonly (readonly [upper: number, count: number])[];
  };
  readonly startMs: number;
  readonly exemplars?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly ms: number;
  }[];
}

/** All, and lines `_created` in OpenMetrics. */
const WITH_CREATED = select(PROFILES.full, ["created"], []);

const needsGo = requireTool("go", "golang-go");

/** The program, built; what was built is kept by Go. */
async function withParser(use: (parser: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const parser = `${folder}/textparse`;
    const { success, stderr } = await new Deno.Command("go", {
      args: ["build", "-o", parser, "."],
      cwd: `${import.meta.dirname}/textparse`,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    await use(parser);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function read(parser: string, format: Format, bytes: Uint8Array, ...flags: string[]): Promise<Series[]> {
  const { code, stdout, stderr } = await run(parser, [...flags, CONTENT_TYPES[format]], bytes);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Fastest readings without and with start timestamps, milliseconds. */
async function times(parser: string, format: Format, bytes: Uint8Array): Promise<[without: number, with_: number]> {
  const { code, stdout, stderr } = await run(parser, ["-times=9", CONTENT_TYPES[format]], bytes);
  assert.equal(code, 0, stderr);
  return stdout.trim().split("\n").map((line) => Number(line) / 1e6) as [number, number];
}

/** What a series is known by, and its value. The text formats have an info where protobuf has a gauge. */
function known({ labels, value }: Series): [string, string | undefined] {
  const { __type__: type, ...rest } = labels;
  return [JSON.stringify(Object.entries({ ...rest, type: type === "info" ? "gauge" : type }).sort()), value];
}

Deno.test({
  name: "Prometheus reads the same of protobuf and OpenMetrics, and of protobuf since when it counts",
  ignore: needsGo,
  fn: () =>
    withParser(async (parser) => {
      const { scraper } = hostileScraper(), start = scraper.registry.startSeconds * 1000;
      const scrape = async (format: Format, selection: Selection = PROFILES.full) =>
        (await scraper.scrape(format, false, selection)).bytes;
      const protobuf = await read(parser, "protobuf", await scrape("protobuf"));
      const openmetrics = await read(parser, "openmetrics", await scrape("openmetrics"));
      const changing = /scrape/; // Numbers about the scrape itself.
      const stable = (all: Series[]) =>
        Object.fromEntries(all.filter(({ labels }) => !changing.test(labels.__name__!)).map(known));
      assert.deepEqual(stable(protobuf), stable(openmetrics));
      // Lines `_created` are read as since when it counts, and are no series.
      const starts = (all: Series[]) =>
        Object.fromEntries(all.map((series) => [known(series)[0], series.startMs] as const).sort());
      const created = await read(parser, "openmetrics", await scrape("openmetrics", WITH_CREATED));
      assert.deepEqual(stable(created), stable(openmetrics));
      assert.deepEqual(starts(created), starts(protobuf));

      for (const { labels, startMs, exemplars } of protobuf) {
        const name = labels.__name__!, isCounted = labels.__type__ === "counter" || labels.__type__ === "histogram";
        const unit = /_(seconds|bytes)(?:_(?:total|bucket|sum|count))?$/.exec(name)?.[1];
        assert.equal(labels.__unit__, unit, name);
        // Its trees were first launched after the exporter started.
        const since = labels.tree === undefined ? start : 1_800_000_000_125;
        assert.equal(startMs, isCounted ? since : 0, name);
        const index = HOSTILE_PATHS.findIndex((path) => path.toWellFormed() === labels.tree);
        if (name !== "cnproc_tree_launches_total") continue;
        const launches = 1 + 10 ** index, ms = (1_800_000_000.5 + launches) * 1000;
        assert.deepEqual(exemplars, [{ labels: { pid: String(1000 + launches) }, value: 1, ms }]);
      }
      const endings = protobuf.filter(({ labels, exemplars }) =>
        labels.__name__ === "process_seconds_bucket" && exemplars !== undefined
      );
      assert.equal(endings.length, HOSTILE_PATHS.length);
    }),
});

Deno.test({
  name:
    "with native histograms Prometheus reads one series of run times a tree, with the classic ones beside it on request",
  ignore: needsGo,
  fn: () =>
    withParser(async (parser) => {
      const { bytes } = await hostileScraper().scraper.scrape("protobuf", false);
      const ofTimes = (all: Series[]) => all.filter(({ labels }) => labels.__name__!.startsWith("process_seconds"));
      const alone = ofTimes(await read(parser, "protobuf", bytes, "-native"));
      const both = ofTimes(await read(parser, "protobuf", bytes, "-native", "-classic"));
      const native = both.filter(({ native }) => native !== undefined);
      // Alone, 3.16 reads exemplars of a family's first native histogram only: it looks for the next one's behind them.
      const plain = (all: Series[]) => all.map(({ exemplars: _, ...rest }) => rest);
      assert.deepEqual(plain(native), plain(alone));
      assert.deepEqual(native[0]!.exemplars, alone[0]!.exemplars);
      assert.equal(native.length, HOSTILE_PATHS.length);
      HOSTILE_PATHS.forEach((path, index) => {
        const { native: histogram, startMs, exemplars } = native.find(({ labels }) =>
          labels.tree === path.toWellFormed()
        )!;
        // As hostileScraper() made them: all ran equally long.
        const launches = 1 + 10 ** index, count = launches - index % 2, seconds = 10 ** (index - 4);
        const { schema, zeroThreshold, zeroCount, sum, buckets } = histogram!;
        assert.deepEqual([schema, zeroThreshold, zeroCount], [5, 2 ** -14, 0]);
        assert.deepEqual([histogram!.count, sum], [count, count * seconds]);
        const [[upper, inBucket] = [NaN, NaN], ...others] = buckets;
        assert.deepEqual([inBucket, others], [count, []]);
        assert.ok(upper >= seconds * (1 - 1e-9) && upper < seconds * 1.0221, `${upper} for ${seconds}`);
        assert.equal(startMs, 1_800_000_000_125);
        const ms = (1_800_000_000.25 + launches) * 1000;
        assert.deepEqual(exemplars, [{ labels: { pid: String(1000 + launches) }, value: seconds, ms }]);
      });
      const classic = ofTimes(await read(parser, "protobuf", bytes));
      assert.deepEqual(both.filter(({ native }) => native === undefined), classic);
      assert.equal(classic.length, HOSTILE_PATHS.length * (BUCKETS + 2));
      assert.equal(classic.filter(({ exemplars }) => exemplars !== undefined).length, HOSTILE_PATHS.length);
    }),
});

Deno.test({
  name:
    "start timestamps of 1,000 trees take Prometheus no more than twice the time, in protobuf or behind each series",
  ignore: needsGo,
  fn: () =>
    withParser(async (parser) => {
      const watcher = new FakeWatcher();
      for (let i = 0; i < 1000; i++) watcher.add(`/sshd/base/worker-${i}`, busyRow(1000 + i, i % 3, 0.001 * i));
      const { scraper } = scraping(watcher, {}, 1_799_999_999.5);
      for (const format of ["protobuf", "openmetrics"] as const) {
        const { bytes } = await scraper.scrape(format, false, WITH_CREATED);
        const [without, with_] = await times(parser, format, bytes);
        console.log(`    ${format}: ${without.toFixed(1)} ms without, ${with_.toFixed(1)} ms with start timestamps`);
        assert.ok(with_ <= 2 * without, `${with_} ms with, ${without} ms without`);
      }
    }),
});
