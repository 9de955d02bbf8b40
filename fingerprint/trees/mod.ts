/**
 * The trie of fingerprints, what is counted of each tree, and the reports to the metrics.
 *
 * @module
 */
export { EVENT_WIDTH, type EventBatch, EventField, EventKind, EventLog } from "./event_log.ts";
export * from "./columns.ts";
export * from "./report.ts";
export { Ending, endingOf } from "./ending.ts";
export { WAY_WIDTH } from "./launch_contexts.ts";
export { TreeTable } from "./table.ts";
export { FINEST_SCHEMA, RUN_TIME_WIDTH, runTimeBucket, ZERO_INDEX, ZERO_SECONDS } from "./run_times.ts";
export { ROOT } from "./nodes.ts";
export { labelBelow, labelForked } from "./user_managers.ts";
export { Trie } from "./trie.ts";
