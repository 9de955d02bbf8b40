/**
 * The kernel's side of netlink sockets, in memory: what socket(2), recvmmsg(2) and the like would do with the buffers that
 * the code under test hands them. Addresses are made up, and every access through one is checked against its buffer.
 *
 * @module
 */
import type { Libc } from "../../../netlink/linux/libc.ts";
import { SystemCallError } from "../../../netlink/linux/errors.ts";
import { filter, type Instruction } from "./bpf.ts";

const EPERM = 1, EBADF = 9, EAGAIN = 11, EINVAL = 22;

/** One socket and what happened to it. */
export class FakeSocket {
  readonly queue: { bytes: Uint8Array; port: number }[] = [];
  readonly sent: Uint8Array<ArrayBuffer>[] = [];
  readonly options: (readonly [level: number, name: number])[] = [];
  groups = -1;
  program: readonly Instruction[] | undefined;
  /** Datagrams that fit, and those that didn't. */
  capacity = Infinity;
  drops = 0;
  receiveBuffer = 212992;
  /** SO_RCVTIMEO; 0 waits for ever. */
  timeoutNs = 0;
  closed = false;
  constructor(readonly fd: number, readonly type: number, readonly protocol: number) {}
}

export class FakeKernel {
  /** All sockets that were opened, in that order. */
  readonly sockets: FakeSocket[] = [];
  /** CLOCK_MONOTONIC; waiting moves it. */
  nowNs = 1e12;
  /** Error numbers with which calls fail: 0 is success. */
  readonly fail = { socket: 0, bind: 0, send: 0, receive: 0, receiveBufferForce: 0 };
  /** What the kernel does with a message; the default is nothing. */
  onSend: (socket: FakeSocket, message: Uint8Array<ArrayBuffer>) => void = () => {};
  /** Called when somebody waits and nothing is there. */
  onWait: () => void = () => {};
  /** Calls of recvmmsg(2). */
  receives = 0;
  #errno = 0;
  #nextAddress = 0x1000n;
  readonly #regions: { base: bigint; bytes: Uint8Array<ArrayBuffer> }[] = [];

  /** Puts a datagram into a socket's queue, as far as its filter and its room allow. */
  deliver(socket: FakeSocket, bytes: Uint8Array, port = 0): void {
    if (socket.program !== undefined && filter(socket.program, bytes) === 0) return;
    if (socket.queue.length >= socket.capacity) socket.drops++;
    else socket.queue.push({ bytes, port });
  }

  /** The C library, as netlink/ uses it. */
  readonly libc = this.#makeLibc();

