/**
 * The watch over this machine's processes, as the commands that keep one share it.
 *
 * @module
 */

import {
  type HandedOver,
  HEAP_VARIABLES,
  keepNeededPrivileges,
  NO_RULES,
  NOTHING_OPEN,
  type Rules,
  waitFor,
  Watcher,
  type WorkerConfig,
} from "../../fingerprint/mod.ts";
import type { ServeOptions, TraceOptions } from "../command_line/mod.ts";
import type { Logger } from "../text/mod.ts";
import type { Process } from "./process.ts";

/** How long the worker may take to take its subscriptions back. */
const STOP_MS = 700;

export type TreeLimits = Pick<WorkerConfig, "treesLimit" | "treesMaxOnce" | "treesRetentionMs">;

type WatchOptions = Pick<
  TraceOptions,
  | "baseVerify"
  | "source"
  | "pollIntervalMs"
  | "receiveBufferBytes"
  | "boost"
  | "capture"
  | "ringBytes"
  | "configFile"
  | "rootfs"
>;

/** The rules of the configuration file; none without one. What reads it is loaded where there is one only. */
export async function rulesOf({ configFile }: Pick<WatchOptions, "configFile">): Promise<Rules> {
  if (configFile === undefined) return NO_RULES;
  const { readRules } = await import("../settings/mod.ts");
  return await readRules(configFile);
}

/** Begins to watch, with what {@link dropPrivileges} gave. Throws what the configuration file's reader throws. */
export async function startWatching(
  options: WatchOptions,
  trees: TreeLimits,
  log: Logger,
  handedOver: HandedOver = NOTHING_OPEN,
  namesContainers = true,
): Promise<Watcher> {
  return new Watcher({
    source: options.source,
    pollIntervalMs: options.pollIntervalMs,
    ...trees,
    receiveBuffer: options.receiveBufferBytes,
    boost: options.boost,
    capture: options.capture,
    ringBytes: options.ringBytes,
    handedOver: handedOver.ring,
    procfs: handedOver.procfs,
    namesContainers,
    rootfs: options.rootfs,
    verifiesBase: options.baseVerify === "auto",
    rules: await rulesOf(options),
    followsRules: options.configFile !== undefined,
  }, log.log);
}

/** Lets the worker take its subscriptions back; one that is stuck is left behind. */
export async function stopWatching(watcher: Watcher): Promise<void> {
  watcher.stop();
  await waitFor(watcher.stopped.catch(() => {}), STOP_MS);
}

/** With this variable the exporter tells itself what it opened before it gave rights up: descriptors. */
const HANDED_OVER = "CNPROC_RING";

/**
 * Gives up the rights that watching doesn't need, unless they are to be kept, after the use of those that only the start needs.
 * Gives what was opened, for the worker; `passOn` is called before this program is executed again. Throws where something that is a must can't be opened.
 */
export function dropPrivileges(
  options: Pick<ServeOptions, "privileges" | "source" | "capture" | "ringBytes" | "boost">,
  needs: {
    readonly files: readonly (string | undefined)[];
    readonly lowPort?: boolean;
    readonly appended?: string | undefined;
  },
  process: Process,
  log: Logger,
  passOn: () => void = () => {},
): HandedOver {
  const handedOver = process.takeVariable(HANDED_OVER);
  if (options.privileges === "all") return NOTHING_OPEN;
  return keepNeededPrivileges({
    lowPort: needs.lowPort ?? false,
    files: needs.files.filter((file) => file !== undefined),
    appended: needs.appended,
    ring: {
      source: options.source,
      capture: options.source === "poll" ? "proc" : options.capture,
      ringBytes: options.ringBytes,
    },
    handedOver,
    early: options.boost === "fifo" || options.boost === "nice",
    pass: (value) => {
      passOn();
      process.passVariable(HANDED_OVER, value);
      for (const [name, value] of Object.entries(HEAP_VARIABLES)) process.passVariable(name, value);
    },
  }, log.log);
}
