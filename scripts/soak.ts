/**
 * Runs the exporter for a long time under a steady load and checks that nothing piles up:
 *
 *     deno task soak [--minutes=60] [--rate=200] [--exporter=FILE]
 *
 * Every minute one line: launches, those counted, events lost, memory, threads, open files. Ends with 1 when a launch is
 * unaccounted for, an event is lost, or memory grows: the median of the last fifth may be 10 % above that of the second (threads and files: not at all).
 *
 * @module
 */

import { Exporter, FROM_SOURCE, poll } from "../tests/live/exporter.ts";
import { type ProcessFigures, processFigures } from "../tests/live/figures.ts";
import { Forest, forestEnded } from "../tests/live/forest.ts";

const MEBIBYTE = 1 << 20;
const SAMPLE_MS = 5_000;

interface Options {
  minutes: number;
  rate: number;
  command: readonly string[];
}

function parse(args: readonly string[]): Options {
  const options: Options = { minutes: 60, rate: 200, command: FROM_SOURCE };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2);
    if (name === "--minutes" && Number(value) > 0) options.minutes = Number(value);
    else if (name === "--rate" && Number(value) > 0) options.rate = Number(value);
    else if (name === "--exporter" && value !== "") options.command = [value];
    else {
      console.error(`Cannot read ${arg}: want --minutes=N --rate=N --exporter=FILE`);
      Deno.exit(2);
    }
  }
  return options;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Median of a figure over the part of the samples from `from` to `to`, shares of the whole. */
function medianOf(samples: readonly ProcessFigures[], from: number, to: number, figure: keyof ProcessFigures): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.max(1, Math.ceil(samples.length * to)));
  return median(part.map((sample) => sample[figure]));
}

/** What is wrong with the samples of a run; empty when nothing grew. */
export function growth(samples: readonly ProcessFigures[]): string[] {
  const found: string[] = [];
  for (const figure of ["anonymousBytes", "residentBytes", "threads", "files"] as const) {
    const before = medianOf(samples, 0.2, 0.4, figure);
    const after = medianOf(samples, 0.8, 1, figure);
    if (after > before * (figure.endsWith("Bytes") ? 1.1 : 1)) found.push(`${figure} grew from ${before} to ${after}`);
  }
  return found;
}

async function main(): Promise<string[]> {
  const options = parse(Deno.args);
  const launches = Math.round(options.minutes * 60 * options.rate);
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: options.command, flags: ["--source=connector"] });
  const load = await forest.start("soaking", "launch", "base", String(launches), String(options.rate), "/bin/true");
  const samples: ProcessFigures[] = [];
  const begun = performance.now();
  let ended = false;
  const end = load.end().finally(() => ended = true);
  for (let next = SAMPLE_MS; !ended; next += SAMPLE_MS) {
    await poll("the next sample", () => ended || performance.now() - begun >= next, 2 * SAMPLE_MS);
    const scrape = await exporter.scrape();
    const figures = processFigures(exporter.pid);
    samples.push(figures);
    if (next % 60_000 !== 0) continue;
    const tree = scrape.treeNamed(load.name);
    const counted = tree === undefined ? 0 : scrape.trees.get(`${tree.path}/base`)?.launches ?? 0;
    console.log(
      `minute ${next / 60_000}: ${counted} of ${launches} launches, lost ${
        scrape.value("cnproc_events_lost_total")
      }, ` +
        `RssAnon ${(figures.anonymousBytes / MEBIBYTE).toFixed(1)} MiB, VmRSS ${
          (figures.residentBytes / MEBIBYTE).toFixed(1)
        } MiB, ` +
        `${figures.threads} threads, ${figures.files} files`,
    );
  }
  const run = await end;
  const scrape = await exporter.scrapeUntil("the end of the load", (now) => forestEnded(now, run), 60_000);
  const root = scrape.treeNamed(run.name)!.path;
  const counted = scrape.below(root).reduce((sum, tree) => sum + tree.launches, 0);
  const inTree = scrape.trees.get(`${root}/base`)?.launches ?? 0;
  const lost = scrape.value("cnproc_events_lost_total");
  console.log(
    `${launches} launches: ${inTree} in their tree, ${launches + 1 - counted} unaccounted, ${lost} events lost`,
  );
  const problems = growth(samples);
  if (counted !== launches + 1) problems.push(`${launches + 1 - counted} launches unaccounted`);
  if (lost !== 0) problems.push(`${lost} events lost`);
  return problems;
}

if (import.meta.main) {
  const problems = await main();
  for (const problem of problems) console.error(`soak: ${problem}`);
  if (problems.length > 0) Deno.exit(1);
  console.log("soak: flat memory, nothing unaccounted, nothing lost");
}
