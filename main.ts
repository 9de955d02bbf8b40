/**
 * cnproc-exporter: counts every process launch of a Linux machine by process tree, for Prometheus.
 *
 * The only user of arguments, environment and exit status. From here the parts are wired: the worker that watches
 * (fingerprint), the registry and the server (metrics).
 *
 * @module
 */
import settings from "./deno.json" with { type: "json" };
import {
  ancestryOf,
  Column,
  Explainer,
  garbageCollection,
  keepNeededPrivileges,
  NO_RULES,
  OwnConnections,
  type Rules,
  selfProcessReader,
  Watcher,
  WatchError,
} from "./fingerprint/mod.ts";
import {
  baselineTools,
  ConfigError,
  createApp,
  createLogger,
  explain,
  Feed,
  type Health,
  helpText,
  type LearnOptions,
  type Logger,
  parseCommandLine,
  PROGRAM,
  readTreeFilter,
  Recorder,
  Registry,
  Reloader,
  Scraper,
  type SeenTree,
  type ServeOptions,
  settingsTools,
  startWebServer,
  trace,
  type TraceOptions,
  untilEnd,
  UsageError,
  type WebServer,
} from "./metrics/mod.ts";
import { Libc, Notifier } from "./netlink/mod.ts";

/** A worker that hasn't come round for so long is stuck. It comes round five times a second. */
const STUCK_MS = 30_000;
/** How often trees are looked at for new ones that aren't expected, whether or not anybody scrapes. */
const EXPECTATION_MS = 5000;
/** How long answers under way may take at the end, and the worker's clean stop after them: less than 2 s together. */
const DRAIN_MS = 1000;
const WORKER_STOP_MS = 700;

/** A trace has no series: there may be many trees, and one that is quiet is soon forgotten. */
const TRACED_TREES = { treesLimit: 100_000, treesMaxOnce: 1000, treesRetentionMs: 600_000 };

/** Commit and time of the build; beside the code in the compiled file, absent in a checkout. */
function readRevision(): string {
  try {
    const build = JSON.parse(Deno.readTextFileSync(new URL("./build.json", import.meta.url))) as { revision?: string };
    return build.revision ?? "unknown";
  } catch {
    return "unknown";
  }
}

/** Watches whether the worker comes round. */
class Heartbeat {
  #count = -1;
  #since = performance.now();

  constructor(readonly watcher: Watcher) {}

  /** Milliseconds since the worker was last seen to come round. */
  age(): number {
    const count = this.watcher.heartbeat;
    if (count !== this.#count) {
      this.#count = count;
      this.#since = performance.now();
    }
    return performance.now() - this.#since;
  }
}

/** Takes a variable out of the environment, so that nothing it starts or calls reads it again. */
function takeVariable(name: string): string | undefined {
  const value = Deno.env.get(name);
  if (value !== undefined) Deno.env.delete(name);
  return value;
}

/** The service manager that started this process, if one did, and the time within which it wants to hear from it again. */
function serviceManager(log: Logger): { notifier: Notifier | undefined; watchdogMs: number } {
  const address = takeVariable("NOTIFY_SOCKET"), watchdogUs = Number(takeVariable("WATCHDOG_USEC") ?? 0);
  const watchdogPid = takeVariable("WATCHDOG_PID");
  if (!address) return { notifier: undefined, watchdogMs: 0 };
  try {
    const isMeant = watchdogUs > 0 && (watchdogPid === undefined || Number(watchdogPid) === Deno.pid);
    return { notifier: new Notifier(new Libc(), address), watchdogMs: isMeant ? watchdogUs / 1000 : 0 };
  } catch (error) {
    log.log("warn", error instanceof Error ? error.message : String(error));
    return { notifier: undefined, watchdogMs: 0 };
  }
}

/** The rules of the configuration file, if there is one. */
async function rulesOf({ configFile }: Pick<ServeOptions, "configFile">): Promise<Rules> {
  return configFile === undefined ? NO_RULES : await (await settingsTools()).readRules(configFile);
}

