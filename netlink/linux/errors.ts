/**
 * Errors of the kernel interfaces. They carry data; nobody matches on their text.
 *
 * @module
 */
import * as c from "./constants.ts";

const NAMES: ReadonlyMap<number, string> = new Map(
  (["EPERM", "ENOENT", "ESRCH", "EINTR", "EAGAIN", "EACCES", "EINVAL", "ENOBUFS", "ECONNREFUSED"] as const)
    .map((name) => [c[name], name]),
);

/** Name of an error number, such as `EPERM`; `errno 71` for one without a name here. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? (errno === 0 ? "no error" : `errno ${errno}`);
}

/** A system call that failed: which (`op`), with which error number, and what the user can do about it. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  constructor(readonly op: string, readonly errno: number, readonly remedy: string = "") {
    super(`Cannot ${op}: ${errnoName(errno)}${remedy === "" ? "" : `; ${remedy}`}`);
  }
}

/** Why a source of events can't be had. */
export type Unavailable = "not-permitted" | "not-in-kernel" | "namespace" | "silent" | "other";

/** A source (connector, taskstats) that this kernel, these rights or this namespace don't grant: cause and remedy in the message. */
export class SourceUnavailableError extends Error {
  override readonly name = "SourceUnavailableError";
  constructor(
    readonly source: "connector" | "taskstats",
    readonly reason: Unavailable,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
