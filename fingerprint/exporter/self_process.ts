/**
 * The exporter's own process, for the standard `process_*` metrics.
 *
 * @module
 */
import { constants as c, Libc } from "../../netlink/mod.ts";
import { ownFiles, parseStat, ProcessStat, Procfs, TICK_NS } from "../proc/mod.ts";

/** Numbers of this process, in the units of the standard `process_*` metrics; 0 for one that can't be read. */
export interface SelfProcess {
  /** CPU time of all its threads. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly virtualBytes: number;
  readonly openFds: number;
  readonly maxFds: number;
  /** Unix time, seconds. */
  readonly startTimeSeconds: number;
}

/** Reads them: each call of the returned function costs a few reads of /proc/self. */
export function selfProcessReader(): () => SelfProcess {
  const libc = new Libc(), procfs = new Procfs(libc);
  const stat = new ProcessStat(), bytes = new TextEncoder().encode(procfs.readText("self/stat") ?? "");
  const started = parseStat(bytes, bytes.length, stat);
  const bootUnixNs = libc.clock(c.CLOCK_REALTIME) - libc.clock(c.CLOCK_BOOTTIME);
  const startTimeSeconds = started ? (stat.startTicks * TICK_NS + bootUnixNs) / 1e9 : 0;
  const limit = /^Max open files\s+(\d+)/m.exec(procfs.readText("self/limits") ?? "");
  const maxFds = limit === null ? 0 : Number(limit[1]);
  const kilobytes = (status: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * 1024;
  return () => {
    const status = procfs.readText("self/status") ?? "";
    return {
      cpuSeconds: libc.clock(c.CLOCK_PROCESS_CPUTIME_ID) / 1e9,
      residentBytes: kilobytes(status, "VmRSS"),
      virtualBytes: kilobytes(status, "VmSize"),
      openFds: ownFiles(libc).length, // the number 0 isn't counted, that of the list is
      maxFds,
      startTimeSeconds,
    };
  };
}