/** Runs the exporter until a signal ends it; the exit status. */
async function run(options: ServeOptions, log: Logger): Promise<number> {
  const version = settings.version;
  const rules = await rulesOf(options);
  const { notifier, watchdogMs } = serviceManager(log);
  const watcher = new Watcher({
    source: options.source,
    pollIntervalMs: options.pollIntervalMs,
    treesLimit: options.maxTrees,
    treesMaxOnce: options.maxOnce,
    treesRetentionMs: options.treesRetentionMs,
    receiveBuffer: options.receiveBufferBytes,
    boost: options.boost,
    rules,
    followsRules: options.configFile !== undefined,
  }, log.log);
  let ready = false;
  let status = "";
  const heartbeat = new Heartbeat(watcher);
  setInterval(() => heartbeat.age(), STUCK_MS / 4);
  const health: Health = {
    notReady: () => ready ? undefined : "the start-up scan is under way",
    unhealthy: () =>
      heartbeat.age() < STUCK_MS || !ready ? undefined : "the thread that reads the kernel's events is stuck",
  };
  if (watchdogMs > 0) {
    setInterval(() => health.unhealthy() === undefined && notifier?.alive(), Math.max(1, watchdogMs / 3));
  }
  const build = { version, revision: readRevision(), deno: Deno.version.deno };
  const reloader: Reloader = new Reloader([{ load: loadRules }, { load: loadBaseline }, { load: loadWebConfig }], log);
  const recorder = new Recorder();
  const registry = new Registry({
    events: (batch, pathOf) => recorder.add(batch, pathOf),
    unexpected: (tree, reason) =>
      log.log("warn", "Launched what the baseline doesn't expect", { tree, ancestry: ancestryOf(tree), reason }),
  });
  const scraper = new Scraper({
    watcher,
    registry,
    build,
    selfProcess: selfProcessReader(),
    reload: () => reloader.state,
    collectGarbage: garbageCollection(),
  });
  const { telemetryPath, maxRequests } = options;
  const feed = new Feed({ scraper, recorder, notReady: health.notReady, listen: (isOn) => watcher.listen(isOn) });
  let server: WebServer | undefined;
  let isStart = true;
  /** Reads the rules; the worker has had them from its start. */
  async function loadRules(): Promise<() => void | Promise<void>> {
    if (isStart || options.configFile === undefined) return () => void (isStart = false);
    const rules = await (await settingsTools()).readRules(options.configFile);
    return () => watcher.configure(rules);
  }
  /** Reads the baseline; launches up to then are still judged by the old one. */
  async function loadBaseline(): Promise<() => void> {
    if (options.baselineFile === undefined) return () => {};
    const baseline = await (await baselineTools()).readBaseline(options.baselineFile);
    if (ready) await scraper.refresh().catch(() => {});
    return () => scraper.registry.expect(baseline);
  }
  /** Reads the web configuration again; the server reads it itself when it starts. */
  async function loadWebConfig(): Promise<() => void> {
    return await server?.loadConfig() ?? (() => {});
  }
  /** Reads the files again; why that can't be done, if so. */
  const reload = async (): Promise<string | undefined> => {
    notifier?.reloading();
    const problem = await reloader.reload();
    if (ready) notifier?.ready(status);
    return problem;
  };
  const app = createApp({
    scraper,
    feed,
    health,
    log,
    telemetryPath,
    maxRequests,
    version,
    reload: options.lifecycle ? reload : undefined,
  });

  const end = untilEnd();
  Deno.addSignalListener("SIGHUP", reload);
  // Without a listener these would end the process: nobody who may send a signal should be able to by accident.
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const) {
    Deno.addSignalListener(signal, () => log.log("debug", "Ignoring a signal", { signal }));
  }
  try {
    await reloader.start();
    if (options.baselineFile !== undefined) {
      setInterval(() => ready && scraper.refresh().catch(() => {}), EXPECTATION_MS);
    }
    // Deno.serve listens where this variable says, whatever it is told.
    Deno.env.delete("DENO_SERVE_ADDRESS");
    server = await startWebServer({
      addresses: options.listenAddresses,
      configFile: options.webConfigFile,
      handler: app.fetch,
      connections: new OwnConnections(),
      log,
    });
    try {
      const source = await Promise.race([watcher.ready, end]);
      ready = source !== undefined;
      status = `Watching processes by ${source}`;
      if (ready) notifier?.ready(status);
      await Promise.race([end, watcher.stopped]);
    } finally {
      feed.close();
      notifier?.stopping();
      await server.shutdown(DRAIN_MS);
    }
    log.log("info", "Stopped");
    return 0;
  } finally {
    await stopWatching(watcher);
  }
}

/** Lets the worker take its subscriptions back; one that is stuck is left behind. */
async function stopWatching(watcher: Watcher): Promise<void> {
  watcher.stop();
  await Promise.race([watcher.stopped.catch(() => {}), new Promise((resolve) => setTimeout(resolve, WORKER_STOP_MS))]);
}

