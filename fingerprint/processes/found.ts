/**
 * What the table of processes is told, and what it tells, of one that somebody looks at.
 *
 * @module
 */

/** What the table is told of a process that it didn't see begin. */
export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly startNs: number;
  /** When it was looked at. Events older than that are part of what was found. */
  readonly foundNs: number;
  /** Its program by `Programs.look`; undefined for kernel threads and processes that never exec'd themselves. */
  readonly program: number | undefined;
  /** Its program's label, also where it never exec'd; undefined for kernel threads, and where it runs its parent's image. */
  readonly label: number | undefined;
  /** The number of its root, where that was looked at. */
  readonly root?: number | undefined;
  /** The user that runs it; its parent's where that isn't known. */
  readonly user?: number | undefined;
}

/** A process, as who asks what runs is told of it. */
export interface RunningProcess {
  readonly pid: number;
  /** Undefined where that isn't known. */
  readonly user: number | undefined;
  /** When its image began, CLOCK_MONOTONIC, nanoseconds. */
  readonly imageNs: number;
  /** Its executable, or -1. */
  readonly executable: number;
  /** Flags of its launch. */
  readonly launchFlags: number;
}
