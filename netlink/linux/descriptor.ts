/**
 * An open file descriptor and its owner.
 *
 * @module
 */
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

  close(): void {
    if (this.#fd < 0) return;
    this.#libc.call.close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
