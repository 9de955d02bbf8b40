/**
 * From forks, execs and exits to images: the table of processes, the start-up scan, resynchronisation.
 *
 * @module
 */
export { Clocks } from "./clocks.ts";
export { ProcessColumns } from "./columns.ts";
export { type AccountingSource } from "./end_records.ts";
export { Intake } from "./intake.ts";
export { Resync } from "./resync.ts";
export { Scanner } from "./scan.ts";
export { type RunningProcess } from "./found.ts";
export { ProcessTable } from "./table.ts";
