/**
 * Reads samples out of the text format 0.0.4: of the families asked for, the value of each tree.
 *
 * @module
 */

/** `name{labels} value`, the labels with their quotes. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\} +([^ ]+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Values by tree of one sample name. */
export type ByTree = Map<string, number>;

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
