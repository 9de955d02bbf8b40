/**
 * The order of the rows: the forest, or, sorted by a number, a list.
 *
 * A path's labels have no slash, so the path says what stands below what. A tree whose own name is machine-made stands where it
 * was launched: below the tree without the mark.
 *
 * @module
 */

import { pathAbove } from "../../../tree_path/mod.ts";
import { type Facts, sortNumber } from "./facts.ts";
import { isSelected, type Selection } from "./selection.ts";

export interface Place {
  readonly path: string;
  /** Rows above it that it is below of. */
  readonly depth: number;
  readonly parent: Place | undefined;
  /** Whether there are rows below it. */
  readonly hasChildren: boolean;
}

/** All rows in the order of the selection. */
export function arranged(trees: Iterable<Facts>, { sort, isRising }: Pick<Selection, "sort" | "isRising">): Place[] {
  const sign = isRising ? -1 : 1;
  if (sort !== "tree") {
    const list = [...trees].sort((a, b) =>
      sign * (sortNumber(b, sort) - sortNumber(a, sort)) || (a.path < b.path ? -1 : 1)
    );
    return list.map(({ path }) => ({ path, depth: 0, parent: undefined, hasChildren: false }));
  }
  const facts = new Map<string, Facts>(), below = new Map<string, string[]>();
  for (const tree of trees) facts.set(tree.path, tree);
  const known = new Set<string>();
  const add = (path: string) => {
    for (let at = path; at !== "" && !known.has(at);) {
      known.add(at);
      const above = pathAbove(at, facts.get(at)?.kinds.includes("random") ?? false), siblings = below.get(above);
      if (siblings === undefined) below.set(above, [at]);
      else siblings.push(at);
      at = above;
    }
  };
  for (const path of facts.keys()) add(path);
  const places: Place[] = [];
  const place = (above: string, parent: Place | undefined, depth: number) => {
    for (const path of (below.get(above) ?? []).sort((a, b) => sign * byLabel(a, b))) {
      const here: Place = { path, depth, parent, hasChildren: below.has(path) };
      places.push(here);
      place(path, here, depth + 1);
    }
  };
  place("", undefined, 0);
  return places;
}

function byLabel(a: string, b: string): number {
  const label = lastLabel(a), other = lastLabel(b);
  return label < other || label === other && a < b ? -1 : 1;
}

export function lastLabel(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Which rows are shown: those that are wanted, the matching ones, and those above them. */
export interface Shown {
  readonly shown: ReadonlySet<string>;
  readonly matching: ReadonlySet<string>;
}

/** Which rows a selection shows. */
export function shownBy(
  places: readonly Place[],
  selection: Selection,
  factsOf: (path: string) => Facts | undefined,
): Shown {
  return shownWhere(places, (path) => {
    const facts = factsOf(path);
    return facts !== undefined && isSelected(selection, facts);
  });
}

/** Which rows are shown where those with these paths are wanted. */
export function shownWhere(places: readonly Place[], isWanted: (path: string) => boolean): Shown {
  const shown = new Set<string>(), matching = new Set<string>();
  for (const place of places) {
    if (!isWanted(place.path)) continue;
    matching.add(place.path);
    for (let at: Place | undefined = place; at !== undefined && !shown.has(at.path); at = at.parent) shown.add(at.path);
  }
  return { shown, matching };
}
