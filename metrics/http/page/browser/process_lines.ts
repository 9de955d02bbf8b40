/**
 * Launches and endings, joined: one line a process, with all that it ran.
 *
 * @module
 */

import type { EventJson } from "../../api/mod.ts";

export interface ProcessLine {
  readonly pid: number;
  /** Unix time of the first that is known of it; null for an ending that nobody saw. */
  readonly time: number | null;
  /** What it ran, in that order: an exec puts one program in the place of another. */
  readonly images: readonly ImageLine[];
}

/** A program that a process ran. */
export interface ImageLine {
  readonly tree: string;
  /** Undefined where it began before the feed. */
  readonly launch: EventJson | undefined;
  /** Undefined while it runs. */
  readonly ending: EventJson | undefined;
}

/** Images of a process that are kept; a process may exec without end. */
const MOST_IMAGES = 8;

/** Lines, the newest first. */
export class ProcessLines {
  #lines: ProcessLine[] = [];

  constructor(readonly most: number) {}

  get lines(): readonly ProcessLine[] {
    return this.#lines;
  }

  /** Takes events, oldest first. */
  add(events: readonly EventJson[]): void {
    for (const event of events) this.#add(event);
    if (this.#lines.length > this.most) this.#lines = this.#lines.slice(0, this.most);
  }

  #add(event: EventJson): void {
    const { pid, time, tree, type } = event, at = this.#lines.findIndex((line) => line.pid === pid);
    const images = this.#lines[at]?.images ?? [], last = images.at(-1);
    const put = (changed: readonly ImageLine[]) => {
      this.#lines[at] = { ...this.#lines[at]!, images: changed.slice(-MOST_IMAGES) };
    };
    const begin = (image: ImageLine) => void this.#lines.unshift({ pid, time, images: [image] });
    if (type === "ending") {
      const ended = images.findLastIndex((image) => image.tree === tree && image.ending === undefined);
      if (ended < 0) begin({ tree, launch: undefined, ending: event });
      else put(images.with(ended, { ...images[ended]!, ending: event }));
    } else if (type === "correction") {
      // The launch that follows takes its place.
      if (last !== undefined && last.ending === undefined) put(images.slice(0, -1));
    } else if (type === "flags") {
      // Of the last launch that the tree had by this process; it may have ended since.
      const flagged = images.findLastIndex((image) => image.tree === tree), launch = images[flagged]?.launch;
      const flags = [...new Set([...launch?.flags ?? [], ...event.flags ?? []])];
      if (launch !== undefined) put(images.with(flagged, { ...images[flagged]!, launch: { ...launch, flags } }));
    } else {
      const image = { tree, launch: event, ending: undefined };
      const hasEnded = last?.ending !== undefined && last.ending.outcome !== "exec";
      if (at < 0 || hasEnded) begin(image);
      else put([...images, image]);
    }
  }
}