  #makeLibc(): Libc {
    // deno-lint-ignore no-this-alias
    const kernel = this;
    const libc = {
      call: {
        socket: (family: number, type: number, protocol: number) => {
          if (family !== 16) return kernel.#failed(97);
          if (kernel.fail.socket !== 0) return kernel.#failed(kernel.fail.socket);
          const socket = new FakeSocket(kernel.sockets.length + 3, type, protocol);
          kernel.sockets.push(socket);
          return socket.fd;
        },
        bind: (fd: number, address: Uint8Array<ArrayBuffer>, length: number) => {
          if (kernel.fail.bind !== 0) return kernel.#failed(kernel.fail.bind);
          if (length !== 12 || address.length !== 12) return kernel.#failed(EINVAL);
          kernel.#open(fd)!.groups = new DataView(address.buffer).getUint32(8, true);
          return 0;
        },
        setsockopt: kernel.#setsockopt.bind(kernel),
        getsockopt: (
          fd: number,
          level: number,
          name: number,
          value: Uint8Array<ArrayBuffer>,
          length: Uint8Array<ArrayBuffer>,
        ) => {
          const socket = kernel.#open(fd);
          if (socket === undefined) return kernel.#failed(EBADF);
          if (level !== 1 || name !== 55 || new DataView(length.buffer).getUint32(0, true) < 36) {
            return kernel.#failed(EINVAL);
          }
          const view = new DataView(value.buffer);
          view.setUint32(4, socket.receiveBuffer, true); // SK_MEMINFO_RCVBUF
          view.setUint32(32, socket.drops, true); // SK_MEMINFO_DROPS
          new DataView(length.buffer).setUint32(0, 36, true);
          return 0;
        },
        send: (fd: number, message: Uint8Array<ArrayBuffer>, length: number) => {
          const socket = kernel.#open(fd);
          if (socket === undefined) return kernel.#failed(EBADF);
          if (kernel.fail.send !== 0) return kernel.#failed(kernel.fail.send);
          const bytes = message.slice(0, length);
          socket.sent.push(bytes);
          kernel.onSend(socket, bytes);
          return length;
        },
        recvmmsg: kernel.#recvmmsg.bind(kernel),
        recvfrom: kernel.#recvfrom.bind(kernel),
        poll: (fds: Uint8Array<ArrayBuffer>, count: number, milliseconds: number) => {
          const view = new DataView(fds.buffer);
          const look = () => {
            let ready = 0;
            for (let i = 0; i < count; i++) {
              const fd = view.getInt32(8 * i, true), socket = kernel.#open(fd);
              const revents = fd < 0 || socket === undefined ? 0 : socket.queue.length > 0 ? 1 : 0;
              view.setInt16(8 * i + 6, revents, true);
              if (revents !== 0) ready++;
            }
            return ready;
          };
          if (look() > 0) return look();
          kernel.onWait();
          kernel.nowNs += milliseconds * 1e6;
          return look();
        },
        close: (fd: number) => {
          const socket = kernel.#open(fd);
          if (socket === undefined) return kernel.#failed(EBADF);
          socket.closed = true;
          return 0;
        },
      },
      get errno() {
        return kernel.#errno;
      },
      check(result: number, op: string, remedy?: string) {
        if (result < 0) throw new SystemCallError(op, kernel.#errno, remedy);
        return result;
      },
      address(bytes: Uint8Array<ArrayBuffer>) {
        const base = kernel.#nextAddress;
        kernel.#nextAddress += BigInt(bytes.length) + 0x1000n;
        kernel.#regions.push({ base, bytes });
        return base;
      },
      clock: () => kernel.nowNs,
      resolution: () => 4e6,
    };
    return libc as unknown as Libc;
  }

