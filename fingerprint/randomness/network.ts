/**
 * The network that judges one candidate: features → 32 → 16 → 1, ReLU between.
 *
 * @module
 */

import { FEATURES } from "./features.ts";

export const HIDDEN_1 = 32;
export const HIDDEN_2 = 16;

/**
 * Number of weights and biases, layer after layer: the first layer's weights by input, since many inputs are 0 and
 * cost nothing then, the others' by output, and after each layer's weights its biases.
 */
export const PARAMETERS = FEATURES * HIDDEN_1 + HIDDEN_1 + HIDDEN_1 * HIDDEN_2 + HIDDEN_2 + HIDDEN_2 + 1;

export interface Network {
  readonly parameters: Float32Array;
  /** Values of the hidden layers after {@link forward}. */
  readonly hidden1: Float32Array;
  readonly hidden2: Float32Array;
}

/** The log odds that the candidate whose features begin at `at` is machine-made. */
export function forward(network: Network, features: Float32Array, at: number): number {
  const { parameters, hidden1, hidden2 } = network;
  let p = FEATURES * HIDDEN_1;
  for (let h = 0; h < HIDDEN_1; h++) hidden1[h] = parameters[p++]!;
  for (let j = 0; j < FEATURES; j++) {
    const value = features[at + j]!;
    if (value === 0) continue;
    for (let h = 0, w = j * HIDDEN_1; h < HIDDEN_1; h++, w++) hidden1[h]! += value * parameters[w]!;
  }
  for (let h = 0; h < HIDDEN_1; h++) if (hidden1[h]! < 0) hidden1[h] = 0;
  for (let h = 0; h < HIDDEN_2; h++) {
    let sum = parameters[FEATURES * HIDDEN_1 + HIDDEN_1 + HIDDEN_1 * HIDDEN_2 + h]!;
    for (let j = 0; j < HIDDEN_1; j++) sum += parameters[p++]! * hidden1[j]!;
    hidden2[h] = sum > 0 ? sum : 0;
  }
  p += HIDDEN_2;
  let sum = parameters[PARAMETERS - 1]!;
  for (let h = 0; h < HIDDEN_2; h++) sum += parameters[p++]! * hidden2[h]!;
  return sum;
}
