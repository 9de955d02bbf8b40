/**
 * Measures scrapes: the time and memory of writing the formats for 1,000 and 10,000 trees, beside prom-client with the same
 * families, and the CPU a whole scrape over HTTP takes.
 *
 *     deno task script scripts/bench_exposition.ts
 *
 * @module
 */

import promClient from "prom-client";
import { createApp, serve } from "../metrics/http/mod.ts";
import { createLogger } from "../metrics/text/mod.ts";
import { garbageCollection, OwnListeners } from "../fingerprint/mod.ts";
import { CONTENT_TYPES } from "../metrics/exposition/mod.ts";
import { FAMILIES } from "../metrics/exposition/families.ts";
import { BUCKET_BOUNDS } from "../fingerprint/mod.ts";
import { busyRow, FakeWatcher, feeding } from "../tests/unit/metrics/fake_watcher.ts";

const PROGRAMS = [
  "base",
  "server.sh",
  "sudo",
  "cnproc-exporter",
  "node",
  "top.py",
  "nginx",
  "cc1plus",
  "make",
  "backup.pl",
];

/** Paths such as `/sshd/base/server.sh/worker-17`: 40 characters in the middle. */
function path(index: number): string {
  const name = (n: number) => PROGRAMS[n % PROGRAMS.length];
  return `/${["sshd", "cron", "init.d"][index % 3]}/${name(index)}/${name(index * 7 + 3)}/worker-${index}`;
}

/** A scraper of `count` trees, and what changes a share of them by one launch. */
function setUp(count: number) {
  const watcher = new FakeWatcher();
  let launches = 1000;
  const ids = Array.from(
    { length: count },
    (_, i) => watcher.add(path(i), busyRow(launches + i % 99, i % 3, 0.003 * (i % 400))),
  );
  watcher.contexts = {
    added: [{
      id: 1,
      unit: "ssh.service",
      slice: "system.slice",
      container: undefined,
      runtime: undefined,
      containerId: undefined,
      pod: undefined,
    }],
    launches: Float64Array.of(1, count),
    launchedIn: Float64Array.from(ids.flatMap((id) => [id, 1, 1000, 1])),
  };
  const { scraper, feed } = feeding(watcher, {
    build: { version: "bench" },
    selfProcess: () => undefined,
    collectGarbage: garbageCollection(),
  });
  // Rows made beforehand: what the fake throws away would be measured as if it were the scrape's.
  const rows = ids.map((_, i) => [1, 2].map((more) => busyRow(1000 + more + i % 99, i % 3, 0.003 * (i % 400))));
  const change = (share: number) => {
    launches++;
    const step = Math.round(1 / share);
    const launchedIn: number[] = [];
    for (let i = launches % step; i < count; i += step) {
      watcher.set(ids[i]!, rows[i]![launches & 1]!);
      launchedIn.push(ids[i]!, 1, 1000, 1);
    }
    watcher.contexts = { added: [], launches: Float64Array.of(1, count), launchedIn: Float64Array.from(launchedIn) };
  };
  return { watcher, scraper, feed, change };
}

interface Figures {
  /** Wall time of the fastest round and of the middle one, milliseconds. */
  readonly min: number;
  readonly median: number;
  /** CPU time of the main thread per round, milliseconds: what other load on the machine blurs least. */
  readonly cpu: number;
}

