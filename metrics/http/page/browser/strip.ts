/**
 * The strip of counts: what is odd, and how much of it. Each count is a link to what it counts.
 *
 * @module
 */

import { FLAG_MEANINGS, weightOf } from "./badges.ts";
import { type Facts, kindOfFlag, KINDS } from "./facts.ts";
import { countText } from "./format.ts";
import { addressOf, type Selection } from "./selection.ts";
import { element, type ElementView } from "./view.ts";

/** Kind of a tree with launches that have a flag → the flag. */
const FLAG_KINDS = new Map(
  Object.entries(FLAG_MEANINGS).map(([flag, meaning]) => [
    kindOfFlag(flag),
    { meaning, weight: weightOf(flag as keyof typeof FLAG_MEANINGS) },
  ]),
);

/** The strip over all trees; `hasBaseline` says whether there is one to judge by. */
export function stripView(trees: Iterable<Facts>, selection: Selection, hasBaseline: boolean): ElementView {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { kinds } of trees) {
    all++;
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const chip = (kind: string, name: string, count: number, weight: string, title: string) =>
    element(
      "a",
      {
        href: addressOf({ ...selection, kind: selection.kind === kind ? "" : kind }),
        class: count === 0 ? "none" : weight,
        "data-kind": kind,
        title,
        "aria-current": selection.kind === kind ? "true" : undefined,
      },
      element("b", countText(count)),
      ` ${name}`,
    );
  const kinds = Object.entries(KINDS).filter(([kind]) => kind !== "unexpected" || hasBaseline);
  const flags = [...FLAG_KINDS].filter(([kind]) => counts.has(kind) || selection.kind === kind);
  return element(
    "nav",
    { id: "strip", "aria-label": "What is odd" },
    chip("", "trees", all, "plain", "All trees"),
    ...kinds.map(([kind, title]) => chip(kind, kind, counts.get(kind) ?? 0, WEIGHTS[kind] ?? "grave", title)),
    ...flags.map(([kind, { meaning, weight }]) => chip(kind, kind, counts.get(kind) ?? 0, weight, meaning)),
  );
}

/** How a kind is taken that is no flag; what isn't here wants an explanation. */
const WEIGHTS: Readonly<Record<string, string>> = { new: "ordinary", random: "random", failing: "grave" };
