/**
 * The forest by keyboard: arrows move between the rows that can be seen, open and close them; `/` is the filter, Escape
 * empties it.
 *
 * @module
 */

import { find, page, type PageElement } from "./dom.ts";
import { itemOf, rowOf } from "./row.ts";

/** From an item on, itself included, the next (1) or previous (-1) sibling that isn't filtered out. */
function shown(from: PageElement | null, step: 1 | -1): PageElement | null {
  let at = from;
  while (at?.hidden) at = step === 1 ? at.nextElementSibling : at.previousElementSibling;
  return at;
}

/** The list below an item, if it is open. */
function openList(item: PageElement): PageElement | null {
  const details = item.firstElementChild!;
  return details.matches("details") && details.open ? details.lastElementChild : null;
}

/** The item of the row below. */
function next(item: PageElement): PageElement | null {
  const child = shown(openList(item)?.firstElementChild ?? null, 1);
  if (child !== null) return child;
  for (let at: PageElement | null = item; at !== null; at = itemOf(at.parentElement!)) {
    const sibling = shown(at.nextElementSibling, 1);
    if (sibling !== null) return sibling;
  }
  return null;
}

/** The item of the row above. */
function previous(item: PageElement): PageElement | null {
  let before = shown(item.previousElementSibling, -1);
  if (before === null) return itemOf(item.parentElement!);
  for (
    let last: PageElement | null = before;
    last !== null;
    last = shown(openList(before)?.lastElementChild ?? null, -1)
  ) {
    before = last;
  }
  return before;
}

/** What a key does at an item: the item to go to, null for staying there, undefined for nothing. */
function press(key: string, item: PageElement): PageElement | null | undefined {
  const details = item.firstElementChild!, isBranch = details.matches("details");
  if (key === "ArrowDown") return next(item);
  if (key === "ArrowUp") return previous(item);
  if (key === "ArrowRight" && isBranch) {
    if (details.open) return next(item);
    details.open = true;
    return null;
  }
  if (key !== "ArrowLeft") return undefined;
  if (!isBranch || !details.open) return itemOf(item.parentElement!);
  details.open = false;
  return null;
}

/** Listens to the keys. `select` is called when the filter was emptied. */
export function listenToKeys(select: () => void): void {
  const filter = find("#filter");
  find("#forest").addEventListener("keydown", (event) => {
    const item = itemOf(event.target);
    if (item === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = press(event.key, item);
    if (to === undefined) return;
    event.preventDefault();
    if (to !== null) rowOf(to).focus();
  });
  page.document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === filter) {
      filter.value = "";
      select();
    } else if (event.key === "/" && !event.target.matches("input")) {
      event.preventDefault();
      filter.focus();
    }
  });
}
