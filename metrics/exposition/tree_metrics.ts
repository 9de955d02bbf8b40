/**
 * Writes the metrics of one tree in one family, as fields of protobuf.
 *
 * @module
 */

import { type Bytes, encode, varintBytes } from "../text/mod.ts";
import { type TreeFamily, valueOf } from "./family.ts";
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
import type { TreeWriter } from "./writers.ts";

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

export class TreeMetrics implements TreeWriter {
  readonly #family: TreeFamily;
  /** Label of each series beside `tree`. */
  readonly #labels: readonly Uint8Array[];
  /** Most bytes of a tree beside its paths. */
  readonly #constantBytes: number;

  constructor(family: TreeFamily) {
    this.#family = family;
    this.#labels = family.series.map(({ label }) => label === undefined ? new Uint8Array(0) : labelField(...label));
    const each = this.#labels.reduce((sum, label) => sum + label.length + TREE.length + VALUE_BYTES + 16, 0);
    this.#constantBytes = family.type === "histogram" ? MOST_HISTOGRAM_BYTES : each;
  }

  write(out: Bytes, tree: Tree, rows: Float64Array): void {
    const { type, series } = this.#family;
    if (type === "histogram") {
      out.reserve(this.#constantBytes + tree.bytes.length + nativeBytes(tree.runTimes));
      this.#writeHistogram(out, tree, rows);
    } else {
      out.reserve(this.#constantBytes + series.length * tree.bytes.length);
      this.#writeSeries(out, tree, rows);
    }
  }

  #writeSeries(out: Bytes, { bytes, at, createdSeconds }: Tree, rows: Float64Array): void {
    const { type, series, exemplar } = this.#family;
    const pid = exemplar === "launch" ? rows[at + Column.LastLaunchPid]! : 0;
    for (let i = 0; i < series.length; i++) {
      const value = valueOf(series[i]!, rows, at);
      if (value === 0 && series[i]!.omitZero === true) continue;
      const labels = this.#labels[i]!, expected = labels.length + TREE.length + bytes.length + 30;
      out.byte(Tag.MetricFamily.metric);
      const start = out.open(expected);
      out.put(labels);
      putTree(out, bytes);
      if (type === "counter") putCounter(out, value, createdSeconds, pid, rows[at + Column.LastLaunch]!);
      else putGauge(out, value);
      out.close(start, expected);
    }
  }

  /** Both kinds of buckets, unless one was asked for: Prometheus takes the ones that its configuration says. */
  #writeHistogram(out: Bytes, { bytes, at, createdSeconds, runTimes }: Tree, rows: Float64Array): void {
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
    if (this.#family.nativeOnly !== true) this.#writeBuckets(out, at, rows);
    // A scrape with one histogram that doesn't add up would be refused as a whole.
    if (runTimes.count === count) putNative(out, runTimes);
    if (createdSeconds > 0) putTimestamp(out, Histogram.created, createdSeconds);
    out.close(histogram, length);
    out.close(start, expected);
  }

  #writeBuckets(out: Bytes, at: number, rows: Float64Array): void {
    const { Histogram, Bucket } = Tag, seconds = rows[at + Column.ExemplarSeconds]!;
    let pid = this.#family.exemplar === "ending" ? rows[at + Column.ExemplarPid]! : 0;
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
}
