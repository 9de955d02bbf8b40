/**
 * The source of accounting records: a generic netlink socket registered for the exits of all CPUs.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { type Libc, LITTLE, SourceUnavailableError, SystemCallError, type Unavailable } from "./linux/mod.ts";
import { acknowledgement, attributeLength, encodeRequest, findAttribute, GENL_ATTRIBUTES } from "./genetlink.ts";
import { NetlinkSocket } from "./socket.ts";
import { NLMSGHDR } from "./wire.ts";

/** A record of version 16 for one task is 596 bytes, with the sums of a multi-threaded process 1172. */
const DATAGRAM_BYTES = 2048;
const BATCH = 64;
/** Datagrams to look through for an answer before giving up: records may come first. */
const PATIENCE = 100_000;

export class Accounting {
  readonly socket: NetlinkSocket;
  readonly #family: number;
  readonly #cpus: string;

  /**
   * Opens the socket and registers for the CPUs of `cpuMask`, in the list format of /sys/devices/system/cpu/possible.
   * Throws {@link SourceUnavailableError} with cause and remedy.
   */
  constructor(libc: Libc, cpuMask: string, receiveBuffer: number) {
    this.#cpus = cpuMask;
    let socket: NetlinkSocket | undefined;
    try {
      const options = {
        protocol: c.NETLINK_GENERIC,
        groups: 0,
        batch: BATCH,
        datagramBytes: DATAGRAM_BYTES,
        receiveBuffer,
      };
      socket = this.socket = new NetlinkSocket(libc, options);
      this.#family = this.#resolve();
      this.#request(this.#message(c.TASKSTATS_CMD_ATTR_REGISTER_CPUMASK, 2));
    } catch (error) {
      socket?.close();
      throw unavailable(error);
    }
  }

  /** Takes the registration back and closes the socket. */
  close(): void {
    try {
      this.socket.send(this.#message(c.TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK, 3));
    } catch {
      // The socket is going away; the kernel removes a listener it can't reach.
    }
    this.socket.close();
  }

  /** A message about the CPUs. */
  #message(attribute: number, seq: number): Uint8Array<ArrayBuffer> {
    return encodeRequest(this.#family, c.TASKSTATS_CMD_GET, attribute, this.#cpus, seq);
  }

  /** Number of the TASKSTATS family: assigned at boot, so it is asked for. */
  #resolve(): number {
    let family = 0;
    const { GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, TASKSTATS_GENL_NAME } = c;
    const request = encodeRequest(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, TASKSTATS_GENL_NAME, 1);
    this.#request(request, (view, start, length) => {
      const end = start + Math.min(length, view.getUint32(start + NLMSGHDR.nlmsg_len, LITTLE));
      const value = findAttribute(view, start + GENL_ATTRIBUTES, end, c.CTRL_ATTR_FAMILY_ID);
      if (value >= 0 && attributeLength(view, value) >= 2) family = view.getUint16(value, LITTLE);
    });
    return family;
  }

  /** Sends and reads until the acknowledgement; what comes before it goes to `onMessage`. */
  #request(
    message: Uint8Array<ArrayBuffer>,
    onMessage?: (view: DataView, start: number, length: number) => void,
  ): void {
    const { socket } = this;
    socket.send(message);
    for (let seen = 0; seen < PATIENCE;) {
      // The kernel answers within send(2), so an answer is there already; nothing left means that it never comes.
      const received = socket.receive();
      if (received === 0) break;
      seen += received;
      for (let i = 0; i < received; i++) {
        const start = i * socket.datagramBytes, length = socket.lengthOf(i);
        const errno = acknowledgement(socket.view, start, length);
        if (errno === 0) return;
        if (errno > 0) throw new SystemCallError("register for accounting records", errno);
        if (length >= GENL_ATTRIBUTES) onMessage?.(socket.view, start, length);
      }
    }
    throw new SystemCallError("register for accounting records", c.EAGAIN, "the kernel did not answer");
  }
}

/** Errors of the kernel, with cause and remedy. */
const CAUSES: Readonly<Record<number, readonly [Unavailable, string]>> = {
  [c.EPERM]: ["not-permitted", "not permitted (EPERM); run as root or with CAP_NET_ADMIN in the host's user namespace"],
  [c.ENOENT]: ["not-in-kernel", "the kernel has none (CONFIG_TASKSTATS); accounting metrics are left out"],
  [c.EINVAL]: [
    "namespace",
    "refused (EINVAL), as in a pid namespace of one's own; run in the host's pid namespace",
  ],
};

function unavailable(error: unknown): SourceUnavailableError {
  const message = error instanceof Error ? error.message : String(error);
  const [reason, text] = CAUSES[error instanceof SystemCallError ? error.errno : 0] ?? ["other", message];
  return new SourceUnavailableError("taskstats", reason, `Cannot use taskstats: ${text}`, { cause: error });
}
