/**
 * The commands `baseline learn`, `baseline check` and `baseline diff`, without the process around them.
 *
 * @module
 */

import { flagNames } from "../../fingerprint/mod.ts";
import { compareBaselines, differenceText, isSame } from "./difference.ts";
import { readBaseline } from "./file.ts";
import { HttpClient } from "./http_client.ts";
import { readHttpConfig } from "./http_config.ts";
import { learnInto, mergeBaseline } from "./merge.ts";
import { findUnexpected, reportText } from "./report.ts";
import { type SeenTree, timeText } from "./seen.ts";
import { treesOfExporter, treesOfPrometheus } from "./sources.ts";

/** Where trees are read from. */
export interface SourceRequest {
  readonly exporterUrls: readonly string[];
  readonly prometheusUrl: string | undefined;
  readonly prometheusMatchers: string | undefined;
  readonly httpConfigFile: string | undefined;
  /** How far to look back on a Prometheus server, how long to go on asking exporters. */
  readonly forMs: number | undefined;
}

/** What a command does beside computing. */
export interface BaselineIo {
  /** Prints to standard output. */
  print(text: string): void;
  /** Tells what is going on. */
  log(level: "info" | "warn", message: string, fields: Readonly<Record<string, string | number>>): void;
  /** Settled when the command is to end early. */
  readonly stop: Promise<void>;
  /** Time between two looks at exporters. None of them forgets a tree within a few minutes. */
  readonly pauseMs?: number;
}

export const DEFAULT_FOR_MS = 86_400_000;
const DEFAULT_EXPORTER = "http://localhost:9501";

/** Whether trees are asked for elsewhere. */
export function asksOthers({ exporterUrls, prometheusUrl }: SourceRequest): boolean {
  return exporterUrls.length > 0 || prometheusUrl !== undefined;
}

/** The trees of all sources, each as that source knows it. */
async function askAll(client: HttpClient, request: SourceRequest): Promise<SeenTree[]> {
  const { exporterUrls, prometheusUrl, prometheusMatchers = "", forMs = DEFAULT_FOR_MS } = request;
  const answers = await Promise.all([
    ...exporterUrls.map((url) => treesOfExporter(client, url)),
    ...prometheusUrl === undefined ? [] : [treesOfPrometheus(client, prometheusUrl, prometheusMatchers, forMs / 1000)],
  ]);
  return answers.flat();
}

function clientOf({ httpConfigFile }: SourceRequest): HttpClient {
  return new HttpClient(httpConfigFile === undefined ? {} : readHttpConfig(httpConfigFile));
}

/**
 * The trees of exporters or a Prometheus server: those of now, and with a duration those that exporters see until it is over.
 * Of an exporter that was started again meanwhile the larger count is kept.
 */
async function learnFromOthers(
  request: SourceRequest,
  { stop, log, pauseMs = 10_000 }: BaselineIo,
): Promise<SeenTree[]> {
  using client = clientOf(request);
  const seen = new Map<string, SeenTree>();
  const keep = (trees: readonly SeenTree[]) => {
    for (const tree of trees) {
      const key = [tree.tree, ...tree.instances].join("\0");
      if ((seen.get(key)?.launches ?? 0) < tree.launches) seen.set(key, tree);
    }
  };
  keep(await askAll(client, request));
  const end = performance.now() + (request.exporterUrls.length === 0 ? 0 : request.forMs ?? 0);
  let stopped = false;
  stop.then(() => stopped = true, () => {}); // the pause throws it
  while (!stopped && performance.now() < end) {
    await pause(Math.min(pauseMs, end - performance.now()), stop);
    const answers = await Promise.allSettled(request.exporterUrls.map((url) => treesOfExporter(client, url)));
    for (const answer of answers) {
      if (answer.status === "fulfilled") keep(answer.value);
      // One that is being restarted is asked again; what it had is known.
      else log("warn", answer.reason instanceof Error ? answer.reason.message : String(answer.reason), {});
    }
  }
  return [...seen.values()];
}

/** Waits for a time, or for a promise. */
async function pause(ms: number, stop: Promise<void>): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const id = setTimeout(timer.resolve, ms);
  await Promise.race([timer.promise, stop]);
  clearTimeout(id);
}

/**
 * Learns a baseline. `watch` gives the trees launched on this machine, where nobody else is asked. Gives the exit status;
 * throws errors whose message is one line.
 */
export async function learn(
  file: string | undefined,
  request: SourceRequest,
  watch: (forMs: number) => Promise<SeenTree[]>,
  io: BaselineIo,
): Promise<number> {
  const { print, log } = io;
  // A file that can't be used is found before a day has passed.
  const exists = file !== undefined && await Deno.stat(file).then(() => true, () => false);
  if (exists) readBaseline(file);
  const seen = asksOthers(request) ? await learnFromOthers(request, io) : await watch(request.forMs ?? DEFAULT_FOR_MS);
  const learned = file === undefined
    ? mergeBaseline(undefined, "-", seen)
    : await learnInto(file, seen).catch((error) => {
      // The day is not lost.
      print(mergeBaseline(undefined, "-", seen).text.trimEnd());
      throw error;
    });
  if (file === undefined) print(learned.text.trimEnd());
  for (const tree of learned.skipped) {
    log("warn", "Left out what stands for any tree: with a larger --trees.max the trees have names of their own", {
      tree,
    });
  }
  if (learned.ignoresFlags) {
    log("info", "The file says nothing of flags, and that stays: give it an empty map, flags: {}, and learn again", {
      file: file ?? "-",
    });
  }
  log("info", "Learned", {
    added: learned.added.length,
    known: learned.known,
    flags: learned.addedFlags,
    file: file ?? "-",
  });
  return 0;
}

/** Compares what runs with a baseline. Gives the exit status: 1 if something isn't expected. Throws as {@link learn} does. */
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

/** Compares two baselines. Gives the exit status: 1 if they differ. Throws as {@link learn} does. */
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
