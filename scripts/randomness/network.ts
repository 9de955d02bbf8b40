/**
 * A small network (two hidden layers, ReLU) and its training with Adam. A name has several candidates and is as random
 * as the most random of them, so only that one learns from the name.
 *
 * @module
 */

import { FEATURES } from "../../fingerprint/randomness/features.ts";
import { forward, HIDDEN_1, HIDDEN_2, type Network, PARAMETERS } from "../../fingerprint/randomness/network.ts";
import { networkOf } from "../../fingerprint/randomness/codec.ts";
import type { Random } from "./generator.ts";

/** The candidates of one name, as rows of features behind one another. */
export interface Example {
  readonly rows: Float32Array;
  /** Whether a machine made the name. */
  readonly made: boolean;
  readonly weight: number;
}

const BATCH = 32;
const RATE = 0.004;

/** Trains a network; the examples' order is drawn anew in each epoch. */
export function trainNetwork(examples: readonly Example[], random: Random, epochs: number): Network {
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

function initial(random: Random): Network {
  const parameters = new Float32Array(PARAMETERS);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const first = FEATURES * HIDDEN_1;
  for (let p = 0; p < first; p++) parameters[p] = gauss() * Math.sqrt(2 / FEATURES);
  const second = first + HIDDEN_1;
  for (let p = second; p < second + HIDDEN_1 * HIDDEN_2; p++) parameters[p] = gauss() * Math.sqrt(2 / HIDDEN_1);
  const third = second + HIDDEN_1 * HIDDEN_2 + HIDDEN_2;
  for (let p = third; p < third + HIDDEN_2; p++) parameters[p] = gauss() * Math.sqrt(2 / HIDDEN_2);
  return networkOf(parameters);
}

/** Adds an example's gradient. */
function learn(network: Network, example: Example, gradient: Float32Array): void {
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
  const second = FEATURES * HIDDEN_1 + HIDDEN_1;
  const third = second + HIDDEN_1 * HIDDEN_2 + HIDDEN_2;
  const back1 = new Float32Array(HIDDEN_1);
  gradient[third + HIDDEN_2]! += error;
  for (let h = 0; h < HIDDEN_2; h++) {
    gradient[third + h]! += error * hidden2[h]!;
    if (hidden2[h]! <= 0) continue;
    const back = error * parameters[third + h]!;
    gradient[second + HIDDEN_1 * HIDDEN_2 + h]! += back;
    const base = second + h * HIDDEN_1;
    for (let j = 0; j < HIDDEN_1; j++) {
      gradient[base + j]! += back * hidden1[j]!;
      back1[j]! += back * parameters[base + j]!;
    }
  }
  for (let h = 0; h < HIDDEN_1; h++) {
    if (hidden1[h]! <= 0) continue;
    const back = back1[h]!;
    gradient[FEATURES * HIDDEN_1 + h]! += back;
    for (let j = 0, w = h; j < FEATURES; j++, w += HIDDEN_1) gradient[w]! += back * rows[at + j]!;
  }
}
