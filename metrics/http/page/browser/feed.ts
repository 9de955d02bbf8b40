/**
 * The feed's lines: one a process, the newest first.
 *
 * @module
 */

import { badgeViews, launchBadges } from "./badges.ts";
import { clockText, countText, endingText } from "./format.ts";
import type { ImageLine, ProcessLine } from "./process_lines.ts";
import { element, type ElementView } from "./view.ts";

export const FAILURES: ReadonlySet<string> = new Set(["error", "signal", "core"]);

/** The lines that are shown; `skipped` events were left out before them. */
export function feedView(lines: readonly ProcessLine[], skipped: number, empty: string): ElementView {
  return element(
    "ol",
    { id: "feed", tabindex: 0, "aria-label": "Last processes" },
    skipped > 0 && element("li.skipped", `${countText(skipped)} events skipped`),
    ...lines.map(lineView),
    lines.length === 0 && skipped === 0 && element("li.calm", empty),
  );
}

export function lineView({ pid, time, images }: ProcessLine): ElementView {
  const last = images.at(-1), outcome = last?.ending?.outcome;
  return element(
    "li",
    { class: outcome === undefined ? "runs" : FAILURES.has(outcome) ? "failed" : "ended" },
    time === null
      ? element("time")
      : element("time", { datetime: new Date(time * 1000).toISOString() }, clockText(time)),
    element("span", element("b", outcome ?? "runs"), last?.ending === undefined ? "" : rest(last)),
    element("i", { title: "Process id" }, String(pid)),
    ...images.map(imageView),
  );
}

function rest({ ending }: ImageLine): string {
  const text = endingText({ ...ending!, outcome: "" });
  return text === "" ? "" : ` · ${text}`;
}

function imageView({ tree, launch }: ImageLine): ElementView {
  return element("code", tree, ...launch === undefined ? [] : badgeViews(launchBadges(launch)));
}
