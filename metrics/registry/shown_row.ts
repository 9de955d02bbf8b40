/**
 * The rows of shown trees: the worker's columns, and what is only known here.
 *
 * @module
 */

import { Column, FLAGS, ROW_WIDTH } from "../../fingerprint/mod.ts";
import type { LaunchPlace } from "./launch_places.ts";

/** Column that the worker knows nothing of: 1 for a tree that the baseline expects, else 0. */
export const EXPECTED: number = ROW_WIDTH;

/** Column that the worker knows nothing of: launches of the tree that the baseline didn't expect when they were reported. */
export const UNEXPECTED: number = ROW_WIDTH + 1;

/** Column that the worker knows nothing of: the surprisal of a launch of the tree by its parent, in bits to a tenth. */
export const RARITY: number = ROW_WIDTH + 2;

/** Width of a shown row: {@link ROW_WIDTH} of the worker's columns, then those that are only known here. */
export const SHOWN_WIDTH: number = ROW_WIDTH + 3;

/** Places in which alone a tree is expected. */
export interface ExpectedPlaces {
  /** Whether a launch there is expected. One of which nobody knows where it was may have been where it is: it is expected. */
  has(place: LaunchPlace): boolean;
  /** Why one there isn't, in words. */
  reason(place: LaunchPlace): string;
}

/** What says of a tree whether it is expected: a baseline. */
export interface Expectation {
  /**
   * What it says of a tree of which some launches had these flags. `reason` says in words why the tree, or a flag, isn't
   * expected; a launch of an expected tree isn't with any of `unexpectedFlags`, none where left out, nor outside of `onlyIn`, where
   * that is given.
   */
  verdict(
    path: string,
    flags?: number,
  ): {
    readonly expected: boolean;
    readonly reason: string;
    readonly unexpectedFlags?: number;
    readonly onlyIn?: ExpectedPlaces | undefined;
  };
}

/** What a baseline is for: to alert of what it doesn't expect, or only to show what it would alert of. */
export const BASELINE_MODES = ["enforce", "shadow"] as const;
export type BaselineMode = (typeof BASELINE_MODES)[number];

/** What a baseline has said of a tree. */
export interface Judged {
  /** Whether the tree is expected; undefined without a baseline. */
  readonly expected: boolean | undefined;
  /** Flags that no launch of it is expected to have; none of a tree that isn't expected itself. */
  readonly unexpectedFlags: number;
}

/** Whether a launch with these flags is expected; undefined without a baseline. */
export function isLaunchExpected({ expected, unexpectedFlags }: Judged, flags: number): boolean | undefined {
  return expected === true ? (flags & unexpectedFlags) === 0 : expected;
}

/**
 * How many of the launches that a report adds to a tree weren't expected. A report counts launches by flag, not by launch:
 * of several unexpected flags, and `misplaced`, how many launches were where they aren't expected, what most had is counted, so that
 * a launch with two of them counts once.
 */
export function unexpectedAmong(
  { expected, unexpectedFlags }: Judged,
  before: Float64Array,
  after: Float64Array,
  misplaced = 0,
): number {
  const added = (column: number) => Math.max(0, after[column]! - before[column]!);
  if (expected !== true) return expected === false ? added(Column.Launches) : 0;
  let most = Math.max(0, misplaced);
  for (let i = 0; unexpectedFlags >>> i !== 0; i++) {
    if ((unexpectedFlags >>> i & 1) === 1) most = Math.max(most, added(Column.Flagged + i));
  }
  return most;
}

/** Flags that launches of a tree had, by its row. */
export function flagsIn(rows: Float64Array, at: number): number {
  let flags = 0;
  for (let i = 0; i < FLAGS.length; i++) if (rows[at + Column.Flagged + i]! > 0) flags |= 1 << i;
  return flags;
}
