/**
 * Opens the connector with what names launches: the kernel's own record of each exec where that can be had.
 *
 * @module
 */
import { ExecRing, type Libc, ProgramRefusedError, SourceUnavailableError } from "../../netlink/mod.ts";
import { ConnectorLoop } from "./connector_loop.ts";
import type { Log, WorkerConfig } from "./protocol.ts";

/** Opens it, or throws {@link SourceUnavailableError} with cause and remedy. Where only the kernel's records can't be had and needn't, /proc names. */
export function openConnector(libc: Libc, config: WorkerConfig, wakeFd: number, log: Log): ConnectorLoop {
  if (config.capture === "proc") return new ConnectorLoop(libc, config, wakeFd, log);
  try {
    return new ConnectorLoop(libc, config, wakeFd, log, ExecRing.open(libc, config));
  } catch (error) {
    if (!(error instanceof SourceUnavailableError) || error.source !== "bpf") throw error;
    if (error.cause instanceof ProgramRefusedError) {
      log("debug", "What the verifier said last", { verifier: error.cause.verifierLog.slice(-VERIFIER_CHARACTERS) });
    }
    if (config.capture === "bpf") throw error;
    log("warn", `${error.message}; going on with names from /proc`, { source: "bpf", reason: error.reason });
  }
  return new ConnectorLoop(libc, config, wakeFd, log);
}

/** Its reasons stand at the end. */
const VERIFIER_CHARACTERS = 2000;
