/**
 * A row of the forest: a tree's name and numbers, in an item of a list. An item with others below it is a `details` whose
 * `summary` is the row.
 *
 * @module
 */

import type { TreeJson } from "../../api/mod.ts";
import { type Badge, treeBadges } from "./badges.ts";
import { page, type PageElement, say } from "./dom.ts";
import { agoText, cellsOf } from "./format.ts";

/** The item that an element is in. */
export function itemOf(inside: PageElement): PageElement | null {
  return inside.closest("li[data-path]");
}

/** The row of an item. */
export function rowOf(item: PageElement): PageElement {
  const first = item.firstElementChild!;
  return first.matches("details") ? first.firstElementChild! : first;
}

/** Writes a tree's numbers; gives whether it has launched since the last time. `tree_row.tsx` has the cells in this order. */
export function writeRow(row: PageElement, tree: TreeJson): boolean {
  const [name, running, launches, failed, time, cpu, seen] = Array.from(row.children) as [
    PageElement,
    PageElement,
    PageElement,
    PageElement,
    PageElement,
    PageElement,
    PageElement,
  ];
  const cells = cellsOf(tree);
  const hasLaunched = launches.textContent !== cells.launches && launches.textContent !== "";
  say(running, cells.running);
  say(launches, cells.launches);
  say(failed, cells.failed);
  if (cells.failures !== "") failed.setAttribute("title", cells.failures);
  time.firstElementChild!.firstElementChild!.setAttribute("d", cells.plot);
  say(time.lastElementChild!, cells.mean);
  say(cpu, cells.cpu);
  writeBadges(name, treeBadges(tree.random, tree));
  row.classList.toggle("up", cells.running !== "");
  row.classList.toggle("ghost", false);
  if (tree.first_seen !== null) {
    seen.setAttribute("datetime", new Date(tree.first_seen * 1000).toISOString());
    writeAge(seen);
  }
  return hasLaunched;
}

/** Empties a row whose tree has left, while there are others below it: what is known of its name stays. */
export function emptyRow(row: PageElement, random: boolean): void {
  row.className = "row ghost";
  writeBadges(row.firstElementChild!, treeBadges(random, undefined));
  for (const cell of Array.from(row.children).slice(1)) {
    if (cell.querySelector("path") === null) cell.textContent = "";
  }
}

/** Has these badges stand behind a name, in their order, and no others. Nothing changes where they do. */
export function writeBadges(name: PageElement, badges: readonly Badge[]): void {
  const there = Array.from(name.querySelectorAll("em"));
  if (there.length === badges.length && there.every(({ textContent }, i) => textContent === badges[i]!.text)) {
    there.forEach((badge, i) => badge.setAttribute("title", badges[i]!.title));
    return;
  }
  for (const badge of there) badge.remove();
  name.append(...badges.map(badgeOf));
}

/** A badge, as `tree_row.tsx` writes it too. */
export function badgeOf({ text, kind, title }: Badge): PageElement {
  const badge = page.document.createElement("em");
  badge.className = kind;
  badge.textContent = text;
  badge.setAttribute("title", title);
  return badge;
}

/** Says how long ago an element's time is. */
export function writeAge(time: PageElement): void {
  const at = Date.parse(time.getAttribute("datetime") ?? "");
  if (!Number.isNaN(at)) say(time, agoText((Date.now() - at) / 1000));
}
