/**
 * Patterns of trees and of programs' paths, as a person writes them: `/sshd/base`, `/cron/*.sh/**`, `/opt/*\/tools/**`.
 *
 * A label of its own, `**` is any number of labels, none included: `/nginx/**` is nginx and everything below it. Any other `*`
 * is any text within one label, also none of it. All else is itself, so that each tree is a pattern that matches it, however
 * it was copied: two backslashes are one and `\"` is `"`, as the text of /metrics has them. `\*` is a star and nothing else.
 *
 * @module
 */

/** What a label of a pattern stands for: itself, what has these pieces in this order, or any number of labels. */
export type PatternLabel =
  | { readonly kind: "exact"; readonly text: string }
  /** At least two: what the label begins with, what it has in between, and what it ends with. */
  | { readonly kind: "glob"; readonly pieces: readonly string[] }
  | { readonly kind: "deep" };

/** A text that is no pattern; the message says why, to follow "it". */
export class PatternError extends Error {
  override readonly name = "PatternError";
  /** @param index number of the text among several, from 0 */
  constructor(message: string, readonly index = 0) {
    super(message);
  }
}

/** The labels of a tree: `/sshd/base` → `sshd`, `base`. */
export function labelsOf(tree: string): string[] {
  return tree.split("/").slice(1);
}

/** Whether a text is a tree: `/` and labels with `/` between them. */
export function isTree(text: string): boolean {
  return text.startsWith("/") && !labelsOf(text).includes("");
}

/** Who launched whom, the mark of machine-made names left out: `/random/cron/top.py` is `cron > top.py`. */
export function ancestryOf(tree: string): string {
  return labelsOf(tree.replace(/^\/random(?=\/)/, "")).join(" > ");
}

/** Reads a pattern; throws a {@link PatternError}. */
export function parsePattern(text: string): PatternLabel[] {
  if (!text.startsWith("/")) throw new PatternError("doesn't begin with /");
  const labels = labelsOf(text);
  if (labels.includes("")) throw new PatternError("has an empty label");
  return labels.map(parseLabel);
}

function parseLabel(text: string): PatternLabel {
  if (text === "**") return { kind: "deep" };
  // A star that a backslash belongs to is itself; the others become a slash, which no label has.
  const marked = text.replace(
    /(\\*)\*/g,
    (_, backslashes: string) => backslashes.length % 2 === 0 ? `${backslashes}/` : `${backslashes.slice(1)}*`,
  );
  const pieces = marked.split("/").map(canonical);
  return pieces.length === 1 ? { kind: "exact", text: pieces[0]! } : { kind: "glob", pieces };
}

/** A label, or a piece of one, as it is compared: `\\` is `\`, `\"` is `"`. */
export function canonical(text: string): string {
  return text.includes("\\") ? text.replace(/\\+("?)/g, (_, quote: string) => quote || "\\") : text;
}

/** The pattern of one tree and no other, but for doubled backslashes. */
export function patternOf(tree: string): string {
  return tree.replace(/[\\*]/g, "\\$&");
}

/** Whether a label has the pieces in their order. Takes time in proportion to its length, whatever the pieces are. */
export function matchesPieces(pieces: readonly string[], label: string): boolean {
  const last = pieces.length - 1;
  const end = label.length - pieces[last]!.length;
  let at = pieces[0]!.length;
  if (at > end || !label.startsWith(pieces[0]!) || !label.endsWith(pieces[last]!)) return false;
  for (let i = 1; i < last; i++) {
    // The first place is as good as any later one: what follows may stand anywhere behind it.
    const found = label.indexOf(pieces[i]!, at);
    if (found < 0) return false;
    at = found + pieces[i]!.length;
  }
  return at <= end;
}
