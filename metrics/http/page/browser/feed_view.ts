/**
 * The last processes on the page. They stand still while the pointer is over them, or while a reader wants that.
 *
 * @module
 */

import type { EventList } from "../../api/mod.ts";
import { find, page, say } from "./dom.ts";
import { feedView } from "./feed.ts";
import { patch } from "./patch.ts";
import { type ProcessLine, ProcessLines } from "./process_lines.ts";

/** Lines that are shown, and those that are kept for another filter. */
const MOST_LINES = 100, MOST_KEPT = 1000;
/** Time between two looks at what came. */
const DRAW_MS = 200;

export class FeedView {
  readonly #feed = find("#feed");
  readonly #pause = find("#pause");
  readonly #processes = new ProcessLines(MOST_KEPT);
  readonly #isWanted: (tree: string) => boolean;
  #skipped = 0;
  #isPaused = false;
  #isHeld = false;
  #isDue = false;

  /** `isWanted` says which trees are selected. */
  constructor(isWanted: (tree: string) => boolean) {
    this.#isWanted = isWanted;
    const hold = (isHeld: boolean) => () => {
      this.#isHeld = isHeld;
      this.refresh();
    };
    this.#feed.addEventListener("pointerenter", hold(true));
    this.#feed.addEventListener("pointerleave", hold(false));
    this.#pause.hidden = false;
    this.#pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      this.#pause.setAttribute("aria-pressed", String(this.#isPaused));
      say(this.#pause, this.#isPaused ? "Go on" : "Pause");
      this.refresh();
    });
  }

  add({ events, skipped }: EventList): void {
    this.#processes.add(events);
    this.#skipped += skipped;
    this.refresh();
  }

  /** Shows what is selected of what came, unless it is to stand still. */
  refresh(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      if (this.#isPaused || this.#isHeld) return;
      page.requestAnimationFrame(() => this.#draw());
    }, DRAW_MS);
  }

  #draw(): void {
    const isWanted = ({ images }: ProcessLine) => images.some(({ tree }) => this.#isWanted(tree));
    const lines = this.#processes.lines.filter(isWanted).slice(0, MOST_LINES);
    const empty = this.#processes.lines.length === 0 ? "None since this page was opened." : "None of what is selected.";
    patch(this.#feed, feedView(lines, this.#skipped, empty));
  }
}
