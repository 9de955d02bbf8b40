/**
 * Opens the kernel's events with what names launches: the kernel's own record of each exec where that can be had.
 *
 * @module
 */
import { ExecRing, type Libc, ProgramRefusedError, SourceUnavailableError } from "../../netlink/mod.ts";
import { EventLoop } from "./event_loop.ts";
import type { Log, MainThread, WorkerConfig } from "./protocol.ts";

/** The verifier's last words: its reasons stand at the end. */
const VERIFIER_CHARACTERS = 2000;

/** What is handed over of a ring that could not be had, and needn't be tried again. */
export const NO_RING = "none";

/** How events and names are wanted, and what is there already. */
export type RingWish = Pick<WorkerConfig, "source" | "capture" | "ringBytes" | "handedOver">;

/**
 * Opens the connector, and the ring where it is wanted; for `--source=bpf` the ring alone. Where only the ring can't be had and
 * needn't, /proc names. Throws {@link SourceUnavailableError} with cause and remedy.
 */
export function openEvents(
  libc: Libc,
  config: WorkerConfig,
  wakeFd: number,
  log: Log,
  main: MainThread,
): EventLoop {
  const ring = openRing(libc, config, log);
  if (ring !== undefined) {
    try {
      return new EventLoop(libc, config, wakeFd, log, main, ring);
    } catch (error) {
      ring.close();
      goOnWithout(error, config, log);
    }
  }
  return new EventLoop(libc, config, wakeFd, log, main);
}

/** Opens the ring, or takes over the one that is open; undefined where /proc is to name. Throws where the ring is a must. */
export function openRing(libc: Libc, wish: RingWish, log: Log): ExecRing | undefined {
  const { capture, ringBytes, handedOver } = wish, lifecycle = wish.source === "bpf";
  if (capture === "proc" || (handedOver === NO_RING && !isMust(wish))) return undefined;
  try {
    return handedOver === undefined
      ? ExecRing.open(libc, { ringBytes, lifecycle })
      : ExecRing.adopt(libc, handedOver, { ringBytes, lifecycle });
  } catch (error) {
    goOnWithout(error, wish, log);
    return undefined;
  }
}

function isMust({ source, capture }: RingWish): boolean {
  return source === "bpf" || capture === "bpf";
}

/** Says why there is no ring. Throws what isn't about it, and anything where it is a must. */
function goOnWithout(error: unknown, wish: RingWish, log: Log): void {
  if (!(error instanceof SourceUnavailableError) || error.source !== "bpf") throw error;
  if (error.cause instanceof ProgramRefusedError) {
    log("debug", "What the verifier said last", { verifier: error.cause.verifierLog.slice(-VERIFIER_CHARACTERS) });
  }
  if (isMust(wish)) throw error;
  log("warn", `${error.message}; going on with names from /proc`, { source: "bpf", reason: error.reason });
}
