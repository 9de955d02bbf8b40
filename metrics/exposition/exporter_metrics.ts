/**
 * Writes the metrics of a family about the exporter, as fields of protobuf.
 *
 * @module
 */

import type { Bytes } from "../text/mod.ts";
import type { ExporterFamily, ExporterWriter } from "./family.ts";
import { LABEL_BYTES, labelField, labelName, putCounter, putGauge, putLabel, Tag, VALUE_BYTES } from "./protobuf.ts";

export function exporterMetrics(family: ExporterFamily): ExporterWriter {
  const { type, series } = family;
  /** Names of the labels of counted series. */
  const names = family.counted?.labels.map(labelName) ?? [];
  /** Labels of each series. Known with the first numbers: they bring the build's. */
  let labels: readonly (readonly Uint8Array[])[] | undefined;

  /** There may be thousands: each is written at once, without an object of its own. An empty label is none. */
  function putCounted(out: Bytes, values: readonly string[], value: number, startSeconds: number): void {
    let length = VALUE_BYTES;
    for (let i = 0; i < names.length; i++) length += names[i]!.length + LABEL_BYTES + values[i]!.length;
    out.reserve(3 * length);
    out.byte(Tag.MetricFamily.metric);
    const at = out.open(length);
    for (let i = 0; i < names.length; i++) if (values[i] !== "") putLabel(out, names[i]!, values[i]!);
    putValue(out, value, startSeconds);
    out.close(at, length);
  }

  function put(out: Bytes, pairs: readonly Uint8Array[], value: number, startSeconds: number): void {
    const length = pairs.reduce((sum, pair) => sum + pair.length, 0);
    out.reserve(length + VALUE_BYTES + 8);
    out.byte(Tag.MetricFamily.metric);
    const at = out.open(length);
    for (const pair of pairs) out.put(pair);
    putValue(out, value, startSeconds);
    out.close(at, length);
  }

  function putValue(out: Bytes, value: number, startSeconds: number): void {
    if (type === "counter") putCounter(out, value, startSeconds);
    else putGauge(out, value);
  }

  return (out, numbers, counted, startSeconds) => {
    labels ??= series.map(({ label }) => {
      const pairs = type === "info" ? Object.entries(numbers.build) : label === undefined ? [] : [label];
      return pairs.map(([name, value]) => labelField(name, value));
    });
    for (const [index, { value: read }] of series.entries()) {
      const value = read(numbers);
      if (value !== undefined) put(out, labels[index]!, value, startSeconds);
    }
    for (const [values, value] of counted) putCounted(out, values, value, startSeconds);
  };
}
