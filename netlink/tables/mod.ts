/**
 * Tables of numbers that grow, shrink and are looked up without an object a row.
 *
 * @module
 */
export { hashPair } from "./hash.ts";
export { IntTable } from "./int_table.ts";
