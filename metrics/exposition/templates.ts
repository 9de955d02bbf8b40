/**
 * What of a family's text is the same at every scrape, as bytes: the comment lines, and of each line what stands before
 * and after the tree's path.
 *
 * @module
 */

import { encode, escapeLabelValue } from "../text/mod.ts";
import type { ExporterFamily, Family, Label, TreeFamily } from "./family.ts";
import { BUCKET_BOUNDS } from "../../fingerprint/mod.ts";

/** A text format of the metrics: OpenMetrics 1.0.0 or Prometheus' text 0.0.4. */
export type TextFormat = "openmetrics" | "text";

/** A format of the metrics: `protobuf` is a sequence of io.prometheus.client.MetricFamily, each with its length before it. */
export type Format = TextFormat | "protobuf";

/** The constant parts of a line about a tree: `head`, the path, `tail`, the value. */
export interface LineTemplate {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Text of a bucket's bound: OpenMetrics wants `1.0`, text 0.0.4 has always been written with `1`. */
export function boundText(bound: number, format: TextFormat): string {
  if (bound === Infinity) return "+Inf";
  return format === "openmetrics" && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

/**
 * Name of a family's sample. OpenMetrics knows a counter by the name without `_total`, text 0.0.4 and protobuf by the one with
 * it.
 */
export function sampleName({ name, type }: Family): string {
  return type === "counter" ? `${name}_total` : type === "info" ? `${name}_info` : name;
}

/** The comment lines of a family, in the order that OpenMetrics prescribes. Text 0.0.4 has neither units nor infos. */
export function commentLines(family: Family, format: TextFormat): Uint8Array {
  const { type, unit, help } = family;
  if (format === "text") {
    const name = sampleName(family);
    return encode(`# HELP ${name} ${help}\n# TYPE ${name} ${type === "info" ? "gauge" : type}\n`);
  }
  const unitLine = unit === undefined ? "" : `# UNIT ${family.name} ${unit}\n`;
  return encode(`# TYPE ${family.name} ${type}\n${unitLine}# HELP ${family.name} ${help}\n`);
}

function template(name: string, label: Label | undefined, after: string): LineTemplate {
  const before = label === undefined ? "" : `${label[0]}="${escapeLabelValue(label[1])}",`;
  return { head: encode(`${name}{${before}tree="`), tail: encode(`"${after}} `) };
}

/** The lines of each tree: one a series; of a histogram its buckets, then the sum, then the count. */
export function treeTemplates(family: TreeFamily, format: TextFormat): LineTemplate[] {
  const { name, type, series } = family;
  if (type !== "histogram") return series.map(({ label }) => template(sampleName(family), label, ""));
  return [
    ...[...BUCKET_BOUNDS, Infinity].map((bound) =>
      template(`${name}_bucket`, undefined, `,le="${boundText(bound, format)}"`)
    ),
    template(`${name}_sum`, undefined, ""),
    template(`${name}_count`, undefined, ""),
  ];
}

export function hasCreated({ type, withCreated }: Family, format: TextFormat): boolean {
  return withCreated === true && format === "openmetrics" && (type === "counter" || type === "histogram");
}

/** The lines `_created` of each tree: one for each series, or one for a histogram; none where the family has none. */
export function createdTemplates(family: TreeFamily, format: TextFormat): LineTemplate[] {
  if (!hasCreated(family, format)) return [];
  const name = `${family.name}_created`;
  if (family.type === "histogram") return [template(name, undefined, "")];
  return family.series.map(({ label }) => template(name, label, ""));
}

/** The start of each line about the exporter, up to its value. */
export function exporterHeads(family: ExporterFamily, build: Readonly<Record<string, string>>): string[] {
  return family.series.map(({ label }) => {
    const labels = family.type === "info" ? Object.entries(build) : label === undefined ? [] : [label];
    return seriesHead(family, labels);
  });
}

/** Labels with their values; an empty one is none. */
export function labelled(names: readonly string[], values: readonly string[]): Label[] {
  return names.map((name, i): Label => [name, values[i]!]).filter(([, value]) => value !== "");
}

/** The start of a line about the exporter, up to its value. */
export function seriesHead(family: ExporterFamily, labels: readonly Label[]): string {
  const text = labels.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(",");
  return `${sampleName(family)}${text === "" ? "" : `{${text}}`} `;
}
