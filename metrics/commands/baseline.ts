/**
 * The commands `baseline learn`, `baseline check` and `baseline diff`. What they do is in metrics/baseline, which is loaded
 * for them only.
 *
 * @module
 */

import { Column } from "../../fingerprint/mod.ts";
import type { CheckOptions, LearnOptions } from "../command_line/mod.ts";
import type { SeenTree } from "../baseline/mod.ts";
import { flagsIn, Registry } from "../registry/mod.ts";
import type { Logger } from "../text/mod.ts";
import { untilEnd } from "./ending.ts";
import { complain, print } from "./output.ts";
import type { Process } from "./process.ts";
import { reporting } from "./reporting.ts";
import { startWatching, stopWatching } from "./watching.ts";

/** Learns a baseline until the time is over or a signal comes; the exit status. */
export async function learnBaseline(
  options: LearnOptions,
  file: string | undefined,
  process: Pick<Process, "isJournal">,
): Promise<number> {
  return await reporting(options, process, async (log) => {
    const stop = untilEnd();
    const { learn } = await import("../baseline/mod.ts");
    return await learn(file, options, (forMs) => watchTrees(options, forMs, log, stop), { print, log: log.log, stop });
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

/** The trees launched on this machine in a time, or until `stop`. */
async function watchTrees(
  options: LearnOptions,
  forMs: number,
  log: Logger,
  stop: Promise<void>,
): Promise<SeenTree[]> {
  const { maxTrees: treesLimit, maxOnce: treesMaxOnce } = options;
  const watcher = await startWatching(
    { ...options, receiveBufferBytes: 0, boost: "auto", baseVerify: "auto" },
    { treesLimit, treesMaxOnce, treesRetentionMs: 0 },
    log,
  );
  try {
    await watcher.ready;
    log.log("info", "Learning; a signal ends it early", { seconds: forMs / 1000 });
    const over = Promise.withResolvers<void>();
    // A timeout can't be longer than 24 days.
    const end = performance.now() + forMs;
    const timer = setInterval(() => performance.now() >= end && over.resolve(), Math.min(forMs, 1000));
    await Promise.race([over.promise, stop, watcher.stopped]).finally(() => clearInterval(timer));
    const registry = new Registry();
    registry.apply(await watcher.collect());
    return registry.trees.map(({ path, at }) => ({
      tree: path,
      launches: registry.rows[at + Column.Launches]!,
      flags: flagsIn(registry.rows, at),
      firstSeenSeconds: registry.rows[at + Column.FirstSeen] || undefined,
      instances: [],
    }));
  } finally {
    await stopWatching(watcher);
  }
}
