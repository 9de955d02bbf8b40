/**
 * What the exporter costs, in each way to see launches, measured against programs that do the least possible: one in C that
 * reads the same events and files, and one that only reads the same ring:
 *
 *     deno task bench [--launches=5000] [--rounds=7] [--rates=1000,0] [--cold=3000] [--cold-rounds=3] [--warm-up=60000]
 *                     [--ways=capture=bpf,…] [--exporter=FILE] [--floor=FILE.c] [--launches-only] [--json]
 *
 * **Warm**: an exporter of each way runs throughout, stopped (SIGSTOP) while others are measured. Rounds take turns, because a
 * shared machine drifts: compare medians and the ratios within the rounds, never two single figures. **Cold**: the first launches
 * after a start. The C program is measured twice, as anybody would start it and under SCHED_FIFO: a read that comes too late is
 * cheap, and only under SCHED_FIFO does it read as many processes in time as the exporter does from /proc. CPU time is the sum
 * over all threads as the scheduler counts it (schedstat); what a BPF program costs the launching process stands apart, by
 * the kernel's clock. Needs root, cc, chrt and a quiet machine. Progress goes to standard error, the result to standard output.
 *
 * @module
 */

import type { Exporter } from "../tests/live/exporter.ts";
import { cpuNanoseconds } from "../tests/live/figures.ts";
import { Forest } from "../tests/live/forest.ts";
import { coldRound, startExporter, timeToReady, warm, warmRound } from "./bench/exporters.ts";
import { buildFloors, C_FLOOR, type Floor, floorRound } from "./bench/floors.ts";
import { type Options, parseOptions, UsageError, type Way } from "./bench/options.ts";
import { measurePrograms } from "./bench/program_time.ts";
import { CPU, fixed, progress, type Round, spread } from "./bench/rounds.ts";
import { type Section, tableLines } from "./bench/table.ts";

const READY_STARTS = 10;

function exporterName(way: Way): string {
  return `exporter, --${way}`;
}

function rateName(rate: number): string {
  return rate === 0 ? "flat out" : `${rate} launches a second`;
}

function told(what: string, name: string, round: Round): void {
  progress(`${what}: ${name} ${fixed(round[CPU]!)} µs per launch`);
}

/** Rounds of the same number of each program, by its name. */
type Measured = Record<string, Round[]>;

/** The first launches after a start, at one rate. */
async function measureCold(forest: Forest, floors: readonly Floor[], options: Options, rate: number): Promise<Section> {
  const rounds: Measured = {};
  const plain = floors.filter(({ name }) => name === C_FLOOR);
  for (let number = 1; number <= options.coldRounds; number++) {
    const what = `first ${options.cold}, ${rateName(rate)}, ${number} of ${options.coldRounds}`;
    const add = (name: string, round: Round) => {
      (rounds[name] ??= []).push(round);
      told(what, name, round);
    };
    for (const floor of plain) add(floor.name, await floorRound(forest, floor, options.cold, rate));
    for (const way of options.ways) {
      add(exporterName(way), await coldRound(forest, options, way, rate));
    }
  }
  return { name: `the first ${options.cold} launches after a start, ${rateName(rate)}`, rounds };
}

/** Exporters that run throughout, one of each way; all are stopped but the one that is measured. */
class Exporters implements AsyncDisposable {
  readonly #running: [Way, Exporter][] = [];

  async start(options: Options): Promise<void> {
    for (const way of options.ways) {
      const exporter = await startExporter(options, way);
      exporter.kill("SIGSTOP");
      this.#running.push([way, exporter]);
    }
  }

  /** Calls `measure` with each in turn, which runs meanwhile. */
  async each(measure: (exporter: Exporter, way: Way) => Promise<void>): Promise<void> {
    for (const [way, exporter] of this.#running) {
      exporter.kill("SIGCONT");
      await measure(exporter, way);
      exporter.kill("SIGSTOP");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [, exporter] of this.#running) await exporter[Symbol.asyncDispose]();
  }
}

/** CPU time of a launch during the warm-up, and all rounds of all rates. */
async function measureWarm(forest: Forest, floors: readonly Floor[], options: Options): Promise<Section[]> {
  if (options.rounds === 0) return [];
  await using exporters = new Exporters();
  await exporters.start(options);
  const warmUp: Measured = {};
  await exporters.each(async (exporter, way) => {
    const cold = cpuNanoseconds(exporter.pid);
    await warm(forest, exporter, options.warmUp, 0);
    const microseconds = (cpuNanoseconds(exporter.pid) - cold) / 1000 / Math.max(1, options.warmUp);
    warmUp[exporterName(way)] = [{ [CPU]: microseconds }];
    told(`first ${options.warmUp}`, exporterName(way), { [CPU]: microseconds });
  });
  const sections: Section[] = [{
    name: `the first ${options.warmUp} launches after a start, flat out`,
    rounds: warmUp,
  }];
  for (const rate of options.rates) {
    const rounds: Measured = {};
    for (let number = 0; number <= options.rounds; number++) {
      const what = `${rateName(rate)}, ${number === 0 ? "not counted" : `${number} of ${options.rounds}`}`;
      const add = (name: string, round: Round) => {
        if (number > 0) (rounds[name] ??= []).push(round);
        told(what, name, round);
      };
      for (const floor of floors) add(floor.name, await floorRound(forest, floor, options.launches, rate));
      await exporters.each(async (exporter, way) => {
        add(exporterName(way), await warmRound(forest, exporter, options.launches, rate));
      });
    }
    sections.push({ name: `warm, ${rateName(rate)}`, rounds });
  }
  return sections;
}

/** Lines of the rendering benchmark, which needs no kernel: scrapes of 1,000 and 10,000 trees. */
async function expositionLines(): Promise<string[]> {
  const script = `${import.meta.dirname}/bench_exposition.ts`;
  const args = ["run", "--quiet", "-A", "--no-lock", script];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error(`Cannot measure scrapes: ${script} failed`);
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

async function measureStarts(options: Options): Promise<Section> {
  const rounds: Measured = {};
  for (const way of options.ways) {
    const starts: number[] = [];
    for (let i = 0; i < READY_STARTS; i++) starts.push(await timeToReady(options, way));
    rounds[exporterName(way)] = starts.map((milliseconds) => ({ "start to ready, ms": milliseconds }));
    progress(`${READY_STARTS} starts of ${exporterName(way)}: ${fixed(spread(starts).median)} ms`);
  }
  return { name: "starts", rounds };
}

async function main(): Promise<void> {
  const options = parseOptions(Deno.args);
  await using forest = await Forest.build();
  const floors = await buildFloors(forest, options.floorSource);
  measurePrograms();
  const sections: Section[] = [];
  if (options.cold > 0 && options.coldRounds > 0) {
    for (const rate of options.rates) sections.push(await measureCold(forest, floors, options, rate));
  }
  sections.push(...await measureWarm(forest, floors, options));
  if (options.isWhole) sections.push(await measureStarts(options));
  const exposition = options.isWhole ? await expositionLines() : [];
  if (options.json) {
    console.log(JSON.stringify({ options, sections, exposition }, undefined, 2));
  } else {
    console.log(`exporter: ${options.command.length > 1 ? "from its sources" : options.command[0]}`);
    const scrapes = exposition.length === 0 ? [] : ["", "scrapes", ...exposition];
    console.log([...tableLines(sections), ...scrapes].join("\n"));
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
