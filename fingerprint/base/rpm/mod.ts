/**
 * The database of rpm, in its three formats.
 *
 * @module
 */
export { rpmFiles } from "./digests.ts";
export { readRpm, RPM_DATABASES, RPM_LOCKS } from "./packages.ts";
