/**
 * What the metrics take from the fingerprints: the shape of the reports. The only file of this folder that imports them.
 *
 * @module
 */
export {
  type Ancestor,
  type Boost,
  BOOSTS,
  BUCKET_BOUNDS,
  BUCKETS,
  type Changes,
  Column,
  CompiledRules,
  EVENT_WIDTH,
  type EventBatch,
  EventField,
  EventKind,
  type ExplainedRule,
  type Explainer,
  type Explanation,
  loadExpressions,
  type NewTree,
  NO_RULES,
  type Outcome,
  OUTCOMES,
  type ProcessExplanation,
  type RenameRule,
  ROW_WIDTH,
  RuleError,
  type Rules,
  type SelfProcess,
  Stat,
  STAT_WIDTH,
} from "../fingerprint/mod.ts";
