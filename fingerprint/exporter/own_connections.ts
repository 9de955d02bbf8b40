/**
 * The TCP connections of this process, from below: the HTTP server of the runtime keeps them to itself.
 *
 * @module
 */
import { constants as c, Libc } from "../../netlink/mod.ts";
import { countOwnFiles, FileStatus, ownFiles } from "../proc/mod.ts";

/** A connection that this process holds at one of its ports. */
export interface OwnConnection {
  readonly fd: number;
  /** The other end: an IP address (an IPv4 one always in its own form) and a port. */
  readonly peer: { readonly hostname: string; readonly port: number };
}

/** struct sockaddr_in6 (28 bytes) is the longest of interest: family u16@0, port u16@2 in network order, address@4 or @8. */
const ADDRESS_BYTES = 28;

/** Lists and cuts connections. */
export class OwnConnections {
  readonly #libc = new Libc();
  readonly #status = new FileStatus(this.#libc);
  readonly #address = new Uint8Array(ADDRESS_BYTES);
  readonly #view = new DataView(this.#address.buffer);
  readonly #length = new Uint32Array(1);
  readonly #lengthBytes = new Uint8Array(this.#length.buffer);

  /** How many files this process has open; 0 before Linux 6.2, which doesn't tell without a list. */
  files(): number {
    return countOwnFiles(this.#status);
  }

  /** The connections accepted at these ports. Those that are being closed by both ends may be missing. */
  list(ports: readonly number[]): OwnConnection[] {
    const connections: OwnConnection[] = [];
    for (const fd of ownFiles(this.#libc)) {
      this.#length[0] = ADDRESS_BYTES;
      if (this.#libc.call.getsockname(fd, this.#address, this.#lengthBytes) < 0 || !this.#isTcp()) continue;
      if (!ports.includes(this.#view.getUint16(2))) continue;
      this.#length[0] = ADDRESS_BYTES;
      // A listening socket has no other end.
      if (this.#libc.call.getpeername(fd, this.#address, this.#lengthBytes) < 0) continue;
      connections.push({ fd, peer: { hostname: this.#hostname(), port: this.#view.getUint16(2) } });
    }
    return connections;
  }

  /**
   * Ends a connection in both directions. The descriptor stays the runtime's, which closes it when it sees the end. Only for one
   * that was listed in the same turn of this thread: the runtime closes and accepts in between.
   */
  cut({ fd }: OwnConnection): void {
    this.#libc.call.shutdown(fd, c.SHUT_RDWR);
  }

  /** Whether the address is one of IP; the sockets of other kinds are the runtime's own, and must be left alone. */
  #isTcp(): boolean {
    const family = this.#view.getUint16(0, true);
    return family === c.AF_INET || family === c.AF_INET6;
  }

  #hostname(): string {
    const address = this.#address;
    if (this.#view.getUint16(0, true) === c.AF_INET) return address.subarray(4, 8).join(".");
    const groups = Array.from({ length: 8 }, (_, i) => this.#view.getUint16(8 + 2 * i));
    const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
    if (mapped) return address.subarray(20, 24).join(".");
    // The shortest form, as everybody writes it.
    return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
  }
}
