/**
 * The commands `baseline check` and `baseline diff`, without the process around them.
 *
 * @module
 */

import { flagNames } from "../../fingerprint/mod.ts";
import { compareBaselines, differenceText, isSame } from "./difference.ts";
import { readBaseline } from "./file.ts";
import type { HttpClient } from "./http_client.ts";
import type { LaunchedIn } from "./look.ts";
import { findUnexpected, type Report, reportText } from "./report.ts";
import { asksOthers, clientOf, lookBackMs, type SourceRequest } from "./request.ts";
import { latest, type SeenTree, timeText } from "./seen.ts";
import { knownToPrometheus, lookAtExporter, placesOfPrometheus, treesOfPrometheus } from "./sources.ts";
import { findStale, type Known, type Staleness, staleText, type Unused } from "./stale.ts";

const DEFAULT_EXPORTER = "http://localhost:9501";

/** What is compared with a baseline. */
export interface CheckRequest extends SourceRequest {
  readonly output: "text" | "json";
  /** How long a rule must not have been needed to be stale; 0: none is. */
  readonly staleAfterMs: number;
}

/** The trees of all sources, each as that source knows it, and what is known of when they were seen. */
async function askAll(
  client: HttpClient,
  request: CheckRequest,
  nowSeconds: number,
  isPlaced: boolean,
): Promise<{ trees: SeenTree[]; launchedIn: LaunchedIn[]; known: Known }> {
  const { exporterUrls, prometheusUrl: url, prometheusMatchers = "", staleAfterMs } = request;
  const looks = await Promise.all(exporterUrls.map((url) => lookAtExporter(client, url, nowSeconds, isPlaced)));
  const seconds = lookBackMs(request) / 1000;
  const past = url === undefined ? [] : await treesOfPrometheus(client, url, prometheusMatchers, seconds);
  const places = url === undefined || !isPlaced
    ? []
    : await placesOfPrometheus(client, url, prometheusMatchers, seconds);
  const known = url === undefined || staleAfterMs === 0
    ? undefined
    : await knownToPrometheus(client, url, prometheusMatchers, staleAfterMs / 1000, nowSeconds);
  const trees = looks.flatMap(({ trees }) => trees);
  // What one of them doesn't know, nobody does.
  const since = [...looks.map((look) => look.completeSinceSeconds), ...known === undefined ? [] : [known.sinceSeconds]];
  return {
    trees: [...trees, ...past],
    launchedIn: [...looks.flatMap(({ launchedIn }) => launchedIn), ...places],
    known: {
      seen: [...trees, ...known?.seen ?? []],
      sinceSeconds: since.includes(undefined) ? undefined : latest(since),
    },
  };
}

/**
 * Compares what runs with a baseline, and the baseline with it. Gives the exit status: 1 if something isn't expected; a stale rule
 * changes nothing. `nowSeconds` is Unix time. Throws errors whose message is one line.
 */
export async function check(
  file: string,
  request: CheckRequest,
  print: (text: string) => void,
  nowSeconds: number = Date.now() / 1000,
): Promise<number> {
  const baseline = readBaseline(file);
  using client = clientOf(request);
  const exporterUrls = asksOthers(request) ? request.exporterUrls : [DEFAULT_EXPORTER];
  const { trees, launchedIn, known } = await askAll(
    client,
    { ...request, exporterUrls },
    nowSeconds,
    baseline.hasSections,
  );
  const report = findUnexpected(baseline, trees, launchedIn);
  const staleness = request.staleAfterMs === 0
    ? undefined
    : findStale(baseline, known, nowSeconds - request.staleAfterMs / 1000);
  print(
    request.output === "json"
      ? JSON.stringify({ baseline: file, ...reportJson(report), ...staleness && staleJson(staleness) }, null, 2)
      : [reportText(report), ...staleness === undefined ? [] : [staleText(staleness)]].join("\n"),
  );
  return report.unexpected.length === 0 ? 0 : 1;
}

function timeOrNull(seconds: number | undefined): string | null {
  return seconds === undefined ? null : timeText(seconds);
}

function reportJson({ trees, unexpected }: Report) {
  return {
    trees,
    unexpected: unexpected.map(({ firstSeenSeconds, lastSeenSeconds: _, flags, unexpectedFlags, place, ...tree }) => ({
      ...tree,
      ...place === undefined ? {} : { unit: place.unit ?? null, image: place.image ?? null },
      flags: flagNames(flags),
      unexpectedFlags: flagNames(unexpectedFlags),
      firstSeen: timeOrNull(firstSeenSeconds),
    })),
  };
}

/** `unknown`: there is no telling, because launches are known since a later time only, or nobody says since when. */
function staleJson({ rules, stale, unknown, sinceSeconds }: Staleness) {
  const unused = ({ pattern, line, section, lastSeenSeconds }: Unused) => ({
    pattern,
    line,
    ...section === undefined ? {} : { section },
    lastSeen: timeOrNull(lastSeenSeconds),
  });
  return { rules, stale: stale.map(unused), unknown: unknown.map(unused), knownSince: timeOrNull(sinceSeconds) };
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
