/**
 * Execs whose images the kernel names itself: the connector tells of each as ever, and a ring has a record of it, written just
 * before.
 *
 * @module
 */
import { ExecRecord, type ExecRing, type RingHandler } from "./bpf/mod.ts";
import { Captures } from "./captures.ts";
import { EXEC } from "./event_buffer.ts";
import type { EventDecoder } from "./event_decoder.ts";
import type { ExecNamer } from "./exec_source.ts";
import * as c from "./linux/mod.ts";
import type { Libc } from "./linux/mod.ts";
import { RingSource } from "./ring_source.ts";
import type { NetlinkSocket } from "./socket.ts";

/** The event of an exec comes some microseconds after its record; one that isn't there after this time was lost. */
const EVENT_NS = 2e9;
/** In place of what was captured: no record of the exec has been found. */
const UNMATCHED = -1;
/** How long a drain waits for a processor that was stopped while it wrote a record: those of all others stand behind that. */
const HELD_UP_NS = 5e6;

export class RecordedExecs extends RingSource implements RingHandler {
  readonly #socket: NetlinkSocket;
  readonly #decoder: EventDecoder;
  readonly #record = new ExecRecord();
  readonly #captures = new Captures();
  #namer: ExecNamer | undefined;

  constructor(libc: Libc, socket: NetlinkSocket, ring: ExecRing, decoder: EventDecoder) {
    super(libc, ring);
    this.#socket = socket;
    this.#decoder = decoder;
  }

  override get backlog(): number {
    return super.backlog + (this.#captures.isEmpty ? 0 : 1);
  }

  override get bufferedBytes(): number {
    return super.bufferedBytes + this.#captures.capacity * Captures.bytesEach;
  }

  /** Reads the events first: then the record of each is in the ring, or was lost. */
  protected override read(namer: ExecNamer): void {
    this.#receiveEvents();
    this.#namer = namer;
    this.ring.drain(this);
    let nowNs = this.libc.clock(c.CLOCK_MONOTONIC);
    const endNs = nowNs + HELD_UP_NS;
    while (!this.#match() && this.ring.ring.isHeldUp && nowNs < endNs) {
      this.ring.drain(this);
      nowNs = this.libc.clock(c.CLOCK_MONOTONIC);
    }
    if (!this.#captures.isEmpty) this.#captures.forget(nowNs - EVENT_NS);
  }

  record(at: number, length: number): void {
    const record = this.#record, { view, bytes } = this.ring.ring;
    if (!record.read(view, at, length)) {
      this.#decoder.counts.malformed++;
      return;
    }
    const captured = this.#namer!.captureRecord(record, bytes);
    this.#captures.add(record.timeNs, record.tgid, captured, record.user, record.controlGroup);
  }

  /** Gives execs what was captured of them; false where one is without. */
  #match(): boolean {
    const { events } = this;
    let isWhole = true;
    for (let i = 0; i < events.length; i++) {
      if (events.detail[i] !== UNMATCHED) continue;
      events.detail[i] = this.#captures.take(events.pid[i]!, events.timestampNs[i]!);
      if (events.detail[i] === UNMATCHED) isWhole = false;
      else {
        events.user[i] = this.#captures.user;
        events.group[i] = this.#captures.group;
      }
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
