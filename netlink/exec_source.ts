/**
 * Where execs come from, and what names them: one way for each kind of capture. From a source that is alone come forks and exits
 * as well.
 *
 * @module
 */
import type { ExecRecord } from "./bpf/mod.ts";
import type { EventBuffer } from "./event_buffer.ts";

/** Who names images. The number that each returns comes back when the exec is applied. */
export interface ExecNamer {
  /**
   * Looks at a process that has just exec'd. Called at once, but `isLate` after a stop, when the id may have been given to
   * another process since.
   */
  capture(pid: number, isLate: boolean): number;
  /** Takes what the kernel recorded of an exec; `bytes` are those of the record's view. Valid during the call. */
  captureRecord(record: ExecRecord, bytes: Uint8Array): number;
}

export interface ExecSource {
  /** Becomes readable when the reader is wanted. */
  readonly fd: number;
  /** Events that wait to be applied. */
  readonly events: EventBuffer;
  /** How many wait, and captures that wait for their exec. */
  readonly backlog: number;
  /** Bytes that all these take. */
  readonly bufferedBytes: number;
  /** Whether an exec has come a moment ago at `nowNs`, so that it is better to wait for the next with {@link waitBusy}. */
  isBusy(nowNs: number): boolean;
  /** Waits for the next exec, a few hundredths of a second at most. The time afterwards, CLOCK_MONOTONIC in nanoseconds. */
  waitBusy(namer: ExecNamer): number;
  /** {@link fd} has become readable: reads what one call gives. The time afterwards. */
  receive(namer: ExecNamer): number;
  /** Whether a drain is wanted at once. */
  readonly wantsDrain: boolean;
  /** Reads all that has come. */
  drain(namer: ExecNamer): void;
}
