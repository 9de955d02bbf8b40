/**
 * What an exporter says of the example machine, without the machine that it runs on: the trees below the example machine's init,
 * as they would be with that init as the first process.
 *
 * @module
 */

import type { Exporter } from "../live/exporter.ts";
import { parseSamples } from "../live/exposition.ts";
import { decodeFamilies, encodedLength, type MetricFamily } from "../unit/metrics/exposition/metrics_proto.ts";

/** What comes before a tree of the example machine within all that this machine's exporter sees. */
const PREFIX = /^(\/random)?(?:\/.+?)?\/unshare\/\\{1,2}systemd(?=\/)/;
const PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

/** What a tree would be called on the example machine itself; undefined for one of another machine. */
export function treeWithin(tree: string): string | undefined {
  return PREFIX.test(tree) ? tree.replace(PREFIX, "$1") : undefined;
}

/** Whether this machine's trees above the example machine, which waits to boot, have a machine-made name: below it all is random. */
export function isBelowRandom(text: string): boolean {
  return parseSamples(text).some(({ labels }) =>
    /^\/random\/(?:.+\/)?unshare\/example-machine\.sh$/.test(labels.tree ?? "")
  );
}

/** How large a scrape is. */
export interface Size {
  /** Series of trees. A native histogram is one. */
  readonly series: number;
  /** Series of no tree: the exporter's own. */
  readonly own: number;
  readonly bytes: number;
}

/** The trees in a text, sorted. */
export function treesOf(text: string): string[] {
  const trees = parseSamples(text).flatMap(({ labels }) => treeWithin(labels.tree ?? "") ?? []);
  return [...new Set(trees)].sort();
}

/** How large a text is. */
export function sizeOfText(text: string): Size {
  let series = 0, own = 0, bytes = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const tree = /[{,]tree="((?:[^"\\]|\\.)*)"/.exec(line)?.[1], within = tree && treeWithin(tree);
    if (tree !== undefined && within === undefined) continue;
    if (within !== undefined) series++;
    else if (!line.startsWith("#")) own++;
    bytes += new TextEncoder().encode(line).length - (tree?.length ?? 0) + (within?.length ?? 0);
  }
  return { series, own, bytes };
}

/** How large an answer in protobuf is. */
export function sizeOfFamilies(families: readonly MetricFamily[]): Size {
  let series = 0, own = 0, bytes = 0;
  for (const family of families) {
    const metric = family.metric.flatMap((metric) => {
      const tree = metric.label.find(({ name }) => name === "tree")?.value;
      if (tree === undefined) own++;
      else if (treeWithin(tree) === undefined) return [];
      else series++;
      const label = metric.label.map(({ name, value }) => ({
        name,
        value: name === "tree" ? treeWithin(value)! : value,
      }));
      return [{ ...metric, label }];
    });
    if (metric.length > 0) bytes += encodedLength({ ...family, metric });
  }
  return { series, own, bytes };
}

/** An answer of an exporter in protobuf. */
export async function familiesOf({ url }: Exporter): Promise<MetricFamily[]> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: PROTOBUF } });
  return decodeFamilies(await response.bytes());
}

/** Lines of an event log that tell of the example machine, with trees as they are called there. */
export function* eventsWithin(lines: string): Generator<string> {
  for (const line of lines.split("\n")) {
    const event = line === "" ? {} : JSON.parse(line), tree = treeWithin(event.tree ?? "");
    if (tree !== undefined) yield JSON.stringify({ ...event, tree });
  }
}
