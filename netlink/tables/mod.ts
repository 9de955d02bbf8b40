/**
 * Tables of numbers that grow, shrink and are looked up without an object a row.
 *
 * @module
 */
export { columns, shrunk } from "./columns.ts";
export { fields } from "./fields.ts";
export { hashBytes, hashInts } from "./hash.ts";
export { IntTable } from "./int_table.ts";
export { Rows } from "./rows.ts";
