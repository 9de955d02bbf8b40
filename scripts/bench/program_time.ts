/**
 * What a BPF program costs the processes it runs in, by the kernel's own clock.
 *
 * @module
 */

import { Libc } from "../../netlink/mod.ts";

/** include/uapi/linux/bpf.h. */
const BPF_ENABLE_STATS = 32;
const BPF_STATS_RUN_TIME = 0;

/** Has the kernel measure how long BPF programs run, until this process ends; makes each run a few hundredths of a µs dearer. Throws `SystemCallError`. */
export function measurePrograms(): void {
  const libc = new Libc(), attr = new Uint8Array(4);
  new DataView(attr.buffer).setUint32(0, BPF_STATS_RUN_TIME, true); // enable_stats.type
  libc.check(
    libc.call.bpf(libc.number.bpf, BPF_ENABLE_STATS, attr, attr.length),
    "measure BPF programs",
    "run as root",
  );
}

/** Runs of a program and the time they took, since the measuring began. */
export interface ProgramTime {
  readonly nanoseconds: number;
  readonly runs: number;
}

/** Reads {@link ProgramTime} from /proc/PID/fdinfo/FD; undefined where the descriptor is no BPF program. */
export function parseProgramTime(fdinfo: string): ProgramTime | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(fdinfo)?.[1];
  const nanoseconds = field("run_time_ns"), runs = field("run_cnt");
  return nanoseconds === undefined || runs === undefined
    ? undefined
    : { nanoseconds: Number(nanoseconds), runs: Number(runs) };
}

/** The text about a descriptor; empty where it was closed meanwhile. */
function readOpen(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** All BPF programs that a process has open, together. */
export function programTime(pid: number): ProgramTime {
  const folder = `/proc/${pid}/fdinfo`;
  let nanoseconds = 0, runs = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    const time = parseProgramTime(readOpen(`${folder}/${name}`));
    nanoseconds += time?.nanoseconds ?? 0;
    runs += time?.runs ?? 0;
  }
  return { nanoseconds, runs };
}
