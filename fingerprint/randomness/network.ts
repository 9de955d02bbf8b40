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

/** Where the biases of the first layer are, the weights and the biases of the second, and the weights of the last. */
const BIASES_1 = FEATURES * HIDDEN_1, WEIGHTS_2 = BIASES_1 + HIDDEN_1, BIASES_2 = WEIGHTS_2 + HIDDEN_1 * HIDDEN_2;
const WEIGHTS_3 = BIASES_2 + HIDDEN_2;

/**
 * The log odds that the candidate whose features begin at `at` is machine-made. Four neurons at a time: sums that don't wait for
 * each other take two thirds of the time.
 */
export function forward(network: Network, features: Float32Array, at: number): number {
  const { parameters, hidden1, hidden2 } = network;
  for (let h = 0; h < HIDDEN_1; h++) hidden1[h] = parameters[BIASES_1 + h]!;
  for (let j = 0; j < FEATURES; j++) {
    const value = features[at + j]!;
    if (value === 0) continue;
    for (let h = 0, w = j * HIDDEN_1; h < HIDDEN_1; h += 4, w += 4) {
      hidden1[h]! += value * parameters[w]!;
      hidden1[h + 1]! += value * parameters[w + 1]!;
      hidden1[h + 2]! += value * parameters[w + 2]!;
      hidden1[h + 3]! += value * parameters[w + 3]!;
    }
  }
  for (let h = 0; h < HIDDEN_1; h++) if (hidden1[h]! < 0) hidden1[h] = 0;
  for (let h = 0; h < HIDDEN_2; h += 4) {
    const bias = BIASES_2 + h;
    let a = parameters[bias]!, b = parameters[bias + 1]!, c = parameters[bias + 2]!, d = parameters[bias + 3]!;
    for (let j = 0, w = WEIGHTS_2 + h * HIDDEN_1; j < HIDDEN_1; j++, w++) {
      const value = hidden1[j]!;
      a += parameters[w]! * value;
      b += parameters[w + HIDDEN_1]! * value;
      c += parameters[w + 2 * HIDDEN_1]! * value;
      d += parameters[w + 3 * HIDDEN_1]! * value;
    }
    hidden2[h] = a > 0 ? a : 0;
    hidden2[h + 1] = b > 0 ? b : 0;
    hidden2[h + 2] = c > 0 ? c : 0;
    hidden2[h + 3] = d > 0 ? d : 0;
  }
  let sum = parameters[PARAMETERS - 1]!;
  for (let h = 0; h < HIDDEN_2; h++) sum += parameters[WEIGHTS_3 + h]! * hidden2[h]!;
  return sum;
}
