/**
 * The reader: captures execs as they come, and applies all events in the order of their kernel timestamps.
 *
 * **Capture now, account later.** {@link Reader.wait} blocks in the exec socket and hands each exec to the capture at once,
 * because the process may be gone half a millisecond later. Forks, exits and accounting records wait in their sockets until
 * {@link Reader.drain}, which happens every fifth of a second or so and before a report.
 *
 * @module
 */
import type { Accounting } from "./accounting.ts";
import { BUSY_MS, type Connector } from "./connector.ts";
import * as c from "./linux/mod.ts";
import { EventBuffer, EXEC, EXIT, FORK } from "./event_buffer.ts";
import { type Libc, Waiter } from "./linux/mod.ts";
import { DECODED, decodeProcEvent, MALFORMED, ProcEvent } from "./proc_event.ts";
import { RecordQueue } from "./records.ts";
import type { NetlinkSocket } from "./socket.ts";
import { decodeTaskRecord, TaskRecord } from "./taskstats.ts";

/** Who gets the events. All times are CLOCK_MONOTONIC, nanoseconds. */
export interface EventHandler {
  /**
   * Looks at a process that has just exec'd; the number it returns comes back with {@link exec}. Called at once, but `isLate`
   * after a stop, when the id may have been given to another process since.
   */
  capture(pid: number, isLate: boolean): number;
  /** Events in the order of their timestamps, when they are applied. */
  fork(timestampNs: number, parent: number, child: number): void;
  /** `readNs` is when {@link capture} had looked. */
  exec(timestampNs: number, pid: number, captured: number, readNs: number): void;
  /** `status` as wait(2) reports it. The process's accounting records, if any, wait in {@link Reader.records}. */
  exit(timestampNs: number, pid: number, status: number): void;
}

/** Counts of what was received. */
export interface ReaderCounts {
  forks: number;
  execs: number;
  exits: number;
  otherEvents: number;
  threadEvents: number;
  records: number;
  malformed: number;
}

/**
 * An exec that is read so late may belong to a process whose id has been used again since; it is named from its record. The
 * reader is late until it has caught up with one that is this young.
 */
const LATE_NS = 2e7;
const FRESH_NS = 1e6;

export class Reader {
  readonly counts: ReaderCounts = {
    forks: 0,
    execs: 0,
    exits: 0,
    otherEvents: 0,
    threadEvents: 0,
    records: 0,
    malformed: 0,
  };
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
  readonly #connector: Connector;
  readonly #accounting: Accounting | undefined;
  readonly #waiter: Waiter;
  readonly #execs = new EventBuffer();
  readonly #lifecycle = new EventBuffer();
  readonly #event = new ProcEvent();
  readonly #record = new TaskRecord();
  #execLimit = 1;
  #isLate = false;
  #lastExecNs = -Infinity;
  #recordDrops = 0;
  #lossFreeDrains = 2;

  constructor(libc: Libc, connector: Connector, accounting: Accounting | undefined, wakeFd: number) {
    this.#libc = libc;
    this.#connector = connector;
    this.#accounting = accounting;
    this.#waiter = new Waiter(libc, connector.execs.fd, wakeFd);
    this.#record.tickSeconds = libc.resolution(c.CLOCK_REALTIME_COARSE) / 1e9;
  }

