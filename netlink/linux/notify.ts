/**
 * The service manager's notification socket (sd_notify(3), systemd.service(5)): one datagram per change of state to the
 * Unix socket that `NOTIFY_SOCKET` names.
 *
 * @module
 */
import * as c from "./constants.ts";
import { Descriptor } from "./descriptor.ts";
import { SystemCallError } from "./errors.ts";
import type { Libc } from "./libc.ts";
import { LITTLE } from "./byte_order.ts";

/** `struct sockaddr_un` (unix(7)): sun_family u16@0, sun_path char[108]@2. */
const SOCKADDR_UN = { sun_family: 0, sun_path: 2, pathBytes: 108 };

/** A notification socket that can't be used: cause and remedy in the message. */
export class NotifyError extends Error {
  override readonly name = "NotifyError";
  constructor(readonly address: string, cause: string, options?: ErrorOptions) {
    super(`Cannot notify the service manager at ${address}: ${cause}`, options);
  }
}

/** The address of a notification socket, as connect(2) takes it. Throws {@link NotifyError}. */
export function encodeNotifyAddress(address: string): Uint8Array<ArrayBuffer> {
  const path = new TextEncoder().encode(address);
  const isAbstract = address.startsWith("@");
  if (!isAbstract && !address.startsWith("/")) {
    throw new NotifyError(address, "it is no Unix socket, want a path from / or an abstract name after @");
  }
  // An abstract name begins with a zero byte in place of the @ and ends with the address; a path ends with a zero byte.
  if (path.length + (isAbstract ? 0 : 1) > SOCKADDR_UN.pathBytes) {
    throw new NotifyError(address, `it has ${path.length} bytes, want ${SOCKADDR_UN.pathBytes - 1} at most`);
  }
  const bytes = new Uint8Array(SOCKADDR_UN.sun_path + path.length + (isAbstract ? 0 : 1));
  new DataView(bytes.buffer).setUint16(SOCKADDR_UN.sun_family, c.AF_UNIX, LITTLE);
  bytes.set(path, SOCKADDR_UN.sun_path);
  if (isAbstract) bytes[SOCKADDR_UN.sun_path] = 0;
  return bytes;
}

/** How long until a message is tried again that found the manager's queue full, milliseconds. */
const RETRY_MS = 100;
const READY = "READY=1\n", RELOADING = "RELOADING=1\n";

/**
 * Tells the service manager how this process is, without ever waiting for it.
 *
 * libsystemd's sd_notify(3) blocks while the manager's queue is full. Here a change of state waits instead, until there is room: without
 * READY the manager would end the process when its time for starting is over. What is said again and again (WATCHDOG,
 * EXTEND_TIMEOUT_USEC) is given up, and so is all where nobody listens any more.
 */
export class Notifier {
  /** How often a message was not taken. */
  failures = 0;
  readonly #libc: Libc;
  readonly #socket: Descriptor;
  /** Changes of state that wait for room, the first one first. */
  #waiting: string[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Opens the socket. Throws {@link NotifyError} where nobody listens at the address. */
  constructor(libc: Libc, address: string) {
    this.#libc = libc;
    const bytes = encodeNotifyAddress(address);
    const type = c.SOCK_DGRAM | c.SOCK_CLOEXEC;
    this.#socket = new Descriptor(libc, libc.check(libc.call.socket(c.AF_UNIX, type, 0), "open a Unix socket"));
    if (libc.call.connect(this.#socket.fd, bytes, bytes.length) >= 0) return;
    const cause = new SystemCallError("connect a Unix socket", libc.errno);
    this.#socket.close();
    throw new NotifyError(address, `${cause.message}; unset NOTIFY_SOCKET where no service manager listens`, { cause });
  }

  /** The start, reload or end that is under way may take so much longer, whatever the unit says. */
  extend(milliseconds: number): void {
    this.#sendOnce(`EXTEND_TIMEOUT_USEC=${Math.ceil(milliseconds * 1000)}`);
  }

  /** The start is over. */
  ready(status: string): void {
    this.#sendSurely(`${READY}STATUS=${oneLine(status)}`);
  }

  /** The configuration is being read again; {@link ready} follows. systemd wants the time it began with `Type=notify-reload`. */
  reloading(): void {
    const microseconds = Math.floor(this.#libc.clock(c.CLOCK_MONOTONIC) / 1000);
    this.#sendSurely(`${RELOADING}MONOTONIC_USEC=${microseconds}`);
  }

  /** The end has begun. */
  stopping(): void {
    this.#sendSurely("STOPPING=1");
  }

  /** Still alive: wanted more often than every `WATCHDOG_USEC`. */
  alive(): void {
    this.#sendOnce("WATCHDOG=1");
  }

  close(): void {
    this.#waiting = [];
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #sendOnce(state: string): void {
    this.#sendWaiting();
    this.#send(state);
  }

  /** A state that replaces those before makes them needless: at most RELOADING and its READY wait. */
  #sendSurely(state: string): void {
    const last = this.#waiting.at(-1);
    if (!state.startsWith(READY)) this.#waiting = [];
    else if (last?.startsWith(READY)) this.#waiting.pop();
    this.#waiting.push(state);
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0 && this.#send(this.#waiting[0]!)) this.#waiting.shift();
    const waits = this.#waiting.length > 0;
    if (waits === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = waits ? setInterval(() => this.#sendWaiting(), RETRY_MS) : undefined;
    if (this.#timer !== undefined) Deno.unrefTimer(this.#timer);
  }

  /** False where it has to be tried again. */
  #send(state: string): boolean {
    const bytes = new TextEncoder().encode(state);
    if (this.#libc.call.send(this.#socket.fd, bytes, bytes.length, c.MSG_DONTWAIT | c.MSG_NOSIGNAL) >= 0) return true;
    this.failures++;
    return this.#libc.errno !== c.EAGAIN && this.#libc.errno !== c.ENOBUFS;
  }
}

/** A text that can't begin another assignment. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ");
}
