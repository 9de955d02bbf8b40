/**
 * The numbers of all trees, as of the last report.
 *
 * @module
 */
export { type EventTree, lostIn, Registry, type RegistryObserver, type Tree, type Watcher } from "./registry.ts";
export { type Expectation, EXPECTED, flagsIn, isLaunchExpected, UNEXPECTED } from "./shown_row.ts";
