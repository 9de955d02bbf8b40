/**
 * Execs, forks and exits out of one ring: without the connector, and in the order in which they happened.
 *
 * @module
 */
import {
  ExecRecord,
  type ExecRing,
  EXIT_RECORD,
  FORK_RECORD,
  readTime,
  type RingHandler,
  type RingReader,
} from "./bpf/mod.ts";
import { EXEC, EXIT, FORK } from "./event_buffer.ts";
import type { ReaderCounts } from "./event_decoder.ts";
import type { ExecNamer } from "./exec_source.ts";
import { type Libc, LITTLE } from "./linux/mod.ts";
import { RingSource } from "./ring_source.ts";

/** Exits that are remembered, by the lower bits of their process id. */
const REMEMBERED = 1024;

export class RingEvents extends RingSource implements RingHandler {
  readonly #counts: ReaderCounts;
  readonly #record = new ExecRecord();
  readonly #reader: RingReader;
  readonly #endedPid = new Int32Array(REMEMBERED);
  readonly #endedStart = new Float64Array(REMEMBERED);
  #namer: ExecNamer | undefined;

  constructor(libc: Libc, ring: ExecRing, counts: ReaderCounts) {
    super(libc, ring);
    this.#counts = counts;
    this.#reader = ring.ring;
  }

  record(at: number, length: number): void {
    const { view } = this.#reader;
    if (length === FORK_RECORD.length) this.#fork(view, at);
    else if (length === EXIT_RECORD.length) this.#exit(view, at);
    else if (this.#record.read(view, at, length)) this.#exec(this.#record);
    else this.#counts.malformed++;
  }

  protected override read(namer: ExecNamer): void {
    this.#namer = namer;
    this.ring.drain(this);
  }

  #fork(view: DataView, at: number): void {
    const child = view.getInt32(at + FORK_RECORD.tgid, LITTLE), parent = view.getInt32(at + FORK_RECORD.parent, LITTLE);
    this.#counts.forks++;
    this.events.push(readTime(view, at + FORK_RECORD.time), FORK, child, parent);
  }

  #exec(record: ExecRecord): void {
    const { timeNs } = record, captured = this.#namer!.captureRecord(record, this.#reader.bytes);
    this.#counts.execs++;
    // What the kernel recorded was read in the exec itself.
    this.events.push(timeNs, EXEC, record.tgid, captured, timeNs, record.user, record.controlGroup);
  }

  #exit(view: DataView, at: number): void {
    const pid = view.getInt32(at + EXIT_RECORD.tgid, LITTLE), start = readTime(view, at + EXIT_RECORD.start);
    // Before 6.16 each of two threads may take itself for the last (`lifecycle_programs.ts`): the second tells nothing new.
    const place = pid & REMEMBERED - 1;
    if (this.#endedPid[place] === pid && this.#endedStart[place] === start) return;
    this.#endedPid[place] = pid;
    this.#endedStart[place] = start;
    this.#counts.exits++;
    const status = view.getInt32(at + EXIT_RECORD.status, LITTLE);
    this.events.push(readTime(view, at + EXIT_RECORD.time), EXIT, pid, status);
  }
}
