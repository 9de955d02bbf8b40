/**
 * Errors of the kernel interfaces. They carry data; nobody matches on their text.
 *
 * @module
 */
import * as c from "./constants.ts";

/** All error numbers of the constants, which are called so; EPOLLIN and its kin aren't any. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(c).flatMap(([name, value]) => /^E(?!POLL)[A-Z0-9]+$/.test(name) ? [[value, name]] : []),
);

/** Name of an error number, such as `EPERM`; `errno 71` for one without a name here. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? (errno === 0 ? "no error" : `errno ${errno}`);
}

/** What helps whatever was tried. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [c.EMFILE, "this process has as many open files as it may: raise its limit (ulimit -n, LimitNOFILE= of a unit)"],
  [c.ENFILE, "the machine has as many open files as it may: raise the sysctl fs.file-max"],
]);

/** A system call that failed: which (`op`), with which error number, and what the user can do about it. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  readonly remedy: string;

  constructor(readonly op: string, readonly errno: number, remedy = "") {
    const best = REMEDIES.get(errno) ?? remedy;
    super(`Cannot ${op}: ${errnoName(errno)}${best === "" ? "" : `; ${best}`}`);
    this.remedy = best;
  }
}

export type Unavailable = "not-permitted" | "not-in-kernel" | "namespace" | "silent" | "other";

/** A source (connector, taskstats, bpf) that this kernel, these rights or this namespace don't grant: cause and remedy in the message. */
export class SourceUnavailableError extends Error {
  override readonly name = "SourceUnavailableError";
  constructor(
    readonly source: "connector" | "taskstats" | "bpf",
    readonly reason: Unavailable,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
