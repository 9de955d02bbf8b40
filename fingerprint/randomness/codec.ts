/**
 * The form of the committed model: thresholds, the worth of a step of each table, the network, and the tables' cells of
 * 4 bits, in little endian.
 *
 * @module
 */

import { Network, PARAMETERS } from "./network.ts";
import { TABLE_CELLS, TABLE_STARTS, TABLES, WEIGHTS } from "./scan.ts";

/** Log odds from which a name is random: in temporary folders, in system folders, elsewhere. */
export interface Thresholds {
  readonly temporary: number;
  readonly system: number;
  readonly other: number;
}

/** Cells of −8 … 7, and what one step is worth in each table. */
export interface Tables {
  readonly cells: Int8Array;
  readonly steps: readonly number[];
}

/** A trained detector. */
export interface Model {
  /** Weight of each cell, and a last one that is 0. */
  readonly weights: Float32Array;
  readonly network: Network;
  readonly thresholds: Thresholds;
}

/** Numbers before the cells. */
export const NUMBERS = 3 + TABLES + PARAMETERS;

/** Bytes of a model. */
export const MODEL_BYTES = NUMBERS * 4 + Math.ceil(WEIGHTS / 2);

/** Unpacks a model that `scripts/randomness/pack.ts` made. */
export function unpackModel(bytes: Uint8Array): Model {
  if (bytes.length !== MODEL_BYTES) {
    throw new RangeError(`Cannot unpack the name model: ${bytes.length} bytes, wanted ${MODEL_BYTES}; train it anew`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const number = (i: number) => view.getFloat32(i * 4, true);
  const tables: Tables = {
    cells: Int8Array.from(
      { length: WEIGHTS },
      (_, cell) => (bytes[NUMBERS * 4 + (cell >> 1)]! >> (cell % 2 * 4) & 15) - 8,
    ),
    steps: TABLE_CELLS.map((_, table) => number(3 + table)),
  };
  return {
    weights: weightsOf(tables),
    network: new Network(Float32Array.from({ length: PARAMETERS }, (_, p) => number(3 + TABLES + p))),
    thresholds: { temporary: number(0), system: number(1), other: number(2) },
  };
}

/** The weights as a scan adds them. */
export function weightsOf(tables: Tables): Float32Array {
  const weights = new Float32Array(WEIGHTS + 1);
  TABLE_STARTS.forEach((start, table) => {
    const end = start + TABLE_CELLS[table]!;
    for (let cell = start; cell < end; cell++) weights[cell] = tables.cells[cell]! * tables.steps[table]!;
  });
  return weights;
}
