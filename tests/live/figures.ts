/**
 * Figures of a process as the kernel counts them: memory, CPU time of all its threads, threads, open files.
 *
 * @module
 */

/** A line of /proc/PID/status in bytes; 0 when the kernel doesn't print it. */
function statusBytes(status: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) * 1024;
}

/** CPU time of the threads of each name, nanoseconds, exact: the first field of /proc/PID/task/TID/schedstat. */
export function cpuByThread(pid: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name: tid } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${tid}`, name = Deno.readTextFileSync(`${folder}/comm`).trimEnd();
    const cpu = Number(Deno.readTextFileSync(`${folder}/schedstat`).split(" ")[0]);
    sums.set(name, (sums.get(name) ?? 0) + cpu);
  }
  return sums;
}

/** CPU time of all threads, nanoseconds. */
export function cpuNanoseconds(pid: number): number {
  return cpuByThread(pid).values().reduce((sum, cpu) => sum + cpu, 0);
}

/** Memory, threads and open files of a process. */
export interface ProcessFigures {
  /** Resident memory, bytes. */
  readonly residentBytes: number;
  /** Of it, memory that no file backs, bytes. */
  readonly anonymousBytes: number;
  /** Of it, pages of files, bytes. */
  readonly fileBytes: number;
  readonly threads: number;
  readonly files: number;
}

/** Reads {@link ProcessFigures}. */
export function processFigures(pid: number): ProcessFigures {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return {
    residentBytes: statusBytes(status, "VmRSS"),
    anonymousBytes: statusBytes(status, "RssAnon"),
    fileBytes: statusBytes(status, "RssFile"),
    threads: [...Deno.readDirSync(`/proc/${pid}/task`)].length,
    files: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
  };
}
