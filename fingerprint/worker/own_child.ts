/**
 * An own child that shows whether the kernel tells of processes: some acknowledge a subscription and stay silent.
 *
 * @module
 */
import { type Libc, runIdleChild } from "../../netlink/mod.ts";

/** Which of its events have come. */
const FORK = 1;
const EXEC = 2;
const EXIT = 4;
const RECORD = 8;

export class OwnChild {
  readonly #libc: Libc;
  readonly #awaited: number;
  #pid = 0;
  #seen = 0;

  /** `isRecorded`: whether the kernel is to record its exec as well. */
  constructor(libc: Libc, isRecorded: boolean) {
    this.#libc = libc;
    this.#awaited = FORK | EXEC | EXIT | (isRecorded ? RECORD : 0);
  }

  /** Starts one that does nothing, and waits for its end; false where no program for it was found. */
  start(): boolean {
    this.#seen = 0;
    this.#pid = runIdleChild(this.#libc);
    return this.#pid > 0;
  }

  /** Whether all events of the one that was started last have come. */
  get isHeard(): boolean {
    return (this.#awaited & ~this.#seen) === 0;
  }

  /** Whether nothing is missing but the record of its exec. */
  get isUnrecorded(): boolean {
    return (this.#awaited & ~this.#seen) === RECORD;
  }

  /** The kernel recorded the exec of a process: true if that is the child. */
  recorded(pid: number): boolean {
    if (pid !== this.#pid) return false;
    this.#seen |= RECORD;
    return true;
  }

  forked(pid: number): void {
    if (pid === this.#pid) this.#seen |= FORK;
  }

  execed(pid: number): void {
    if (pid === this.#pid) this.#seen |= EXEC;
  }

  exited(pid: number): void {
    if (pid === this.#pid) this.#seen |= EXIT;
  }
}
