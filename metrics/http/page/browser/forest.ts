/**
 * The forest with its head, as a grid whose rows are a tree (the pattern treegrid of WAI-ARIA).
 *
 * @module
 */

import { type SortKey, SORTS } from "./facts.ts";
import { countText } from "./format.ts";
import { addressOf, type Selection } from "./selection.ts";
import { element, type ElementView } from "./view.ts";

/** What each number means, where its name doesn't say it. */
const TITLES: Readonly<Partial<Record<SortKey, string>>> = {
  running: "Processes that run it now",
  failed: "Ended with an error or by a signal",
  time: "Mean time that it ran",
  cpu: "CPU time of finished processes",
  seen: "Time since the first launch",
  rarity: "Surprisal of its launch by its parent, in bits",
  recent: "Launches in the last ten minutes",
};

/** The head: each name is a link that sorts by it, and once more the other way round. */
export function headView(selection: Selection): ElementView {
  return element(
    "div",
    { id: "head", role: "row", class: "head" },
    ...Object.entries(SORTS).map(([key, name]) => {
      const sort = key as SortKey, isSorted = selection.sort === sort, isRising = isSorted && !selection.isRising;
      // Names rise by themselves, numbers fall.
      const rises = selection.isRising !== (sort === "tree");
      return element(
        "span",
        { role: "columnheader", "aria-sort": isSorted ? rises ? "ascending" : "descending" : undefined },
        element("a", { href: addressOf({ ...selection, sort, isRising }), title: TITLES[sort] }, name),
      );
    }),
  );
}

/** What stands below the grid where it has no rows. */
export function emptyText(isEverything: boolean): string {
  return isEverything ? "No launch yet." : "No tree matches.";
}

/** How many of all rows are shown; empty where all are. */
export function matchesText(matching: number, all: number): string {
  return matching === all ? "" : `${countText(matching)} of ${countText(all)}`;
}
