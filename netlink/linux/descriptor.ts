/**
 * An open file descriptor and its owner.
 *
 * @module
 */
import * as c from "./constants.ts";
import type { Libc } from "./libc.ts";

/**
 * Closes a descriptor once, at the end of a `using` or by {@link close}. Whoever has the object owns the descriptor. The only
 * ones without it are those that are opened and closed within one read of /proc: on the event path an object would cost.
 */
export class Descriptor implements Disposable {
  readonly #libc: Libc;
  #fd: number;

  constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Owns what a system call returned; undefined where it failed. */
  static of(libc: Libc, result: number): Descriptor | undefined {
    return result < 0 ? undefined : new Descriptor(libc, result);
  }

  /** The number; -1 when it is closed. */
  get fd(): number {
    return this.#fd;
  }

  /** Whether a program that this process executes inherits it. Throws `SystemCallError` where it isn't open. */
  setInherited(isInherited: boolean): void {
    const flags = isInherited ? 0 : c.FD_CLOEXEC;
    this.#libc.check(this.#libc.call.fcntl(this.#fd, c.F_SETFD, flags), "set what is inherited");
  }

  close(): void {
    if (this.#fd < 0) return;
    this.#libc.call.close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
