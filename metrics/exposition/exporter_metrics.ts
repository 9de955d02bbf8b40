/**
 * Writes the metrics of a family about the exporter, as fields of protobuf.
 *
 * @module
 */

import type { Bytes } from "../text/mod.ts";
import type { ExporterFamily, ExporterNumbers } from "./family.ts";
import { labelField, putCounter, putGauge, Tag, VALUE_BYTES } from "./protobuf.ts";
import { labelled } from "./templates.ts";
import type { ExporterWriter } from "./writers.ts";

/** The metrics of a family about the exporter. */
export class ExporterMetrics implements ExporterWriter {
  readonly #family: ExporterFamily;
  /** Labels of each series. Known with the first numbers: they bring the build's. */
  #labels: readonly (readonly Uint8Array[])[] | undefined;

  constructor(family: ExporterFamily) {
    this.#family = family;
  }

  write(out: Bytes, numbers: ExporterNumbers, startSeconds: number): void {
    const { type, series, counted } = this.#family;
    const labels = this.#labels ??= series.map(({ label }) => {
      const pairs = type === "info" ? Object.entries(numbers.build) : label === undefined ? [] : [label];
      return pairs.map(([name, value]) => labelField(name, value));
    });
    series.forEach(({ value: read }, index) => {
      const value = read(numbers);
      if (value !== undefined) this.#put(out, labels[index]!, value, startSeconds);
    });
    for (const [values, value] of counted?.series(numbers) ?? []) {
      const pairs = labelled(counted!.labels, values).map(([name, text]) => labelField(name, text));
      this.#put(out, pairs, value, startSeconds);
    }
  }

  #put(out: Bytes, pairs: readonly Uint8Array[], value: number, startSeconds: number): void {
    const length = pairs.reduce((sum, pair) => sum + pair.length, 0);
    out.reserve(length + VALUE_BYTES + 8);
    out.byte(Tag.MetricFamily.metric);
    const at = out.open(length);
    for (const pair of pairs) out.put(pair);
    if (this.#family.type === "counter") putCounter(out, value, startSeconds);
    else putGauge(out, value);
    out.close(at, length);
  }
}
