/**
 * What writes a family: each format has one for the trees and one for the exporter.
 *
 * @module
 */

import type { Bytes } from "../text/mod.ts";
import type { CountedSeries, ExporterNumbers } from "./family.ts";
import type { Tree } from "../registry/mod.ts";

export interface TreeWriter {
  /** Writes what it has of one tree, whose row begins at `rows[tree.at]`. */
  write(out: Bytes, tree: Tree, rows: Float64Array): void;
}

export interface ExporterWriter {
  /**
   * Writes its series that have a value, and the counted ones. The exporter counts since `startSeconds`, Unix time; 0 where nobody
   * knows.
   */
  write(out: Bytes, numbers: ExporterNumbers, counted: readonly CountedSeries[], startSeconds: number): void;
}
