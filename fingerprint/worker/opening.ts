/**
 * Opens the connector with what names launches: the kernel's own record of each exec where that can be had.
 *
 * @module
 */
import { ExecRing, type Libc, ProgramRefusedError, SourceUnavailableError } from "../../netlink/mod.ts";
import { ConnectorLoop } from "./connector_loop.ts";
import type { Log, WorkerConfig } from "./protocol.ts";

/** The verifier's last words: its reasons stand at the end. */
const VERIFIER_CHARACTERS = 2000;

/** What is handed over of a ring that could not be had, and needn't be tried again. */
export const NO_RING = "none";

/** How names are wanted, and what is there already. */
export type RingWish = Pick<WorkerConfig, "capture" | "ringBytes" | "handedOver">;

/**
 * Opens the connector, and the ring where it is wanted. Where only the ring can't be had and needn't, /proc names. Throws
 * {@link SourceUnavailableError} with cause and remedy.
 */
export function openConnector(libc: Libc, config: WorkerConfig, wakeFd: number, log: Log): ConnectorLoop {
  const ring = openRing(libc, config, log);
  if (ring !== undefined) {
    try {
      return new ConnectorLoop(libc, config, wakeFd, log, ring);
    } catch (error) {
      ring.close();
      goOnWithout(error, config, log);
    }
  }
  return new ConnectorLoop(libc, config, wakeFd, log);
}

/** Opens the ring, or takes over the one that is open; undefined where /proc is to name. Throws where the ring is a must. */
export function openRing(libc: Libc, wish: RingWish, log: Log): ExecRing | undefined {
  const { capture, handedOver } = wish;
  if (capture === "proc" || handedOver === NO_RING) return undefined;
  try {
    return handedOver === undefined ? ExecRing.open(libc, wish) : ExecRing.adopt(libc, handedOver);
  } catch (error) {
    goOnWithout(error, wish, log);
    return undefined;
  }
}

/** Says why there is no ring. Throws what isn't about it, and anything where it is a must. */
function goOnWithout(error: unknown, { capture }: RingWish, log: Log): void {
  if (!(error instanceof SourceUnavailableError) || error.source !== "bpf") throw error;
  if (error.cause instanceof ProgramRefusedError) {
    log("debug", "What the verifier said last", { verifier: error.cause.verifierLog.slice(-VERIFIER_CHARACTERS) });
  }
  if (capture === "bpf") throw error;
  log("warn", `${error.message}; going on with names from /proc`, { source: "bpf", reason: error.reason });
}
