/**
 * Run by netlink_test.ts in namespaces and without rights: what each source and each kind of scheduling says there, as JSON.
 *
 * @module
 */
import {
  Accounting,
  Connector,
  Libc,
  setFifo,
  setNice,
  setOther,
  setShortSlice,
  SourceUnavailableError,
} from "../../netlink/mod.ts";

/** How it went to open a source: nothing but the time where it could be. */
export interface Attempt {
  readonly reason?: string;
  readonly message?: string;
  readonly milliseconds: number;
}

/** How it went to schedule this thread: what the function said, and what the kernel says afterwards. */
export interface Scheduling {
  readonly granted: boolean;
  readonly policy: number;
  readonly priority: number;
  readonly nice: number;
  /** Time slice, nanoseconds, where the kernel shows it (/proc/PID/sched). */
  readonly sliceNs: number | undefined;
}

export interface Report {
  readonly connector: Attempt;
  readonly taskstats: Attempt;
  readonly scheduling: Readonly<Record<"fifo" | "other" | "slice" | "nice", Scheduling>>;
}

function attempt(open: () => { close(): void }): Attempt {
  const began = performance.now();
  try {
    const source = open();
    const milliseconds = performance.now() - began;
    source.close();
    return { milliseconds };
  } catch (error) {
    if (!(error instanceof SourceUnavailableError)) throw error;
    return { reason: error.reason, message: error.message, milliseconds: performance.now() - began };
  }
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** Fields of /proc/thread-self/stat behind the name, which may hold blanks (proc_pid_stat(5): nice 19, rt_priority 40, policy 41). */
function scheduled(granted: boolean): Scheduling {
  const stat = Deno.readTextFileSync("/proc/thread-self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
  const slice = /^se\.slice +: +(\d+)/m.exec(readIfThere("/proc/thread-self/sched"))?.[1];
  return {
    granted,
    policy: fields[41 - 3]!,
    priority: fields[40 - 3]!,
    nice: fields[19 - 3]!,
    sliceNs: slice === undefined ? undefined : Number(slice),
  };
}

if (import.meta.main) {
  const libc = new Libc();
  const report: Report = {
    connector: attempt(() => new Connector(libc, { execBytes: 65536, lifecycleBytes: 65536 })),
    taskstats: attempt(() => new Accounting(libc, "0", 65536)),
    scheduling: {
      fifo: scheduled(setFifo(libc)),
      other: scheduled(setOther(libc)),
      slice: scheduled(setShortSlice(libc)),
      nice: scheduled(setNice(libc)),
    },
  };
  console.log(JSON.stringify(report));
}
