/**
 * What each command does.
 *
 * @module
 */
export { untilEnd } from "./ending.ts";
export { explain, type ExplainIo } from "./explain.ts";
export { type Reloadable, Reloader } from "./reload.ts";
export { trace, type Tracing } from "./trace.ts";
export { readTreeFilter } from "./tree_filter.ts";
