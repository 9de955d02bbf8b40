/**
 * What a metric family is: its name, type, help and series, as data; and what writes one in a format.
 *
 * @module
 */

import { Column, type SelfProcess } from "../../fingerprint/mod.ts";
import type { BaselineMode, LaunchedBy, NamedContainer, Tree } from "../registry/mod.ts";
import type { Bytes } from "../text/mod.ts";

export interface ReloadState {
  readonly successful: boolean;
  /** Unix time of the last one that did, or of the start; 0 before it. */
  readonly successSeconds: number;
}

export interface EventLogNumbers {
  /** Lines written. */
  readonly lines: number;
  readonly lost: {
    /** Lines that came while too many waited. */
    readonly backlog: number;
    /** Events, wanted or not, that the reading thread's log had no room for. */
    readonly overrun: number;
    /** Lines whose write failed. */
    readonly write: number;
  };
}

/** Units of OpenMetrics that are in use; a family's name ends with its unit. */
export type Unit = "seconds" | "bytes";

export type Label = readonly [name: string, value: string];

/** One line of each tree: its labels beside `tree`, and where its value is in the tree's row. */
export interface TreeSeries {
  readonly label?: Label;
  /** Index of the value in the row; see {@link Column} and {@link EXPECTED}. */
  readonly column?: number;
  /** Instead of a column: 1 while the tree runs (true) or while it doesn't (false), else 0. */
  readonly whileRunning?: boolean;
  /** No line while the value is 0. */
  readonly omitZero?: true;
}

/** The value of a series for the tree whose row begins at `rows[at]`. */
export function valueOf({ column, whileRunning }: TreeSeries, rows: Float64Array, at: number): number {
  if (column !== undefined) return rows[at + column]!;
  return (rows[at + Column.Processes]! > 0 || rows[at + Column.Running]! > 0) === whileRunning ? 1 : 0;
}

/** A family with series for each tree. */
export interface TreeFamily {
  readonly of: "trees";
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly unit?: Unit;
  readonly help: string;
  /** Only while accounting records could be had since the start: otherwise its zeros would be lies. */
  readonly needsAccounting?: true;
  readonly needsBaseline?: true;
  /** Of a histogram: only as a native one, so that it is one series; the text formats don't have it. */
  readonly nativeOnly?: true;
  /** In OpenMetrics each counter and histogram has a line `_created`: since when it counts. */
  readonly withCreated?: true;
  /** The last image ended, on its bucket (histogram), or the last launch (counter), with its process id. */
  readonly exemplar?: "ending" | "launch";
  /** None for a histogram: its lines follow from the buckets. */
  readonly series: readonly TreeSeries[];
}

export interface ScrapeNumbers {
  /** Requests for metrics that were answered or begun. */
  readonly scrapes: number;
  /** Requests turned away, because too many were under way. */
  readonly rejected: number;
  /** Scrapes whose collecting failed. */
  readonly failed: number;
  /** Time the last collecting of changes took. */
  readonly collectSeconds: number;
  /** Time the writing of the last text took, without its compression; 0 before the first. */
  readonly renderSeconds: number;
}

/** What the values of {@link ExporterFamily} are read from. */
export interface ExporterNumbers {
  /** All {@link Stat}s. */
  readonly stats: Float64Array;
  /** Undefined where they can't be read: their families are left out. */
  readonly process: SelfProcess | undefined;
  readonly scrape: ScrapeNumbers;
  /** Launches that weren't expected; undefined without a baseline. */
  readonly unexpectedLaunches: number | undefined;
  /** Undefined without a baseline. */
  readonly baselineMode: BaselineMode | undefined;
  readonly reload: ReloadState;
  /** Unix time since which every tree that was launched has series; 0 when unknown. */
  readonly completeSinceSeconds: number;
  readonly launchesByUnit: ReadonlyMap<string, number>;
  readonly launchesByContainer: Iterable<readonly [container: string, launches: number]>;
  /** Containers whose runtimes' files tell what they are called. */
  readonly namedContainers: () => Iterable<NamedContainer>;
  /** Each tree with who was seen to launch it last. */
  readonly launchedBy: () => Iterable<LaunchedBy>;
  /** Undefined without an event log. */
  readonly eventLog: EventLogNumbers | undefined;
  /** Labels of `cnproc_exporter_build_info`. */
  readonly build: Readonly<Record<string, string>>;
}

/** One line about the exporter. */
export interface ExporterSeries {
  readonly label?: Label;
  /** The value; undefined leaves the line out. */
  readonly value: (numbers: ExporterNumbers) => number | undefined;
}

/** A series of a family whose series are known with the numbers only: the values of its labels, whose text is kept while they are the same object, and its own. */
export type CountedSeries = readonly [labelValues: readonly string[], value: number];

/** A family about the exporter itself, or about who launches. The one series of an `info` has the build's labels. */
export interface ExporterFamily {
  readonly of: "exporter";
  readonly name: string;
  readonly type: "gauge" | "counter" | "info";
  /** See {@link TreeFamily.withCreated}. */
  readonly withCreated?: true;
  readonly unit?: Unit;
  readonly help: string;
  readonly series: readonly ExporterSeries[];
  /** Instead of these: its labels, and the series in their order. */
  readonly counted?: {
    readonly labels: readonly string[];
    readonly series: (numbers: ExporterNumbers) => Iterable<CountedSeries>;
  };
}

export type Family = TreeFamily | ExporterFamily;

/** Writes what a family has of one tree, whose row begins at `rows[tree.at]`. */
export type TreeWriter = (out: Bytes, tree: Tree, rows: Float64Array) => void;

/**
 * Writes a family about the exporter: its series that have a value, and the counted ones. The exporter counts since `startSeconds`,
 * Unix time; 0 where nobody knows.
 */
export type ExporterWriter = (
  out: Bytes,
  numbers: ExporterNumbers,
  counted: readonly CountedSeries[],
  startSeconds: number,
) => void;
