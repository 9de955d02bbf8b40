import assert from "node:assert/strict";
import fc from "fast-check";
import { Exposition } from "../../metrics/exposition/text.ts";
import type { ExporterNumbers } from "../../metrics/exposition/family.ts";
import { BUCKETS, type Changes, Column, type NewTree, ROW_WIDTH, Stat, STAT_WIDTH } from "../../fingerprint/mod.ts";
import { Registry } from "../../metrics/registry/registry.ts";
import type { Format } from "../../metrics/exposition/templates.ts";

const FORMATS: readonly Format[] = ["openmetrics", "text"];

/** A line of a sample, read character by character and without the code that wrote it. */
interface Sample {
  readonly name: string;
  readonly labels: Map<string, string>;
  readonly value: number;
  readonly exemplar: string | undefined;
}

function parseSample(line: string): Sample {
  let at = line.search(/[{ ]/);
  const name = line.slice(0, at);
  const labels = new Map<string, string>();
  if (line[at] === "{") {
    at++;
    while (line[at] !== "}") {
      const equals = line.indexOf('="', at);
      const label = line.slice(at, equals);
      assert.match(label, /^[a-z_]+$/, line);
      assert.ok(!labels.has(label), `${label} twice: ${line}`);
      at = equals + 2;
      let value = "";
      for (; line[at] !== '"'; at++) {
        assert.ok(at < line.length, `an open quote: ${line}`);
        if (line[at] !== "\\") value += line[at];
        else value += { n: "\n", '"': '"', "\\": "\\" }[line[++at]!] ?? assert.fail(`a wrong escape: ${line}`);
      }
      labels.set(label, value);
      at++;
      if (line[at] === ",") at++;
      else assert.equal(line[at], "}", line);
    }
    at++;
  }
  assert.equal(line[at], " ", line);
  const match = /^ (\+Inf|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)( # \{pid="\d+"\} \S+(?: \d+(?:\.\d+)?)?)?$/.exec(
    line.slice(at),
  );
  assert.ok(match, line);
  return { name, labels, value: match[1] === "+Inf" ? Infinity : Number(match[1]), exemplar: match[2] };
}

/** Families of a text with their samples; checks what both formats say about the order and the kinds of lines. */
function parseText(text: string, format: Format): Map<string, { type: string; samples: Sample[] }> {
  assert.ok(text.endsWith("\n"));
  const lines = text.slice(0, -1).split("\n");
  if (format === "openmetrics") assert.equal(lines.pop(), "# EOF");
  const families = new Map<string, { type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let family = "";
  let comments: string[] = [];
  for (const line of lines) {
    if (line.startsWith("# ")) {
      const [, keyword, name, rest] = /^# (TYPE|UNIT|HELP) (\S+) (.+)$/.exec(line) ?? assert.fail(line);
      if (name !== family) comments = [];
      family = name!;
      comments.push(keyword!);
      const order = format === "openmetrics" ? "TYPE UNIT HELP" : "HELP TYPE";
      assert.ok(
        order === comments.join(" ") || order.startsWith(comments.join(" ")) || comments.join(" ") === "TYPE HELP",
      );
      if (keyword === "TYPE") {
        assert.ok(!families.has(family), `${family} twice`);
        families.set(family, { type: rest!, samples: [] });
      }
      continue;
    }
    const sample = parseSample(line);
    const { type, samples } = families.get(family) ?? assert.fail(`no family: ${line}`);
    const suffix = sample.name.slice(family.length);
    const suffixes = format === "openmetrics"
      ? { gauge: [""], counter: ["_total"], histogram: ["_bucket", "_sum", "_count"], info: ["_info"] }[type]
      : { gauge: [""], counter: [""], histogram: ["_bucket", "_sum", "_count"] }[type];
    assert.ok(sample.name.startsWith(family) && suffixes?.includes(suffix), `${line} in ${type} ${family}`);
    if (format === "text") assert.equal(sample.exemplar, undefined);
    if (sample.exemplar !== undefined) assert.ok(suffix === "_bucket" || suffix === "_total", line);
    const key = JSON.stringify([sample.name, [...sample.labels].sort()]);
    assert.ok(!seen.has(key), `a series twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  return families;
}

const NUMBERS: Omit<ExporterNumbers, "stats"> = {
  process: undefined,
  scrape: { scrapes: 1, rejected: 0, failed: 0, collectSeconds: 0.001, renderSeconds: 0 },
  unexpectedLaunches: undefined,
  reload: { successful: true, successSeconds: 0 },
  build: { version: "1" },
};

const render = (exposition: Exposition, registry: Registry): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(
    exposition.render(registry, { ...NUMBERS, stats: registry.stats }),
  );

const hostileLabel = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("\\", '"', "\n", "{", "}", ",", "#", " ", "\r", "\0", "\u2028", "\ud800", "=", "a"),
    maxLength: 12,
  }),
);
const path = hostileLabel.map((label) => `/${label}`);
const amount = fc.oneof(
  fc.nat(5),
  fc.nat(),
  fc.double({ min: 0, max: 1e18, noNaN: true }),
  fc.constantFrom(0, 2 ** 31, 2 ** 53, 1e21, 5e-324),
);
/** Not shrunk: a failure would take minutes to tell, and the numbers are seldom to blame. */
const numbers = fc.noShrink(fc.array(amount, { minLength: ROW_WIDTH, maxLength: ROW_WIDTH }));

/** Any numbers, but process ids and Unix times where those are. */
const row = fc.tuple(numbers, fc.nat(), fc.nat()).map(
  ([numbers, pid, time]) => {
    numbers[Column.ExemplarPid] = pid % 4_194_305;
    numbers[Column.LastLaunchPid] = time % 4_194_305;
    numbers[Column.ExemplarTime] = time === 0 ? 0 : time + 0.25;
    numbers[Column.LastLaunch] = pid === 0 ? 0 : pid + 0.125;
    return numbers;
  },
);

/** What happens between two texts: trees come, change and leave. Numbers choose among the trees that are there. */
const step = fc.record({
  added: fc.array(fc.record({ path, row: fc.option(row, { nil: undefined }) }), { maxLength: 5 }),
  changed: fc.array(fc.record({ which: fc.nat(), row }), { maxLength: 4 }),
  removed: fc.array(fc.nat(), { maxLength: 2 }),
  accounting: fc.boolean(),
  /** Whether a new baseline expects nothing, whether there is none, or whether it stays as it is. */
  baseline: fc.constantFrom("new", "none", "same", "same", "same"),
  render: fc.constantFrom("both", "openmetrics", "none"),
});

/** A worker that follows the steps. */
class Worker {
  readonly alive = new Map<number, { path: string; row: number[] | undefined }>();
  #next = 1;

  report({ added, changed, removed, accounting }: typeof step extends fc.Arbitrary<infer T> ? T : never): Changes {
    const rows = new Map<number, number[]>();
    const newTrees: NewTree[] = [];
    for (const tree of added) {
      // The trie has no two trees of one path; labels have no lone surrogates.
      if ([...this.alive.values()].some(({ path }) => path.toWellFormed() === tree.path.toWellFormed())) continue;
      const id = this.#next++;
      newTrees.push({ id, parent: 0, path: tree.path, random: false, randomName: false });
      this.alive.set(id, { path: tree.path, row: tree.row });
      if (tree.row !== undefined) rows.set(id, tree.row);
    }
    const pick = (which: number) => [...this.alive.keys()][which % Math.max(1, this.alive.size)];
    for (const { which, row } of changed) {
      const id = pick(which);
      if (id === undefined) continue;
      rows.set(id, row);
      this.alive.get(id)!.row = row;
    }
    const gone = new Set(removed.map(pick).filter((id) => id !== undefined));
    for (const id of gone) this.alive.delete(id);
    const stats = new Float64Array(STAT_WIDTH);
    stats[Stat.TaskstatsUp] = accounting ? 1 : 0;
    return {
      newTrees,
      ids: Uint32Array.from(rows.keys()),
      rows: Float64Array.from([...rows.values()].flat()),
      removed: Uint32Array.from(gone),
      stats,
    };
  }

  /** Paths that must have series. */
  shown(): Set<string> {
    const shown = [...this.alive.values()].filter(({ row }) => row !== undefined && row[Column.Launches]! > 0);
    return new Set(shown.map(({ path }) => path.toWellFormed()));
  }
}

Deno.test("any trees, whatever their names and numbers and however they change, give texts that read back", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const worker = new Worker();
      const registry = new Registry();
      const expositions = new Map(FORMATS.map((format) => [format, new Exposition(format)]));
      const launched = new Set<string>();
      for (const step of steps) {
        registry.apply(worker.report(step));
        if (step.baseline === "new") registry.expect({ verdict: () => ({ expected: false, reason: "" }) });
        if (step.baseline === "none") registry.expect(undefined);
        const alive = new Set([...worker.alive.values()].map(({ path }) => path.toWellFormed()));
        for (const path of worker.shown()) launched.add(path);
        for (const path of launched) if (!alive.has(path)) launched.delete(path);
        for (const format of FORMATS) {
          if (step.render === "none" || (step.render === "openmetrics" && format === "text")) continue;
          const text = render(expositions.get(format)!, registry);
          assert.equal(text, render(new Exposition(format), registry), "the cache shows what is");
          const families = parseText(text, format);
          const counter = format === "text" ? "cnproc_tree_launches_total" : "cnproc_tree_launches";
          const paths = (families.get(counter)?.samples ?? []).map(({ labels }) => labels.get("tree")!);
          for (const path of worker.shown()) assert.ok(paths.includes(path), JSON.stringify(path));
          assert.equal(new Set(paths).size, paths.length);
          assert.deepEqual(paths, [...paths].sort());
          const expected = families.get("cnproc_tree_expected")?.samples.map(({ labels }) => labels.get("tree"));
          assert.deepEqual(expected, registry.hasExpectation ? paths : undefined);
        }
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("every number of a row reads back where it belongs", () => {
  fc.assert(
    fc.property(path, row, (path, numbers) => {
      numbers[Column.Launches] = 1 + numbers[Column.Launches]!;
      const registry = new Registry();
      const stats = new Float64Array(STAT_WIDTH).fill(1);
      registry.apply({
        newTrees: [{ id: 9, parent: 0, path, random: false, randomName: false }],
        ids: Uint32Array.of(9),
        rows: Float64Array.from(numbers),
        removed: new Uint32Array(),
        stats,
      });
      for (const format of FORMATS) {
        const families = parseText(render(new Exposition(format), registry), format);
        const total = format === "text" ? "_total" : "";
        const samples = (name: string) => families.get(name)?.samples ?? [];
        const value = (name: string, label?: string, of?: string) =>
          samples(name).find(({ labels }) => label === undefined || labels.get(label) === of)?.value;
        assert.equal(samples("process")[0]!.labels.get("tree"), path.toWellFormed());
        assert.equal(value(`cnproc_tree_launches${total}`), numbers[Column.Launches]);
        assert.equal(value("cnproc_tree_running"), numbers[Column.Running]);
        assert.equal(value("cnproc_tree_processes"), numbers[Column.Processes]);
        const running = numbers[Column.Running]! > 0 || numbers[Column.Processes]! > 0;
        assert.equal(value("process", "state", "RUNNING"), running ? 1 : 0);
        assert.equal(value("process", "state", "STOPPED"), running ? 0 : 1);
        ["success", "error", "signal", "core", "exec"].forEach((outcome, index) =>
          assert.equal(value(`cnproc_tree_exits${total}`, "outcome", outcome), numbers[Column.Exits + index])
        );
        const amounts: [name: string, column: number, label?: string, of?: string][] = [
          [`cnproc_tree_exits${total}`, Column.Exits + 5, "outcome", "unknown"],
          [`cnproc_tree_cpu_seconds${total}`, Column.CpuUserSeconds, "mode", "user"],
          [`cnproc_tree_cpu_seconds${total}`, Column.CpuSystemSeconds, "mode", "system"],
          [`cnproc_tree_delay_seconds${total}`, Column.SwapDelaySeconds, "kind", "swap"],
          [`cnproc_tree_delay_seconds${total}`, Column.ReclaimDelaySeconds, "kind", "reclaim"],
          [`cnproc_tree_context_switches${total}`, Column.VoluntarySwitches, "kind", "voluntary"],
          [`cnproc_tree_major_faults${total}`, Column.MajorFaults],
          [`cnproc_tree_read_bytes${total}`, Column.ReadBytes],
          [`cnproc_tree_written_bytes${total}`, Column.WrittenBytes],
          ["cnproc_tree_max_resident_bytes", Column.MaxResidentBytes],
        ];
        for (const [name, column, label, of] of amounts) {
          const moved = numbers[column] === 0 ? undefined : numbers[column];
          assert.equal(value(name, label, of), moved, `${name} ${of}: no series until it moves`);
        }
        const histogram = samples("process_seconds");
        const buckets = histogram.filter(({ name }) => name === "process_seconds_bucket");
        let count = 0;
        buckets.forEach(({ value }, index) => assert.equal(value, count += numbers[Column.Buckets + index]!));
        assert.equal(buckets.length, BUCKETS);
        assert.equal(histogram.at(-2)!.value, numbers[Column.SecondsSum]);
        assert.equal(histogram.at(-1)!.value, count);
        const exemplars = buckets.filter(({ exemplar }) => exemplar !== undefined);
        assert.equal(exemplars.length, format === "openmetrics" && numbers[Column.ExemplarPid]! > 0 ? 1 : 0);
        for (const { labels } of exemplars) {
          const bound = labels.get("le") === "+Inf" ? Infinity : Number(labels.get("le"));
          assert.ok(numbers[Column.ExemplarSeconds]! <= bound);
        }
      }
    }),
    { numRuns: 300 },
  );
});
