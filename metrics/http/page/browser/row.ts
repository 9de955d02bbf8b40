/**
 * A row of the forest: a tree's name and numbers, in an item of a list. An item with others below it is a `details` whose
 * `summary` is the row.
 *
 * @module
 */

import type { TreeJson } from "../../api/mod.ts";
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
  setBadge(name, "random", tree.random);
  for (const flag of Object.keys(tree.flagged_launches)) setBadge(name, flag, true);
  setBadge(name, "unexpected", tree.expected === false);
  row.classList.toggle("up", cells.running !== "");
  row.classList.toggle("ghost", false);
  if (tree.first_seen !== null) {
    seen.setAttribute("datetime", new Date(tree.first_seen * 1000).toISOString());
    writeAge(seen);
  }
  return hasLaunched;
}

/** Empties a row whose tree has left, while there are others below it. */
export function emptyRow(row: PageElement): void {
  row.className = "row ghost";
  for (const cell of Array.from(row.children).slice(1)) {
    if (cell.querySelector("path") === null) cell.textContent = "";
  }
}

/** Puts a badge behind a name, or takes it away. */
export function setBadge(name: PageElement, kind: string, isOn: boolean): void {
  const there = name.querySelector(`em.${kind}`);
  if (isOn === (there !== null)) return;
  if (there !== null) return there.remove();
  const added = page.document.createElement("em");
  added.className = kind;
  added.textContent = kind;
  name.append(added);
}

/** Says how long ago an element's time is. */
export function writeAge(time: PageElement): void {
  const at = Date.parse(time.getAttribute("datetime") ?? "");
  if (!Number.isNaN(at)) say(time, agoText((Date.now() - at) / 1000));
}
