/**
 * Where trees are read from: running exporters, or a Prometheus server that scrapes them.
 *
 * @module
 */

import { bitOf, Samples } from "./exposition_text.ts";
import { type HttpClient, SourceError, withoutUser } from "./http_client.ts";
import type { TreeJson } from "../http/api/mod.ts";
import type { LaunchedIn, Look } from "./look.ts";
import type { Known } from "./stale.ts";
import { mergeSeen, type SeenTree } from "./seen.ts";

const LAUNCHES = "cnproc_tree_launches_total";
const FIRST_SEEN = "cnproc_tree_first_seen_timestamp_seconds";
const FLAGGED = "cnproc_tree_flagged_launches_total";
const BY_TREE = "cnproc_tree_info", BY_UNIT = "cnproc_unit_launches_total", NAMED = "cnproc_container_info";
const LAST = "cnproc_tree_last_launch_timestamp_seconds", COMPLETE = "cnproc_trees_complete_since_timestamp_seconds";
const RUNNING = "cnproc_tree_running", PROCESSES = "cnproc_tree_processes";
const START = "process_start_time_seconds", LOST = "cnproc_events_lost_total";
const TEXT = "text/plain;version=0.0.4";

/**
 * What an exporter has seen; what runs, at `nowSeconds`. `url` is that of its metrics, or of its root. With `isPlaced` all places that
 * it knows are asked for, by its JSON interface, else the last few of each tree. Throws a {@link SourceError}.
 */
export async function lookAtExporter(
  client: HttpClient,
  url: string,
  nowSeconds: number = Date.now() / 1000,
  isPlaced = false,
): Promise<Look> {
  const address = new URL(url);
  if (address.pathname === "/") address.pathname = "/metrics";
  const text = await client.text(address.href, TEXT);
  const samples = new Samples(text, [
    ...[LAUNCHES, FIRST_SEEN, LAST, RUNNING, PROCESSES, FLAGGED, BY_TREE, BY_UNIT, START, COMPLETE, LOST],
  ]);
  const launches = samples.by(LAUNCHES, "tree"), firstSeen = samples.by(FIRST_SEEN, "tree");
  const flags = samples.flags(FLAGGED), last = samples.by(LAST, "tree");
  const running = samples.by(RUNNING, "tree"), processes = samples.by(PROCESSES, "tree");
  const lastSeenOf = (tree: string) =>
    (running.get(tree) ?? 0) > 0 || (processes.get(tree) ?? 0) > 0 ? nowSeconds : last.get(tree);
  if (launches.size === 0) throw new SourceError(withoutUser(address.href), `its answer has no ${LAUNCHES}`);
  return {
    instance: address.host,
    startSeconds: samples.of(START)[0]?.value,
    trees: mergeSeen([...launches].map(([tree, count]) => ({
      tree,
      launches: count,
      flags: flags.get(tree) ?? 0,
      firstSeenSeconds: firstSeen.get(tree),
      lastSeenSeconds: lastSeenOf(tree),
      instances: [address.host],
    }))),
    launchedIn: isPlaced
      ? await placesOfExporter(client, new URL("api/v1/trees", address).href)
      : samples.of(BY_TREE).map(({ labels }) => launchedIn(labels)),
    launchesByUnit: samples.by(BY_UNIT, "unit"),
    // Times are a group of metrics that may be switched off: what isn't shown then may have been launched all the same.
    completeSinceSeconds: last.size === 0 ? undefined : samples.of(COMPLETE)[0]?.value,
    lost: samples.of(LOST).reduce((sum, { value }) => sum + value, 0),
  };
}

/**
 * Where a tree was launched, by the labels of `cnproc_tree_info` and of its container. The system's own unit is the one by which
 * launches are counted. Without one, nobody knows whether it was in none.
 */
function launchedIn(
  { tree = "", unit = "", container = "" }: Readonly<Record<string, string>>,
  images: ReadonlyMap<string, string> = new Map(),
): LaunchedIn {
  const image = container === "" || container.includes("/") ? "" : images.get(container);
  return { tree, place: { unit: unit.split("/", 1)[0] || undefined, image } };
}

/** Where each tree of an exporter was launched. */
async function placesOfExporter(client: HttpClient, url: string): Promise<LaunchedIn[]> {
  const shown = withoutUser(url);
  let answer: { readonly trees?: unknown } | null;
  try {
    answer = JSON.parse(await client.text(url, "application/json"));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(shown, "its answer isn't JSON: is it an exporter?");
  }
  const trees = (Array.isArray(answer?.trees) ? answer.trees : []) as (Partial<TreeJson> | null)[];
  if (trees.length > 0 && trees.every((tree) => tree?.launched_in === undefined)) {
    throw new SourceError(
      shown,
      "it doesn't say where trees were launched: it is an older exporter, or one without context",
    );
  }
  return trees.flatMap((tree) =>
    typeof tree?.path !== "string" || !Array.isArray(tree.launched_in) ? [] : tree.launched_in.flatMap((where) => {
      const { unit, image, launches } = (where ?? {}) as Readonly<Record<string, unknown>>;
      const textOf = (text: unknown) => typeof text === "string" ? text : undefined;
      if (typeof launches !== "number") return [];
      return [{ tree: tree.path!, place: { unit: textOf(unit), image: textOf(image) }, launches }];
    })
  );
}

