/**
 * The kernel side: the C library, netlink sockets, the proc connector, accounting records, and the reader that joins them.
 *
 * @module
 */
export { Accounting } from "./accounting.ts";
export {
  capabilityNames,
  type CapabilitySets,
  dropFromBoundingSet,
  raiseAmbient,
  readCapabilities,
  setCapabilities,
} from "./capabilities.ts";
export { pointers, runIdleChild } from "./child.ts";
export { Connector, type ConnectorBuffers } from "./connector.ts";
export * as constants from "./constants.ts";
export { errnoName, SourceUnavailableError, SystemCallError, type Unavailable } from "./errors.ts";
export { IntTable } from "./int_table.ts";
export { cString, Libc } from "./libc.ts";
export { Notifier, NotifyError } from "./notify.ts";
export { type EventHandler, Reader, type ReaderCounts } from "./reader.ts";
export { COMM_BYTES, LAST, LEADER, PROCESS_SUMS, RecordField, RecordQueue } from "./records.ts";
export { setFifo, setNice, setOther, setShortSlice } from "./scheduling.ts";
export { openWake, Waiter, wake } from "./waiting.ts";
