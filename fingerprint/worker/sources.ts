/**
 * Opening the kernel's sources of events with buffers of the right size.
 *
 * @module
 */
import { Accounting, Connector, type Libc, SourceUnavailableError } from "../../netlink/mod.ts";
import { Procfs, readTextFile } from "../proc/mod.ts";
import type { Log } from "./protocol.ts";

/** What a queued message takes of a buffer on a 64-bit kernel, its overhead included, bytes (measured on Linux 6.18). */
const EVENT_BYTES = 832;
const RECORD_BYTES = 1280;
/** Launches that the buffers hold by default: a stop of 5 s at 20,000 a second. Each is one exec, a fork, an exit and a record. */
const LAUNCHES = 100_000;
/** Share of the machine's memory that full buffers may take at most. */
const MEMORY_SHARE = 0.25;

export interface Sources {
  /** Undefined where it isn't wanted. */
  readonly connector: Connector | undefined;
  /** Undefined where taskstats can't be had. */
  readonly accounting: Accounting | undefined;
}

/** Sizes to ask for, bytes; the kernel doubles them. */
export interface BufferSizes {
  readonly execBytes: number;
  readonly lifecycleBytes: number;
  readonly recordBytes: number;
}

/** Buffers for {@link LAUNCHES}, or as large as the memory (bytes, 0: unknown) allows; or all of `wanted` bytes where that isn't 0. */
export function bufferSizes(wanted: number, memoryBytes: number): BufferSizes {
  if (wanted > 0) return { execBytes: wanted, lifecycleBytes: wanted, recordBytes: wanted };
  const full = LAUNCHES * (EVENT_BYTES * 3 + RECORD_BYTES);
  const scale = memoryBytes > 0 ? Math.min(1, memoryBytes * MEMORY_SHARE / full) : 1;
  const half = (bytes: number) => Math.ceil(LAUNCHES * bytes * scale / 2);
  return { execBytes: half(EVENT_BYTES), lifecycleBytes: half(2 * EVENT_BYTES), recordBytes: half(RECORD_BYTES) };
}

/**
 * Opens the connector unless events come from elsewhere, and taskstats where that can be had. Throws
 * {@link SourceUnavailableError} without the connector.
 */
export function openSources(libc: Libc, receiveBuffer: number, wantsConnector: boolean, log: Log): Sources {
  const procfs = new Procfs(libc), memory = /^MemTotal:\s+(\d+) kB/m.exec(procfs.readText("meminfo") ?? "");
  procfs.close();
  const sizes = bufferSizes(receiveBuffer, memory === null ? 0 : Number(memory[1]) * 1024);
  const connector = wantsConnector ? new Connector(libc, sizes) : undefined;
  let accounting: Accounting | undefined;
  try {
    const cpus = readTextFile(libc, "/sys/devices/system/cpu/possible")?.trim() ?? "0";
    accounting = new Accounting(libc, cpus, sizes.recordBytes);
  } catch (error) {
    if (!(error instanceof SourceUnavailableError)) throw error;
    log("warn", `${error.message}; going on without resources of finished processes`, {
      source: "taskstats",
      reason: error.reason,
    });
  }
  const taskstats = accounting?.socket.receiveBufferBytes ?? 0;
  if (connector === undefined) {
    log("debug", "Receive buffers", { taskstats });
    return { connector, accounting };
  }
  const granted = { exec: connector.execs.receiveBufferBytes, lifecycle: connector.lifecycle.receiveBufferBytes };
  log("debug", "Receive buffers", { ...granted, taskstats });
  if (granted.lifecycle < 2 * sizes.lifecycleBytes) {
    log(
      "warn",
      "Receive buffers are smaller than wanted, so that a burst of launches can lose events; give CAP_NET_ADMIN or raise net.core.rmem_max",
      {
        wanted_bytes: 2 * sizes.lifecycleBytes,
        granted_bytes: granted.lifecycle,
      },
    );
  }
  return { connector, accounting };
}
