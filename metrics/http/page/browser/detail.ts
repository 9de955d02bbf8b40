/**
 * A row that is opened: what runs, what was launched last, and why the tree is called and marked as it is.
 *
 * @module
 */

import type { ProcessesJson } from "../../api/mod.ts";
import { badgeViews, flagBadges, treeBadges } from "./badges.ts";
import { lineView } from "./feed.ts";
import { agoText, containerText, countText, durationText, plotPath } from "./format.ts";
import { ProcessLines } from "./process_lines.ts";
import { element, type ElementView, type Part } from "./view.ts";

/** Lines of what was launched last. */
const MOST_LINES = 10;

/** The row below an opened one; `near` is undefined until it is known, `now` Unix seconds. */
export function detailView(near: ProcessesJson | undefined, now: number): ElementView {
  const parts = near === undefined
    ? [element("p.note", "…")]
    : [copies(near), reasons(near), processes(near, now), launches(near, now), times(near)];
  return element(
    "div",
    { id: "opened", role: "row", class: "detail" },
    element("div", { role: "gridcell", "aria-colspan": 9 }, ...parts),
  );
}

function part(name: string, ...children: readonly Part[]): ElementView {
  return element("section", { "aria-label": name }, element("h2", name), ...children);
}

function copies({ tree, query, baseline_rules }: ProcessesJson): ElementView {
  const texts = [["Path", tree.path], ["PromQL", query], ...baseline_rules.map((rule) => ["Baseline", rule])];
  return element(
    "ul.copies",
    ...texts.map(([name, text]) =>
      element(
        "li",
        element("span", name!),
        element("code", text!),
        element("button", { type: "button", class: "copy", "aria-label": `Copy: ${name}` }, "Copy"),
      )
    ),
  );
}

/** Why it has its badges, and its name. */
function reasons({ tree, unexpected_reason: unexpected, explanation }: ProcessesJson): ElementView {
  const badges = treeBadges(tree).map((badge) => {
    const why = badge.kind === "unexpected" && unexpected !== null ? unexpected : badge.title;
    return element("li", ...badgeViews([badge]), ` ${why}`);
  });
  return part(
    "Why",
    element(
      "ul",
      ...badges,
      tree.random && !tree.random_name &&
        element("li", "It was launched below a program whose name or place is machine-made."),
      ...explanation === null ? [] : explained(explanation),
      badges.length === 0 && explanation === null &&
        element("li.calm", "Nothing is odd about it, and nothing runs that could be explained."),
    ),
  );
}

function explained(
  { executable, label, meaning, base, origin, elements }: NonNullable<ProcessesJson["explanation"]>,
): ElementView[] {
  const source = origin === "built-in" ? "the built-in list" : `the ${origin} database`;
  return [
    element("li", element("code", executable), " is called ", element("code", label), `: ${meaning}`),
    element("li", `${base ? "Of the base system" : "Not of the base system"}, by ${source}.`),
    ...elements.filter(({ random }) => random && !base).map(({ name, score, rule }) =>
      element("li", element("code", name), ` is machine-made, by ${rule} (${score.toFixed(3)}).`)
    ),
  ];
}

function processes({ count, processes: list }: ProcessesJson, now: number): ElementView {
  if (list.length === 0) return part("Processes now", element("p.calm", "None."));
  const head = ["PID", "User", "Unit", "For", "Executable"];
  return part(
    "Processes now",
    element(
      "table",
      element("thead", element("tr", ...head.map((name) => element("th", { scope: "col" }, name)))),
      element(
        "tbody",
        ...list.map(({ pid, uid, user, unit, since, executable, flags, ...place }) =>
          element(
            "tr",
            ...[
              String(pid),
              user ?? (uid === null ? "" : String(uid)),
              [unit, containerText(place)].filter((name) => name != null).join(" · "),
              since === null ? "" : agoText(now - since),
            ].map((text) => element("td", text)),
            element("td", element("code", executable ?? ""), ...badgeViews(flagBadges(flags))),
          )
        ),
      ),
    ),
    count > list.length && element("p.calm", `… and ${countText(count - list.length)} more.`),
  );
}

function launches({ tree, events }: ProcessesJson, now: number): ElementView {
  const lines = new ProcessLines(MOST_LINES);
  lines.add(events);
  const last = tree.last_launch;
  return part(
    "Last launches",
    lines.lines.length === 0
      ? element("p.calm", last === null ? "None." : `None since anybody looks; the last: ${agoText(now - last)}.`)
      : element("ol.lines", ...lines.lines.map(lineView)),
  );
}

/** How often it ran how long. */
function times({ tree: { seconds, resources } }: ProcessesJson): ElementView | undefined {
  if (seconds.count === 0) return undefined;
  const mean = `${countText(seconds.count)} ended, after ${durationText(seconds.sum / seconds.count)} in the mean`;
  const memory = resources === null ? "" : `; at most ${bytesText(resources.max_resident_bytes)} of memory`;
  return part(
    "Run time",
    element(
      "p",
      element(
        "svg",
        { viewBox: "0 0 71 16", role: "img", "aria-label": "How often each run time, 1 ms to a day" },
        element("path", { d: plotPath(seconds.buckets) }),
      ),
      ` ${mean}${memory}`,
    ),
  );
}

/** `640 kB`, `12 MB`, `1.5 GB`. */
function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