  /** Waits for execs at most `milliseconds` and captures those that come. True when another thread woke this one. */
  wait(milliseconds: number, handler: EventHandler): boolean {
    this.#waiter.wait(milliseconds);
    if (this.#waiter.sourceReady) this.#receiveExecs(handler, false);
    else this.nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    return this.#waiter.takeWake();
  }

  /**
   * As {@link wait}, for a time in which execs come thick and fast: one system call less for each, but no other thread can
   * wake this one. Ends after {@link BUSY_MS} without an exec.
   */
  waitBusy(handler: EventHandler): void {
    const socket = this.#connector.execs, length = socket.receiveNext();
    this.nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    if (length >= 0) this.#captureExec(handler, 0, length);
  }

  /** Whether an exec has come a moment ago, so that the next is expected soon. */
  get isBusy(): boolean {
    return this.nowNs - this.#lastExecNs < BUSY_MS * 1e6;
  }

  /** Whether more execs wait for their application than a drain should take at once. */
  get backlog(): number {
    return this.#execs.length;
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
    this.#receiveExecs(handler, true);
    this.#receiveLifecycle();
    this.receiveRecords();
    const records = this.#accounting?.socket.drops() ?? 0;
    this.#lossFreeDrains = records === this.#recordDrops ? this.#lossFreeDrains + 1 : 0;
    this.#recordDrops = records;
    this.#apply(handler);
  }

  /** Bytes that the buffers of waiting events and records take: much after a storm or a stop, until the next drain. */
  get bufferedBytes(): number {
    return (this.#execs.capacity + this.#lifecycle.capacity) * EventBuffer.bytesPerEvent +
      this.records.capacity * RecordQueue.bytesPerRecord;
  }

  /** Whether the record of every exit that the last drain applied had arrived: accounting works, and lost none lately. */
  get hasAllRecords(): boolean {
    return this.#accounting !== undefined && this.#lossFreeDrains >= 2;
  }

  /** Messages the kernel dropped, by socket, since their opening. */
  drops(): { execs: number; lifecycle: number; records: number } {
    return {
      execs: this.#connector.execs.drops(),
      lifecycle: this.#connector.lifecycle.drops(),
      records: this.#accounting?.socket.drops() ?? 0,
    };
  }

  /** `all` that wait, or what comes with one call. */
  #receiveExecs(handler: EventHandler, all: boolean): void {
    const socket = this.#connector.execs;
    for (;;) {
      // Mostly one exec waits, and to ask for more would cost a second look at an empty queue.
      const limit = all ? socket.batch : this.#execLimit;
      const received = socket.receive(limit);
      this.nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      for (let i = 0; i < received; i++) this.#captureExec(handler, i, socket.lengthOf(i));
      if (!all) this.#execLimit = received < limit ? 1 : Math.min(socket.batch, 4 * limit);
      if (!all || received < limit) return;
    }
  }

  #captureExec(handler: EventHandler, index: number, length: number): void {
    const event = this.#event;
    if (!this.#decode(this.#connector.execs, index, length) || event.what !== c.PROC_EVENT_EXEC) return;
    this.counts.execs++;
    this.#lastExecNs = this.nowNs;
    const age = this.nowNs - event.timestampNs;
    if (age > LATE_NS) this.#isLate = true;
    else if (age < FRESH_NS) this.#isLate = false;
    const captured = handler.capture(event.tgid, this.#isLate);
    this.#execs.push(event.timestampNs, EXEC, event.tgid, captured, this.#libc.clock(c.CLOCK_MONOTONIC));
  }

  #receiveLifecycle(): void {
    const socket = this.#connector.lifecycle, event = this.#event;
    let received: number;
    do {
      received = socket.receive();
      for (let i = 0; i < received; i++) {
        if (!this.#decode(socket, i, socket.lengthOf(i))) continue;
        if (event.isThread) {
          this.counts.threadEvents++;
        } else if (event.what === c.PROC_EVENT_FORK) {
          this.counts.forks++;
          this.#lifecycle.push(event.timestampNs, FORK, event.tgid, event.parentTgid);
        } else if (event.what === c.PROC_EVENT_EXIT) {
          this.counts.exits++;
          this.#lifecycle.push(event.timestampNs, EXIT, event.tgid, event.exitCode);
        }
      }
    } while (received === socket.batch);
  }

  #decode(socket: NetlinkSocket, index: number, length: number): boolean {
    const decoded = decodeProcEvent(socket.view, index * socket.datagramBytes, length, this.#event);
    if (decoded === MALFORMED) this.counts.malformed++;
    else if (decoded !== DECODED || (this.#event.what & OF_INTEREST) === 0) this.counts.otherEvents++;
    return decoded === DECODED;
  }

  /** Reads the accounting records that wait. That of a process whose executable can't be read any more is among them. */
  receiveRecords(): void {
    const socket = this.#accounting?.socket, record = this.#record;
    if (socket === undefined) return;
    let received: number;
    do {
      received = socket.receive();
      const receivedNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      for (let i = 0; i < received; i++) {
        if (decodeTaskRecord(socket.view, i * socket.datagramBytes, socket.lengthOf(i), record)) {
          this.counts.records++;
          this.records.push(record, socket.view, this.generation, receivedNs);
        } else {
          this.counts.malformed++;
        }
      }
    } while (received === socket.batch);
  }

  /** Merges the two buffers up to the beginning of the drain. */
  #apply(handler: EventHandler): void {
    const execs = this.#execs, lifecycle = this.#lifecycle, until = this.drainNs;
    let e = 0, l = 0;
    for (;;) {
      const nextExec = e < execs.length ? execs.timestampNs[e]! : Infinity;
      const nextLifecycle = l < lifecycle.length ? lifecycle.timestampNs[l]! : Infinity;
      if (Math.min(nextExec, nextLifecycle) > until) break;
      if (nextExec < nextLifecycle) {
        handler.exec(nextExec, execs.pid[e]!, execs.detail[e]!, execs.readNs[e]!);
        e++;
      } else {
        if (lifecycle.kind[l] === FORK) handler.fork(nextLifecycle, lifecycle.detail[l]!, lifecycle.pid[l]!);
        else handler.exit(nextLifecycle, lifecycle.pid[l]!, lifecycle.detail[l]!);
        l++;
      }
    }
    execs.drop(e);
    lifecycle.drop(l);
  }
}

const OF_INTEREST = c.PROC_EVENT_FORK | c.PROC_EVENT_EXEC | c.PROC_EVENT_EXIT;
