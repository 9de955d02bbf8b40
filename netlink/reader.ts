/**
 * The reader: hands execs to who names them, and applies all events in the order of their kernel timestamps.
 *
 * **Capture now, account later.** Where nothing but /proc names an image, {@link Reader.wait} hands each exec over at once,
 * because the process may be gone half a millisecond later; where the kernel records the names, with everything else. Forks,
 * exits and accounting records wait in their sockets until {@link Reader.drain}, which happens every fifth of a second or so and
 * before a report. Without a connector a ring has all events, and accounting records alone come from a socket.
 *
 * @module
 */
import type { Accounting } from "./accounting.ts";
import type { ExecRing } from "./bpf/mod.ts";
import type { Connector } from "./connector.ts";
import { EventBuffer, EXEC, EXIT, FORK } from "./event_buffer.ts";
import { EventDecoder, type ReaderCounts } from "./event_decoder.ts";
import { ExecSocket } from "./exec_socket.ts";
import type { ExecNamer, ExecSource } from "./exec_source.ts";
import * as c from "./linux/mod.ts";
import { type Libc, Waiter } from "./linux/mod.ts";
import { RecordedExecs } from "./recorded_execs.ts";
import { RecordQueue } from "./records.ts";
import { RingEvents } from "./ring_events.ts";
import { decodeTaskRecord, TaskRecord } from "./taskstats.ts";

/** Who gets the events. All times are CLOCK_MONOTONIC, nanoseconds. */
export interface EventHandler extends ExecNamer {
  /** Events in the order of their timestamps, when they are applied. */
  fork(timestampNs: number, parent: number, child: number): void;
  /**
   * `captured` is what named the image, -1 where nothing did; `readNs` is when that had been read; `user` is who runs it, NO_USER
   * where that isn't told; `group` is the id of its control group, 0 where that isn't.
   */
  exec(timestampNs: number, pid: number, captured: number, readNs: number, user: number, group: number): void;
  /** `status` as wait(2) reports it. The process's accounting records, if any, wait in {@link Reader.records}. */
  exit(timestampNs: number, pid: number, status: number): void;
}

/** Execs that {@link Reader.execsAgain} compares: those of one process follow each other closely. */
const MOST_COMPARED = 1024;

/** After so many drains without a loss all that was sent before it has been read. */
const LOSS_FREE_DRAINS = 2;

/** Messages the kernel dropped, by socket or ring. */
interface Drops {
  readonly execs: number;
  readonly lifecycle: number;
  readonly records: number;
  readonly ring: number;
}

/** Later than every event. */
const LATEST_NS = Number.MAX_VALUE;

export class Reader implements Disposable {
  /** Accounting records whose process hasn't been seen to end yet. */
  readonly records = new RecordQueue();
  /** Number of the current drain; records carry it. */
  generation = 0;
  /** When {@link wait} ended last. */
  nowNs = 0;
  /** Times of the last drain and the one before. */
  drainNs = 0;
  previousDrainNs = 0;
  readonly #libc: Libc;
  readonly #connector: Connector | undefined;
  readonly #accounting: Accounting | undefined;
  readonly #waiter: Waiter;
  readonly #ring: ExecRing | undefined;
  readonly #execs: ExecSource & Partial<Disposable>;
  /** Place of the exec that is being applied. */
  #execAt = 0;
  readonly #lifecycle = new EventBuffer();
  readonly #decoder = new EventDecoder();
  readonly #record = new TaskRecord();
  /** What {@link drops} said in the last drain. */
  dropped: Drops = { execs: 0, lifecycle: 0, records: 0, ring: 0 };
  /** Drains since records, and events, were lost. */
  readonly #lossFree = { records: LOSS_FREE_DRAINS, events: LOSS_FREE_DRAINS };

