/**
 * The listening TCP sockets of this process, from below: the runtime can neither say which they are nor let one take the place
 * of another.
 *
 * Two sockets listen at one address where both have SO_REUSEPORT, and one effective user id (socket(7)). Here they have it for as
 * long as one takes the place of the other, some seconds. Whoever binds without it, a second exporter say, is refused
 * throughout. A program of the same user that binds with it may get connections, from the first time on (the kernel remembers
 * it of a port): nothing that it couldn't have by ending this process, whose user it is, and listening in its place.
 *
 * @module
 */
import { attachFilter, constants as c, Libc, SECOND_SOCKET } from "../../netlink/mod.ts";
import { ownFiles } from "../proc/mod.ts";

/** A listening socket of this process. */
export interface OwnListener {
  readonly fd: number;
  /** Its number in the kernel, which no other socket ever has: the runtime may close it, and open something else as `fd`. */
  readonly cookie: bigint;
}

/** Lists listening sockets, and lets one take the place of another. */
export class OwnListeners {
  readonly #libc = new Libc();
  readonly #value = new Int32Array(1);
  readonly #cookie = new BigUint64Array(1);
  readonly #length = new Uint32Array(1);
  readonly #polled = new Uint8Array(8);

  /** Those that there are now, unix domain sockets aside. */
  list(): OwnListener[] {
    const listeners: OwnListener[] = [];
    for (const fd of ownFiles(this.#libc)) {
      const domain = this.#option(fd, c.SO_DOMAIN, this.#value);
      if (domain !== c.AF_INET && domain !== c.AF_INET6 || this.#option(fd, c.SO_ACCEPTCONN, this.#value) !== 1) {
        continue;
      }
      const cookie = this.#option(fd, c.SO_COOKIE, this.#cookie);
      if (cookie !== undefined) listeners.push({ fd, cookie });
    }
    return listeners;
  }

  /** Lets a further socket of this user listen at the same address, or lets none. Throws a `SystemCallError`. */
  share({ fd }: OwnListener, isShared: boolean): void {
    this.#value[0] = isShared ? 1 : 0;
    const result = this.#libc.call.setsockopt(fd, c.SOL_SOCKET, c.SO_REUSEPORT, new Uint8Array(this.#value.buffer), 4);
    this.#libc.check(result, "share an address with another socket (SO_REUSEPORT)");
  }

  /** Of the two sockets that share an address with this one, it included, the second gets all connections from now on. */
  preferSecond({ fd }: OwnListener): void {
    attachFilter(this.#libc, fd, SECOND_SOCKET, c.SO_ATTACH_REUSEPORT_CBPF);
  }

  /** Whether connections wait that the runtime hasn't accepted yet. */
  hasWaiting(listener: OwnListener): boolean {
    if (!this.#isStill(listener)) return false;
    // struct pollfd: fd i32@0, events i16@4, revents i16@6.
    const view = new DataView(this.#polled.buffer);
    view.setInt32(0, listener.fd, true);
    view.setInt16(4, c.POLLIN, true);
    return this.#libc.call.poll(this.#polled, 1, 0) > 0;
  }

  /** Ends the listening; connections that were accepted go on. The runtime's next accept fails, and its server ends with them. */
  stop(listener: OwnListener): void {
    if (this.#isStill(listener)) this.#libc.call.shutdown(listener.fd, c.SHUT_RD);
  }

  #isStill({ fd, cookie }: OwnListener): boolean {
    return this.#option(fd, c.SO_COOKIE, this.#cookie) === cookie;
  }

  /** An option of a socket (getsockopt(2)); undefined where the descriptor is none, or has none. */
  #option<Value extends number | bigint>(
    fd: number,
    option: number,
    into: { [index: number]: Value; readonly buffer: ArrayBuffer; readonly byteLength: number },
  ): Value | undefined {
    this.#length[0] = into.byteLength;
    const length = new Uint8Array(this.#length.buffer);
    const result = this.#libc.call.getsockopt(fd, c.SOL_SOCKET, option, new Uint8Array(into.buffer), length);
    return result < 0 ? undefined : into[0];
  }
}
