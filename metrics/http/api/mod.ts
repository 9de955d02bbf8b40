/**
 * The JSON interface: trees, events, health; once or as a stream.
 *
 * @module
 */
export { Feed } from "./feed.ts";
export { type TreesMessage } from "./subscriber.ts";
export { type EventJson, eventJson, type EventList, Recorder } from "./history.ts";
export { type ProcessesJson } from "./processes.ts";
export { type ApiOptions, apiRoutes, EVENT_STREAM, nearTree } from "./routes.ts";
export { type HealthJson, healthJson, type RecentJson, recentJson, type TreeJson, treeJson } from "./trees.ts";
