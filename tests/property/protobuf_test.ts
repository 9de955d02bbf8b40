import assert from "node:assert/strict";
import fc from "fast-check";
import { Exposition } from "../../metrics/exposition/exposition.ts";
import { Registry } from "../../metrics/registry/registry.ts";
import {
  decodeFamilies,
  type Exemplar,
  type Metric,
  type MetricFamily,
  secondsOf,
} from "../unit/metrics/exposition/metrics_proto.ts";
import { parseText, type Sample } from "./exposition_text.ts";
import { NUMBERS, step, Worker } from "./exposition_trees.ts";
import { runs } from "./runs.ts";

/** A sample as both formats have it: its value, and the process, value and time of its exemplar. */
type Known = readonly [value: number, exemplar?: readonly [pid: string, value: number, time: number]];

const key = (name: string, labels: Iterable<readonly [string, string]>): string =>
  JSON.stringify([
    name,
    [...labels].map(([label, value]) => [label, label === "le" ? Number(value.replace("+Inf", "Infinity")) : value])
      .sort(),
  ]);

const sampleOf = (value: number, exemplar: Exemplar | null | undefined): Known =>
  exemplar === null || exemplar === undefined ? [value] : [value, [
    exemplar.label.map(({ name, value }) => `${name}=${value}`).join(),
    exemplar.value,
    exemplar.timestamp === null ? 0 : secondsOf(exemplar.timestamp),
  ]];

function* samplesOf(name: string, metric: Metric): Generator<[string, Known]> {
  const labels = metric.label.map(({ name, value }): [string, string] => [name, value]);
  const { gauge, counter, histogram } = metric;
  if (gauge !== null) yield [key(name, labels), [gauge.value]];
  if (counter !== null) yield [key(name, labels), sampleOf(counter.value, counter.exemplar)];
  if (histogram === null) return;
  for (const { cumulativeCount, upperBound, exemplar } of histogram.bucket) {
    yield [key(`${name}_bucket`, [...labels, ["le", String(upperBound)]]), sampleOf(cumulativeCount, exemplar)];
  }
  yield [key(`${name}_sum`, labels), [histogram.sampleSum]];
  yield [key(`${name}_count`, labels), [histogram.sampleCount]];
}

function ofText({ name, labels, value, exemplar }: Sample): [string, Known] {
  const match = exemplar === undefined ? null : /^ # \{pid="(\d+)"\} (\S+)(?: (\S+))?$/.exec(exemplar);
  return [
    key(name, labels),
    match === null ? [value] : [value, [`pid=${match[1]}`, Number(match[2]), Number(match[3] ?? 0)]],
  ];
}

const TYPES: Readonly<Record<string, MetricFamily["type"]>> = {
  counter: "COUNTER",
  gauge: "GAUGE",
  info: "GAUGE",
  histogram: "HISTOGRAM",
};

Deno.test("any trees, however they change: protobuf has what OpenMetrics has, read by a library", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 1e6 + 0.5), (steps, start) => {
      const worker = new Worker(), registry = new Registry({}, start), exposition = new Exposition("protobuf");
      for (const step of steps) {
        registry.apply(worker.report(step));
        if (step.baseline === "new") registry.expect({ verdict: () => ({ expected: false, reason: "" }) });
        if (step.baseline === "none") registry.expect(undefined);
        if (step.render === "none") continue;
        const numbers = { ...NUMBERS, stats: registry.stats };
        const bytes = exposition.render(registry, numbers);
        assert.deepEqual(bytes, new Exposition("protobuf").render(registry, numbers), "the cache shows what is");
        const families = decodeFamilies(bytes);
        const text = parseText(
          new TextDecoder().decode(new Exposition("openmetrics").render(registry, numbers)),
          "openmetrics",
        );
        const wanted = [...text].filter(([, { samples }]) => samples.length > 0);
        assert.deepEqual(
          families.map(({ name, type }) => [name, type]),
          wanted.map((
            [name, { type }],
          ) => [name + ({ counter: "_total", info: "_info" }[type] ?? ""), TYPES[type]]),
        );
        assert.deepEqual(
          Object.fromEntries(families.flatMap(({ name, metric }) => metric.flatMap((m) => [...samplesOf(name, m)]))),
          Object.fromEntries(wanted.flatMap(([, { samples }]) => samples.map(ofText))),
        );
        // What counts says since when: the first launch of its tree, or the start of the exporter.
        const since = new Map(registry.trees.map(({ path, createdSeconds }) => [path, createdSeconds]));
        for (const { metric } of families) {
          for (const { label, counter, histogram } of metric) {
            const created = (counter ?? histogram)?.createdTimestamp;
            if (created === undefined) continue;
            const tree = label.find(({ name }) => name === "tree")?.value;
            const want = tree === undefined ? start : since.get(tree)!;
            assert.equal(created === null ? 0 : secondsOf(created), want);
            assert.ok(want >= start);
          }
        }
      }
    }),
    { numRuns: runs(80) },
  );
});
