/**
 * The command `serve`: wires the worker that watches, the registry, the files that are followed, and the web server.
 *
 * @module
 */

import {
  ancestryOf,
  garbageCollection,
  type HandedOver,
  OwnConnections,
  OwnListeners,
  selfProcessReader,
} from "../../fingerprint/mod.ts";
import type { ServeOptions } from "../command_line/mod.ts";
import { EventLog } from "../event_log/mod.ts";
import { PROFILES, Scraper, select } from "../exposition/mod.ts";
import { Feed, Recorder } from "../http/api/mod.ts";
import { createApp, LimitWarnings, WebServer } from "../http/mod.ts";
import { lostIn, Registry } from "../registry/mod.ts";
import type { Logger } from "../text/mod.ts";
import { readBuild } from "./build.ts";
import { untilEnd } from "./ending.ts";
import { EventLogFile, eventLogPath } from "./event_log_file.ts";
import { WorkerHealth } from "./health.ts";
import type { Process } from "./process.ts";
import { Reloader, ReloadRecord } from "./reload.ts";
import { BaselineFile, RulesFile } from "./reloaded_files.ts";
import { reporting } from "./reporting.ts";
import { ServiceManager } from "./service_manager.ts";
import { dropPrivileges, startWatching, stopWatching } from "./watching.ts";

/** How often trees are looked at for new ones that aren't expected, whether or not anybody scrapes. */
const LOOK_MS = 5000;
/** How long answers under way may take at the end; with the worker's clean stop after them less than 2 s. */
const DRAIN_MS = 1000;
/** How long the event log's last lines may take: the worker's answer only on an overloaded machine, their reader if it is slow. */
const LAST_LINES = { lookMs: 5000, writeMs: 500 } as const;

/** What the log says of a tree that the baseline doesn't expect. */
const UNEXPECTED_LINES = {
  enforce: ["warn", "Launched what the baseline doesn't expect"],
  shadow: ["info", "Launched what the baseline wouldn't expect"],
} as const;

/** Runs the exporter until a signal ends it; the exit status. */
export async function serve(options: ServeOptions, process: Process): Promise<number> {
  return await reporting(options, process, async (log) => {
    using service = new ServiceManager(process, log);
    service.starting();
    const { configFile, baselineFile, webConfigFile, listenAddresses } = options;
    const lowPort = listenAddresses.some(({ port }) => port > 0 && port < 1024);
    const needs = { files: [configFile, baselineFile, webConfigFile], lowPort, appended: eventLogPath(options) };
    const handedOver = dropPrivileges(options, needs, process, log, () => service.passOn());
    return await run(options, process, log, service, handedOver);
  });
}

async function run(
  options: ServeOptions,
  process: Process,
  log: Logger,
  service: ServiceManager,
  handedOver: HandedOver,
): Promise<number> {
  const { lifecycle, telemetryPath, maxRequests, allowedHosts = [], baselineFile, baselineMode } = options;
  const build = readBuild(process);
  const eventFile = EventLogFile.open(options, handedOver.appended, log);
  const watcher = await startWatching(
    options,
    {
      treesLimit: options.maxTrees,
      treesMaxOnce: options.maxOnce,
      treesRetentionMs: options.treesRetentionMs,
    },
    log,
    handedOver,
    options.disabledGroups?.includes("context") !== true,
  );
  if (eventFile !== undefined) watcher.listen(true); // from its first drain on
  const health = new WorkerHealth(watcher);
  service.keepAlive(async () => await health.unhealthy() === undefined);

  const recorder = new Recorder(), reloads = new ReloadRecord(), selfProcess = selfProcessReader();
  const registry = new Registry(
    {
      events: (batch, treeOf, contextOf) => {
        recorder.add(batch, treeOf, contextOf);
        eventLog?.add(batch, treeOf, contextOf);
      },
      unexpected: (tree, reason) => {
        const [level, message] = UNEXPECTED_LINES[baselineMode];
        log.log(level, message, { tree, ancestry: ancestryOf(tree), reason });
      },
    },
    selfProcess().startTimeSeconds,
    { containers: watcher.containers },
  );
  const scraper = new Scraper({
    watcher,
    registry,
    build,
    selfProcess,
    selection: select(PROFILES[options.profile], options.enabledGroups ?? [], options.disabledGroups ?? []),
    reload: () => reloads,
    eventLog: eventFile?.queue,
    collectGarbage: garbageCollection(),
  });
  const warnings = new LimitWarnings(log);
  const feed = new Feed({
    reached: (limit, peer) => warnings.reached(limit, peer),
    scraper,
    recorder,
    notReady: () => health.notReady(),
    listen: (isOn) => watcher.listen(isOn || eventLog !== undefined),
  });
  const server = new WebServer({
    addresses: options.listenAddresses,
    configFile: options.webConfigFile,
    connections: new OwnConnections(),
    listeners: new OwnListeners(),
    maxRequests,
    allowedHosts,
    log,
  });
  const rules = new RulesFile(options.configFile, watcher);
  const baseline = new BaselineFile(baselineFile, baselineMode, scraper, health);
  const eventLog = eventFile && new EventLog({
    queue: eventFile.queue,
    only: options.eventLogOnly,
    baselineMode,
    collect: () => baseline.look(),
    lost: () => lostIn(registry.stats),
  });
  const reloader = new Reloader([rules, baseline, server], reloads, log);
  const reload = async () => {
    service.reloading();
    eventFile?.reopen(); // also where other files can't be read
    const failure = await reloader.reload();
    service.reloaded(failure);
    return failure;
  };
  const app = createApp({
    scraper,
    feed,
    health,
    log,
    middleware: server.middleware,
    telemetryPath,
    version: build.version,
    reload: lifecycle ? reload : undefined,
  });

  const end = untilEnd();
  Deno.addSignalListener("SIGHUP", reload);
  // Without a listener these would end the process: nobody who may send a signal should be able to by accident.
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const) {
    Deno.addSignalListener(signal, () => log.log("debug", "Ignoring a signal", { signal }));
  }
  const looks = baselineFile === undefined ? undefined : setInterval(() => baseline.look(), LOOK_MS);
  try {
    await reloader.start([baseline, server]); // the worker has had the rules from its start
    eventLog?.start();
    // Deno.serve listens where this variable says, whatever it is told.
    process.takeVariable("DENO_SERVE_ADDRESS");
    await server.start(app.fetch);
    try {
      const source = await Promise.race([watcher.ready, end]);
      if (source !== undefined) service.ready(`Watching processes by ${source}`);
      await Promise.race([end, watcher.stopped]);
    } finally {
      feed.close();
      service.stopping();
      await Promise.all([server.shutdown(DRAIN_MS), eventLog?.close(LAST_LINES)]);
    }
    log.log("info", "Stopped");
    return 0;
  } finally {
    clearInterval(looks);
    await stopWatching(watcher);
  }
}
