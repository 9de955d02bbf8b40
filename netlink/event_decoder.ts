/**
 * Decodes the events that sockets of the connector received, and counts what came.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { DECODED, decodeProcEvent, MALFORMED, ProcEvent } from "./proc_event.ts";
import type { NetlinkSocket } from "./socket.ts";

export interface ReaderCounts {
  forks: number;
  execs: number;
  exits: number;
  otherEvents: number;
  threadEvents: number;
  records: number;
  malformed: number;
}

const OF_INTEREST = c.PROC_EVENT_FORK | c.PROC_EVENT_EXEC | c.PROC_EVENT_EXIT;

export class EventDecoder {
  /** The event that was decoded last. */
  readonly event = new ProcEvent();
  readonly counts: ReaderCounts = {
    forks: 0,
    execs: 0,
    exits: 0,
    otherEvents: 0,
    threadEvents: 0,
    records: 0,
    malformed: 0,
  };

  /** Whether datagram `index`, of `length` bytes, of a socket's last batch was an event: then {@link event} is it. */
  decode(socket: NetlinkSocket, index: number, length: number): boolean {
    const decoded = decodeProcEvent(socket.view, index * socket.datagramBytes, length, this.event);
    if (decoded === MALFORMED) this.counts.malformed++;
    else if (decoded !== DECODED || (this.event.what & OF_INTEREST) === 0) this.counts.otherEvents++;
    return decoded === DECODED;
  }

  /** The same for an exec. */
  decodeExec(socket: NetlinkSocket, index: number, length: number): boolean {
    if (!this.decode(socket, index, length) || this.event.what !== c.PROC_EVENT_EXEC) return false;
    this.counts.execs++;
    return true;
  }
}
