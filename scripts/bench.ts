/**
 * What the exporter costs, measured against a C program that does the least possible:
 *
 *     deno task bench [--launches=5000] [--rounds=7] [--rates=1000,0] [--warm-up=60000]
 *                     [--exporter=FILE] [--floor=FILE.c] [--json]
 *
 * One exporter runs throughout, stopped (SIGSTOP) while the C program is measured. Rounds alternate between the two,
 * because a shared machine drifts: compare medians and the ratios within the rounds, never two single figures. The C
 * program is measured twice, as anybody would start it and under SCHED_FIFO: a read that comes too late is cheap, and
 * only under SCHED_FIFO does it read as many processes in time as the exporter. CPU time is the sum over all threads as
 * the scheduler counts it (schedstat). Needs root, cc, chrt and a quiet machine. Progress goes to standard error, the
 * result to standard output.
 *
 * @module
 */

import { Exporter, FROM_SOURCE, poll } from "../tests/live/exporter.ts";
import type { Scrape } from "../tests/live/exposition.ts";
import { cpuByThread, cpuNanoseconds, processFigures } from "../tests/live/figures.ts";
import { Forest, forestEnded } from "../tests/live/forest.ts";

/** Launches before a round of the C program counts: it is awake then. */
const FLOOR_WARM_UP = 500;
/**
 * Launches at the round's own rate before a round of the exporter counts: more than five seconds of them. The stop leaves it
 * a backlog and the garbage of its buffers, collected within five seconds, and code that is compiled anew because arrays
 * grew in it; a daemon that isn't stopped has none of these.
 */
const ROUND_WARM_UP = 8000;
const READY_STARTS = 10;
const MEBIBYTE = 1 << 20;

interface Options {
  launches: number;
  rounds: number;
  /** Launches before the first round: the exporter's code is compiled while it runs. Their cost is printed too. */
  warmUp: number;
  /** Launches per second; 0 is as fast as it goes. */
  rates: number[];
  /** Command that runs the exporter. */
  command: readonly string[];
  floorSource: string;
  json: boolean;
}

/** What the exporter's threads do. */
const THREADS: Readonly<Record<string, string>> = {
  reader: "the reading thread",
  main: "the main thread",
  V8: "V8's compiler and collector",
  others: "other threads",
};

/** Least, median and greatest of some figures. */
interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One round of the exporter, or of the floor (which has no sources to share the names among). */
interface Round {
  readonly cpuMicroseconds: number;
  /** What it is made of: the exporter's threads by what they do. Nothing for the floor, which has one. */
  readonly threads: Readonly<Record<string, number>>;
  /** Share of the images by what named them, 0 to 1; for the floor, `proc` only. */
  readonly named: Readonly<Record<string, number>>;
  readonly anonymousMebibytes: number;
  readonly residentMebibytes: number;
  readonly scrapeMilliseconds: number;
  readonly lost: number;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

function progress(text: string): void {
  console.error(text);
}

function parse(args: readonly string[]): Options {
  const options: Options = {
    launches: 5000,
    rounds: 7,
    warmUp: 60_000,
    rates: [1000, 0],
    command: FROM_SOURCE,
    floorSource: `${import.meta.dirname}/bench/floor.c`,
    json: false,
  };
  for (const arg of args) {
    const [name, value = ""] = arg.split(/=(.*)/s, 2);
    if (name === "--launches" && Number(value) > 0) options.launches = Number(value);
    else if (name === "--rounds" && Number(value) > 0) options.rounds = Number(value);
    else if (name === "--warm-up" && /^\d+$/.test(value)) options.warmUp = Number(value);
    else if (name === "--rates" && /^\d+(,\d+)*$/.test(value)) options.rates = value.split(",").map(Number);
    else if (name === "--exporter" && value !== "") options.command = [value];
    else if (name === "--floor" && value !== "") options.floorSource = value;
    else if (arg === "--json") options.json = true;
    else {
      console.error(
        `Cannot read ${arg}: want --launches=N --rounds=N --rates=N,… --warm-up=N --exporter=FILE --floor=FILE.c --json`,
      );
      Deno.exit(2);
    }
  }
  return options;
}

/** Lines of a program's standard output, as they come. */
async function collect(stream: ReadableStream<Uint8Array>, into: { text: string }): Promise<void> {
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) into.text += chunk;
}

