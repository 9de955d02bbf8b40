/**
 * Writes the lines of a family about the exporter.
 *
 * @module
 */

import { numberText } from "../text/mod.ts";
import type { ExporterFamily, ExporterWriter } from "./family.ts";
import { exporterHeads, hasCreated, labelled, sampleName, seriesHead, type TextFormat } from "./templates.ts";

/** The lines of a family about the exporter: the same in both text formats, but for lines `_created`. */
export function exporterLines(family: ExporterFamily, format: TextFormat): ExporterWriter {
  const withCreated = hasCreated(family, format);
  /** Known with the first numbers: they bring the build's labels. */
  let heads: readonly string[] | undefined;
  /** Those of counted series, by their labels. */
  const countedHeads = new WeakMap<readonly string[], string>();

  function lines(head: string, value: number, startSeconds: number): string {
    const line = `${head}${numberText(value)}\n`;
    if (!withCreated || startSeconds <= 0) return line;
    const labels = head.slice(sampleName(family).length);
    return `${line}${family.name}_created${labels}${numberText(startSeconds)}\n`;
  }

  return (out, numbers, counted, startSeconds) => {
    heads ??= exporterHeads(family, numbers.build);
    let text = "";
    for (const [index, { value: read }] of family.series.entries()) {
      const value = read(numbers);
      if (value !== undefined) text += lines(heads[index]!, value, startSeconds);
    }
    for (const [values, value] of counted) {
      let head = countedHeads.get(values);
      if (head === undefined) {
        head = seriesHead(family, labelled(family.counted!.labels, values));
        countedHeads.set(values, head);
      }
      text += lines(head, value, startSeconds);
    }
    out.text(text);
  };
}
