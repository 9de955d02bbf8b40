/**
 * `struct proc_event` of the proc connector (uapi/linux/cn_proc.h, Linux 6.18): decoding one datagram.
 *
 * Offsets count from the start of the datagram (netlink header 16, connector header 20). `timestamp_ns` is not 8-aligned
 * there. Layout since 2.6.22; `exit` got its parent fields in 4.18, and a kernel before sends 8 bytes less.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { LITTLE } from "./linux/mod.ts";
import { CN_MSG, NLMSGHDR } from "./wire.ts";

/** Offsets in the datagram, by kernel field name, of the types that the reader's filters let through. */
export const PROC_EVENT = {
  what: 36,
  cpu: 40,
  timestamp_ns: 44,
  event_data: 52,
  fork: { parent_pid: 52, parent_tgid: 56, child_pid: 60, child_tgid: 64, end: 68 },
  exec: { process_pid: 52, process_tgid: 56, end: 60 },
  exit: {
    process_pid: 52,
    process_tgid: 56,
    exit_code: 60,
    exit_signal: 64,
    end: 68,
    parent_pid: 68,
    parent_tgid: 72,
    fullEnd: 76,
  },
  ack: { err: 52, end: 56 },
} as const;

/** What a datagram was: decoded, of a type without a decoder here, or not a message of the proc connector. */
export const DECODED = 1;
export const UNKNOWN_TYPE = 0;
export const MALFORMED = -1;

/**
 * A decoded event; one object is filled again and again. Ids are in the initial pid namespace. Fields that a type doesn't
 * have are 0.
 */
export class ProcEvent {
  /** Type, one of the `PROC_EVENT_*` constants. */
  what = 0;
  cpu = 0;
  /** Time of the event on CLOCK_MONOTONIC, nanoseconds. */
  timestampNs = 0;
  /** Thread id and process id (`process_pid`, `process_tgid`); of the child for a fork. */
  pid = 0;
  tgid = 0;
  /** fork, exit: the parent. For the fork of a thread the kernel gives the parent of the process. */
  parentPid = 0;
  parentTgid = 0;
  /** exit: the status as wait(2) reports it, and the signal sent to the parent. */
  exitCode = 0;
  exitSignal = 0;
  /** acknowledgement: the error number, 0 for success; and `ack` of the connector header, that is the request's number + 1. */
  error = 0;
  ack = 0;

  /** Whether the event is about a thread other than its process's first. */
  get isThread(): boolean {
    return this.pid !== this.tgid;
  }
}

/** Decodes the datagram of `length` bytes at `start` of `view` into `event`. Never reads past `length`; never throws. */
export function decodeProcEvent(view: DataView, start: number, length: number, event: ProcEvent): 1 | 0 | -1 {
  if (length < PROC_EVENT.event_data || start < 0 || start + length > view.byteLength) return MALFORMED;
  const messageLength = view.getInt32(start + NLMSGHDR.nlmsg_len, LITTLE);
  if (messageLength < PROC_EVENT.event_data || messageLength > length) return MALFORMED;
  if (
    view.getInt32(start + CN_MSG.idx, LITTLE) !== c.CN_IDX_PROC ||
    view.getInt32(start + CN_MSG.val, LITTLE) !== c.CN_VAL_PROC
  ) {
    return MALFORMED;
  }
  const have = Math.min(messageLength, CN_MSG.end + (view.getInt16(start + CN_MSG.len, LITTLE) & 0xffff));
  if (have < PROC_EVENT.event_data) return MALFORMED;
  const what = view.getInt32(start + PROC_EVENT.what, LITTLE) >>> 0;
  event.what = what;
  event.cpu = view.getInt32(start + PROC_EVENT.cpu, LITTLE) >>> 0;
  event.timestampNs = (view.getInt32(start + PROC_EVENT.timestamp_ns, LITTLE) >>> 0) +
    (view.getInt32(start + PROC_EVENT.timestamp_ns + 4, LITTLE) >>> 0) * 4294967296;
  event.pid =
    event.tgid =
    event.parentPid =
    event.parentTgid =
      0;
  event.exitCode =
    event.exitSignal =
    event.error =
    event.ack =
      0;
  switch (what) {
    case c.PROC_EVENT_FORK: {
      const at = PROC_EVENT.fork;
      if (have < at.end) return MALFORMED;
      event.pid = view.getInt32(start + at.child_pid, LITTLE);
      event.tgid = view.getInt32(start + at.child_tgid, LITTLE);
      event.parentPid = view.getInt32(start + at.parent_pid, LITTLE);
      event.parentTgid = view.getInt32(start + at.parent_tgid, LITTLE);
      return DECODED;
    }
    case c.PROC_EVENT_EXEC: {
      const at = PROC_EVENT.exec;
      if (have < at.end) return MALFORMED;
      event.pid = view.getInt32(start + at.process_pid, LITTLE);
      event.tgid = view.getInt32(start + at.process_tgid, LITTLE);
      return DECODED;
    }
    case c.PROC_EVENT_EXIT: {
      const at = PROC_EVENT.exit;
      if (have < at.end) return MALFORMED;
      event.pid = view.getInt32(start + at.process_pid, LITTLE);
      event.tgid = view.getInt32(start + at.process_tgid, LITTLE);
      event.exitCode = view.getInt32(start + at.exit_code, LITTLE) >>> 0;
      event.exitSignal = view.getInt32(start + at.exit_signal, LITTLE) >>> 0;
      if (have < at.fullEnd) return DECODED;
      event.parentPid = view.getInt32(start + at.parent_pid, LITTLE);
      event.parentTgid = view.getInt32(start + at.parent_tgid, LITTLE);
      return DECODED;
    }
    case c.PROC_EVENT_NONE:
      if (have < PROC_EVENT.ack.end) return MALFORMED;
      event.error = view.getUint32(start + PROC_EVENT.ack.err, LITTLE);
      event.ack = view.getUint32(start + CN_MSG.ack, LITTLE);
      return DECODED;
    default:
      return UNKNOWN_TYPE;
  }
}
