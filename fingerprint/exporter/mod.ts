/**
 * The exporter's own process: its rights, its connections, what it uses.
 *
 * @module
 */
export { AppendedFile } from "./appended_file.ts";
export { type HandedOver, keepNeededPrivileges, NOTHING_OPEN, type PrivilegeNeeds } from "./least_privilege.ts";
export { type OwnConnection, OwnConnections } from "./own_connections.ts";
export { type OwnListener, OwnListeners } from "./own_listeners.ts";
export { isStandardError } from "./standard_error.ts";
export { type SelfProcess, selfProcessReader } from "./self_process.ts";
