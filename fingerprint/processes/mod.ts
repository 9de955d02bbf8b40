/**
 * From forks, execs and exits to images: the table of processes, the start-up scan, resynchronisation.
 *
 * @module
 */
export { Resync } from "./resync.ts";
export { Scanner } from "./scan.ts";
export { ProcessTable } from "./table.ts";
