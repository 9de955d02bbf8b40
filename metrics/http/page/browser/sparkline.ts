/**
 * Launches of the last ten minutes as a small plot.
 *
 * @module
 */

import type { RecentJson } from "../../api/mod.ts";
import { countText, plotPath } from "./format.ts";
import { element, type ElementView } from "./view.ts";

/** How long each bar is, seconds, and how many there are. */
const BAR_SECONDS = 10, BARS = 60;

/** Launches as they are at `now`, where they were counted until another time: what is too old has left. */
export function launchesAt(launches: readonly number[], untilSeconds: number | null, now: number): readonly number[] {
  if (untilSeconds === null || launches.length === 0) return [];
  const end = (Math.floor(now / BAR_SECONDS) + 1) * BAR_SECONDS;
  const shift = Math.min(BARS, Math.max(0, Math.round((end - untilSeconds) / BAR_SECONDS)));
  return [...launches.slice(shift), ...new Array<number>(shift).fill(0)];
}

export function totalOf(launches: readonly number[]): number {
  return Math.round(launches.reduce((sum, count) => sum + count, 0));
}

/** The plot; undefined where there is nothing to show. */
export function sparkline(launches: readonly number[]): ElementView | undefined {
  const total = totalOf(launches);
  if (launches.every((count) => count === 0)) return undefined;
  return element(
    "svg",
    { viewBox: "0 0 60 16", class: "spark", role: "img", "aria-label": `${countText(total)} launches in ten minutes` },
    element("path", { d: plotPath(launches, 1, 1) }),
  );
}

/** The machine's launches: the plot, and how many there are a second, in the mean of the last minute. */
export function pulseView({ launches, until }: RecentJson, now: number): ElementView {
  const shown = launchesAt(launches, until, now), rate = totalOf(shown.slice(-7, -1)) / 60;
  const text = shown.length === 0 ? "" : `${rate < 10 ? rate.toFixed(1) : countText(Math.round(rate))} a second`;
  return element(
    "p",
    { id: "pulse", title: "Launches in ten minutes; a second, in the last minute" },
    sparkline(shown),
    text,
  );
}
