/**
 * What is Linux but not netlink: the C library, constants, errors, capabilities, scheduling, processes and waiting.
 *
 * @module
 */
export { LITTLE } from "./byte_order.ts";
export {
  capabilityNames,
  type CapabilitySets,
  dropFromBoundingSet,
  raiseAmbient,
  readCapabilities,
  setCapabilities,
} from "./capabilities.ts";
export { Descriptor } from "./descriptor.ts";
export * as constants from "./constants.ts";
export * from "./constants.ts";
export { errnoName, SourceUnavailableError, SystemCallError, type Unavailable } from "./errors.ts";
export { cString, Libc, Mapping } from "./libc.ts";
export { Notifier } from "./notify.ts";
export { CachedPlaces, findPlace, NOT_CACHED } from "./places.ts";
export { openPrivateProcfs } from "./private_procfs.ts";
export { setFifo, setNice, setOther, setShortSlice } from "./scheduling.ts";
export { pointers, runIdleChild } from "./spawn.ts";
export { EdgeTriggered, openWake, Waiter, wake } from "./wake.ts";
