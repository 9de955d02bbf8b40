/**
 * From events to fingerprints: the process table, the labels, the trie of trees, and the worker that keeps them.
 *
 * @module
 */
export { EVENT_WIDTH, type EventBatch, EventField, EventKind } from "./event_log.ts";
export { type Ancestor, type ExplainedRule, Explainer, type Explanation, type ProcessExplanation } from "./explain.ts";
export { keepNeededPrivileges, type PrivilegeNeeds } from "./least_privilege.ts";
export { garbageCollection } from "./memory.ts";
export { type OwnConnection, OwnConnections } from "./own_connections.ts";
export { type Log, type LogFields, type LogLevel, type SourceWish, type WorkerConfig } from "./protocol.ts";
export * from "./report.ts";
export { CompiledRules, loadExpressions, NO_RULES, type RenameRule, RuleError, type Rules } from "./rules.ts";
export { type SelfProcess, selfProcessReader } from "./self_process.ts";
export { Watcher, WatchError } from "./watcher.ts";
