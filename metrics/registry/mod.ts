/**
 * The numbers of all trees, as of the last report.
 *
 * @module
 */
export { Registry, type Tree, type Watcher } from "./registry.ts";
export { EXPECTED } from "./shown_row.ts";
