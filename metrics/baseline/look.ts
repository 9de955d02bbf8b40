/**
 * What one exporter, or this machine's own watch, has seen up to a moment.
 *
 * @module
 */

import type { LaunchPlace } from "../registry/mod.ts";
import type { SeenTree } from "./seen.ts";

/** Where a tree was launched. */
export interface LaunchedIn {
  readonly tree: string;
  readonly place: LaunchPlace;
  /** How often; undefined where nobody says. */
  readonly launches?: number;
}

/** A look. */
export interface Look {
  /** Name of the exporter; empty for this machine's own watch. */
  readonly instance: string;
  /** Unix time since which it counts, seconds; undefined where it doesn't say. Another one than before: it began anew. */
  readonly startSeconds: number | undefined;
  readonly trees: readonly SeenTree[];
  readonly launchedIn: readonly LaunchedIn[];
  /** Launches by unit, as `cnproc_unit_launches_total` counts them. */
  readonly launchesByUnit: ReadonlyMap<string, number>;
  /** Unix time since which every tree that was launched is among these, seconds; undefined where it doesn't say. */
  readonly completeSinceSeconds: number | undefined;
  /** Messages that the kernel dropped since the start: launches may be missing. */
  readonly lost: number;
}
