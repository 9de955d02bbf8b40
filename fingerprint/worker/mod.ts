/**
 * The thread that reads events: its loop over either source, and what the main thread says to it.
 *
 * @module
 */
export { garbageCollection, HEAP_VARIABLES } from "./memory.ts";
export { NO_RING, openRing, type RingWish } from "./opening.ts";
export { type Log, type LogFields, type LogLevel, type SourceWish, type WorkerConfig } from "./protocol.ts";
export { type RunningTree } from "./running.ts";
export { Watcher, WatchError } from "./watcher.ts";