/** What the command line asks for; the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const commandLine = parseCommandLine(args);
    // These would make the YAML parser print what it reads.
    for (const name of ["LOG_STREAM", "LOG_TOKENS"]) takeVariable(name);
    // Only a baseline is ever written.
    if (commandLine.command !== "baseline learn") await Deno.permissions.revoke({ name: "write" });
    switch (commandLine.command) {
      case "help":
        console.log(helpText(commandLine.about).trimEnd());
        return 0;
      case "version":
        console.log(
          `${PROGRAM} ${settings.version} (revision ${readRevision()}, Deno ${Deno.version.deno}, ${Deno.build.arch})`,
        );
        return 0;
      case "serve":
        return await serveMetrics(commandLine.options);
      case "explain":
        return await explain(
          new Explainer(await rulesOf(commandLine.options)),
          commandLine.options,
          commandLine.operands,
          {
            input: Deno.stdin.readable,
            output: Deno.stdout.writable,
            complain: (message) => console.error(`${PROGRAM}: ${message}`),
          },
        );
      case "baseline learn":
        return await learnBaseline(commandLine.options, commandLine.operands[0]);
      case "baseline check":
        return await compare((await baselineTools()).check(commandLine.operands[0]!, commandLine.options, print));
      case "baseline diff":
        return await compare(
          baselineTools().then(({ diff }) => diff(commandLine.operands, commandLine.options, print)),
        );
      case "trace":
        return await traceEvents(commandLine.options);
    }
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    console.error(`${PROGRAM}: ${error.message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Writes all of a text to standard output; false when nobody reads it any more. */
function writeOut(text: string): boolean {
  try {
    for (let rest = new TextEncoder().encode(text); rest.length > 0;) rest = rest.subarray(Deno.stdout.writeSync(rest));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw new Error(`Cannot write to standard output: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** Writes launches and endings until a signal ends it or nobody reads them. */
async function traceEvents(options: TraceOptions): Promise<number> {
  const filter = options.filter === undefined ? undefined : await readTreeFilter(options.filter);
  return await reporting(options, async (log) => {
    if (options.privileges === "minimal") {
      const files = [options.configFile].filter((file) => file !== undefined);
      keepNeededPrivileges({ lowPort: false, files }, log.log);
    }
    const rules = await rulesOf(options);
    const end = untilEnd(["SIGHUP"]);
    const watcher = new Watcher({
      source: options.source,
      pollIntervalMs: options.pollIntervalMs,
      ...TRACED_TREES,
      receiveBuffer: options.receiveBufferBytes,
      boost: options.boost,
      rules,
      followsRules: options.configFile !== undefined,
    }, log.log);
    try {
      const isTerminal = Deno.stdout.isTerminal(), hasColours = isTerminal && !Deno.noColor;
      await trace({ watcher, options: { ...options, filter }, isTerminal, hasColours, write: writeOut, stop: end });
      return 0;
    } finally {
      await stopWatching(watcher);
    }
  });
}

/** Runs the exporter. */
async function serveMetrics(options: ServeOptions): Promise<number> {
  return await reporting(options, async (log) => {
    if (options.privileges === "minimal") {
      const lowPort = options.listenAddresses.some(({ port }) => port > 0 && port < 1024);
      const files = [options.configFile, options.baselineFile, options.webConfigFile].filter((file) =>
        file !== undefined
      );
      keepNeededPrivileges({ lowPort, files }, log.log);
    }
    return await run(options, log);
  });
}

/** Does something that logs; an error that a user may meet is one line, its details are for debugging. The exit status. */
async function reporting(
  options: Pick<ServeOptions, "logLevel" | "logFormat">,
  work: (log: Logger) => Promise<number>,
): Promise<number> {
  const log = createLogger({ level: options.logLevel, format: options.logFormat });
  try {
    return await work(log);
  } catch (error) {
    log.log("error", error instanceof Error ? error.message : String(error));
    log.log("debug", "Details", {
      detail: error instanceof WatchError ? error.detail : String(error instanceof Error ? error.stack : error),
    });
    return 1;
  }
}

function print(text: string): void {
  console.log(text);
}

/** The status of a command that compares: 2 for an error, because 1 is a difference. */
async function compare(status: Promise<number>): Promise<number> {
  try {
    return await status;
  } catch (error) {
    console.error(`${PROGRAM}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

/** Learns a baseline until the time is over or a signal comes; the exit status. */
async function learnBaseline(options: LearnOptions, file: string | undefined): Promise<number> {
  const log = createLogger({ level: options.logLevel, format: options.logFormat });
  const end = untilEnd();
  try {
    const watch = (forMs: number) => watchTrees(options, forMs, log, end);
    return await (await baselineTools()).learn(file, options, watch, { print, log: log.log, stop: end });
  } catch (error) {
    log.log("error", error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** The trees launched on this machine in a time, or until `stop`. */
async function watchTrees(
  options: LearnOptions,
  forMs: number,
  log: Logger,
  stop: Promise<void>,
): Promise<SeenTree[]> {
  const { source, pollIntervalMs, maxTrees, maxOnce } = options;
  const watcher = new Watcher({
    ...{ source, pollIntervalMs, treesLimit: maxTrees, treesMaxOnce: maxOnce },
    ...{ treesRetentionMs: 0, receiveBuffer: 0, boost: "auto" },
    rules: await rulesOf(options),
    followsRules: options.configFile !== undefined,
  }, log.log);
  try {
    await watcher.ready;
    log.log("info", "Learning; a signal ends it early", { seconds: forMs / 1000 });
    const over = Promise.withResolvers<void>();
    // A timeout can't be longer than 24 days.
    const end = performance.now() + forMs;
    const timer = setInterval(() => performance.now() >= end && over.resolve(), Math.min(forMs, 1000));
    await Promise.race([over.promise, stop, watcher.stopped]);
    clearInterval(timer);
    const registry = new Registry();
    registry.apply(await watcher.collect());
    return registry.trees.map(({ path, at }) => ({
      tree: path,
      launches: registry.rows[at + Column.Launches]!,
      firstSeenSeconds: registry.rows[at + Column.FirstSeen] || undefined,
      instances: [],
    }));
  } finally {
    await stopWatching(watcher);
  }
}

Deno.exit(await main(Deno.args));
