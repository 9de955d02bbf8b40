/**
 * Trains the n-gram weights: a logistic regression that tells runs of chosen names from random strings, with AdaGrad,
 * then rounds them to 4 bits.
 *
 * @module
 */

import { Scan, TABLE_CELLS, TABLE_STARTS, TABLES, WEIGHTS } from "../../fingerprint/randomness/scan.ts";
import type { Tables } from "../../fingerprint/randomness/codec.ts";
import type { Generator, Random } from "./generator.ts";

/** Steps of a 4-bit weight: −8 … 7. */
const LOWEST = -8, HIGHEST = 7;

/** A chosen run weighs more than a random one: few false alarms matter more than few misses. */
const CHOSEN_WEIGHT = 20;

/** Distinct runs of 4 or more letters and digits in the names. */
export function runsOf(names: Iterable<string>): string[] {
  const runs = new Set<string>();
  for (const name of names) {
    for (const run of name.match(/[A-Za-z0-9]{4,40}/g) ?? []) runs.add(run);
  }
  return [...runs];
}

/** Trains the tables on distinct runs of chosen names; `rounds` random strings are seen for each run. */
export function trainTables(runs: readonly string[], generator: Generator, random: Random, rounds: number): Tables {
  const weights = new Float32Array(WEIGHTS + 1);
  const squares = new Float32Array(WEIGHTS + 1).fill(0.01);
  const scan = new Scan();
  const seen = cellCounts(runs, scan);
  let bias = 0;
  const total = runs.length * 2 * rounds;
  for (let step = 0; step < total; step++) {
    const rate = 0.1 * (1 - 0.9 * step / total);
    const isMade = step % 2 === 0;
    scan.cut(isMade ? generator.token() : random.pick(runs));
    const cells = (scan.length + 1) * TABLES;
    let sum = bias;
    for (let k = 0; k < cells; k++) sum += weights[scan.index[k]!]!;
    const likely = 1 / (1 + Math.exp(-sum));
    const gradient = isMade ? likely - 1 : likely * CHOSEN_WEIGHT;
    bias -= rate * 0.01 * gradient;
    for (let k = 0; k < cells; k++) {
      const cell = scan.index[k]!;
      // A cell that only this run knows would not help a name that isn't in the corpora: leave it alone.
      if (cell === WEIGHTS || (!isMade && seen[cell] === 1)) continue;
      squares[cell]! += gradient * gradient;
      weights[cell]! -= rate * gradient / Math.sqrt(squares[cell]!);
    }
  }
  return round(weights);
}

/** How many chosen runs use each cell, up to 255. */
function cellCounts(runs: readonly string[], scan: Scan): Uint8Array {
  const counts = new Uint8Array(WEIGHTS + 1);
  for (const run of runs) {
    scan.cut(run);
    for (let k = 0; k < (scan.length + 1) * TABLES; k++) {
      const cell = scan.index[k]!;
      if (counts[cell]! < 255) counts[cell]!++;
    }
  }
  return counts;
}

function round(weights: Float32Array): Tables {
  const cells = new Int8Array(WEIGHTS);
  const steps = TABLE_CELLS.map((size, table) => {
    const start = TABLE_STARTS[table]!;
    const sorted = weights.slice(start, start + size).map(Math.abs).sort();
    const step = sorted[Math.floor(size * 0.995)]! / HIGHEST || 1;
    for (let cell = start; cell < start + size; cell++) {
      cells[cell] = Math.max(LOWEST, Math.min(HIGHEST, Math.round(weights[cell]! / step)));
    }
    return step;
  });
  return { cells, steps };
}