/** CPU time of this process' main thread so far, milliseconds. */
const mainThreadMs = (): number =>
  Number(Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/schedstat`).split(" ")[0]) / 1e6;

/** Times `work`, `rounds` times; what `prepare` does before each is left out. */
async function time(rounds: number, prepare: () => void, work: () => unknown): Promise<Figures> {
  const times: number[] = [];
  let cpu = 0;
  for (let round = 0; round < rounds; round++) {
    prepare();
    const cpuStart = mainThreadMs();
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
    cpu += mainThreadMs() - cpuStart;
  }
  times.sort((a, b) => a - b);
  return { min: times[0]!, median: times[rounds >> 1]!, cpu: cpu / rounds };
}

const text = ({ min, median, cpu }: Figures): string =>
  `${min.toFixed(2).padStart(8)} /${median.toFixed(2).padStart(8)} ms, CPU ${cpu.toFixed(2)} ms`;

/** Writes the figures of one number of trees; gives the CPU time of a text with nothing cached. */
async function benchTexts(count: number): Promise<number> {
  const { scraper, change } = setUp(count);
  const scrape = async (format: "text" | "openmetrics" | "protobuf", gzip: boolean) => {
    const { bytes } = await scraper.scrape(format, gzip);
    return bytes;
  };
  const bytes = (await scrape("text", false)).length;
  const series = new TextDecoder().decode(await scrape("text", false)).match(/^[^#]/gm)!.length;
  console.log(`\n${count} trees, ${series} series, ${(bytes / 1e6).toFixed(2)} MB of text; wall time min / median`);
  let all = 0;
  for (const format of ["text", "openmetrics", "protobuf"] as const) {
    for (const [what, share] of [["1 % changed", 0.01], ["10 % changed", 0.1], ["all changed", 1]] as const) {
      for (const gzip of [false, true]) {
        // An exporter that was scraped for a quarter of an hour.
        for (let warm = 0; warm < 60; warm++) {
          change(share);
          await scrape(format, gzip);
        }
        // Changes are collected outside of the measured time: they are the fake's work.
        const figures = await time(count > 5000 ? 40 : 200, () => change(share), () => scrape(format, gzip));
        console.log(`  ${format.padEnd(12)}${what.padEnd(13)}${gzip ? "gzip " : "plain"}${text(figures)}`);
        if (share === 1 && format === "text" && !gzip) all = figures.cpu;
      }
    }
  }
  return all;
}

/** The same families and series in prom-client; gives the CPU time of its text. */
async function benchPromClient(count: number): Promise<number> {
  const registry = new promClient.Registry();
  for (const family of FAMILIES) {
    if (family.of !== "trees") continue;
    const { name, help } = family;
    const labels = family.series[0]?.label;
    const labelNames = labels === undefined ? ["tree"] : [labels[0], "tree"];
    const registers = [registry];
    if (family.type === "histogram") {
      const histogram = new promClient.Histogram({ name, help, labelNames, registers, buckets: [...BUCKET_BOUNDS] });
      for (let i = 0; i < count; i++) histogram.observe({ tree: path(i) }, 0.003 * (i % 400));
      continue;
    }
    const metric = family.type === "counter"
      ? new promClient.Counter({ name: `${name}_total`, help, labelNames, registers })
      : new promClient.Gauge({ name, help, labelNames, registers });
    for (let i = 0; i < count; i++) {
      for (const { label, omitZero } of family.series) {
        if (omitZero === true && label !== undefined) continue;
        metric.inc({ ...(label === undefined ? {} : { [label[0]]: label[1] }), tree: path(i) }, 1234.5 + i);
      }
    }
  }
  const first = await registry.metrics();
  const series = first.match(/^[^#\n]/gm)!.length;
  const figures = await time(count > 5000 ? 5 : 20, () => {}, () => registry.metrics());
  console.log(`  prom-client, ${series} series, ${(first.length / 1e6).toFixed(2)} MB     ${text(figures)}`);
  return figures.cpu;
}

/** CPU time of a process so far, milliseconds. */
function cpuMs(pid: number): number {
  let sum = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    sum += Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]);
  }
  return sum / 1e6;
}

function memory(pid: number): string {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return ["RssAnon", "VmRSS"].map((name) => `${name} ${new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]} kB`).join(
    ", ",
  );
}

/** Serves `count` trees of which a tenth changes at every scrape, for the process that measures. */
async function serveTrees(count: number): Promise<void> {
  const { watcher, scraper, feed, change } = setUp(count);
  const collect = watcher.collect.bind(watcher);
  watcher.collect = () => (change(0.1), collect());
  const log = createLogger({ level: "info", format: "logfmt", write: (line) => console.log(line.trim()) });
  const health = { notReady: () => undefined, unhealthy: () => Promise.resolve(undefined) };
  const app = createApp({ scraper, feed, health, log, telemetryPath: "/metrics", version: "bench" });
  await serve({
    addresses: [{ hostname: "127.0.0.1", port: 0 }],
    handler: app.fetch,
    log,
    listeners: new OwnListeners(),
  });
}

/** CPU and memory of whole scrapes over HTTP, in a process of its own. */
async function benchHttp(count: number): Promise<void> {
  const args = [
    "run",
    "-A",
    "--no-lock",
    "--no-check",
    "--v8-flags=--expose-gc",
    import.meta.filename!,
    "--serve",
    String(count),
  ];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  while (!/address=\S+\n/.test(line)) line += (await reader.read()).value ?? "";
  const url = `http://${/address=(\S+)/.exec(line)![1]}/metrics`;
  const before = memory(child.pid);
  const cases = (["openmetrics", "protobuf"] as const).flatMap((format) =>
    (["identity", "gzip"] as const).map((encoding) => [format, encoding] as const)
  );
  for (const [format, encoding] of cases) {
    const headers = { accept: CONTENT_TYPES[format], "accept-encoding": encoding };
    const scrape = async () => (await (await fetch(url, { headers })).arrayBuffer()).byteLength;
    for (let i = 0; i < 50; i++) await scrape();
    const rounds = 200;
    const start = cpuMs(child.pid);
    for (let i = 0; i < rounds; i++) await scrape();
    const each = (cpuMs(child.pid) - start) / rounds;
    console.log(
      `  HTTP ${format.padEnd(11)} ${encoding.padEnd(8)} ${
        each.toFixed(2)
      } ms CPU a scrape, the fake's own work included; ${memory(child.pid)}`,
    );
  }
  console.log(`  before the first scrape: ${before}`);
  child.kill("SIGTERM");
  await child.status;
  await reader.cancel();
}

if (Deno.args[0] === "--serve") {
  await serveTrees(Number(Deno.args[1]));
} else {
  for (const count of [1000, 10_000]) {
    const ours = await benchTexts(count);
    const theirs = await benchPromClient(count);
    console.log(
      `  prom-client takes ${(theirs / ours).toFixed(1)} times the CPU of a text of which every line is written again`,
    );
    await benchHttp(count);
  }
}
