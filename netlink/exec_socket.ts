/**
 * Execs that are looked at as they come: each wakes the reader, which looks at the process before it has gone.
 *
 * @module
 */
import { BUSY_MS } from "./connector.ts";
import { EventBuffer, EXEC } from "./event_buffer.ts";
import type { EventDecoder } from "./event_decoder.ts";
import type { ExecNamer, ExecSource } from "./exec_source.ts";
import * as c from "./linux/mod.ts";
import type { Libc } from "./linux/mod.ts";
import type { NetlinkSocket } from "./socket.ts";

/**
 * An exec that is read so late may belong to a process whose id has been used again since; it is named from its record. The
 * reader is late until it has caught up with one that is this young.
 */
const LATE_NS = 2e7;
const FRESH_NS = 1e6;

export class ExecSocket implements ExecSource {
  readonly events = new EventBuffer();
  readonly wantsDrain = false;
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #decoder: EventDecoder;
  #limit = 1;
  #isLate = false;
  #lastExecNs = -Infinity;

  constructor(libc: Libc, socket: NetlinkSocket, decoder: EventDecoder) {
    this.#libc = libc;
    this.#socket = socket;
    this.#decoder = decoder;
  }

  get fd(): number {
    return this.#socket.fd;
  }

  get backlog(): number {
    return this.events.length;
  }

  get bufferedBytes(): number {
    return this.events.capacity * EventBuffer.bytesPerEvent;
  }

  isBusy(nowNs: number): boolean {
    return nowNs - this.#lastExecNs < BUSY_MS * 1e6;
  }

  waitBusy(namer: ExecNamer): number {
    const length = this.#socket.receiveNext(), nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    if (length >= 0) this.#capture(namer, 0, length, nowNs);
    return nowNs;
  }

  receive(namer: ExecNamer): number {
    // Mostly one exec waits, and to ask for more would cost a second look at an empty queue.
    const socket = this.#socket, limit = this.#limit, received = socket.receive(limit);
    this.#limit = received < limit ? 1 : Math.min(socket.batch, 4 * limit);
    return this.#captureAll(namer, received);
  }

  drain(namer: ExecNamer): void {
    const socket = this.#socket;
    for (let received = socket.batch; received === socket.batch;) {
      received = socket.receive();
      this.#captureAll(namer, received);
    }
  }

  #captureAll(namer: ExecNamer, received: number): number {
    const nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    for (let i = 0; i < received; i++) this.#capture(namer, i, this.#socket.lengthOf(i), nowNs);
    return nowNs;
  }

  #capture(namer: ExecNamer, index: number, length: number, nowNs: number): void {
    const { event } = this.#decoder;
    if (!this.#decoder.decodeExec(this.#socket, index, length)) return;
    this.#lastExecNs = nowNs;
    const age = nowNs - event.timestampNs;
    if (age > LATE_NS) this.#isLate = true;
    else if (age < FRESH_NS) this.#isLate = false;
    const captured = namer.capture(event.tgid, this.#isLate);
    this.events.push(event.timestampNs, EXEC, event.tgid, captured, this.#libc.clock(c.CLOCK_MONOTONIC));
  }
}
