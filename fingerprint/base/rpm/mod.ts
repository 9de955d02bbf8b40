/**
 * The database of rpm, in its three formats.
 *
 * @module
 */
export { isProgram, parseHeader, type RpmHeader, Tag, visitFiles } from "./header.ts";
export { headersOf, readRpm, RPM_DATABASES, RPM_LOCKS } from "./packages.ts";
