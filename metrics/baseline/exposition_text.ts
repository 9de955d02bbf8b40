/**
 * Reads samples out of the text format 0.0.4: of the families asked for, the value of each tree.
 *
 * @module
 */

import { FLAGS } from "../../fingerprint/mod.ts";

/** `name{labels} value`, the labels with their quotes. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\} +([^ ]+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Values by tree of one sample name. */
export type ByTree = Map<string, number>;

/** Flags by tree, of the samples of a family that has series by tree and flag. */
export function readFlags(text: string, name: string): ByTree {
  const found: ByTree = new Map();
  for (const line of text.split("\n")) {
    const match = SAMPLE.exec(line);
    if (match?.[1] !== name || !(Number(match[3]) > 0)) continue;
    const labels = Object.fromEntries(
      [...match[2]!.matchAll(LABEL)].map(([, label, value]) => [label!, unescape(value!)]),
    );
    const { tree, flag = "" } = labels;
    if (tree !== undefined) found.set(tree, (found.get(tree) ?? 0) | bitOf(flag));
  }
  return found;
}

/** The bit of a flag's name; 0 for one that isn't known, as a later version may have it. */
export function bitOf(flag: string): number {
  const index = (FLAGS as readonly string[]).indexOf(flag);
  return index < 0 ? 0 : 1 << index;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => char === "n" ? "\n" : char);
}

/** The values of the samples with these names; a line that is none of them is passed over. */
export function readSamples(text: string, names: readonly string[]): Map<string, ByTree> {
  const found = new Map<string, ByTree>(names.map((name) => [name, new Map()]));
  for (const line of text.split("\n")) {
    const match = SAMPLE.exec(line);
    const values = found.get(match?.[1] ?? "");
    if (match === null || values === undefined) continue;
    for (const [, label, value] of match[2]!.matchAll(LABEL)) {
      const number = Number(match[3]);
      if (label === "tree" && Number.isFinite(number)) values.set(unescape(value!), number);
    }
  }
  return found;
}
