/**
 * Reads samples out of the text format 0.0.4.
 *
 * @module
 */

import { FLAGS } from "../../fingerprint/mod.ts";

/** `name{labels} value` or `name value`, the labels with their quotes. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})? +([^ ]+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** A sample: its labels, and its value, which is a number and not infinite. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by name. */
export class Samples {
  readonly #byName: ReadonlyMap<string, Sample[]>;

  /** Takes the samples with these names out of a text; a line that is none of them is passed over. */
  constructor(text: string, names: readonly string[]) {
    this.#byName = new Map(names.map((name) => [name, []]));
    for (const line of text.split("\n")) {
      const match = SAMPLE.exec(line), samples = this.#byName.get(match?.[1] ?? ""), value = Number(match?.[3]);
      if (samples === undefined || !Number.isFinite(value)) continue;
      const pairs = [...(match![2] ?? "").matchAll(LABEL)].map(([, label, text]) => [label!, unescape(text!)]);
      samples.push({ labels: Object.fromEntries(pairs), value });
    }
  }

  /** Those of a name, in their order. */
  of(name: string): readonly Sample[] {
    return this.#byName.get(name) ?? [];
  }

  /** The values of a name by that of a label; what hasn't the label is left out. */
  by(name: string, label: string): Map<string, number> {
    return new Map(
      this.of(name).flatMap(({ labels, value }) =>
        labels[label] === undefined ? [] : [[labels[label], value] as const]
      ),
    );
  }

  /** Flags by tree, of a family that has series by tree and flag. */
  flags(name: string): Map<string, number> {
    const found = new Map<string, number>();
    for (const { labels: { tree, flag = "" }, value } of this.of(name)) {
      if (tree !== undefined && value > 0) found.set(tree, (found.get(tree) ?? 0) | bitOf(flag));
    }
    return found;
  }
}

/** The bit of a flag's name; 0 for one that isn't known, as a later version may have it. */
export function bitOf(flag: string): number {
  const index = (FLAGS as readonly string[]).indexOf(flag);
  return index < 0 ? 0 : 1 << index;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => char === "n" ? "\n" : char);
}
