/**
 * What this process lacks the right to do, said once at the start. Rights that a source of events needs are its own to tell
 * (taskstats, receive buffers): the kernel refuses those with an error, while what is missing here would only show later.
 *
 * @module
 */
import { constants as c } from "../../netlink/mod.ts";
import type { Log, WorkerConfig } from "./protocol.ts";

/**
 * Warns of each capability that isn't among the effective ones (bit N for number N) and would be used. `isRaced`: whether names
 * are a race against the end of processes.
 */
export function warnOfMissingRights(effective: bigint, boost: WorkerConfig["boost"], isRaced: boolean, log: Log): void {
  const lacks = (capability: number) => (effective >> BigInt(capability) & 1n) === 0n;
  if (lacks(c.CAP_SYS_PTRACE)) {
    log(
      "warn",
      "Cannot read which executables other users' processes run; give CAP_SYS_PTRACE; going on with names from accounting records",
      {
        capability: "sys_ptrace",
      },
    );
  }
  if (lacks(c.CAP_SYS_NICE) && isRaced && (boost === "auto" || boost === "fifo")) {
    log(
      "warn",
      "Cannot run the reading thread before others; give CAP_SYS_NICE; going on with more names from accounting records",
      {
        capability: "sys_nice",
      },
    );
  }
}
