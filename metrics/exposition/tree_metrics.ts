/**
 * Writes the metrics of one tree in one family, as fields of protobuf.
 *
 * @module
 */

import { type Bytes, encode, varintBytes } from "../text/mod.ts";
import { type TreeFamily, type TreeWriter, valueOf } from "./family.ts";
import { BUCKET_BOUNDS, BUCKETS, Column } from "../../fingerprint/mod.ts";
import {
  EXEMPLAR_BYTES,
  labelField,
  putCounter,
  putExemplar,
  putGauge,
  putTimestamp,
  Tag,
  VALUE_BYTES,
} from "./protobuf.ts";
import { nativeBytes, putNative } from "./native_histogram.ts";
import type { Tree } from "../registry/mod.ts";

/** What the label pair of a tree has before its value. */
const TREE = Uint8Array.of(Tag.LabelPair.name, 4, ...encode("tree"), Tag.LabelPair.value);

/** About the bytes of a histogram: room for its length, which is seldom moved. */
const HISTOGRAM_BYTES = 300;

/** Most bytes of a histogram: those of a bucket are 9 of its bound, 9 of its count, 2 of its length and tag. */
const MOST_HISTOGRAM_BYTES = 64 + EXEMPLAR_BYTES + 20 * BUCKETS;

function putTree(out: Bytes, path: Uint8Array): void {
  out.byte(Tag.Metric.label);
  out.varint(TREE.length + varintBytes(path.length) + path.length);
  out.put(TREE);
  out.varint(path.length);
  out.put(path);
}

/** `pid` is that of the exemplar, 0 for none. */
function writeBuckets(out: Bytes, at: number, rows: Float64Array, pid: number): void {
  const { Histogram, Bucket } = Tag, seconds = rows[at + Column.ExemplarSeconds]!;
  let cumulative = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const bound = bucket === BUCKETS - 1 ? Infinity : BUCKET_BOUNDS[bucket]!;
    cumulative += rows[at + Column.Buckets + bucket]!;
    out.byte(Histogram.bucket);
    const start = out.open(0);
    out.byte(Bucket.cumulativeCount);
    out.varint(cumulative);
    out.byte(Bucket.upperBound);
    out.double(bound);
    if (pid > 0 && seconds <= bound) {
      putExemplar(out, Bucket.exemplar, pid, seconds, rows[at + Column.ExemplarTime]!);
      pid = 0;
    }
    out.close(start, 0);
  }
}

/** Both kinds of buckets, unless one was asked for: Prometheus takes the ones that its configuration says. */
function writeHistogram(
  out: Bytes,
  { nativeOnly, exemplar }: TreeFamily,
  { bytes, at, createdSeconds, runTimes }: Tree,
  rows: Float64Array,
): void {
  const { MetricFamily, Metric, Histogram } = Tag;
  const length = HISTOGRAM_BYTES + 3 * runTimes.indexes.length, expected = length + bytes.length;
  out.byte(MetricFamily.metric);
  const start = out.open(expected);
  putTree(out, bytes);
  out.byte(Metric.histogram);
  const histogram = out.open(length);
  let count = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) count += rows[at + Column.Buckets + bucket]!;
  out.byte(Histogram.count);
  out.varint(count);
  out.byte(Histogram.sum);
  out.double(rows[at + Column.SecondsSum]!);
  if (nativeOnly !== true) writeBuckets(out, at, rows, exemplar === "ending" ? rows[at + Column.ExemplarPid]! : 0);
  // A scrape with one histogram that doesn't add up would be refused as a whole.
  if (runTimes.count === count) putNative(out, runTimes);
  if (createdSeconds > 0) putTimestamp(out, Histogram.created, createdSeconds);
  out.close(histogram, length);
  out.close(start, expected);
}

export function treeMetrics(family: TreeFamily): TreeWriter {
  const { type, series, exemplar } = family;
  /** Label of each series beside `tree`. */
  const labels = series.map(({ label }) => label === undefined ? new Uint8Array(0) : labelField(...label));
  /** Most bytes of a tree's series beside its paths. */
  const constantBytes = labels.reduce((sum, label) => sum + label.length + TREE.length + VALUE_BYTES + 16, 0);

  return (out, tree, rows) => {
    const { bytes, at, createdSeconds, runTimes } = tree;
    if (type === "histogram") {
      out.reserve(MOST_HISTOGRAM_BYTES + bytes.length + nativeBytes(runTimes));
      return writeHistogram(out, family, tree, rows);
    }
    out.reserve(constantBytes + series.length * bytes.length);
    const pid = exemplar === "launch" ? rows[at + Column.LastLaunchPid]! : 0;
    for (let i = 0; i < series.length; i++) {
      const value = valueOf(series[i]!, rows, at);
      if (value === 0 && series[i]!.omitZero === true) continue;
      const expected = labels[i]!.length + TREE.length + bytes.length + 30;
      out.byte(Tag.MetricFamily.metric);
      const start = out.open(expected);
      out.put(labels[i]!);
      putTree(out, bytes);
      if (type === "counter") putCounter(out, value, createdSeconds, pid, rows[at + Column.LastLaunch]!);
      else putGauge(out, value);
      out.close(start, expected);
    }
  };
}
