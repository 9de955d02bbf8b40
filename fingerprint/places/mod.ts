/**
 * Which folders only root writes to, which a known tool made for a user, and which are everybody's.
 *
 * @module
 */
export { climbs, isShared, isSystem, isTemporary, isVouched } from "./folders.ts";
