/**
 * The exporter's health as one line, which speaks up where something is wrong.
 *
 * @module
 */

import type { HealthJson } from "../../api/mod.ts";
import { countText } from "./format.ts";
import { element, type ElementView } from "./view.ts";

/** What is wrong, each in a few words with what it means for who reads the page. */
export function problemsOf(health: HealthJson): string[] {
  const { not_ready: notReady, sources, lost, trees, trees_limit: limit, collapsed } = health;
  if (notReady !== null) return [`not ready: ${notReady}`];
  const messages = lost.execs + lost.lifecycle + lost.records + lost.ring;
  return [
    ...sources.connector || sources.bpf ? [] : ["short processes aren't seen: polling"],
    ...sources.taskstats ? [] : ["CPU, I/O and memory of finished processes aren't known: no accounting records"],
    ...sources.procfs ? [] : ["programs can't be named: /proc can't be read"],
    ...messages > 0 ? [`${countText(messages)} messages lost: launches are missing`] : [],
    ...collapsed > 0
      ? [`${countText(collapsed)} launches counted as other: --trees.max is reached`]
      : trees >= limit
      ? ["--trees.max is reached"]
      : [],
  ];
}

export function healthView(health: HealthJson): ElementView {
  const problems = problemsOf(health), { processes, trees, trees_limit: limit, sources, boost } = health;
  if (health.not_ready !== null) return line(problems, "");
  const names = Object.entries(sources).filter(([, isUp]) => isUp).map(([name]) => name).join(", ");
  const shadow = health.baseline_mode === "shadow" ? "; the baseline alerts nobody: shadow mode" : "";
  const usual = `${countText(processes)} processes in ${countText(trees)} of ${countText(limit)} trees${shadow}`;
  return line(problems, usual, names === "" ? "" : `by ${names}; boost ${boost}`);
}

function line(problems: readonly string[], usual: string, title = ""): ElementView {
  return element(
    "p",
    { id: "health", role: "status" },
    ...problems.map((problem) => element("strong", problem)),
    element("span", { title: title || undefined }, usual),
  );
}
