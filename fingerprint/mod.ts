/**
 * From events to fingerprints: the process table, the labels, the trie of trees, and the worker that keeps them.
 *
 * @module
 */
export {
  AppendedFile,
  type HandedOver,
  isStandardError,
  keepNeededPrivileges,
  NOTHING_OPEN,
  OwnConnections,
  type OwnListener,
  OwnListeners,
  type SelfProcess,
  selfProcessReader,
} from "./exporter/mod.ts";
/** Rows of numbers, as reports have them; and in place of a user that nobody knows. */
export { NO_USER, Rows } from "../netlink/mod.ts";
export { type ContainerInfo } from "./containers/mod.ts";
export { type ProcessPlace, unitFamily, UNKNOWN_CONTEXT } from "./context/mod.ts";
export {
  ancestryOf,
  CompiledRules,
  compileExpression,
  escapeCharacter,
  ExpressionError,
  Flag,
  type FlagName,
  flagNames,
  FLAGS,
  isTree,
  labelsOf,
  loadExpressions,
  matchesPieces,
  NO_RULES,
  ORDINARY,
  parsePattern,
  PatternError,
  patternOf,
  PatternSet,
  type RenameRule,
  RuleError,
  type Rules,
} from "./labels/mod.ts";
export {
  CommandLineError,
  type ExplainedRule,
  type Explainer,
  type Explanation,
  machineExplainer,
  parseCommandLine,
  type ProcessExplanation,
} from "./explanation/mod.ts";
export {
  BOOSTS,
  BUCKET_BOUNDS,
  BUCKETS,
  type Changes,
  Column,
  EVENT_WIDTH,
  type EventBatch,
  EventField,
  EventKind,
  FINEST_SCHEMA,
  type LaunchContextChanges,
  type NewTree,
  type Outcome,
  OUTCOMES,
  ROW_WIDTH,
  RUN_TIME_WIDTH,
  runTimeBucket,
  Stat,
  STAT_WIDTH,
  WAY_WIDTH,
  ZERO_INDEX,
  ZERO_SECONDS,
} from "./trees/mod.ts";
export { type Judgement, Verdict } from "./verification/mod.ts";
export { waitFor } from "./waiting/mod.ts";
export {
  garbageCollection,
  HEAP_VARIABLES,
  type RunningTree,
  Watcher,
  WatchError,
  type WorkerConfig,
} from "./worker/mod.ts";
