/**
 * One row for several trees that are shown under one path.
 *
 * @module
 */

import { Column, ROW_WIDTH } from "../../fingerprint/mod.ts";

/** Columns of the image that ended last: taken together from the tree whose ending is the latest. */
const EXEMPLAR = [Column.ExemplarPid, Column.ExemplarSeconds, Column.ExemplarTime];
/** Columns that count what exists now; all others that are added are counters. */
const NOW = [Column.Processes, Column.Running];
/** Columns that aren't sums. */
const NO_SUMS = new Set<number>([
  ...EXEMPLAR,
  Column.MaxResidentBytes,
  Column.FirstSeen,
  Column.LastLaunch,
  Column.LastLaunchPid,
]);

function mergeInto(total: Float64Array, row: Float64Array): void {
  for (let column = 0; column < ROW_WIDTH; column++) {
    if (!NO_SUMS.has(column)) total[column]! += row[column]!;
  }
  if (row[Column.ExemplarTime]! > total[Column.ExemplarTime]!) {
    for (const column of EXEMPLAR) total[column] = row[column]!;
  }
  if (row[Column.LastLaunch]! > total[Column.LastLaunch]!) {
    total[Column.LastLaunch] = row[Column.LastLaunch]!;
    total[Column.LastLaunchPid] = row[Column.LastLaunchPid]!;
  }
  total[Column.MaxResidentBytes] = Math.max(total[Column.MaxResidentBytes]!, row[Column.MaxResidentBytes]!);
  const first = row[Column.FirstSeen]!;
  if (first > 0 && (total[Column.FirstSeen] === 0 || first < total[Column.FirstSeen]!)) total[Column.FirstSeen] = first;
}

/** The rows of several trees, and what is left of those that went: the counters of the sum never fall. */
export class MergedRows {
  readonly #rows = new Map<number, Float64Array>();
  readonly #gone = new Float64Array(ROW_WIDTH);

  /** Begins with the tree that had the path first. */
  constructor(id: number, row: Float64Array) {
    this.#rows.set(id, row.slice());
  }

  /** Number of trees. */
  get size(): number {
    return this.#rows.size;
  }

  /** Replaces or adds the row of a tree; gives the merged row. */
  set(id: number, row: Float64Array): Float64Array {
    this.#rows.set(id, row.slice());
    return this.#total();
  }

  /** Takes a tree out; gives the merged row. */
  remove(id: number): Float64Array {
    const row = this.#rows.get(id);
    if (row !== undefined) {
      mergeInto(this.#gone, row);
      for (const column of NOW) this.#gone[column] = 0;
      this.#rows.delete(id);
    }
    return this.#total();
  }

  #total(): Float64Array {
    const total = this.#gone.slice();
    for (const row of this.#rows.values()) mergeInto(total, row);
    return total;
  }
}
