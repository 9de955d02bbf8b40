/**
 * Waiting for the kernel: poll(2) over the socket that wakes the reader and an eventfd(2) with which other threads wake it.
 *
 * @module
 */
import * as c from "./constants.ts";
import { Descriptor } from "./descriptor.ts";
import { SystemCallError } from "./errors.ts";
import type { Libc } from "./libc.ts";
import { LITTLE } from "./byte_order.ts";

/** An eventfd: a thread that waits is woken by any other that knows the number. */
export function openWake(libc: Libc): Descriptor {
  return new Descriptor(libc, libc.check(libc.call.eventfd(0, c.EFD_CLOEXEC | c.EFD_NONBLOCK), "create an eventfd"));
}

const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** Wakes the thread that waits on `fd`. */
export function wake(libc: Libc, fd: number): void {
  libc.call.write(fd, ONE, ONE.length);
}

/**
 * Makes of a descriptor that is readable as long as anything is unread one that is so once after each wake-up: a ring of BPF, whose
 * writer wakes its reader only when that is wanted (epoll(7)).
 */
export class EdgeTriggered extends Descriptor {
  readonly #libc: Libc;
  /** struct epoll_event, in its larger layout: events u32@0, data u64@4 where it is packed (x86_64), @8 elsewhere. */
  readonly #event = new Uint8Array(16);

  constructor(libc: Libc, fd: number) {
    super(libc, libc.check(libc.call.epoll_create1(c.EPOLL_CLOEXEC), "create an epoll instance"));
    this.#libc = libc;
    new DataView(this.#event.buffer).setUint32(0, (c.EPOLLIN | c.EPOLLET) >>> 0, LITTLE);
    try {
      libc.check(libc.call.epoll_ctl(this.fd, c.EPOLL_CTL_ADD, fd, this.#event), "watch a ring of BPF");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Takes the wake-up, so that the descriptor isn't readable before the next. */
  take(): void {
    this.#libc.call.epoll_wait(this.fd, this.#event, 1, 0);
  }
}

/** Waits on one source of events and one eventfd. struct pollfd: fd i32@0, events i16@4, revents i16@6. */
export class Waiter {
  readonly #libc: Libc;
  readonly #wakeFd: number;
  readonly #fds = new Uint8Array(16);
  readonly #view = new DataView(this.#fds.buffer);
  readonly #counter = new Uint8Array(8);

  /** Either number is -1 where there is only the other to wait for. */
  constructor(libc: Libc, sourceFd: number, wakeFd: number) {
    this.#libc = libc;
    this.#wakeFd = wakeFd;
    this.#view.setInt32(0, sourceFd, LITTLE); // poll(2) ignores a negative number
    this.#view.setInt16(4, c.POLLIN, LITTLE);
    this.#view.setInt32(8, wakeFd, LITTLE);
    this.#view.setInt16(12, c.POLLIN, LITTLE);
  }

  /** Waits at most `milliseconds`. Afterwards {@link sourceReady} and {@link takeWake} tell what ended it. */
  wait(milliseconds: number): void {
    if (this.#libc.call.poll(this.#fds, 2, milliseconds) >= 0) return;
    const errno = this.#libc.errno;
    if (errno !== c.EINTR) throw new SystemCallError("wait for events (poll)", errno);
    this.#view.setInt16(6, 0, LITTLE);
    this.#view.setInt16(14, 0, LITTLE);
  }

  get sourceReady(): boolean {
    return this.#view.getInt16(6, LITTLE) !== 0;
  }

  /** Whether somebody woke this thread since the last call; resets it. */
  takeWake(): boolean {
    if (this.#view.getInt16(14, LITTLE) === 0) return false;
    this.#view.setInt16(14, 0, LITTLE);
    this.#libc.call.read(this.#wakeFd, this.#counter, this.#counter.length);
    return true;
  }
}
