/**
 * Writes a trained model in the form that `fingerprint/randomness/codec.ts` reads.
 *
 * @module
 */

import { MODEL_BYTES, NUMBERS, type Tables, type Thresholds } from "../../fingerprint/randomness/codec.ts";
import { WEIGHTS } from "../../fingerprint/randomness/scan.ts";

/** Packs a model. */
export function packModel(tables: Tables, parameters: Float32Array, thresholds: Thresholds): Uint8Array {
  const bytes = new Uint8Array(MODEL_BYTES);
  const view = new DataView(bytes.buffer);
  const numbers = [
    thresholds.temporary,
    thresholds.system,
    thresholds.other,
    ...tables.steps,
    ...parameters,
  ];
  numbers.forEach((value, i) => view.setFloat32(i * 4, value, true));
  for (let cell = 0; cell < WEIGHTS; cell++) {
    bytes[NUMBERS * 4 + (cell >> 1)]! |= (tables.cells[cell]! + 8) << (cell % 2 * 4);
  }
  return bytes;
}
