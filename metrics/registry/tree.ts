/**
 * A tree as the registry has it, where it comes from, and who is told of it.
 *
 * @module
 */

import type { Changes, EventBatch, RunningTree } from "../../fingerprint/mod.ts";
import type { ContextJson } from "./contexts.ts";
import type { Step } from "./rarity.ts";
import type { RunTimeHistogram } from "./run_time_histogram.ts";
import type { LaunchPlace } from "./launch_places.ts";
import type { ExpectedPlaces, Judged } from "./shown_row.ts";

/** A source of changes: the worker, or what stands for it in a test. */
export interface Watcher {
  /** What changed since the last call. One call at a time is made. */
  collect(): Promise<Changes>;
  /** A scrape has got the text with the report of this number (`Stat.Report`). */
  confirm(report: number): void;
  /** What runs the tree of this number now. */
  running(tree: number): Promise<RunningTree>;
}

/** One shown path with its row. */
export interface Tree extends Judged {
  /** Its number in the reports. */
  readonly id: number;
  readonly path: string;
  /** Whether a machine-made name is part of it. */
  readonly random: boolean;
  /** Whether its own name or place is, and not only one above. */
  readonly randomName: boolean;
  /** The path in UTF-8. */
  readonly bytes: Uint8Array;
  /** The path as the value of a label of a text: escaped, UTF-8. */
  readonly label: Uint8Array;
  /** Since when its launches are counted, Unix time in seconds: its first one, or the exporter's start; 0 when unknown. */
  readonly createdSeconds: number;
  /** Run times of its images that ended. */
  readonly runTimes: RunTimeHistogram;
  /** Index of its row's first number in {@link Registry.rows}. */
  readonly at: number;
  /** The {@link Registry.generation} in which its row changed last. */
  readonly changed: number;
}

/** The registry's own view of a tree. */
export interface Entry extends Tree {
  row: number;
  at: number;
  changed: number;
  createdSeconds: number;
  expected: boolean | undefined;
  unexpectedFlags: number;
  /** Flags that were told of as unexpected. */
  toldFlags: number;
  /** Where alone it is expected; undefined for anywhere. */
  onlyIn: ExpectedPlaces | undefined;
  /** Places that were told of as unexpected; undefined for none. */
  toldPlaces: Set<LaunchPlace> | undefined;
  firstSeen: number;
  /** What its rarity is measured by; undefined before its first launch. */
  step: Step | undefined;
  /** Whether it has series; once it has, it keeps them until it leaves. */
  shown: boolean;
}

/** The tree of an event; the path of the root, which has no series, is `/`. */
export type EventTree = Judged & Pick<Tree, "path"> & {
  /** Unix time of the tree's first launch, seconds; undefined where there was none. */
  readonly firstSeen?: number;
};

/** The tree of an event, by its number, as it is judged in a context. */
export type TreeOf = (tree: number, context: number) => EventTree;

/** The context of an event, by the numbers of its place and its user. */
export type ContextOf = (context: number, uid: number) => ContextJson;

export interface RegistryObserver {
  /** Gets the launches and endings of a report, with their trees and their contexts. */
  readonly events?: (batch: EventBatch, treeOf: TreeOf, contextOf: ContextOf) => void;
  /**
   * Told of each shown tree that isn't expected, once: when it is first launched, or when a new baseline says so. Of a tree
   * that is: once for each flag, and each place, that isn't.
   */
  readonly unexpected?: (path: string, reason: string) => void;
}
