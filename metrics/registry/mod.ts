/**
 * The numbers of all trees, as of the last report.
 *
 * @module
 */
export { Registry, type RegistryObserver, type Tree, type Watcher } from "./registry.ts";
export { type Expectation, EXPECTED } from "./shown_row.ts";
