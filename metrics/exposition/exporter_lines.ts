/**
 * Writes the lines of a family about the exporter.
 *
 * @module
 */

import { type Bytes, numberText } from "../text/mod.ts";
import type { CountedSeries, ExporterFamily, ExporterNumbers } from "./family.ts";
import { exporterHeads, hasCreated, labelled, sampleName, seriesHead, type TextFormat } from "./templates.ts";
import type { ExporterWriter } from "./writers.ts";

/** The lines of a family about the exporter: the same in both text formats, but for lines `_created`. */
export class ExporterLines implements ExporterWriter {
  readonly #family: ExporterFamily;
  readonly #hasCreated: boolean;
  /** Known with the first numbers: they bring the build's labels. */
  #heads: readonly string[] | undefined;
  /** Those of counted series, by their labels. */
  readonly #counted = new WeakMap<readonly string[], string>();

  constructor(family: ExporterFamily, format: TextFormat) {
    this.#family = family;
    this.#hasCreated = hasCreated(family, format);
  }

  write(out: Bytes, numbers: ExporterNumbers, counted: readonly CountedSeries[], startSeconds: number): void {
    const heads = this.#heads ??= exporterHeads(this.#family, numbers.build);
    let text = "";
    this.#family.series.forEach(({ value: read }, index) => {
      const value = read(numbers);
      if (value !== undefined) text += this.#lines(heads[index]!, value, startSeconds);
    });
    for (const [values, value] of counted) {
      let head = this.#counted.get(values);
      if (head === undefined) {
        head = seriesHead(this.#family, labelled(this.#family.counted!.labels, values));
        this.#counted.set(values, head);
      }
      text += this.#lines(head, value, startSeconds);
    }
    out.text(text);
  }

  #lines(head: string, value: number, startSeconds: number): string {
    const line = `${head}${numberText(value)}\n`;
    if (!this.#hasCreated || startSeconds <= 0) return line;
    const labels = head.slice(sampleName(this.#family).length);
    return `${line}${this.#family.name}_created${labels}${numberText(startSeconds)}\n`;
  }
}
