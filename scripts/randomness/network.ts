/**
 * A small network (two hidden layers, ReLU), written plainly, and its training with Adam. A name has several candidates and is as random
 * as the most random of them, so only that one learns from the name.
 *
 * @module
 */

import { FEATURES } from "../../fingerprint/randomness/features.ts";
import {
  BIASES_1,
  BIASES_2,
  HIDDEN_1,
  HIDDEN_2,
  PARAMETERS,
  WEIGHTS_2,
  WEIGHTS_3,
} from "../../fingerprint/randomness/network.ts";
import type { Random } from "./generator.ts";

/** The candidates of one name, as rows of features behind one another. */
export interface Example {
  readonly rows: Float32Array;
  /** Whether a machine made the name. */
  readonly made: boolean;
  readonly weight: number;
}

/** A network in training. */
export interface Layers {
  readonly parameters: Float32Array;
  /** Values of the hidden layers after {@link forward}. */
  readonly hidden1: Float32Array;
  readonly hidden2: Float32Array;
}

const BATCH = 32;
const RATE = 0.004;

/** Trains a network; the examples' order is drawn anew in each epoch. */
export function trainNetwork(examples: readonly Example[], random: Random, epochs: number): Layers {
  const network = initial(random);
  const gradient = new Float32Array(PARAMETERS);
  const mean = new Float32Array(PARAMETERS);
  const square = new Float32Array(PARAMETERS);
  const order = Uint32Array.from(examples, (_, i) => i);
  const steps = epochs * Math.ceil(examples.length / BATCH);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let first = 0; first < order.length; first += BATCH) {
      gradient.fill(0);
      for (let k = first; k < Math.min(first + BATCH, order.length); k++) {
        learn(network, examples[order[k]!]!, gradient);
      }
      step++;
      const rate = RATE * 0.5 * (1 + Math.cos(Math.PI * step / steps));
      const meanScale = 1 / (1 - 0.9 ** step), squareScale = 1 / (1 - 0.999 ** step);
      for (let p = 0; p < PARAMETERS; p++) {
        const g = gradient[p]! / BATCH + 1e-6 * network.parameters[p]!;
        mean[p] = 0.9 * mean[p]! + 0.1 * g;
        square[p] = 0.999 * square[p]! + 0.001 * g * g;
        network.parameters[p]! -= rate * mean[p]! * meanScale / (Math.sqrt(square[p]! * squareScale) + 1e-8);
      }
    }
  }
  return network;
}

function initial(random: Random): Layers {
  const parameters = new Float32Array(PARAMETERS);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const draw = (from: number, to: number, inputs: number) => {
    for (let p = from; p < to; p++) parameters[p] = gauss() * Math.sqrt(2 / inputs);
  };
  draw(0, BIASES_1, FEATURES);
  draw(WEIGHTS_2, BIASES_2, HIDDEN_1);
  draw(WEIGHTS_3, PARAMETERS - 1, HIDDEN_2);
  return layersOf(parameters);
}

/** A network with these parameters and room for its hidden layers. */
export function layersOf(parameters: Float32Array): Layers {
  return { parameters, hidden1: new Float32Array(HIDDEN_1), hidden2: new Float32Array(HIDDEN_2) };
}

/**
 * The log odds that the candidate whose features begin at `at` is machine-made; what the detector's own network computes.
 * Four neurons at a time: sums that don't wait for each other take two thirds of the time.
 */
export function forward(network: Layers, features: Float32Array, at: number): number {
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

/** Adds an example's gradient. */
function learn(network: Layers, example: Example, gradient: Float32Array): void {
  const { rows, made, weight } = example;
  let best = -Infinity, at = 0;
  for (let row = 0; row < rows.length; row += FEATURES) {
    const value = forward(network, rows, row);
    if (value > best) {
      best = value;
      at = row;
    }
  }
  forward(network, rows, at);
  const { parameters, hidden1, hidden2 } = network;
  const error = weight * (1 / (1 + Math.exp(-best)) - (made ? 1 : 0));
  const back1 = new Float32Array(HIDDEN_1);
  gradient[PARAMETERS - 1]! += error;
  for (let h = 0; h < HIDDEN_2; h++) {
    gradient[WEIGHTS_3 + h]! += error * hidden2[h]!;
    if (hidden2[h]! <= 0) continue;
    const back = error * parameters[WEIGHTS_3 + h]!;
    gradient[BIASES_2 + h]! += back;
    const base = WEIGHTS_2 + h * HIDDEN_1;
    for (let j = 0; j < HIDDEN_1; j++) {
      gradient[base + j]! += back * hidden1[j]!;
      back1[j]! += back * parameters[base + j]!;
    }
  }
  for (let h = 0; h < HIDDEN_1; h++) {
    if (hidden1[h]! <= 0) continue;
    const back = back1[h]!;
    gradient[BIASES_1 + h]! += back;
    for (let j = 0, w = h; j < FEATURES; j++, w += HIDDEN_1) gradient[w]! += back * rows[at + j]!;
  }
}
