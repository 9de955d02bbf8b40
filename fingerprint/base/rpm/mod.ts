/**
 * The database of rpm, in its three formats.
 *
 * @module
 */
export { readRpm } from "./packages.ts";
