/**
 * The network that judges one candidate: features → 32 → 16 → 1, ReLU between. What it must compute is written plainly
 * where it is trained (`scripts/randomness/network.ts`); here it is written to be fast.
 *
 * @module
 */

import { FEATURES } from "./features.ts";

export const HIDDEN_1 = 32;
export const HIDDEN_2 = 16;

/**
 * Number of weights and biases, layer after layer: the first layer's weights by input, the others' by output, and after
 * each layer's weights its biases.
 */
export const PARAMETERS = FEATURES * HIDDEN_1 + HIDDEN_1 + HIDDEN_1 * HIDDEN_2 + HIDDEN_2 + HIDDEN_2 + 1;

/** Where the biases of the first layer are, the weights and the biases of the second, and the weights of the last. */
export const BIASES_1 = FEATURES * HIDDEN_1, WEIGHTS_2 = BIASES_1 + HIDDEN_1;
export const BIASES_2 = WEIGHTS_2 + HIDDEN_1 * HIDDEN_2, WEIGHTS_3 = BIASES_2 + HIDDEN_2;

/** Values that go into a layer: those that aren't 0, and where the weights of each begin. */
class Inputs {
  count = 0;
  readonly #weight: Int32Array;
  readonly #value: Float64Array;

  constructor(most: number) {
    this.#weight = new Int32Array(most);
    this.#value = new Float64Array(most);
  }

  add(weight: number, value: number): void {
    this.#weight[this.count] = weight;
    this.#value[this.count++] = value;
  }

  /** Sums of the eight neurons from `neuron` on, with their biases from `bias` on. */
  sumEight(weights: Float64Array, neuron: number, bias: number, sums: Float64Array): void {
    const at = this.#weight, values = this.#value, { count } = this;
    let s0 = weights[bias]!, s1 = weights[bias + 1]!, s2 = weights[bias + 2]!, s3 = weights[bias + 3]!;
    let s4 = weights[bias + 4]!, s5 = weights[bias + 5]!, s6 = weights[bias + 6]!, s7 = weights[bias + 7]!;
    for (let i = 0; i < count; i++) {
      const value = values[i]!, w = at[i]! + neuron;
      s0 += weights[w]! * value;
      s1 += weights[w + 1]! * value;
      s2 += weights[w + 2]! * value;
      s3 += weights[w + 3]! * value;
      s4 += weights[w + 4]! * value;
      s5 += weights[w + 5]! * value;
      s6 += weights[w + 6]! * value;
      s7 += weights[w + 7]! * value;
    }
    sums[neuron] = s0;
    sums[neuron + 1] = s1;
    sums[neuron + 2] = s2;
    sums[neuron + 3] = s3;
    sums[neuron + 4] = s4;
    sums[neuron + 5] = s5;
    sums[neuron + 6] = s6;
    sums[neuron + 7] = s7;
  }
}

/**
 * A trained network. Three in five features of a candidate are 0, and as many neurons of the first layer: only the
 * others are gone through, for eight neurons at a time, whose sums don't wait for one another. Numbers of 64 bits need no
 * conversion at each step. All this takes half the time of plain loops.
 */
export class Network {
  /** As they are committed. */
  readonly parameters: Float32Array;
  /** The same, the second layer's weights by input as well. */
  readonly #weights: Float64Array;
  readonly #features = new Inputs(FEATURES);
  readonly #hidden = new Inputs(HIDDEN_1);
  readonly #sums = new Float64Array(HIDDEN_1);

  constructor(parameters: Float32Array) {
    this.parameters = parameters;
    this.#weights = Float64Array.from(parameters);
    for (let to = 0; to < HIDDEN_2; to++) {
      for (let from = 0; from < HIDDEN_1; from++) {
        this.#weights[WEIGHTS_2 + from * HIDDEN_2 + to] = parameters[WEIGHTS_2 + to * HIDDEN_1 + from]!;
      }
    }
  }

  /** The log odds that the candidate with these features is machine-made. */
  judge(row: Float32Array): number {
    const weights = this.#weights, sums = this.#sums, features = this.#features, hidden = this.#hidden;
    features.count = hidden.count = 0;
    for (let i = 0; i < FEATURES; i++) if (row[i]! !== 0) features.add(i * HIDDEN_1, row[i]!);
    for (let h = 0; h < HIDDEN_1; h += 8) features.sumEight(weights, h, BIASES_1 + h, sums);
    for (let h = 0; h < HIDDEN_1; h++) if (sums[h]! > 0) hidden.add(WEIGHTS_2 + h * HIDDEN_2, sums[h]!);
    for (let h = 0; h < HIDDEN_2; h += 8) hidden.sumEight(weights, h, BIASES_2 + h, sums);
    let odds = weights[PARAMETERS - 1]!;
    for (let h = 0; h < HIDDEN_2; h++) if (sums[h]! > 0) odds += weights[WEIGHTS_3 + h]! * sums[h]!;
    return odds;
  }
}
