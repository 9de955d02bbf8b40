/**
 * A netlink socket with a batch of receive buffers: one recvmmsg(2) fills up to a batch of datagrams, which are then read
 * in place.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { Descriptor, type Libc, LITTLE, SystemCallError } from "./linux/mod.ts";
import { encodeAddress, SOCKADDR_NL } from "./wire.ts";

/** `struct mmsghdr` on 64-bit systems (socket(2), recvmmsg(2)): msghdr 56 bytes, msg_len u32@56; 64 bytes. */
const MMSGHDR = {
  msg_name: 0,
  msg_namelen: 8,
  msg_iov: 16,
  msg_iovlen: 24,
  msg_control: 32,
  msg_controllen: 40,
  msg_flags: 48,
  msg_len: 56,
  size: 64,
};
const IOVEC = { iov_base: 0, iov_len: 8, size: 16 };

export interface SocketOptions {
  /** Netlink family, such as NETLINK_CONNECTOR. */
  readonly protocol: number;
  /** Multicast groups to join, a bit mask. */
  readonly groups: number;
  /** Datagrams a receive call takes at most, and bytes of each; a longer one is cut and not read. */
  readonly batch: number;
  readonly datagramBytes: number;
  /** Receive buffer to ask for, bytes; the kernel accounts for twice as much. */
  readonly receiveBuffer: number;
}

export class NetlinkSocket {
  readonly fd: number;
  /** All datagrams of the last batch; number i begins at `i * datagramBytes`. */
  readonly view: DataView<ArrayBuffer>;
  readonly datagramBytes: number;
  /** Datagrams a receive call takes at most. */
  readonly batch: number;
  /** Bytes the kernel may queue, as it accounts them (its overhead per message included). */
  readonly receiveBufferBytes: number;
  readonly #libc: Libc;
  // Addresses inside a struct don't keep a buffer alive, so all buffers are fields of an object that outlives the calls.
  readonly #data: Uint8Array<ArrayBuffer>;
  readonly #names: Uint8Array<ArrayBuffer>;
  readonly #vectors: Uint8Array<ArrayBuffer>;
  readonly #headers: Uint8Array<ArrayBuffer>;
  readonly #headersView: DataView;
  readonly #namesView: DataView;
  readonly #namesLength = new Uint8Array(4);
  readonly #info = new Uint8Array(4 * c.SK_MEMINFO_VARS);
  readonly #infoView = new DataView(this.#info.buffer);
  readonly #infoLength = new Uint8Array(4);
  readonly #owner: Descriptor;

