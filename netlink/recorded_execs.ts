/**
 * Execs whose images the kernel names itself: the connector tells of each as ever, and a ring has a record of it, written just
 * before. Nothing is lost by coming late, so both are read at the drain, and no exec wakes the reader.
 *
 * @module
 */
import { ExecRecord, type ExecRing, type RingHandler } from "./bpf/mod.ts";
import { Captures } from "./captures.ts";
import { EventBuffer, EXEC } from "./event_buffer.ts";
import type { EventDecoder } from "./event_decoder.ts";
import type { ExecNamer, ExecSource } from "./exec_source.ts";
import * as c from "./linux/mod.ts";
import { EdgeTriggered, type Libc } from "./linux/mod.ts";
import type { NetlinkSocket } from "./socket.ts";

/** The event of an exec comes some microseconds after its record; one that isn't there after this time was lost. */
const EVENT_NS = 2e9;
/** In place of what was captured: no record of the exec has been found. */
const UNMATCHED = -1;
/** How long a drain waits for a processor that was stopped while it wrote a record: those of all others stand behind that. */
const HELD_UP_NS = 5e6;

export class RecordedExecs implements ExecSource, RingHandler, Disposable {
  readonly events = new EventBuffer();
  readonly #libc: Libc;
  readonly #socket: NetlinkSocket;
  readonly #ring: ExecRing;
  readonly #decoder: EventDecoder;
  readonly #signal: EdgeTriggered;
  readonly #record = new ExecRecord();
  readonly #captures = new Captures();
  #namer: ExecNamer | undefined;
  #wantsDrain = false;

  constructor(libc: Libc, socket: NetlinkSocket, ring: ExecRing, decoder: EventDecoder) {
    this.#libc = libc;
    this.#socket = socket;
    this.#ring = ring;
    this.#decoder = decoder;
    this.#signal = new EdgeTriggered(libc, ring.fd);
  }

  get fd(): number {
    return this.#signal.fd;
  }

  get backlog(): number {
    return this.events.length + (this.#captures.isEmpty ? 0 : 1);
  }

  get bufferedBytes(): number {
    return this.events.capacity * EventBuffer.bytesPerEvent + this.#captures.capacity * Captures.bytesEach;
  }

  isBusy(): boolean {
    return false;
  }

  waitBusy(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  get wantsDrain(): boolean {
    return this.#wantsDrain;
  }

  receive(): number {
    this.#signal.take();
    this.#wantsDrain = true;
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  /** Reads the events first: then the record of each is in the ring, or was lost. */
  drain(namer: ExecNamer): void {
    this.#wantsDrain = false;
    this.#receiveEvents();
    this.#namer = namer;
    this.#ring.drain(this);
    let nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    const endNs = nowNs + HELD_UP_NS;
    while (!this.#match() && this.#ring.ring.isHeldUp && nowNs < endNs) {
      this.#ring.drain(this);
      nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    }
    if (!this.#captures.isEmpty) this.#captures.forget(nowNs - EVENT_NS);
  }

  record(at: number, length: number): void {
    const record = this.#record, { view, bytes } = this.#ring.ring;
    if (!record.read(view, at, length)) {
      this.#decoder.counts.malformed++;
      return;
    }
    this.#captures.add(record.timeNs, record.tgid, this.#namer!.captureRecord(record, bytes));
  }

  [Symbol.dispose](): void {
    this.#signal.close();
  }

  /** Gives execs what was captured of them; false where one is without. */
  #match(): boolean {
    const { events } = this;
    let isWhole = true;
    for (let i = 0; i < events.length; i++) {
      if (events.detail[i] !== UNMATCHED) continue;
      events.detail[i] = this.#captures.take(events.pid[i]!, events.timestampNs[i]!);
      if (events.detail[i] === UNMATCHED) isWhole = false;
    }
    return isWhole;
  }

  #receiveEvents(): void {
    const socket = this.#socket, { event } = this.#decoder;
    for (let received = socket.batch; received === socket.batch;) {
      received = socket.receive();
      for (let i = 0; i < received; i++) {
        if (!this.#decoder.decodeExec(socket, i, socket.lengthOf(i))) continue;
        // What the kernel recorded was read in the exec itself.
        this.events.push(event.timestampNs, EXEC, event.tgid, UNMATCHED, event.timestampNs);
      }
    }
  }
}
