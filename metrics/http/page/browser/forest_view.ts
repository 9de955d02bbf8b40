/**
 * The forest on the page: its rows come, go, are sorted, folded and filtered; they are written while they are in sight.
 *
 * @module
 */

import type { TreeJson, TreesMessage } from "../../api/mod.ts";
import { arranged, type Place, shownBy } from "./arrangement.ts";
import { DetailView } from "./detail_view.ts";
import { find, page, type PageElement, say } from "./dom.ts";
import { type Facts, factsAt, factsOf } from "./facts.ts";
import { emptyText, matchesText } from "./forest.ts";
import { patch } from "./patch.ts";
import { isEverything, type Selection } from "./selection.ts";
import { rowView } from "./tree_row.ts";

/** Time between two looks at the ages of the trees in sight. */
const AGES_MS = 10_000;

/** A tree, its last numbers where they came since the page was loaded, and its row. */
interface Row {
  facts: Facts | undefined;
  tree: TreeJson | undefined;
  /** Until when its last ten minutes were counted. */
  untilSeconds: number | null;
  readonly element: PageElement;
  place: Place;
  /** Whether the row doesn't show its tree's last numbers yet. */
  isStale: boolean;
  isNews: boolean;
}

export class ForestView {
  readonly #forest = find("#forest");
  readonly #list = find("#rows");
  readonly #detail = new DetailView(this.#list.querySelector(".detail"));
  readonly #rows = new Map<string, Row>();
  readonly #byElement = new Map<PageElement, Row>();
  readonly #folded = new Set<string>();
  readonly #inSight = new Set<Row>();
  readonly #sight = new page.IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const row = this.#byElement.get(target);
      if (row === undefined) continue;
      if (isIntersecting) this.#inSight.add(row);
      else this.#inSight.delete(row);
    }
    this.#draw();
  }, { rootMargin: "200px" });
  #selection: Selection;
  #places: readonly Place[] = [];
  #matching: ReadonlySet<string> = new Set();
  /** Rows that flash because something was launched. */
  #flashing: Row[] = [];
  #isDue = false;
  #isHeld = false;

  /** Takes over the rows that the page came with. All trees come with the first message. */
  constructor(selection: Selection) {
    this.#selection = selection;
    for (const element of Array.from(this.#list.children)) {
      if (element.dataset.path !== undefined) this.#take(element.dataset.path, element);
    }
    this.#detail.open(selection.open);
    this.#list.addEventListener("pointerenter", () => this.#isHeld = true);
    this.#list.addEventListener("pointerleave", () => {
      this.#isHeld = false;
      if (this.#selection.sort !== "tree") this.#arrange();
    });
    // Ages and the last ten minutes go on by themselves.
    setInterval(() => {
      for (const row of this.#inSight) row.isStale ||= row.tree !== undefined;
      this.#draw();
    }, AGES_MS);
  }

  /** Where a stream of messages goes on. */
  get after(): string {
    return this.#forest.dataset.after!;
  }

  /** Whether the page hasn't got all trees: another selection is the server's to make. */
  get isPart(): boolean {
    return this.#forest.dataset.part !== undefined;
  }

  /** What is known of all trees. */
  get facts(): Facts[] {
    const now = Date.now() / 1000;
    return [...this.#rows.values()].flatMap(({ facts }) => facts === undefined ? [] : [factsAt(facts, now)]);
  }

  /** Whether the selection has a tree. One that isn't here yet is taken to be. */
  isSelected(path: string): boolean {
    return this.#matching.has(path);
  }

  /** The row of an element inside. */
  placeOf(inside: PageElement): Place | undefined {
    const element = inside.closest(".row");
    return element === null ? undefined : this.#byElement.get(element)?.place;
  }

  elementOf(path: string): PageElement | undefined {
    return this.#rows.get(path)?.element;
  }

  /** The rows that can be seen, in their order. */
  get seen(): PageElement[] {
    return this.#places.flatMap(({ path }) => {
      const { element } = this.#rows.get(path)!;
      return element.hidden ? [] : [element];
    });
  }

  /** Shows what is selected, in its order. */
  select(selection: Selection): void {
    const before = this.#selection;
    this.#selection = selection;
    if (before.sort !== selection.sort || before.isRising !== selection.isRising) this.#arrange();
    else this.#filter();
    for (const row of this.#rows.values()) row.isStale = true; // links lead to other addresses
    this.#detail.open(selection.open);
    this.#draw();
  }

  isFolded(path: string): boolean {
    return this.#folded.has(path);
  }

  /** Hides or shows what is below some rows, or below all. */
  fold(isFolded: boolean, paths: Iterable<string> = this.#rows.keys()): void {
    for (const path of paths) {
      if (isFolded) this.#folded.add(path);
      else this.#folded.delete(path);
      const row = this.#rows.get(path);
      if (row?.place.hasChildren === true) row.element.setAttribute("aria-expanded", String(!isFolded));
    }
    this.#filter();
  }

  update({ complete, trees, removed, recent }: TreesMessage): void {
    for (const row of this.#flashing) row.element.classList.toggle("flash", false);
    this.#flashing = [];
    let isOther = false;
    const gone = new Set(removed);
    if (complete) {
      const all = new Set(trees.map(({ path }) => path));
      for (const path of this.#rows.keys()) if (!all.has(path)) gone.add(path);
    }
    for (const path of gone) {
      const row = this.#rows.get(path);
      if (row === undefined) continue;
      row.facts = row.tree = undefined;
      row.isStale = isOther = true;
    }
    for (const tree of trees) {
      let row = this.#rows.get(tree.path);
      if (row === undefined) {
        if (this.isPart) continue;
        row = this.#take(tree.path, page.document.createElement("div"));
      }
      const facts = factsOf(tree), before = row.facts;
      isOther ||= before === undefined || before.kinds.includes("random") !== facts.kinds.includes("random");
      row.isNews ||= before !== undefined && before.numbers[1] !== facts.numbers[1]; // until it is written
      row.facts = facts;
      row.tree = tree;
      row.untilSeconds = recent.until;
      row.isStale = true;
    }
    if (isOther || this.#selection.sort !== "tree" && !this.#isHeld && trees.length > 0) this.#arrange();
    else if (!isEverything(this.#selection)) this.#filter();
    this.#draw();
  }

  #take(path: string, element: PageElement): Row {
    const place = { path, depth: 0, parent: undefined, hasChildren: false };
    const row = { facts: undefined, tree: undefined, untilSeconds: null, element, place, isStale: true, isNews: false };
    this.#rows.set(path, row);
    this.#byElement.set(element, row);
    element.tabIndex = -1;
    const link = element.querySelector("a");
    if (link !== null) link.tabIndex = -1;
    this.#sight.observe(element);
    return row;
  }

  /** Puts the rows in their order; those that aren't needed any more go. */
  #arrange(): void {
    const known = [...this.#rows.values()].flatMap(({ facts }) => facts === undefined ? [] : [facts]);
    this.#places = arranged(known, this.#selection);
    const needed = new Set<string>();
    let next = this.#list.firstElementChild;
    for (const place of this.#places) {
      needed.add(place.path);
      const row = this.#rows.get(place.path) ?? this.#take(place.path, page.document.createElement("div"));
      const { place: before } = row;
      row.place = place;
      if (row.element.dataset.path === undefined) this.#write(row);
      row.isStale ||= before.depth !== place.depth || before.hasChildren !== place.hasChildren;
      if (row.element === next) next = next.nextElementSibling;
      else this.#list.insertBefore(row.element, next);
    }
    for (const [path, row] of this.#rows) if (!needed.has(path)) this.#drop(path, row);
    this.#filter();
  }

  #drop(path: string, row: Row): void {
    this.#sight.unobserve(row.element);
    this.#inSight.delete(row);
    this.#rows.delete(path);
    this.#byElement.delete(row.element);
    row.element.remove();
  }

  /** Hides what the selection hasn't got, and what is folded away. */
  #filter(): void {
    const now = Date.now() / 1000, selection = this.#selection, folded = this.#folded;
    const { shown, matching } = shownBy(this.#places, selection, (path) => {
      const facts = this.#rows.get(path)?.facts;
      return facts && factsAt(facts, now);
    });
    this.#matching = matching;
    const hidden = new Set<Place>();
    for (const place of this.#places) {
      const { parent } = place;
      if (parent !== undefined && (hidden.has(parent) || folded.has(parent.path))) hidden.add(place);
      const isHidden = hidden.has(place) || !shown.has(place.path), { element } = this.#rows.get(place.path)!;
      if (element.hidden !== isHidden) element.hidden = isHidden;
    }
    this.#placeDetail();
    if (this.isPart) return;
    say(find("#matches"), matchesText(matching.size, this.facts.length));
    const none = find("#none");
    none.hidden = shown.size > 0;
    say(none, emptyText(isEverything(selection)));
  }

  /** Has the details stand below the row that is opened. */
  #placeDetail(): void {
    const { element } = this.#detail, row = this.#rows.get(this.#selection.open)?.element;
    element.hidden = row === undefined || row.hidden;
    if (row !== undefined && row.nextElementSibling !== element) {
      this.#list.insertBefore(element, row.nextElementSibling);
    }
  }

  /** Writes the rows in sight, once a frame. */
  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    page.requestAnimationFrame(() => {
      this.#isDue = false;
      for (const row of this.#inSight) if (row.isStale) this.#write(row);
    });
  }

  #write(row: Row): void {
    const { place, tree, element, isNews, untilSeconds } = row, selection = this.#selection;
    row.isStale = row.isNews = false;
    patch(
      element,
      rowView(place, tree, {
        selection,
        isFolded: this.#folded.has(place.path),
        isNews,
        untilSeconds,
        now: Date.now() / 1000,
      }),
    );
    element.querySelector("a")!.tabIndex = -1;
    if (isNews) this.#flashing.push(row);
  }
}