/** Whether a process has a socket of the proc connector: the kernel's table names the listener by its process id. */
function isListening(pid: number): boolean {
  const [, ...rows] = Deno.readTextFileSync("/proc/net/netlink").trim().split("\n");
  return rows.map((line) => line.trim().split(/\s+/)).some(([, protocol, port, groups]) =>
    protocol === "11" && Number(port) === pid && Number.parseInt(groups!, 16) !== 0
  );
}

async function floorRound(forest: Forest, launches: number, rate: number, isFifo: boolean): Promise<Round> {
  const [command, ...args] = [...isFifo ? ["chrt", "-f", "1"] : [], forest.path("floor")];
  const child = new Deno.Command(command!, { args, stdout: "piped", stderr: "inherit" }).spawn();
  const output = { text: "" };
  const read = collect(child.stdout, output);
  const stop = async () => {
    child.kill("SIGTERM");
    await child.status;
    await read;
  };
  try {
    await poll("the floor ready", () => isListening(child.pid));
    await forest.run("warming", "launch", "base", String(FLOOR_WARM_UP), "0", "/bin/true");
    const before = cpuNanoseconds(child.pid);
    await forest.run("measured", "launch", "base", String(launches), String(rate), "/bin/true");
    const cpu = cpuNanoseconds(child.pid) - before;
    const { anonymousBytes, residentBytes } = processFigures(child.pid);
    await stop();
    const counts = JSON.parse(output.text.trim().split("\n").at(-1)!) as { execs: number; named: number };
    return {
      cpuMicroseconds: cpu / 1000 / launches,
      threads: {},
      named: { proc: counts.named / counts.execs },
      anonymousMebibytes: anonymousBytes / MEBIBYTE,
      residentMebibytes: residentBytes / MEBIBYTE,
      scrapeMilliseconds: 0,
      lost: 0,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function namedShares(before: Scrape, after: Scrape): Record<string, number> {
  const begun = (labels: Record<string, string>) =>
    after.value("cnproc_images_total", labels) - (before.value("cnproc_images_total", labels) || 0);
  const sources = ["proc", "inode", "comm", "unknown"];
  return Object.fromEntries(sources.map((source) => [source, begun({ identified_by: source }) / begun({})]));
}

/** CPU time between two looks at the exporter's threads, microseconds a launch, by what they do. */
function threadMicroseconds(before: Map<string, number>, after: Map<string, number>, launches: number) {
  const sums = { reader: 0, main: 0, V8: 0, others: 0 };
  const [main] = after.keys(); // the first thread is listed first
  for (const [name, cpu] of after) {
    const kind = /^worker-\d/.test(name) ? "reader" : name === main ? "main" : name.startsWith("V8") ? "V8" : "others";
    sums[kind] += (cpu - (before.get(name) ?? 0)) / 1000 / launches;
  }
  return sums;
}

/** Launches outside of any measurement, until the exporter has counted them all. */
async function warm(forest: Forest, exporter: Exporter, launches: number, rate: number): Promise<Scrape> {
  const run = await forest.run("warming", "launch", "base", String(launches), String(rate), "/bin/true");
  return await exporter.scrapeUntil("the warm-up's end", (scrape) => forestEnded(scrape, run), 60_000);
}

async function exporterRound(forest: Forest, exporter: Exporter, launches: number, rate: number): Promise<Round> {
  const before = await warm(forest, exporter, ROUND_WARM_UP, rate);
  const cpuBefore = cpuByThread(exporter.pid);
  const run = await forest.run("measured", "launch", "base", String(launches), String(rate), "/bin/true");
  const scraped = performance.now();
  await exporter.get("/metrics"); // what is still queued is the measured launches' cost too
  const scrapeMilliseconds = performance.now() - scraped;
  const threads = threadMicroseconds(cpuBefore, cpuByThread(exporter.pid), launches);
  const after = await exporter.scrapeUntil("the end of all", (scrape) => forestEnded(scrape, run), 60_000);
  const { anonymousBytes, residentBytes } = processFigures(exporter.pid);
  return {
    cpuMicroseconds: Object.values(threads).reduce((sum, microseconds) => sum + microseconds, 0),
    threads,
    named: namedShares(before, after),
    anonymousMebibytes: anonymousBytes / MEBIBYTE,
    residentMebibytes: residentBytes / MEBIBYTE,
    scrapeMilliseconds,
    lost: after.value("cnproc_events_lost_total") - before.value("cnproc_events_lost_total"),
  };
}

/** Both C rounds while the exporter is stopped. */
async function floorRounds(
  forest: Forest,
  exporter: Exporter,
  launches: number,
  rate: number,
): Promise<[Round, Round]> {
  exporter.kill("SIGSTOP");
  try {
    return [await floorRound(forest, launches, rate, false), await floorRound(forest, launches, rate, true)];
  } finally {
    exporter.kill("SIGCONT");
  }
}

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Milliseconds from the start of the process to the first 200 of /-/ready. */
async function timeToReady(command: readonly string[]): Promise<number> {
  const port = freePort();
  const started = performance.now();
  const exporter = Exporter.launch({
    command,
    flags: [`--web.listen-address=127.0.0.1:${port}`, "--source=connector"],
  });
  exporter.url = `http://127.0.0.1:${port}`;
  try {
    while (performance.now() - started < 30_000) {
      const ready = await exporter.get("/-/ready").then(({ status }) => status === 200, () => false);
      if (ready) return performance.now() - started;
      if (exporter.status !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(`Cannot measure the time to ready: it never was\n${exporter.log.join("\n")}`);
  } finally {
    await exporter[Symbol.asyncDispose]();
  }
}

/** Lines of the rendering benchmark, which needs no kernel: scrapes of 1,000 and 10,000 trees. */
async function expositionLines(): Promise<string[]> {
  const script = `${import.meta.dirname}/bench_exposition.ts`;
  const args = ["run", "--quiet", "-A", "--no-lock", script];
  const { stdout, success } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error(`Cannot measure scrapes: ${script} failed`);
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

function fixed(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

function row(spread_: Spread): string {
  return [spread_.min, spread_.median, spread_.max].map((value) => fixed(value).padStart(8)).join("");
}

function figuresAt(rate: number, floor: readonly Round[], fifo: readonly Round[], exporter: readonly Round[]) {
  const of = (rounds: readonly Round[], figure: (round: Round) => number) => spread(rounds.map(figure));
  const floorCpu = of(floor, (round) => round.cpuMicroseconds);
  const fifoCpu = of(fifo, (round) => round.cpuMicroseconds);
  const exporterCpu = of(exporter, (round) => round.cpuMicroseconds);
  return {
    rate,
    floorCpuMicroseconds: floorCpu,
    fifoFloorCpuMicroseconds: fifoCpu,
    exporterCpuMicroseconds: exporterCpu,
    exporterThreads: Object.fromEntries(
      Object.keys(exporter[0]!.threads).map((name) => [name, of(exporter, (round) => round.threads[name]!)]),
    ),
    ratioToFifoFloor: exporterCpu.median / fifoCpu.median,
    ratioOfMedians: exporterCpu.median / floorCpu.median,
    ratioByRound: spread(exporter.map((round, i) => round.cpuMicroseconds / floor[i]!.cpuMicroseconds)),
    floorNamedByProc: of(floor, (round) => round.named.proc!),
    fifoFloorNamedByProc: of(fifo, (round) => round.named.proc!),
    named: Object.fromEntries(
      Object.keys(exporter[0]!.named).map((source) => [source, of(exporter, (round) => round.named[source]!)]),
    ),
    anonymousMebibytes: of(exporter, (round) => round.anonymousMebibytes),
    residentMebibytes: of(exporter, (round) => round.residentMebibytes),
    scrapeMilliseconds: of(exporter, (round) => round.scrapeMilliseconds),
    lost: exporter.reduce((sum, round) => sum + round.lost, 0),
  };
}

function printTable(options: Options, rates: readonly ReturnType<typeof figuresAt>[], ready: Spread): void {
  console.log(`exporter: ${options.command === FROM_SOURCE ? "from its sources" : options.command.join(" ")}`);
  console.log(`${"".padEnd(48)}     min  median     max`);
  for (const figures of rates) {
    console.log(figures.rate === 0 ? "flat out" : `${figures.rate} launches a second`);
    const line = (name: string, value: Spread) => console.log(`  ${name.padEnd(46)}${row(value)}`);
    line("C floor, CPU µs per launch", figures.floorCpuMicroseconds);
    line("C floor under SCHED_FIFO, CPU µs per launch", figures.fifoFloorCpuMicroseconds);
    line("exporter, CPU µs per launch", figures.exporterCpuMicroseconds);
    for (const [name, microseconds] of Object.entries(figures.exporterThreads)) {
      line(`  of it ${THREADS[name]}`, microseconds);
    }
    line("exporter ÷ floor, by round", figures.ratioByRound);
    console.log(`  ${"exporter ÷ floor, of the medians".padEnd(54)}${fixed(figures.ratioOfMedians).padStart(8)}`);
    console.log(`  ${"exporter ÷ floor under SCHED_FIFO".padEnd(54)}${fixed(figures.ratioToFifoFloor).padStart(8)}`);
    const percent = ({ min, median, max }: Spread) => ({ min: 100 * min, median: 100 * median, max: 100 * max });
    line("C floor, named from /proc, %", percent(figures.floorNamedByProc));
    line("C floor under SCHED_FIFO, named from /proc, %", percent(figures.fifoFloorNamedByProc));
    for (const [source, share] of Object.entries(figures.named)) {
      line(`exporter, named by ${source}, %`, percent(share));
    }
    line("RssAnon, MiB", figures.anonymousMebibytes);
    line("VmRSS, MiB", figures.residentMebibytes);
    line("scrape after the load, ms", figures.scrapeMilliseconds);
    console.log(`  events lost ${figures.lost}`);
  }
  console.log(`${"start to ready, ms".padEnd(48)}${row(ready)}`);
}

/** All rounds of all rates, and the CPU time of a launch during the warm-up. */
async function measure(forest: Forest, { command, warmUp, rates, rounds, launches }: Options) {
  await using exporter = await Exporter.start({ command, flags: ["--source=connector"] });
  const cold = cpuNanoseconds(exporter.pid);
  await warm(forest, exporter, warmUp, 0);
  const warmUpMicroseconds = (cpuNanoseconds(exporter.pid) - cold) / 1000 / Math.max(1, warmUp);
  const measureRound = async (rate: number, name: string): Promise<[Round, Round, Round]> => {
    const [plain, fifo] = await floorRounds(forest, exporter, launches, rate);
    const own = await exporterRound(forest, exporter, launches, rate);
    progress(
      `rate ${rate || "max"}, ${name}: floor ${fixed(plain.cpuMicroseconds)} ` +
        `(${(100 * plain.named.proc!).toFixed(0)} % named), under FIFO ${fixed(fifo.cpuMicroseconds)}, ` +
        `exporter ${fixed(own.cpuMicroseconds)} µs per launch (${
          (100 * own.named.proc!).toFixed(2)
        } % named from /proc)`,
    );
    return [plain, fifo, own];
  };
  for (const rate of rates) await measureRound(rate, "not counted");
  const figures = [];
  for (const rate of rates) {
    const floor: Round[] = [], fifo: Round[] = [], measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const [a, b, c] = await measureRound(rate, `round ${round + 1} of ${rounds}`);
      floor.push(a), fifo.push(b), measured.push(c);
    }
    figures.push(figuresAt(rate, floor, fifo, measured));
  }
  return { rates: figures, warmUpMicroseconds };
}

async function main(): Promise<void> {
  const options = parse(Deno.args);
  await using forest = await Forest.build();
  const compiler = new Deno.Command("cc", { args: ["-O2", "-o", forest.path("floor"), options.floorSource] });
  if (!(await compiler.output()).success) throw new Error(`Cannot compile ${options.floorSource}: cc failed`);

  const { rates, warmUpMicroseconds } = await measure(forest, options);
  const starts: number[] = [];
  for (let i = 0; i < READY_STARTS; i++) starts.push(await timeToReady(options.command));
  progress(`${READY_STARTS} starts measured`);
  const exposition = await expositionLines();
  const ready = spread(starts);
  if (options.json) {
    const result = { options, warmUpMicroseconds, rates, readyMilliseconds: ready, exposition };
    console.log(JSON.stringify(result, undefined, 2));
  } else {
    printTable(options, rates, ready);
    const first = `CPU µs per launch in the first ${options.warmUp} launches`;
    console.log(`${first.padEnd(56)}${fixed(warmUpMicroseconds).padStart(8)}`);
    console.log(["", "scrapes", ...exposition].join("\n"));
  }
}

if (import.meta.main) await main();
