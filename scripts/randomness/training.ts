/**
 * Trains a detector: tables of n-grams, then the network on rows that the tables made for names they had not seen.
 *
 * @module
 */

import {
  type Model,
  type Tables,
  type Thresholds,
  unpackModel,
  weightsOf,
} from "../../fingerprint/randomness/codec.ts";
import { Detector } from "../../fingerprint/randomness/detector.ts";
import { Candidates, FEATURES } from "../../fingerprint/randomness/features.ts";
import { Network, PARAMETERS } from "../../fingerprint/randomness/network.ts";
import { type Chosen, type Made, tenth } from "./corpora.ts";
import { Generator, Random } from "./generator.ts";
import { type Example, trainNetwork } from "./network.ts";
import { packModel } from "./pack.ts";
import { runsOf, trainTables } from "./tables.ts";

/** How much work a training does. */
export interface Effort {
  /** Random strings shown to the tables for each run of a chosen name. */
  readonly rounds: number;
  /** Times that the network sees each name. */
  readonly epochs: number;
  /** Parts of the names; the tables that make the rows of one part were trained on the others. */
  readonly folds: number;
  /** Random names of the generator that the network sees. */
  readonly generated: number;
}

/** More rounds and epochs do better on the corpora and worse on names from outside. */
export const FULL: Effort = { rounds: 10, epochs: 5, folds: 2, generated: 90_000 };
export const QUICK: Effort = { rounds: 6, epochs: 4, folds: 2, generated: 20_000 };

/** What generated names weigh against those of the corpora. */
const GENERATED_SHARE = 0.5;

/** What chosen names weigh against random ones. */
const CHOSEN_SHARE = 1;

/** What a training made, as it is committed. */
export interface Trained {
  readonly tables: Tables;
  readonly parameters: Float32Array;
}

/** Trains on these names; `withoutAlphabets` are kept from the generator. */
export function train(
  chosen: readonly Chosen[],
  made: readonly Made[],
  effort: Effort,
  withoutAlphabets: ReadonlySet<string> = new Set(),
  report: (text: string) => void = () => {},
): Trained {
  const random = new Random(20_240_607);
  const words = chosen.filter((_, i) => i % 17 === 0).map(({ name }) => name);
  const generator = new Generator(random, words, withoutAlphabets);
  const generated = Array.from({ length: effort.generated }, () => generator.name());
  const families = Map.groupBy(made, ({ family }) => family);
  const rows: Example[] = [];
  for (let fold = 0; fold < effort.folds; fold++) {
    const inside = (name: string) => tenth(`/${name}`) % effort.folds === fold;
    const runs = runsOf(chosen.filter(({ name }) => !inside(name)).map(({ name }) => name));
    const reader = new Reader(weightsOf(trainTables(runs, generator, random, effort.rounds)));
    for (const { name, weight } of chosen) {
      if (weight > 0 && inside(name)) reader.read(name, false, weight, rows);
    }
    for (const { name, family } of made) {
      const weight = (1 - GENERATED_SHARE) / families.size / families.get(family)!.length;
      if (inside(name)) reader.read(name, true, weight, rows);
    }
    for (let i = fold; i < generated.length; i += effort.folds) {
      reader.read(generated[i]!, true, GENERATED_SHARE / generated.length, rows);
    }
    report(`tables of part ${fold + 1} of ${effort.folds}`);
  }
  const examples = balance(rows);
  report(`${examples.length} names for the network`);
  const { parameters } = trainNetwork(examples, random, effort.epochs);
  report("network");
  const tables = trainTables(runsOf(chosen.map(({ name }) => name)), generator, random, effort.rounds);
  report("tables of all names");
  return { tables, parameters };
}

/** Makes rows of names whose form alone does not tell. */
class Reader {
  readonly #weights: Float32Array;
  readonly #candidates = new Candidates();
  readonly #forms: Detector;

  constructor(weights: Float32Array) {
    this.#weights = weights;
    const thresholds = { temporary: 0, system: 0, other: 0 };
    this.#forms = new Detector({ weights, network: new Network(new Float32Array(PARAMETERS)), thresholds });
  }

  read(name: string, made: boolean, weight: number, into: Example[]): void {
    const { rule } = this.#forms.measure(name);
    if (rule !== "model") return;
    const candidates = this.#candidates;
    candidates.find(name, this.#weights);
    const rows = new Float32Array(candidates.count * FEATURES);
    for (let i = 0; i < candidates.count; i++) rows.set(candidates.describe(i), i * FEATURES);
    into.push({ rows, made, weight });
  }
}

/** Scales the weights: random names together weigh as much as chosen ones, and 1 on average. */
function balance(rows: readonly Example[]): Example[] {
  let made = 0, chosen = 0;
  for (const row of rows) {
    if (row.made) made += row.weight;
    else chosen += row.weight;
  }
  const whole = rows.length / (1 + CHOSEN_SHARE);
  return rows.map((row) => ({ ...row, weight: row.weight * whole * (row.made ? 1 / made : CHOSEN_SHARE / chosen) }));
}

/** The model as it is after packing, so that what is measured is what is committed. */
export function modelOf({ tables, parameters }: Trained, thresholds: Thresholds): { bytes: Uint8Array; model: Model } {
  const bytes = packModel(tables, parameters, thresholds);
  return { bytes, model: unpackModel(bytes) };
}
