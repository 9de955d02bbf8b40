/**
 * An own child that shows whether the kernel still tells of processes: some kernels acknowledge a subscription and stay silent.
 *
 * @module
 */
import { type Libc, runIdleChild } from "../../netlink/mod.ts";

/** Which of its events have come. */
const FORK = 1;
const EXEC = 2;
const EXIT = 4;
const ALL = FORK | EXEC | EXIT;

export class OwnChild {
  readonly #libc: Libc;
  #pid = 0;
  #seen = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Starts one that does nothing, and waits for its end; false where no program for it was found. */
  start(): boolean {
    this.#seen = 0;
    this.#pid = runIdleChild(this.#libc);
    return this.#pid > 0;
  }

  /** Whether all events of the one that was started last have come. */
  get isHeard(): boolean {
    return this.#seen === ALL;
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
