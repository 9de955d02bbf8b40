/**
 * The page's script: keeps the rows up to date by server-sent events, filters, and moves by keyboard. The page works without.
 *
 * It runs in the browser. {@link SCRIPT} is the text of {@link startPage} and of the functions of `format.ts`, as Deno runs them
 * (without types): there is no build step. It may use nothing else. Texts from the server become text nodes and attributes,
 * never HTML.
 *
 * @module
 */

import type { EventJson, EventList, TreeJson, TreesMessage } from "../api/mod.ts";
import type { PageElement, PageWindow } from "./dom.ts";
import {
  agoText,
  cellsOf,
  clockText,
  countText,
  durationText,
  endingText,
  failuresText,
  healthTexts,
  plotPath,
} from "./format.ts";

/** Brings the page to life. */
export function startPage(window: PageWindow): void {
  const { document, EventSource, IntersectionObserver } = window;
  /** Lines of the feed. */
  const MOST_LINES = 200;
  const find = (selector: string) => document.querySelector(selector)!;
  const forest = find("#forest"), feed = find("#feed"), state = find("#state"), filter = find("#filter");
  const matches = find("#matches"), template = find("#item").content.firstElementChild!;
  const most = Number(forest.dataset.most);
  /** Items of the forest by path. */
  const items = new Map<string, PageElement>();
  /** Trees whose row doesn't show their last numbers yet. A row is written when it is in sight. */
  const news = new Map<string, TreeJson>();
  const inSight = new Set<PageElement>();
  let flashing: PageElement[] = [];
  let held: PageElement[] | undefined;
  let isDue = false;

  const itemOf = (inside: PageElement) => inside.closest("li[data-path]");
  const rowOf = (item: PageElement) => {
    const first = item.firstElementChild!;
    return first.matches("details") ? first.firstElementChild! : first;
  };
  const labelOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const say = (element: PageElement, text: string) => {
    if (element.textContent !== text) element.textContent = text;
  };

  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inSight.add(target);
      else inSight.delete(target);
    }
    draw();
  }, { rootMargin: "200px" });

  /** Writes the rows in sight, once a frame. */
  function draw(): void {
    if (isDue) return;
    isDue = true;
    window.requestAnimationFrame(() => {
      isDue = false;
      for (const [path, tree] of news) {
        const item = items.get(path), row = item === undefined ? undefined : rowOf(item);
        if (row !== undefined && !inSight.has(row)) continue;
        news.delete(path);
        if (row !== undefined) write(row, tree);
      }
    });
  }

  function write(row: PageElement, tree: TreeJson): void {
    const [name, running, launches, failed, time, cpu, seen] = Array.from(row.children) as [
      ...PageElement[],
    ] as [PageElement, PageElement, PageElement, PageElement, PageElement, PageElement, PageElement];
    const cells = cellsOf(tree);
    if (launches.textContent !== cells.launches && launches.textContent !== "") {
      row.classList.toggle("flash", true);
      flashing.push(row);
    }
    say(running, cells.running);
    say(launches, cells.launches);
    say(failed, cells.failed);
    if (cells.failures !== "") failed.setAttribute("title", cells.failures);
    time.firstElementChild!.firstElementChild!.setAttribute("d", cells.plot);
    say(time.lastElementChild!, cells.mean);
    say(cpu, cells.cpu);
    badge(name, "random", tree.random);
    badge(name, "deleted", tree.deleted_launches > 0);
    badge(name, "unexpected", tree.expected === false);
    row.classList.toggle("up", cells.running !== "");
    row.classList.toggle("ghost", false);
    if (tree.first_seen === null) return;
    seen.setAttribute("datetime", new Date(tree.first_seen * 1000).toISOString());
    age(seen);
  }

  function badge(name: PageElement, kind: string, isOn: boolean): void {
    const there = name.querySelector(`em.${kind}`);
    if (isOn === (there !== null)) return;
    if (there !== null) return there.remove();
    const added = document.createElement("em");
    added.className = kind;
    added.textContent = kind;
    name.append(added);
  }

  function age(time: PageElement): void {
    const at = Date.parse(time.getAttribute("datetime") ?? "");
    if (!Number.isNaN(at)) say(time, agoText((Date.now() - at) / 1000));
  }

  /** The item of a path, made where there is none, with those above it; null for what stands above all. */
  function ensure(path: string): PageElement | null {
    if (path === "" || path === "/random") return null;
    const there = items.get(path);
    if (there !== undefined) return there;
    const parent = ensure(path.slice(0, path.lastIndexOf("/")));
    const item = template.cloneNode(true), label = labelOf(path);
    item.dataset.path = path;
    item.className = `d${parent === null ? 0 : Math.min(33, Number(parent.className.slice(1)) + 1)}`;
    const name = rowOf(item).firstElementChild!;
    name.firstElementChild!.textContent = label;
    badge(name, "random", path.startsWith("/random/"));
    const list = parent === null ? forest : branch(parent);
    let before: PageElement | null = null;
    for (const sibling of Array.from(list.children)) {
      if (sibling.dataset.path! < path) continue;
      before = sibling;
      break;
    }
    list.insertBefore(item, before);
    items.set(path, item);
    sight.observe(rowOf(item));
    return item;
  }

  /** The list below an item. */
  function branch(item: PageElement): PageElement {
    const first = item.firstElementChild!;
    if (first.matches("details")) return first.lastElementChild!;
    const details = document.createElement("details"), summary = document.createElement("summary");
    const list = document.createElement("ul");
    summary.className = first.className;
    summary.append(...Array.from(first.children));
    details.append(summary, list);
    details.open = true;
    sight.unobserve(first);
    inSight.delete(first);
    first.replaceWith(details);
    sight.observe(summary);
    return list;
  }

  /** A tree left: its item goes, or stays empty for what is below. */
  function remove(path: string): void {
    const item = items.get(path);
    news.delete(path);
    if (item === undefined) return;
    const row = rowOf(item);
    if (row.matches("summary") && row.nextElementSibling!.firstElementChild !== null) {
      row.className = "row ghost";
      for (const cell of Array.from(row.children).slice(1)) {
        if (cell.querySelector("path") === null) cell.textContent = "";
      }
      return;
    }
    inSight.delete(row);
    sight.unobserve(row);
    items.delete(path);
    const parent = itemOf(item.parentElement!);
    item.remove();
    if (parent !== null && rowOf(parent).matches(".ghost")) remove(parent.dataset.path!);
  }

  function select(): void {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    for (const [path, item] of items) {
      const isMatch = path.toLowerCase().includes(wanted);
      item.hidden = !isMatch;
      if (!isMatch) continue;
      count++;
      for (let above = itemOf(item.parentElement!); above !== null && above.hidden;) {
        above.hidden = false;
        above = itemOf(above.parentElement!);
      }
    }
    say(matches, wanted === "" ? "" : `${countText(count)} of ${countText(items.size)}`);
  }

  function onTrees({ complete, trees, removed, health }: TreesMessage): void {
    for (const row of flashing) row.classList.toggle("flash", false);
    flashing = [];
    const before = items.size;
    if (complete) {
      const all = new Set(trees.map(({ path }) => path));
      for (const path of [...items.keys()].reverse()) if (!all.has(path)) remove(path);
    }
    removed.forEach(remove);
    for (const tree of trees) {
      if (!items.has(tree.path) && items.size >= most) continue;
      ensure(tree.path);
      news.set(tree.path, tree);
    }
    if (items.size !== before) {
      find("#none").hidden = items.size > 0;
      select();
    }
    for (const [key, [text, isBad]] of Object.entries(healthTexts(health))) {
      const cell = find(`[data-health=${key}]`);
      say(cell, text);
      cell.classList.toggle("bad", isBad);
    }
    for (const [key, isUp] of Object.entries(health.sources)) {
      find(`[data-source=${key}]`).className = isUp ? "on" : "off";
    }
    draw();
  }

  function line(event: EventJson): PageElement {
    const item = document.createElement("li"), time = document.createElement("time");
    const what = document.createElement("span"), outcome = document.createElement("b");
    const pid = document.createElement("i"), tree = document.createElement("code");
    item.className = event.type;
    if (["error", "signal", "core"].includes(event.outcome ?? "")) item.className = "failed";
    time.textContent = event.time === null ? "" : clockText(event.time);
    outcome.textContent = event.type === "ending" ? event.outcome! : event.type;
    const rest = endingText({ ...event, outcome: "" });
    what.append(outcome, rest === "" ? "" : ` · ${rest}`);
    pid.textContent = String(event.pid);
    tree.textContent = event.tree;
    item.append(time, what, pid, tree);
    return item;
  }

  function onEvents({ events, skipped }: EventList): void {
    const lines = events.slice(-MOST_LINES).map(line).reverse();
    const left = skipped + events.length - lines.length;
    if (left > 0) {
      const item = document.createElement("li");
      item.className = "skipped";
      item.textContent = `${countText(left)} events skipped`;
      lines.push(item);
    }
    if (held === undefined) show(lines);
    else held = [...lines, ...held].slice(0, MOST_LINES);
  }

  function show(lines: readonly PageElement[]): void {
    feed.querySelector(".calm")?.remove();
    feed.prepend(...lines);
    while (feed.children.length > MOST_LINES) feed.lastElementChild!.remove();
  }

  /** The next (1) or previous (-1) row that can be seen. */
  function neighbour(item: PageElement, step: 1 | -1): PageElement | null {
    const shown = (from: PageElement | null | undefined, way: 1 | -1): PageElement | null => {
      let at = from ?? null;
      while (at?.hidden) at = way === 1 ? at.nextElementSibling : at.previousElementSibling;
      return at;
    };
    const below = (of: PageElement, end: "firstElementChild" | "lastElementChild") => {
      const details = of.firstElementChild!;
      if (!details.matches("details") || !details.open) return null;
      return shown(details.lastElementChild![end], end === "firstElementChild" ? 1 : -1);
    };
    if (step === 1) {
      const child = below(item, "firstElementChild");
      if (child !== null) return child;
      for (let at: PageElement | null = item; at !== null; at = itemOf(at.parentElement!)) {
        const next = shown(at.nextElementSibling, 1);
        if (next !== null) return next;
      }
      return null;
    }
    let before = shown(item.previousElementSibling, -1);
    if (before === null) return itemOf(item.parentElement!);
    for (let last = below(before, "lastElementChild"); last !== null; last = below(before, "lastElementChild")) {
      before = last;
    }
    return before;
  }

  forest.addEventListener("keydown", (event) => {
    const item = itemOf(event.target);
    if (item === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const details = item.firstElementChild!, isBranch = details.matches("details");
    let to: PageElement | null = null;
    if (event.key === "ArrowDown") to = neighbour(item, 1);
    else if (event.key === "ArrowUp") to = neighbour(item, -1);
    else if (event.key === "ArrowRight" && isBranch) {
      if (details.open) to = neighbour(item, 1);
      else details.open = true;
    } else if (event.key === "ArrowLeft") {
      if (isBranch && details.open) details.open = false;
      else to = itemOf(item.parentElement!);
    } else return;
    event.preventDefault();
    if (to !== null) rowOf(to).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === filter) {
      filter.value = "";
      select();
    } else if (event.key === "/" && !event.target.matches("input")) {
      event.preventDefault();
      filter.focus();
    }
  });
  filter.addEventListener("input", select);
  filter.closest("form")!.addEventListener("submit", (event) => event.preventDefault());
  for (const [id, isOpen] of [["#expand", true], ["#collapse", false]] as const) {
    find(id).addEventListener("click", () => {
      for (const details of forest.querySelectorAll("details")) details.open = isOpen;
    });
    find(id).hidden = false;
  }
  feed.addEventListener("pointerenter", () => held = []);
  feed.addEventListener("pointerleave", () => {
    const lines = held ?? [];
    held = undefined;
    show(lines);
  });
  for (const time of feed.querySelectorAll("time[datetime]")) {
    say(time, clockText(Date.parse(time.getAttribute("datetime")!) / 1000));
  }

  for (const item of forest.querySelectorAll("li[data-path]")) {
    items.set(item.dataset.path!, item);
    sight.observe(rowOf(item));
  }
  if (filter.value !== "") select();
  setInterval(() => inSight.forEach((row) => age(row.lastElementChild!)), 10_000);

  const after = forest.dataset.after;
  const source = new EventSource(
    `/api/v1/events?trees=true&limit=${MOST_LINES}${after === undefined ? "" : `&after=${after}`}`,
  );
  const onState = (isLive: boolean) => {
    state.className = isLive ? "live" : "away";
    say(state, isLive ? "live" : "reconnecting …");
  };
  source.addEventListener("open", () => onState(true));
  source.addEventListener("error", () => onState(false));
  source.addEventListener("trees", ({ data }: MessageEvent<string>) => onTrees(JSON.parse(data)));
  source.addEventListener("events", ({ data }: MessageEvent<string>) => onEvents(JSON.parse(data)));
}

/** The text of the script element. */
export const SCRIPT: string = [
  '"use strict";',
  ...[agoText, cellsOf, clockText, countText, durationText, endingText, failuresText, healthTexts, plotPath].map(
    String,
  ),
  `(${startPage})(globalThis);`, // by no name: it is another in the compiled file
].join("\n");
