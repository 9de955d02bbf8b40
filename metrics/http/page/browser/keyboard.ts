/**
 * The forest by keyboard, as WAI-ARIA has it for a treegrid: the rows have one stop of the Tab key together, and arrows move
 * between those that can be seen, fold them and unfold them.
 *
 * @module
 */

import { find, page, type PageElement } from "./dom.ts";
import type { ForestView } from "./forest_view.ts";

/** Rows that PageUp and PageDown go. */
const PAGE_ROWS = 20;

/** Key → rows that it goes; all that there are is more. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
  Home: -Infinity,
  End: Infinity,
};

export class Keyboard {
  readonly #forest: ForestView;
  readonly #filter = find("#filter");
  /** The row at which the Tab key stops. */
  #stop: PageElement | undefined;

  /** `clear` empties the filter. */
  constructor(forest: ForestView, clear: () => void) {
    this.#forest = forest;
    const list = find("#rows");
    list.addEventListener("focusin", ({ target }) => this.#stopAt(target.closest(".row")));
    list.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches(".row, .row *")) return;
      if (this.#press(event.key, event.target.closest(".row")!)) event.preventDefault();
    });
    page.document.addEventListener("keydown", (event) => {
      const isInFilter = event.target === this.#filter;
      if (event.key === "Escape" && isInFilter) clear();
      else if (event.key === "ArrowDown" && isInFilter) this.#go(forest.seen[0]);
      else if (event.key === "/" && !event.target.matches("input")) this.#filter.focus();
      else return;
      event.preventDefault();
    });
  }

  /** Has the Tab key stop at a row that can be seen, the first one where the last isn't there any more. */
  refresh(): void {
    const { seen } = this.#forest;
    if (this.#stop === undefined || !seen.includes(this.#stop)) this.#stopAt(seen[0] ?? null);
  }

  /** Whether a key does something at a row. */
  #press(key: string, row: PageElement): boolean {
    const forest = this.#forest, place = forest.placeOf(row);
    if (place === undefined) return false;
    const step = STEPS[key], isFolded = forest.isFolded(place.path);
    if (step !== undefined) {
      const { seen } = forest, at = seen.indexOf(row) + step;
      this.#go(seen[Math.min(seen.length - 1, Math.max(0, at))]);
    } else if (key === "Enter" || key === " ") {
      row.querySelector("a")!.click();
    } else if (key === "ArrowRight" && place.hasChildren) {
      if (isFolded) forest.fold(false, [place.path]);
      else this.#press("ArrowDown", row);
    } else if (key === "ArrowLeft") {
      if (place.hasChildren && !isFolded) forest.fold(true, [place.path]);
      else this.#go(place.parent && forest.elementOf(place.parent.path));
    } else return false;
    return true;
  }

  #go(row: PageElement | undefined): void {
    if (row === undefined) return;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  #stopAt(row: PageElement | null): void {
    if (row === null) return;
    if (this.#stop !== undefined) this.#stop.tabIndex = -1;
    this.#stop = row;
    row.tabIndex = 0;
  }
}
