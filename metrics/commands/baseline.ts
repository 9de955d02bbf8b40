/**
 * The commands `baseline learn`, `baseline check` and `baseline diff`. What they do is in metrics/baseline, which is loaded
 * for them only.
 *
 * @module
 */

import { Column, NOTHING_OPEN } from "../../fingerprint/mod.ts";
import type { CheckOptions, LearnOptions } from "../command_line/mod.ts";
import type { LearnProgress, Look, OwnWatch } from "../baseline/mod.ts";
import { flagsIn, lostIn, Registry } from "../registry/mod.ts";
import type { Logger } from "../text/mod.ts";
import { untilEnd } from "./ending.ts";
import { LearnTeller, writeStatus } from "./learn_teller.ts";
import { complain, print } from "./output.ts";
import type { Process } from "./process.ts";
import { reporting } from "./reporting.ts";
import { startWatching, stopWatching } from "./watching.ts";

/** Learns a baseline until the time is over, nothing new comes, or a signal does; the exit status. */
export async function learnBaseline(
  options: LearnOptions,
  file: string | undefined,
  process: Pick<Process, "isJournal">,
): Promise<number> {
  return await reporting(options, process, async (plainLog) => {
    const stop = untilEnd();
    const { learn } = await import("../baseline/mod.ts");
    const told = new LearnTeller(plainLog, options, Deno.stderr.isTerminal() ? writeStatus : undefined), { log } = told;
    const io = { print, stop, log: log.log, progress: (progress: LearnProgress) => told.progress(progress) };
    try {
      return await learn(file, options, () => watchOwn(options, log), io);
    } finally {
      told.clear();
    }
  });
}

/** Compares what runs with a baseline; the exit status. */
export async function checkBaseline(options: CheckOptions, file: string): Promise<number> {
  return await comparing(async () => (await import("../baseline/mod.ts")).check(file, options, print));
}

/** Compares two baselines; the exit status. */
export async function diffBaselines(options: Pick<CheckOptions, "output">, files: readonly string[]): Promise<number> {
  return await comparing(async () => (await import("../baseline/mod.ts")).diff(files, options, print));
}

/** The status of a command that compares: 2 for an error, because 1 is a difference. */
async function comparing(compare: () => Promise<number>): Promise<number> {
  try {
    return await compare();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

async function watchOwn(options: LearnOptions, log: Logger): Promise<OwnWatch> {
  const { maxTrees: treesLimit, maxOnce: treesMaxOnce } = options;
  const watcher = await startWatching(
    { ...options, receiveBufferBytes: 0, boost: "auto", baseVerify: "auto", rootfs: undefined },
    { treesLimit, treesMaxOnce, treesRetentionMs: 0 },
    log,
    NOTHING_OPEN,
    options.by === "image",
  );
  const registry = new Registry({}, 0, { containers: watcher.containers });
  try {
    await watcher.ready;
  } catch (error) {
    await stopWatching(watcher);
    throw error;
  }
  log.log("info", "Learning; a signal ends it early", {
    seconds: options.forMs === undefined ? undefined : options.forMs / 1000,
    until: options.until,
  });
  return {
    stopped: watcher.stopped,
    async look() {
      registry.apply(await watcher.collect());
      return lookOf(registry);
    },
    [Symbol.asyncDispose]: () => stopWatching(watcher),
  };
}

/** What a registry has seen. */
function lookOf({ trees, rows, contexts, stats }: Registry): Look {
  return {
    instance: "",
    startSeconds: undefined,
    trees: trees.map(({ path, at }) => ({
      tree: path,
      launches: rows[at + Column.Launches]!,
      flags: flagsIn(rows, at),
      firstSeenSeconds: rows[at + Column.FirstSeen] || undefined,
      lastSeenSeconds: rows[at + Column.Processes]! > 0 ? Date.now() / 1000 : rows[at + Column.LastLaunch] || undefined,
      instances: [],
    })),
    launchedIn: trees.flatMap(({ id, path: tree }) =>
      Array.from(contexts.places.ofTree(id), ([place, launches]) => ({ tree, place, launches }))
    ),
    launchesByUnit: new Map(contexts.launchesByUnit),
    completeSinceSeconds: undefined, // only what is compared with a file needs it
    lost: lostIn(stats),
  };
}
