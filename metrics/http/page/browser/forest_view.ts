/**
 * The forest on the page: its items come, go and are filtered; their rows are written while they are in sight.
 *
 * @module
 */

import type { TreeJson, TreesMessage } from "../../api/mod.ts";
import { find, page, type PageElement, say } from "./dom.ts";
import { countText } from "./format.ts";
import { treeBadges } from "./badges.ts";
import { emptyRow, itemOf, rowOf, writeAge, writeBadges, writeRow } from "./row.ts";

/** Depths that the style knows. */
const DEEPEST = 33;
/** Time between two looks at the ages of the trees in sight. */
const AGES_MS = 10_000;

/** Whether a path has a machine-made part. */
function isRandom(path: string): boolean {
  return path.startsWith("/random/");
}

export class ForestView {
  readonly #forest = find("#forest");
  readonly #filter = find("#filter");
  readonly #template = find("#item").content.firstElementChild!;
  /** Most items. */
  readonly #most = Number(this.#forest.dataset.most);
  /** Items by path. */
  readonly #items = new Map<string, PageElement>();
  /** Trees whose row doesn't show their last numbers yet. */
  readonly #news = new Map<string, TreeJson>();
  readonly #inSight = new Set<PageElement>();
  readonly #sight = new page.IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#inSight.add(target);
      else this.#inSight.delete(target);
    }
    this.#draw();
  }, { rootMargin: "200px" });
  /** Rows that flash because something was launched. */
  #flashing: PageElement[] = [];
  #isDue = false;

  /** Takes over the items that the page came with. */
  constructor() {
    for (const item of this.#forest.querySelectorAll("li[data-path]")) {
      this.#items.set(item.dataset.path!, item);
      this.#sight.observe(rowOf(item));
    }
    this.#filter.addEventListener("input", () => this.select());
    if (this.#filter.value !== "") this.select();
    setInterval(() => this.#inSight.forEach((row) => writeAge(row.lastElementChild!)), AGES_MS);
  }

  /** Where a stream of messages goes on; undefined for one that begins with all trees. */
  get after(): string | undefined {
    return this.#forest.dataset.after;
  }

  /** Takes the trees of a message. */
  update({ complete, trees, removed }: Pick<TreesMessage, "complete" | "trees" | "removed">): void {
    for (const row of this.#flashing) row.classList.toggle("flash", false);
    this.#flashing = [];
    const items = this.#items, before = items.size;
    if (complete) {
      const all = new Set(trees.map(({ path }) => path));
      for (const path of [...items.keys()].reverse()) if (!all.has(path)) this.#remove(path);
    }
    for (const path of removed) this.#remove(path);
    for (const tree of trees) {
      if (!items.has(tree.path) && items.size >= this.#most) continue;
      this.#ensure(tree.path);
      this.#news.set(tree.path, tree);
    }
    if (items.size !== before) {
      find("#none").hidden = items.size > 0;
      this.select();
    }
    this.#draw();
  }

  /** Shows what the filter matches, with what is above it. */
  select(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    let count = 0;
    for (const [path, item] of this.#items) {
      const isMatch = path.toLowerCase().includes(wanted);
      item.hidden = !isMatch;
      if (!isMatch) continue;
      count++;
      for (let above = itemOf(item.parentElement!); above !== null && above.hidden;) {
        above.hidden = false;
        above = itemOf(above.parentElement!);
      }
    }
    say(find("#matches"), wanted === "" ? "" : `${countText(count)} of ${countText(this.#items.size)}`);
  }

  /** Writes the rows in sight, once a frame. */
  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    page.requestAnimationFrame(() => {
      this.#isDue = false;
      for (const [path, tree] of this.#news) {
        const item = this.#items.get(path), row = item === undefined ? undefined : rowOf(item);
        if (row !== undefined && !this.#inSight.has(row)) continue;
        this.#news.delete(path);
        if (row === undefined || !writeRow(row, tree)) continue;
        row.classList.toggle("flash", true);
        this.#flashing.push(row);
      }
    });
  }

  /** The item of a path, made where there is none, with those above it; null for what stands above all. */
  #ensure(path: string): PageElement | null {
    if (path === "" || path === "/random") return null;
    const there = this.#items.get(path);
    if (there !== undefined) return there;
    const slash = path.lastIndexOf("/"), parent = this.#ensure(path.slice(0, slash));
    const item = this.#template.cloneNode(true);
    item.dataset.path = path;
    item.className = `d${parent === null ? 0 : Math.min(DEEPEST, Number(parent.className.slice(1)) + 1)}`;
    const name = rowOf(item).firstElementChild!;
    name.firstElementChild!.textContent = path.slice(slash + 1);
    writeBadges(name, treeBadges(isRandom(path), undefined));
    const list = parent === null ? this.#forest : this.#listBelow(parent);
    const before = Array.from(list.children).find((sibling) => sibling.dataset.path! >= path) ?? null;
    list.insertBefore(item, before);
    this.#items.set(path, item);
    this.#sight.observe(rowOf(item));
    return item;
  }

  /** The list below an item, made where there is none. */
  #listBelow(item: PageElement): PageElement {
    const first = item.firstElementChild!;
    if (first.matches("details")) return first.lastElementChild!;
    const [details, summary, list] = ["details", "summary", "ul"].map((name) => page.document.createElement(name)) as [
      PageElement,
      PageElement,
      PageElement,
    ];
    summary.className = first.className;
    summary.append(...Array.from(first.children));
    details.append(summary, list);
    details.open = true;
    this.#unsee(first);
    first.replaceWith(details);
    this.#sight.observe(summary);
    return list;
  }

  /** A tree left: its item goes, or stays empty for what is below. */
  #remove(path: string): void {
    const item = this.#items.get(path);
    this.#news.delete(path);
    if (item === undefined) return;
    const row = rowOf(item);
    if (row.matches("summary") && row.nextElementSibling!.firstElementChild !== null) {
      return emptyRow(row, isRandom(path));
    }
    this.#unsee(row);
    this.#items.delete(path);
    const parent = itemOf(item.parentElement!);
    item.remove();
    if (parent !== null && rowOf(parent).matches(".ghost")) this.#remove(parent.dataset.path!);
  }

  #unsee(row: PageElement): void {
    this.#sight.unobserve(row);
    this.#inSight.delete(row);
  }
}
