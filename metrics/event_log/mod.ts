/**
 * The event log: launches and endings as lines, for who collects logs.
 *
 * @module
 */
export { EventLog } from "./event_log.ts";
export { LineQueue, type LineTarget } from "./line_queue.ts";
export { LOG_REASONS, type LogWish } from "./choice.ts";
