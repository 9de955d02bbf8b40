/**
 * The commands `baseline check` and `baseline diff`, without the process around them.
 *
 * @module
 */

import { flagNames } from "../../fingerprint/mod.ts";
import { compareBaselines, differenceText, isSame } from "./difference.ts";
import { readBaseline } from "./file.ts";
import type { HttpClient } from "./http_client.ts";
import { findUnexpected, reportText } from "./report.ts";
import { asksOthers, clientOf, lookBackMs, type SourceRequest } from "./request.ts";
import { type SeenTree, timeText } from "./seen.ts";
import { lookAtExporter, treesOfPrometheus } from "./sources.ts";

const DEFAULT_EXPORTER = "http://localhost:9501";

/** The trees of all sources, each as that source knows it. */
async function askAll(client: HttpClient, request: SourceRequest): Promise<SeenTree[]> {
  const { exporterUrls, prometheusUrl, prometheusMatchers = "" } = request;
  const looks = await Promise.all(exporterUrls.map((url) => lookAtExporter(client, url)));
  const past = prometheusUrl === undefined
    ? []
    : await treesOfPrometheus(client, prometheusUrl, prometheusMatchers, lookBackMs(request) / 1000);
  return [...looks.flatMap(({ trees }) => trees), ...past];
}

/** Compares what runs with a baseline. Gives the exit status: 1 if something isn't expected. Throws errors whose message is one line. */
export async function check(
  file: string,
  request: SourceRequest & { readonly output: "text" | "json" },
  print: (text: string) => void,
): Promise<number> {
  const baseline = readBaseline(file);
  using client = clientOf(request);
  const exporterUrls = asksOthers(request) ? request.exporterUrls : [DEFAULT_EXPORTER];
  const report = findUnexpected(baseline, await askAll(client, { ...request, exporterUrls }));
  const unexpected = report.unexpected.map(({ firstSeenSeconds, flags, unexpectedFlags, ...tree }) => ({
    ...tree,
    flags: flagNames(flags),
    unexpectedFlags: flagNames(unexpectedFlags),
    firstSeen: firstSeenSeconds === undefined ? null : timeText(firstSeenSeconds),
  }));
  print(
    request.output === "json" ? JSON.stringify({ baseline: file, ...report, unexpected }, null, 2) : reportText(report),
  );
  return unexpected.length === 0 ? 0 : 1;
}

/** Compares two baselines. Gives the exit status: 1 if they differ. Throws errors whose message is one line. */
export function diff(
  [old, now]: readonly string[],
  { output }: { readonly output: "text" | "json" },
  print: (text: string) => void,
): number {
  const difference = compareBaselines(readBaseline(old!), readBaseline(now!));
  const text = output === "json" ? JSON.stringify(difference, null, 2) : differenceText(difference);
  if (text !== "") print(text);
  return isSame(difference) ? 0 : 1;
}
