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
  type ExplainedRule,
  type Explainer,
  type Explanation,
  type NewTree,
  OUTCOMES,
  type ProcessExplanation,
  ROW_WIDTH,
  type SelfProcess,
  Stat,
  STAT_WIDTH,
} from "../fingerprint/mod.ts";
