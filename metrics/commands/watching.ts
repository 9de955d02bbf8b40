/**
 * The watch over this machine's processes, as the commands that keep one share it.
 *
 * @module
 */

import { keepNeededPrivileges, NO_RULES, type Rules, Watcher, type WorkerConfig } from "../../fingerprint/mod.ts";
import type { ServeOptions, TraceOptions } from "../command_line/mod.ts";
import type { Logger } from "../text/mod.ts";

/** How long the worker may take to take its subscriptions back. */
const STOP_MS = 700;

/** How the trees are bounded. */
export type TreeLimits = Pick<WorkerConfig, "treesLimit" | "treesMaxOnce" | "treesRetentionMs">;

type WatchOptions = Pick<
  TraceOptions,
  "source" | "pollIntervalMs" | "receiveBufferBytes" | "boost" | "capture" | "ringBytes" | "configFile"
>;

/** The rules of the configuration file; none without one. What reads it is loaded where there is one only. */
export async function rulesOf({ configFile }: Pick<WatchOptions, "configFile">): Promise<Rules> {
  if (configFile === undefined) return NO_RULES;
  const { readRules } = await import("../settings/mod.ts");
  return await readRules(configFile);
}

/** Begins to watch. Throws what the configuration file's reader throws. */
export async function startWatching(options: WatchOptions, trees: TreeLimits, log: Logger): Promise<Watcher> {
  return new Watcher({
    source: options.source,
    pollIntervalMs: options.pollIntervalMs,
    ...trees,
    receiveBuffer: options.receiveBufferBytes,
    boost: options.boost,
    capture: options.capture,
    ringBytes: options.ringBytes,
    rules: await rulesOf(options),
    followsRules: options.configFile !== undefined,
  }, log.log);
}

/** Lets the worker take its subscriptions back; one that is stuck is left behind. */
export async function stopWatching(watcher: Watcher): Promise<void> {
  watcher.stop();
  const patience = Promise.withResolvers<void>(), timer = setTimeout(patience.resolve, STOP_MS);
  await Promise.race([watcher.stopped.catch(() => {}), patience.promise]);
  clearTimeout(timer);
}

/** Gives up the rights of root that watching doesn't need, unless they are to be kept. */
export function dropPrivileges(
  { privileges }: Pick<ServeOptions, "privileges">,
  needs: { readonly files: readonly (string | undefined)[]; readonly lowPort?: boolean },
  log: Logger,
): void {
  if (privileges === "all") return;
  const files = needs.files.filter((file) => file !== undefined);
  keepNeededPrivileges({ lowPort: needs.lowPort ?? false, files }, log.log);
}
