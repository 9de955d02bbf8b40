/**
 * The last launches and endings on the page, the newest first. While the pointer is over them they stand still.
 *
 * @module
 */

import type { EventJson, EventList } from "../../api/mod.ts";
import { launchBadges } from "./badges.ts";
import { find, page, type PageElement, say } from "./dom.ts";
import { clockText, countText, endingText } from "./format.ts";
import { badgeOf } from "./row.ts";

/** Lines that are kept. */
export const MOST_LINES = 200;

export class FeedView {
  readonly #feed = find("#feed");
  /** Lines that wait for the pointer to leave. */
  #held: PageElement[] | undefined;

  /** Takes over the lines that the page came with: their times become those of the reader's zone. */
  constructor() {
    const feed = this.#feed;
    for (const time of feed.querySelectorAll("time[datetime]")) {
      say(time, clockText(Date.parse(time.getAttribute("datetime")!) / 1000));
    }
    feed.addEventListener("pointerenter", () => this.#held = []);
    feed.addEventListener("pointerleave", () => {
      const lines = this.#held ?? [];
      this.#held = undefined;
      this.#show(lines);
    });
  }

  /** Takes the events of a message. */
  add({ events, skipped }: EventList): void {
    const lines = events.slice(-MOST_LINES).map(lineOf).reverse();
    const left = skipped + events.length - lines.length;
    if (left > 0) {
      const item = page.document.createElement("li");
      item.className = "skipped";
      item.textContent = `${countText(left)} events skipped`;
      lines.push(item);
    }
    if (this.#held === undefined) this.#show(lines);
    else this.#held = [...lines, ...this.#held].slice(0, MOST_LINES);
  }

  #show(lines: readonly PageElement[]): void {
    const feed = this.#feed;
    feed.querySelector(".calm")?.remove();
    feed.prepend(...lines);
    while (feed.children.length > MOST_LINES) feed.lastElementChild!.remove();
  }
}

/** The line of an event, as `page.tsx` writes it too. */
function lineOf(event: EventJson): PageElement {
  const [item, time, what, outcome, pid, tree] = ["li", "time", "span", "b", "i", "code"].map((name) =>
    page.document.createElement(name)
  ) as [PageElement, PageElement, PageElement, PageElement, PageElement, PageElement];
  item.className = ["error", "signal", "core"].includes(event.outcome ?? "") ? "failed" : event.type;
  time.textContent = event.time === null ? "" : clockText(event.time);
  outcome.textContent = event.type === "ending" ? event.outcome! : event.type;
  const rest = endingText({ ...event, outcome: "" });
  what.append(outcome, rest === "" ? "" : ` · ${rest}`, ...launchBadges(event).map(badgeOf));
  pid.textContent = String(event.pid);
  tree.textContent = event.tree;
  item.append(time, what, pid, tree);
  return item;
}