  /** Opens and binds. Throws {@link SystemCallError}. */
  constructor(libc: Libc, options: SocketOptions) {
    this.#libc = libc;
    this.batch = options.batch;
    this.datagramBytes = options.datagramBytes;
    const type = c.SOCK_RAW | c.SOCK_CLOEXEC;
    this.fd = libc.check(libc.call.socket(c.AF_NETLINK, type, options.protocol), "open a netlink socket");
    this.#owner = new Descriptor(libc, this.fd);
    const address = encodeAddress(options.groups);
    if (libc.call.bind(this.fd, address, address.length) < 0) {
      const errno = libc.errno;
      this.close();
      throw new SystemCallError("bind a netlink socket", errno);
    }
    // Without it a full queue drops everything until it was drained empty; with it new messages enter as soon as there is room.
    this.#setOption(c.SOL_NETLINK, c.NETLINK_NO_ENOBUFS, 1);
    if (this.#setOption(c.SOL_SOCKET, c.SO_RCVBUFFORCE, options.receiveBuffer) < 0) {
      this.#setOption(c.SOL_SOCKET, c.SO_RCVBUF, options.receiveBuffer); // capped by net.core.rmem_max
    }
    this.receiveBufferBytes = this.#memoryInfo(1);

    const { batch, datagramBytes } = options;
    this.#data = new Uint8Array(batch * datagramBytes);
    this.view = new DataView(this.#data.buffer);
    this.#names = new Uint8Array(batch * SOCKADDR_NL.size);
    this.#namesView = new DataView(this.#names.buffer);
    this.#vectors = new Uint8Array(batch * IOVEC.size);
    this.#headers = new Uint8Array(batch * MMSGHDR.size);
    this.#headersView = new DataView(this.#headers.buffer);
    const data = libc.address(this.#data), names = libc.address(this.#names), vectors = libc.address(this.#vectors);
    const vectorsView = new DataView(this.#vectors.buffer);
    for (let i = 0; i < batch; i++) {
      vectorsView.setBigUint64(i * IOVEC.size + IOVEC.iov_base, data + BigInt(i * datagramBytes), LITTLE);
      vectorsView.setBigUint64(i * IOVEC.size + IOVEC.iov_len, BigInt(datagramBytes), LITTLE);
      const at = i * MMSGHDR.size;
      this.#headersView.setBigUint64(at + MMSGHDR.msg_name, names + BigInt(i * SOCKADDR_NL.size), LITTLE);
      this.#headersView.setBigUint64(at + MMSGHDR.msg_iov, vectors + BigInt(i * IOVEC.size), LITTLE);
      this.#headersView.setBigUint64(at + MMSGHDR.msg_iovlen, 1n, LITTLE);
      this.#headersView.setUint32(at + MMSGHDR.msg_namelen, SOCKADDR_NL.size, LITTLE);
    }
  }

  /**
   * Receives what is queued, without waiting: the number of datagrams, at most `limit`, 0 when there is none. As many as the
   * limit mean that there may be more. Throws {@link SystemCallError} when the socket is broken.
   */
  receive(limit = this.batch): number {
    const got = this.#libc.call.recvmmsg(this.fd, this.#headers, limit, c.MSG_DONTWAIT, null);
    if (got >= 0) return got;
    const errno = this.#libc.errno;
    // ENOBUFS: messages were lost, which the drop counter says exactly; those that are queued come with the next call.
    if (errno === c.EAGAIN || errno === c.EINTR || errno === c.ENOBUFS) return 0;
    throw new SystemCallError("receive from the kernel (recvmmsg)", errno);
  }

  /** How long {@link receiveNext} waits. */
  setTimeout(milliseconds: number): void {
    const time = new Uint8Array(16); // struct timeval: tv_sec i64@0, tv_usec i64@8
    const view = new DataView(time.buffer), seconds = Math.floor(milliseconds / 1000);
    view.setBigInt64(0, BigInt(seconds), LITTLE);
    view.setBigInt64(8, BigInt(Math.round((milliseconds - seconds * 1000) * 1000)), LITTLE); // EDOM from a million on
    const result = this.#libc.call.setsockopt(this.fd, c.SOL_SOCKET, c.SO_RCVTIMEO, time, time.length);
    this.#libc.check(result, "set a socket's timeout (SO_RCVTIMEO)");
  }

  /**
   * Waits for the next datagram, at most as long as {@link setTimeout} said: its length, the datagram being the first of
   * {@link view}; 0 for one that nobody should read, as for {@link lengthOf}; -1 when none came.
   */
  receiveNext(): number {
    this.#namesLength[0] = SOCKADDR_NL.size;
    const { call } = this.#libc;
    const got = call.recvfrom(this.fd, this.#data, this.datagramBytes, c.MSG_TRUNC, this.#names, this.#namesLength);
    if (got >= 0) {
      return got > this.datagramBytes || this.#namesView.getUint32(SOCKADDR_NL.nl_pid, LITTLE) !== 0 ? 0 : got;
    }
    const errno = this.#libc.errno;
    if (errno === c.EAGAIN || errno === c.EINTR || errno === c.ENOBUFS) return -1;
    throw new SystemCallError("receive from the kernel (recvfrom)", errno);
  }

  /** Length of datagram `index`; 0 for one that was cut or was not sent by the kernel (port 0), which nobody should read. */
  lengthOf(index: number): number {
    const at = index * MMSGHDR.size;
    const truncated = (this.#headersView.getInt32(at + MMSGHDR.msg_flags, LITTLE) & c.MSG_TRUNC) !== 0;
    const fromKernel = this.#namesView.getInt32(index * SOCKADDR_NL.size + SOCKADDR_NL.nl_pid, LITTLE) === 0;
    return truncated || !fromKernel ? 0 : this.#headersView.getInt32(at + MMSGHDR.msg_len, LITTLE);
  }

  /** Messages that the kernel dropped on this socket since its opening: exact (SO_MEMINFO, SK_MEMINFO_DROPS), modulo 2^32. */
  drops(): number {
    return this.#memoryInfo(c.SK_MEMINFO_DROPS);
  }

  /** Sends one message. Throws {@link SystemCallError}. */
  send(message: Uint8Array<ArrayBuffer>): void {
    this.#libc.check(this.#libc.call.send(this.fd, message, message.length, 0), "send to the kernel");
  }

  close(): void {
    this.#owner.close();
  }

  #setOption(level: number, option: number, value: number): number {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, value, LITTLE);
    return this.#libc.call.setsockopt(this.fd, level, option, bytes, bytes.length);
  }

  #memoryInfo(index: number): number {
    this.#infoLength[0] = this.#info.length;
    this.#infoLength[1] = 0;
    const result = this.#libc.call.getsockopt(this.fd, c.SOL_SOCKET, c.SO_MEMINFO, this.#info, this.#infoLength);
    return this.#libc.check(result, "read a socket's drop counter (SO_MEMINFO)") === 0
      ? this.#infoView.getUint32(index * 4, LITTLE)
      : 0;
  }
}