  /** With a `ring` the kernel names images itself; without a connector, all events come from it. */
  constructor(
    libc: Libc,
    connector: Connector | undefined,
    accounting: Accounting | undefined,
    wakeFd: number,
    ring?: ExecRing,
  ) {
    this.#libc = libc;
    this.#connector = connector;
    this.#accounting = accounting;
    this.#ring = ring;
    if (connector !== undefined) {
      this.#execs = ring === undefined
        ? new ExecSocket(libc, connector.execs, this.#decoder)
        : new RecordedExecs(libc, connector.execs, ring, this.#decoder);
    } else if (ring !== undefined) {
      this.#execs = new RingEvents(libc, ring, this.#decoder.counts);
    } else {
      throw new TypeError("Cannot read events: there is neither a connector nor a ring");
    }
    this.#waiter = new Waiter(libc, this.#execs.fd, wakeFd);
    this.#record.tickSeconds = libc.resolution(c.CLOCK_REALTIME_COARSE) / 1e9;
  }

  get counts(): Readonly<ReaderCounts> {
    return this.#decoder.counts;
  }

  /** Waits at most `milliseconds`, for execs to be captured or until a drain is wanted. True when another thread woke this one. */
  wait(milliseconds: number, handler: EventHandler): boolean {
    this.#waiter.wait(milliseconds);
    this.nowNs = this.#waiter.sourceReady ? this.#execs.receive(handler) : this.#libc.clock(c.CLOCK_MONOTONIC);
    return this.#waiter.takeWake();
  }

  /**
   * As {@link wait}, for a time in which execs come thick and fast: one system call less for each, but no other thread can
   * wake this one. Ends after a few hundredths of a second without an exec.
   */
  waitBusy(handler: EventHandler): void {
    this.nowNs = this.#execs.waitBusy(handler);
  }

  /** Whether an exec has come a moment ago, so that the next is expected soon. */
  get isBusy(): boolean {
    return this.#execs.isBusy(this.nowNs);
  }

  /** Whether a drain is wanted now: much waits, or a process whose root may be new. */
  get wantsDrain(): boolean {
    return this.#execs.wantsDrain;
  }

  /** Whether more execs wait for their application than a drain should take at once. */
  get backlog(): number {
    return this.#execs.backlog;
  }

  /**
   * Reads everything that waits and applies what happened up to now, in order.
   *
   * The execs are read first and the records last: then every exec that came before an applied exit has been captured, and
   * the record of every exit that is applied has arrived (the kernel sends it before the exit event). What is younger than
   * the beginning of the drain waits for the next.
   */
  drain(handler: EventHandler): void {
    this.generation++;
    this.previousDrainNs = this.drainNs;
    this.drainNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    this.#execs.drain(handler);
    this.#receiveLifecycle();
    this.receiveRecords();
    const { records } = this.dropped, { lostEvents } = this;
    this.dropped = this.drops();
    this.#lossFree.records = this.dropped.records === records ? this.#lossFree.records + 1 : 0;
    this.#lossFree.events = this.lostEvents === lostEvents ? this.#lossFree.events + 1 : 0;
    this.#apply(handler);
  }

  /** Whether the process whose exec is being applied, by the connector, execs again among the next that have come. */
  execsAgain(pid: number): boolean {
    const { events } = this.#execs, end = Math.min(events.length, this.#execAt + MOST_COMPARED);
    for (let i = this.#execAt + 1; i < end; i++) if (events.pid[i] === pid) return true;
    return false;
  }

  /** Bytes that the buffers of waiting events and records take: much after a storm or a stop, until the next drain. */
  get bufferedBytes(): number {
    return this.#execs.bufferedBytes + this.#lifecycle.capacity * EventBuffer.bytesPerEvent +
      this.records.capacity * RecordQueue.bytesPerRecord;
  }

  /** Whether an exit is told when the last task of a process ends, instead of its first thread. */
  get hasWholeExits(): boolean {
    return this.#connector === undefined;
  }

  /** Whether the record of every exit that the last drain applied had arrived: accounting works, and lost none lately. */
  get hasAllRecords(): boolean {
    return this.#accounting !== undefined && this.#lossFree.records >= LOSS_FREE_DRAINS;
  }

  /** Events that were lost up to the last drain. Beside the connector a ring only names, and what it lost is named otherwise. */
  get lostEvents(): number {
    const { execs, lifecycle, ring } = this.dropped;
    return this.#connector === undefined ? ring : execs + lifecycle;
  }

  /** Whether events were lost lately: an exit may be missing whose record has come. */
  get hasLostEvents(): boolean {
    return this.#lossFree.events < LOSS_FREE_DRAINS;
  }

  /** Messages the kernel dropped, by socket or ring, since their opening. */
  drops(): Drops {
    return {
      execs: this.#connector?.execs.drops() ?? 0,
      lifecycle: this.#connector?.lifecycle.drops() ?? 0,
      records: this.#accounting?.socket.drops() ?? 0,
      ring: this.#ring?.lost() ?? 0,
    };
  }

  #receiveLifecycle(): void {
    const socket = this.#connector?.lifecycle, { event, counts } = this.#decoder;
    if (socket === undefined) return;
    let received: number;
    do {
      received = socket.receive();
      for (let i = 0; i < received; i++) {
        if (!this.#decoder.decode(socket, i, socket.lengthOf(i))) continue;
        if (event.isThread) {
          counts.threadEvents++;
        } else if (event.what === c.PROC_EVENT_FORK) {
          counts.forks++;
          this.#lifecycle.push(event.timestampNs, FORK, event.tgid, event.parentTgid);
        } else if (event.what === c.PROC_EVENT_EXIT) {
          counts.exits++;
          this.#lifecycle.push(event.timestampNs, EXIT, event.tgid, event.exitCode);
        }
      }
    } while (received === socket.batch);
  }

  /** Reads the accounting records that wait. That of a process whose executable can't be read any more is among them. */
  receiveRecords(): void {
    const socket = this.#accounting?.socket, record = this.#record, { counts } = this.#decoder;
    if (socket === undefined) return;
    let received: number;
    do {
      received = socket.receive();
      const receivedNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      for (let i = 0; i < received; i++) {
        if (decodeTaskRecord(socket.view, i * socket.datagramBytes, socket.lengthOf(i), record)) {
          counts.records++;
          this.records.push(record, socket.view, this.generation, receivedNs);
        } else {
          counts.malformed++;
        }
      }
    } while (received === socket.batch);
  }

  /** Gives back what the reader opened itself; the sources aren't its own. */
  [Symbol.dispose](): void {
    this.#execs[Symbol.dispose]?.();
  }

  /** Merges the two buffers up to the beginning of the drain: what is younger may be missing from one. A ring is one by itself. */
  #apply(handler: EventHandler): void {
    const execs = this.#execs.events, lifecycle = this.#lifecycle;
    const until = this.#connector === undefined ? LATEST_NS : this.drainNs;
    let e = 0, l = 0;
    for (;;) {
      const nextExec = e < execs.length ? execs.timestampNs[e]! : Infinity;
      const nextLifecycle = l < lifecycle.length ? lifecycle.timestampNs[l]! : Infinity;
      if (Math.min(nextExec, nextLifecycle) > until) break;
      if (nextExec < nextLifecycle) {
        this.#execAt = e;
        apply(execs, e++, handler);
      } else apply(lifecycle, l++, handler);
    }
    execs.drop(e);
    lifecycle.drop(l);
  }
}

function apply(events: EventBuffer, at: number, handler: EventHandler): void {
  const timestampNs = events.timestampNs[at]!, pid = events.pid[at]!, detail = events.detail[at]!;
  switch (events.kind[at]) {
    case FORK:
      return handler.fork(timestampNs, detail, pid);
    case EXEC:
      return handler.exec(timestampNs, pid, detail, events.readNs[at]!, events.user[at]!, events.group[at]!);
    case EXIT:
      return handler.exit(timestampNs, pid, detail);
  }
}
