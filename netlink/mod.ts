/**
 * The kernel side: the C library, netlink sockets, the proc connector, accounting records, and the reader that joins them.
 *
 * @module
 */
export { Accounting } from "./accounting.ts";
export {
  ExecRecord,
  ExecRing,
  MORE_VARIABLES,
  NAME_LIMIT,
  OPTION_BYTES,
  OPTION_VARIABLES,
  ProgramRefusedError,
  RING_BYTES,
  UNREAD_VARIABLES,
  type VariableName,
  VARIABLES,
  VERSIONED_VARIABLES,
  writePath,
} from "./bpf/mod.ts";
export { Connector } from "./connector.ts";
export {
  CachedPlaces,
  capabilityNames,
  type CapabilitySets,
  constants,
  cString,
  Descriptor,
  dropFromBoundingSet,
  errnoName,
  findPlace,
  Libc,
  NO_USER,
  NOT_CACHED,
  Notifier,
  openPrivateProcfs,
  openWake,
  pointers,
  raiseAmbient,
  readCapabilities,
  runIdleChild,
  setCapabilities,
  setFifo,
  setNice,
  setOther,
  setShortSlice,
  SourceUnavailableError,
  SystemCallError,
  Waiter,
  wake,
} from "./linux/mod.ts";
export { attachFilter, SECOND_SOCKET } from "./filter.ts";
export { type EventHandler, Reader } from "./reader.ts";
export {
  COMM_BYTES,
  LAST,
  LEADER,
  PARTIAL_SUMS,
  PROCESS_SUMS,
  RECORD_AMOUNTS,
  RecordField,
  RecordQueue,
  UNDECIDED,
} from "./records.ts";
export { columns, fields, hashBytes, hashInts, IntTable, Rows, shrunk } from "./tables/mod.ts";
