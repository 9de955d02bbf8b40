/**
 * Rounds of the exporter: warm ones of one that runs throughout, and cold ones right after a start.
 *
 * @module
 */

import { Exporter, poll } from "../../tests/live/exporter.ts";
import type { Scrape } from "../../tests/live/exposition.ts";
import { cpuByThread, cpuNanoseconds, processFigures } from "../../tests/live/figures.ts";
import { type Forest, forestEnded, type ForestRun } from "../../tests/live/forest.ts";
import { type Options, type Way, WAYS } from "./options.ts";
import { programTime } from "./program_time.ts";
import { ANONYMOUS, CPU, LAUNCHING, LOST, MEBIBYTE, RESIDENT, type Round } from "./rounds.ts";

/**
 * Launches at the round's own rate before a warm round counts: more than five seconds of them. The stop leaves it a backlog and
 * the garbage of its buffers, collected within five seconds, and code that is compiled anew because arrays grew in it; a daemon
 * that isn't stopped has none of these.
 */
const ROUND_WARM_UP = 8000;
/** A start is over when it has used no more than this in a look's time. */
const IDLE_NANOSECONDS = 3e6;
const LOOK_MS = 500;
const END_MS = 60_000;

/** What the exporter's threads do. */
const THREADS = {
  reader: "of it the reading thread",
  main: "of it the main thread",
  V8: "of it V8's compiler and collector",
  others: "of it other threads",
} as const;

/** Starts an exporter. */
export async function startExporter({ command }: Options, way: Way): Promise<Exporter> {
  return await Exporter.start({ command, flags: WAYS[way] });
}

/** Launches outside of any measurement, until the exporter has counted them all. */
export async function warm(forest: Forest, exporter: Exporter, launches: number, rate: number): Promise<Scrape> {
  const run = await launch(forest, "warming", launches, rate);
  return await exporter.scrapeUntil("the warm-up's end", (scrape) => forestEnded(scrape, run), END_MS);
}

function launch(forest: Forest, stem: string, launches: number, rate: number): Promise<ForestRun> {
  return forest.run(stem, "launch", "base", String(launches), String(rate), "/bin/true");
}

/** A round of an exporter that runs, and ran stopped while others were measured. */
export async function warmRound(forest: Forest, exporter: Exporter, launches: number, rate: number): Promise<Round> {
  const before = await warm(forest, exporter, ROUND_WARM_UP, rate);
  return await measure(forest, exporter, before, launches, rate);
}

/** The first launches after a start. */
export async function coldRound(forest: Forest, options: Options, way: Way, rate: number): Promise<Round> {
  await using exporter = await startExporter(options, way);
  const before = await exporter.scrape();
  for (let last = cpuNanoseconds(exporter.pid), next = 0;; last = next) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    next = cpuNanoseconds(exporter.pid);
    if (next - last < IDLE_NANOSECONDS) break;
  }
  return await measure(forest, exporter, before, options.cold, rate);
}

async function measure(forest: Forest, exporter: Exporter, before: Scrape, launches: number, rate: number) {
  const cpuBefore = cpuByThread(exporter.pid), programBefore = programTime(exporter.pid);
  const run = await launch(forest, "measured", launches, rate);
  const scraped = performance.now();
  await exporter.get("/metrics"); // what is still queued is the measured launches' cost too
  const scrapeMilliseconds = performance.now() - scraped;
  const threads = threadMicroseconds(cpuBefore, cpuByThread(exporter.pid), launches);
  const program = programTime(exporter.pid);
  const after = await exporter.scrapeUntil("the end of all", (scrape) => forestEnded(scrape, run), END_MS);
  const { anonymousBytes, residentBytes } = processFigures(exporter.pid);
  return {
    [CPU]: Object.values(threads).reduce((sum, microseconds) => sum + microseconds, 0),
    ...threads,
    ...program.runs > 0 ? { [LAUNCHING]: (program.nanoseconds - programBefore.nanoseconds) / 1000 / launches } : {},
    ...namedShares(before, after),
    [ANONYMOUS]: anonymousBytes / MEBIBYTE,
    [RESIDENT]: residentBytes / MEBIBYTE,
    "scrape after the load, ms": scrapeMilliseconds,
    [LOST]: after.value("cnproc_events_lost_total") - before.value("cnproc_events_lost_total"),
  };
}

/** Shares of the images by what named them, percent. */
function namedShares(before: Scrape, after: Scrape): Round {
  const begun = (labels: Record<string, string>) =>
    after.value("cnproc_images_total", labels) - (before.value("cnproc_images_total", labels) || 0);
  const sources = ["bpf", "proc", "inode", "comm", "unknown"];
  return Object.fromEntries(
    sources.map((source) => [`named by ${source}, %`, 100 * begun({ identified_by: source }) / begun({})]),
  );
}

/** CPU time between two looks at the exporter's threads, microseconds a launch, by what they do. */
function threadMicroseconds(before: Map<string, number>, after: Map<string, number>, launches: number) {
  const sums = Object.fromEntries(Object.values(THREADS).map((name) => [name, 0])) as Record<string, number>;
  const [main] = after.keys(); // the first thread is listed first
  for (const [name, cpu] of after) {
    const kind = /^worker-\d/.test(name) ? "reader" : name === main ? "main" : name.startsWith("V8") ? "V8" : "others";
    sums[THREADS[kind]]! += (cpu - (before.get(name) ?? 0)) / 1000 / launches;
  }
  return sums;
}

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Milliseconds from the start of the process to the first 200 of /-/ready. */
export async function timeToReady({ command }: Options, way: Way): Promise<number> {
  const port = freePort();
  const started = performance.now();
  const flags = [`--web.listen-address=127.0.0.1:${port}`, ...WAYS[way]];
  await using exporter = Exporter.launch({ command, flags });
  exporter.url = `http://127.0.0.1:${port}`;
  return await poll("the exporter ready", async () => {
    const isReady = await exporter.get("/-/ready").then(({ status }) => status === 200, () => false);
    if (!isReady && exporter.status !== undefined) throw new Error(exporter.log.join("\n"));
    return isReady && performance.now() - started;
  });
}
