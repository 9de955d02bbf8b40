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
  EVENT_WIDTH,
  type EventBatch,
  EventField,
  EventKind,
  type ExplainedRule,
  type Explainer,
  type Explanation,
  type NewTree,
  type Outcome,
  OUTCOMES,
  type ProcessExplanation,
  ROW_WIDTH,
  type SelfProcess,
  Stat,
  STAT_WIDTH,
} from "../fingerprint/mod.ts";
