/**
 * Writes the lines of a family about the exporter.
 *
 * @module
 */

import { type Bytes, numberText } from "../text/mod.ts";
import type { CountedSeries, ExporterFamily, ExporterNumbers } from "./family.ts";
import { exporterHeads, labelled, seriesHead } from "./templates.ts";
import type { ExporterWriter } from "./writers.ts";

/** The lines of a family about the exporter: the same in both text formats. */
export class ExporterLines implements ExporterWriter {
  readonly #family: ExporterFamily;
  /** Known with the first numbers: they bring the build's labels. */
  #heads: readonly string[] | undefined;
  /** Those of counted series, by their labels. */
  readonly #counted = new WeakMap<readonly string[], string>();

  constructor(family: ExporterFamily) {
    this.#family = family;
  }

  write(out: Bytes, numbers: ExporterNumbers, counted: readonly CountedSeries[]): void {
    const heads = this.#heads ??= exporterHeads(this.#family, numbers.build);
    let text = "";
    this.#family.series.forEach(({ value: read }, index) => {
      const value = read(numbers);
      if (value !== undefined) text += `${heads[index]}${numberText(value)}\n`;
    });
    for (const [values, value] of counted) {
      let head = this.#counted.get(values);
      if (head === undefined) {
        head = seriesHead(this.#family, labelled(this.#family.counted!.labels, values));
        this.#counted.set(values, head);
      }
      text += `${head}${numberText(value)}\n`;
    }
    out.text(text);
  }
}