/** A result of the query API. */
interface QuerySample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Asks for the values of now; a result without the label is passed over. */
async function query(client: HttpClient, url: string, expression: string, label = "tree"): Promise<QuerySample[]> {
  const address = `${url.replace(/\/+$/, "")}/api/v1/query`;
  const shown = withoutUser(address);
  const text = await client.text(address, "application/json", { query: expression });
  let answer: { status?: unknown; data?: { result?: unknown } };
  try {
    answer = JSON.parse(text);
  } catch {
    throw new SourceError(shown, "its answer isn't JSON: is it a Prometheus server?");
  }
  const result = answer?.data?.result;
  if (answer?.status !== "success" || !Array.isArray(result)) {
    throw new SourceError(shown, "its answer has no result: is it a Prometheus server?");
  }
  return (result as (QuerySample | null)[]).filter((sample) =>
    typeof sample?.metric?.[label] === "string" && Array.isArray(sample.value)
  ) as QuerySample[];
}

/** What follows a metric's name in an expression, for its samples of the last `seconds`. */
function rangeOf(matchers: string, seconds: number): string {
  return `{${matchers}}[${Math.max(1, Math.ceil(seconds))}s]`;
}

/**
 * The trees that a Prometheus server has seen in the last `seconds`. `matchers` are those of a selector, such as
 * `job="cnproc",role="web"`; empty for all. Throws a {@link SourceError}.
 */
export async function treesOfPrometheus(
  client: HttpClient,
  url: string,
  matchers: string,
  seconds: number,
): Promise<SeenTree[]> {
  const range = rangeOf(matchers, seconds);
  const ask = (expression: string) => query(client, url, expression);
  const launches = await ask(`max by (tree, job, instance) (max_over_time(${LAUNCHES}${range}))`);
  if (launches.length === 0) {
    throw new SourceError(withoutUser(url), `it has no ${LAUNCHES}${range}: does it scrape the exporters?`);
  }
  const firstSeen = await ask(`min by (tree) (min_over_time(${FIRST_SEEN}${range}))`);
  const times = new Map(firstSeen.map(({ metric, value }) => [metric["tree"], Number(value[1])]));
  const flagged = await ask(`max by (tree, flag) (max_over_time(${FLAGGED}${range})) > 0`);
  const flags = new Map<string, number>();
  for (const { metric } of flagged) {
    const tree = metric["tree"]!;
    flags.set(tree, (flags.get(tree) ?? 0) | bitOf(metric["flag"] ?? ""));
  }
  return mergeSeen(launches.map(({ metric, value }) => ({
    tree: metric["tree"]!,
    launches: Number(value[1]),
    flags: flags.get(metric["tree"]!) ?? 0,
    firstSeenSeconds: times.get(metric["tree"]),
    instances: metric["instance"] === undefined ? [] : [metric["instance"]],
  })));
}

/** Where trees were launched in the last `seconds`, by what a Prometheus server has of it. Throws a {@link SourceError}. */
export async function placesOfPrometheus(
  client: HttpClient,
  url: string,
  matchers: string,
  seconds: number,
): Promise<LaunchedIn[]> {
  const range = rangeOf(matchers, seconds);
  const ask = (expression: string, label: string) => query(client, url, expression, label);
  const known = await ask(`group by (tree, unit, container) (max_over_time(${BY_TREE}${range}))`, "tree");
  const named = await ask(`group by (container, image) (max_over_time(${NAMED}${range}))`, "container");
  const images = new Map(
    named.flatMap(({ metric: { container, image } }) => image === undefined ? [] : [[container!, image] as const]),
  );
  return known.map(({ metric }) => launchedIn(metric, images));
}

/** How many looks a server's past is taken in. */
const LOOKS = 120;

/**
 * The trees that a Prometheus server has seen launched, or running, in the last `seconds`, as seen at their end, and since when it
 * knows of launches at all. It needs the group `running` beside the launches. Throws a {@link SourceError}.
 */
export async function knownToPrometheus(
  client: HttpClient,
  url: string,
  matchers: string,
  seconds: number,
  nowSeconds: number,
): Promise<Known> {
  const window = Math.max(LOOKS, Math.ceil(seconds)), step = Math.ceil(window / LOOKS);
  const series = (name: string) => `${name}{${matchers}}`;
  const launches = series(LAUNCHES);
  const seen = await query(
    client,
    url,
    `max by (tree) ((changes(${launches}[${window}s]) > 0) or ` +
      `(max_over_time(${launches}[${window}s]) unless ${launches} offset ${window}s) or ` +
      `(max_over_time(${series(RUNNING)}[${window}s]) > 0))`,
  );
  const first = await query(
    client,
    url,
    `label_replace(min(min_over_time(timestamp(${series("cnproc_trees")})[${window}s:${step}s])), "tree", "/", "", "")`,
  );
  const since = first[0] === undefined ? undefined : Number(first[0].value[1]);
  return {
    seen: seen.map(({ metric }) => ({
      ...{ tree: metric["tree"]!, launches: 0, flags: 0, firstSeenSeconds: undefined, instances: [] },
      lastSeenSeconds: nowSeconds,
    })),
    // The first of the looks is up to a step after the window's beginning.
    sinceSeconds: since === undefined
      ? undefined
      : since <= nowSeconds - seconds + 2 * step
      ? nowSeconds - seconds
      : since,
  };
}
