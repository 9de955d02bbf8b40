/**
 * A row of the forest: a tree's name and numbers.
 *
 * @module
 */

import type { TreeJson } from "../../api/mod.ts";
import { lastLabel, type Place } from "./arrangement.ts";
import { badgeViews, treeBadges } from "./badges.ts";
import { type Facts, factsOf, numbersOf } from "./facts.ts";
import { agoText, countText, durationText, failuresText } from "./format.ts";
import { addressOf, type Selection } from "./selection.ts";
import { launchesAt, sparkline } from "./sparkline.ts";
import { element, type ElementView } from "./view.ts";

/** Depths that the style knows: labels of a tree at most, `/random`, and a guard against more. */
export const MOST_DEPTH = 33;

/** What stands in a row's numbers, in the order of the columns. */
function cellsOf(tree: TreeJson, { now, untilSeconds }: RowState): ElementView[] {
  const { running, launches, failed, mean, cpu, firstSeen, rarity } = numbersOf(tree);
  const cell = (text: string, title?: string) => element("span", { role: "gridcell", title: title || undefined }, text);
  return [
    cell(running === 0 ? "" : countText(running)),
    cell(countText(launches)),
    cell(failed === 0 ? "" : countText(failed), failuresText(tree.exits)),
    cell(tree.seconds.count === 0 ? "" : durationText(mean)),
    cell(cpu === 0 ? "" : durationText(cpu)),
    element(
      "span",
      { role: "gridcell" },
      firstSeen === 0 ? undefined : element(
        "time",
        { datetime: new Date(firstSeen * 1000).toISOString() },
        agoText(now - firstSeen),
      ),
    ),
    cell(rarity.toFixed(1)),
    element("span", { role: "gridcell" }, sparkline(launchesAt(tree.recent_launches, untilSeconds, now))),
  ];
}

/** What a row shows beside its tree. */
export interface RowState {
  readonly selection: Selection;
  /** Whether what is below it is hidden. */
  readonly isFolded: boolean;
  /** Whether something was launched since a moment ago. */
  readonly isNews?: boolean;
  /** Until when the launches of the last ten minutes were counted; null where they weren't. */
  readonly untilSeconds: number | null;
  /** Unix time in seconds. */
  readonly now: number;
}

/** A row; `tree` is undefined for a program that is only known by what stands below it. */
export function rowView(place: Place, tree: TreeJson | undefined, state: RowState): ElementView {
  const { path, depth, hasChildren } = place, { selection, isFolded } = state;
  const isFlat = selection.sort !== "tree", isOpen = selection.open === path;
  const facts = tree === undefined ? undefined : factsOf(tree), label = lastLabel(path);
  const name = element("b", label);
  const classes = ["row", `d${Math.min(depth, MOST_DEPTH)}`, ...rowClasses(facts), ...isOpen ? ["opened"] : []];
  return element(
    "div",
    {
      role: "row",
      class: [...classes, ...state.isNews === true ? ["flash"] : []].join(" "),
      "data-path": path,
      "aria-level": depth + 1,
      "aria-expanded": hasChildren ? String(!isFolded) : undefined,
    },
    element(
      "span",
      { role: "rowheader", class: "name" },
      hasChildren ? element("i.fold", { "aria-hidden": "true" }) : undefined,
      element(
        "a",
        { href: addressOf({ ...selection, open: isOpen ? "" : path }), class: isFlat ? "path" : undefined },
        // Written from the right, so that what there is no room for is the beginning, and never the name.
        isFlat ? element("bdi", { dir: "ltr" }, element("small", path.slice(0, -label.length)), name) : name,
      ),
      ...tree === undefined ? [] : badgeViews(treeBadges(tree)),
    ),
    ...tree === undefined ? [] : cellsOf(tree, state),
  );
}

/** By what a tree does: `up` for one that runs, `random` for one with a machine-made name. */
function rowClasses(facts: Facts | undefined): string[] {
  if (facts === undefined) return ["ghost"];
  return [...facts.numbers[0]! > 0 ? ["up"] : [], ...facts.kinds.includes("random") ? ["random"] : []];
}