  #failed(errno: number): -1 {
    this.#errno = errno;
    return -1;
  }

  #open(fd: number): FakeSocket | undefined {
    const socket = this.sockets[fd - 3];
    return socket?.closed === false ? socket : undefined;
  }

  /** The memory at an address. Throws where that isn't inside one buffer: C would have read or written something else. */
  #memory(address: bigint, length: number): DataView<ArrayBuffer> {
    for (const { base, bytes } of this.#regions) {
      if (address < base || address + BigInt(length) > base + BigInt(bytes.length)) continue;
      return new DataView(bytes.buffer, bytes.byteOffset + Number(address - base), length);
    }
    throw new Error(`a bad address: 0x${address.toString(16)}, ${length} bytes`);
  }

  #setsockopt(fd: number, level: number, name: number, value: Uint8Array<ArrayBuffer>, length: number): number {
    const socket = this.#open(fd);
    if (socket === undefined) return this.#failed(EBADF);
    const view = new DataView(value.buffer, 0, length);
    socket.options.push([level, name]);
    if (level === 1 && name === 33) { // SO_RCVBUFFORCE
      if (this.fail.receiveBufferForce !== 0) return this.#failed(this.fail.receiveBufferForce);
      socket.receiveBuffer = 2 * view.getInt32(0, true);
    } else if (level === 1 && name === 8) { // SO_RCVBUF
      socket.receiveBuffer = 2 * Math.min(view.getInt32(0, true), 212992);
    } else if (level === 1 && name === 20) { // SO_RCVTIMEO: struct timeval
      if (length !== 16) return this.#failed(EINVAL);
      const microseconds = Number(view.getBigInt64(8, true));
      if (microseconds < 0 || microseconds >= 1e6) return this.#failed(33); // EDOM
      socket.timeoutNs = Number(view.getBigInt64(0, true)) * 1e9 + microseconds * 1e3;
    } else if (level === 1 && name === 26) { // SO_ATTACH_FILTER
      const code = this.#memory(view.getBigUint64(8, true), 8 * view.getUint16(0, true));
      socket.program = Array.from({ length: view.getUint16(0, true) }, (_, i) => [
        code.getUint16(8 * i, true),
        code.getUint8(8 * i + 2),
        code.getUint8(8 * i + 3),
        code.getUint32(8 * i + 4, true),
      ]);
    } else if (level !== 270 || name !== 5 || view.getInt32(0, true) !== 1) { // NETLINK_NO_ENOBUFS
      return this.#failed(EPERM);
    }
    return 0;
  }

  #recvfrom(
    fd: number,
    data: Uint8Array<ArrayBuffer>,
    room: number,
    flags: number,
    name: Uint8Array<ArrayBuffer>,
    nameLength: Uint8Array<ArrayBuffer>,
  ): number {
    const socket = this.#open(fd);
    this.receives++;
    if (socket === undefined) return this.#failed(EBADF);
    if (data.length < room || new DataView(nameLength.buffer).getUint32(0, true) !== 12) throw new Error("bad buffers");
    if (this.fail.receive !== 0) return this.#failed(this.fail.receive);
    if (socket.queue.length === 0 && (flags & 0x40) === 0) { // MSG_DONTWAIT
      if (socket.timeoutNs === 0) throw new Error("it would wait for ever");
      this.onWait();
      this.nowNs += socket.timeoutNs;
    }
    const next = socket.queue.shift();
    if (next === undefined) return this.#failed(EAGAIN);
    const { bytes, port } = next;
    data.set(bytes.subarray(0, room));
    const view = new DataView(name.buffer);
    view.setUint16(0, 16, true);
    view.setUint32(4, port, true);
    return (flags & 0x20) !== 0 ? bytes.length : Math.min(bytes.length, room); // MSG_TRUNC
  }

  #recvmmsg(fd: number, headers: Uint8Array<ArrayBuffer>, count: number, flags: number, timeout: unknown): number {
    const socket = this.#open(fd);
    this.receives++;
    if (socket === undefined) return this.#failed(EBADF);
    if (flags !== 0x40 || timeout !== null) throw new Error("the reader must not block"); // MSG_DONTWAIT
    if (headers.length < 64 * count) throw new Error("more headers than there are");
    if (this.fail.receive !== 0) return this.#failed(this.fail.receive);
    let received = 0;
    for (; received < count && socket.queue.length > 0; received++) {
      const { bytes, port } = socket.queue.shift()!;
      const header = new DataView(headers.buffer, 64 * received, 64);
      if (header.getBigUint64(24, true) !== 1n || header.getUint32(8, true) !== 12) throw new Error("a bad header");
      const vector = this.#memory(header.getBigUint64(16, true), 16), room = Number(vector.getBigUint64(8, true));
      const data = this.#memory(vector.getBigUint64(0, true), room);
      const copied = bytes.subarray(0, room);
      new Uint8Array(data.buffer, data.byteOffset, room).set(copied);
      const name = this.#memory(header.getBigUint64(0, true), 12);
      name.setUint16(0, 16, true);
      name.setUint32(4, port, true);
      header.setUint32(48, bytes.length > room ? 0x20 : 0, true); // MSG_TRUNC
      header.setUint32(56, copied.length, true);
    }
    return received > 0 ? received : this.#failed(EAGAIN);
  }
}

/** Bit of a connector message: 1 to listen, 2 to ignore; its token. */
export function subscription(message: Uint8Array<ArrayBuffer>): { operation: number; token: number } {
  const view = new DataView(message.buffer);
  return { operation: view.getUint32(36, true), token: view.getUint32(28, true) };
}
