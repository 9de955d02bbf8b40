/**
 * Writes the metrics of a family about the exporter, as fields of protobuf.
 *
 * @module
 */

import type { Bytes } from "../text/mod.ts";
import type { CountedSeries, ExporterFamily, ExporterNumbers } from "./family.ts";
import { LABEL_BYTES, labelField, labelName, putCounter, putGauge, putLabel, Tag, VALUE_BYTES } from "./protobuf.ts";
import type { ExporterWriter } from "./writers.ts";

export class ExporterMetrics implements ExporterWriter {
  readonly #family: ExporterFamily;
  /** Names of the labels of counted series. */
  readonly #names: readonly Uint8Array[];
  /** Labels of each series. Known with the first numbers: they bring the build's. */
  #labels: readonly (readonly Uint8Array[])[] | undefined;

  constructor(family: ExporterFamily) {
    this.#family = family;
    this.#names = family.counted?.labels.map(labelName) ?? [];
  }

  write(out: Bytes, numbers: ExporterNumbers, counted: readonly CountedSeries[], startSeconds: number): void {
    const { type, series } = this.#family;
    const labels = this.#labels ??= series.map(({ label }) => {
      const pairs = type === "info" ? Object.entries(numbers.build) : label === undefined ? [] : [label];
      return pairs.map(([name, value]) => labelField(name, value));
    });
    series.forEach(({ value: read }, index) => {
      const value = read(numbers);
      if (value !== undefined) this.#put(out, labels[index]!, value, startSeconds);
    });
    for (const [values, value] of counted) this.#putCounted(out, values, value, startSeconds);
  }

  /** There may be thousands: each is written at once, without an object of its own. An empty label is none. */
  #putCounted(out: Bytes, values: readonly string[], value: number, startSeconds: number): void {
    const names = this.#names;
    let length = VALUE_BYTES;
    for (let i = 0; i < names.length; i++) length += names[i]!.length + LABEL_BYTES + values[i]!.length;
    out.reserve(3 * length);
    out.byte(Tag.MetricFamily.metric);
    const at = out.open(length);
    for (let i = 0; i < names.length; i++) if (values[i] !== "") putLabel(out, names[i]!, values[i]!);
    this.#putValue(out, value, startSeconds);
    out.close(at, length);
  }

  #put(out: Bytes, pairs: readonly Uint8Array[], value: number, startSeconds: number): void {
    const length = pairs.reduce((sum, pair) => sum + pair.length, 0);
    out.reserve(length + VALUE_BYTES + 8);
    out.byte(Tag.MetricFamily.metric);
    const at = out.open(length);
    for (const pair of pairs) out.put(pair);
    this.#putValue(out, value, startSeconds);
    out.close(at, length);
  }

  #putValue(out: Bytes, value: number, startSeconds: number): void {
    if (this.#family.type === "counter") putCounter(out, value, startSeconds);
    else putGauge(out, value);
  }
}
