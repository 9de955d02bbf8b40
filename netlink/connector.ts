/**
 * The proc connector: two sockets that hear of every exec, and of every fork and exit of a process
 * (Documentation/driver-api/connector.rst; drivers/connector/cn_proc.c).
 *
 * Two sockets because an exec must be looked at within half a millisecond while forks and exits can wait: only the first
 * wakes the reader, which makes one wake-up per launch out of three. Each has a classic BPF filter, which works on every
 * kernel; the kernel's own event mask exists only since 6.6.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { type Libc, SourceUnavailableError, SystemCallError, type Unavailable, Waiter } from "./linux/mod.ts";
import { attachFilter, EXECS_ONLY, PROCESS_FORKS_AND_EXITS } from "./filter.ts";
import { DECODED, decodeProcEvent, ProcEvent } from "./proc_event.ts";
import { NetlinkSocket } from "./socket.ts";
import { encodeSubscription } from "./wire.ts";

/** Bytes of the receive buffers to ask for. */
export interface ConnectorBuffers {
  readonly execBytes: number;
  readonly lifecycleBytes: number;
}

/** An exec within that time makes the reader busy; it is also how late a busy reader notices another thread's wish. */
export const BUSY_MS = 40;
/** How long the kernel may take to acknowledge a subscription, milliseconds; it answers within the send itself. */
const ACKNOWLEDGEMENT_MS = 1000;
/** A datagram of the connector is 76 bytes. */
const DATAGRAM_BYTES = 128;

export class Connector {
  /** Exec events. */
  readonly execs: NetlinkSocket;
  /** Forks and exits of processes. */
  readonly lifecycle: NetlinkSocket;
  readonly #libc: Libc;
  /** One entry for each LISTEN that was sent: before 6.6 the kernel counts them, and wants as many IGNOREs. */
  readonly #listens: NetlinkSocket[] = [];
  #token: number;

  /** Opens both sockets and subscribes. Throws {@link SourceUnavailableError} with cause and remedy. */
  constructor(libc: Libc, buffers: ConnectorBuffers) {
    this.#libc = libc;
    // The kernel's acknowledgements go to all listeners of the machine: begin where no other is likely to be.
    this.#token = crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
    this.execs = openSocket(libc, buffers.execBytes, 64);
    try {
      this.execs.setTimeout(BUSY_MS);
      this.lifecycle = openSocket(libc, buffers.lifecycleBytes, 256);
    } catch (error) {
      this.execs.close();
      throw error;
    }
    try {
      attachFilter(libc, this.execs.fd, EXECS_ONLY);
      attachFilter(libc, this.lifecycle.fd, PROCESS_FORKS_AND_EXITS);
      this.subscribe();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Subscribes both sockets, and waits for the kernel's acknowledgement of each. Events that arrive meanwhile are lost to
   * the caller, so a second subscription is followed by a resynchronisation.
   */
  subscribe(): void {
    for (const socket of [this.execs, this.lifecycle]) {
      const token = this.#token++;
      try {
        socket.send(encodeSubscription(c.PROC_CN_MCAST_LISTEN, token));
      } catch (error) {
        throw unavailable(error);
      }
      this.#listens.push(socket);
      this.#awaitAcknowledgement(socket, token);
    }
  }

  /** Takes the subscription back, so that the kernel stops building events nobody reads, and closes the sockets. */
  close(): void {
    for (const socket of this.#listens.splice(0)) {
      try {
        socket.send(encodeSubscription(c.PROC_CN_MCAST_IGNORE, this.#token++));
      } catch {
        // The socket is going away; there is nobody left to tell.
      }
    }
    this.execs.close();
    this.lifecycle.close();
  }

  #awaitAcknowledgement(socket: NetlinkSocket, token: number): void {
    const event = new ProcEvent(), waiter = new Waiter(this.#libc, socket.fd, -1);
    const deadline = this.#libc.clock(c.CLOCK_MONOTONIC) + ACKNOWLEDGEMENT_MS * 1e6;
    for (;;) {
      const received = socket.receive();
      for (let i = 0; i < received; i++) {
        if (decodeProcEvent(socket.view, i * socket.datagramBytes, socket.lengthOf(i), event) !== DECODED) continue;
        if (event.what !== c.PROC_EVENT_NONE || event.ack !== token + 1) continue;
        if (event.error === 0) return;
        throw unavailable(new SystemCallError("subscribe to the proc connector", event.error));
      }
      const left = (deadline - this.#libc.clock(c.CLOCK_MONOTONIC)) / 1e6;
      if (left <= 0) throw silent();
      if (received === 0) waiter.wait(Math.max(1, Math.ceil(left)));
    }
  }
}

function openSocket(libc: Libc, receiveBuffer: number, batch: number): NetlinkSocket {
  try {
    const groups = c.CN_IDX_PROC;
    return new NetlinkSocket(libc, {
      protocol: c.NETLINK_CONNECTOR,
      groups,
      batch,
      datagramBytes: DATAGRAM_BYTES,
      receiveBuffer,
    });
  } catch (error) {
    throw unavailable(error);
  }
}

function silent(): SourceUnavailableError {
  return new SourceUnavailableError(
    "connector",
    "namespace",
    "Cannot use the proc connector: the kernel did not acknowledge the subscription, as it does in a pid or user namespace of one's own; " +
      "run in the host's namespaces (containers: --pid=host, without user namespace) or use --source=poll",
  );
}

const NOT_PERMITTED = [
  "not-permitted",
  "not permitted (EPERM); run as root or with CAP_NET_ADMIN, or use --source=poll",
] as const;

/** Errors of the kernel, with cause and remedy. */
const CAUSES: Readonly<Record<number, readonly [Unavailable, string]>> = {
  [c.EPERM]: NOT_PERMITTED,
  [c.EACCES]: NOT_PERMITTED,
  [c.ECONNREFUSED]: [
    "namespace",
    "the kernel refused (ECONNREFUSED), as it does in a network namespace of one's own or without CONFIG_PROC_EVENTS; " +
    "run in the host's network namespace (containers: --network=host) or use --source=poll",
  ],
  [c.EPROTONOSUPPORT]: [
    "not-in-kernel",
    "the kernel has no connector (CONFIG_CONNECTOR, CONFIG_PROC_EVENTS); use --source=poll",
  ],
};

function unavailable(error: unknown): SourceUnavailableError {
  if (error instanceof SourceUnavailableError) return error;
  const message = `${error instanceof Error ? error.message : String(error)}; use --source=poll`;
  const [reason, text] = CAUSES[error instanceof SystemCallError ? error.errno : 0] ?? ["other", message];
  return new SourceUnavailableError("connector", reason, `Cannot use the proc connector: ${text}`, { cause: error });
}
