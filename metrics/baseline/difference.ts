/**
 * Two baselines, compared: which rules came and went, and whether that makes a difference.
 *
 * @module
 */

import { parsePattern } from "../../fingerprint/mod.ts";
import type { Baseline } from "./baseline.ts";
import { printable } from "../text/mod.ts";

/** A rule that only one of two baselines has. */
export interface OneSided {
  readonly pattern: string;
  readonly line: number;
  /**
   * A rule of the other baseline that covers the same, so that nothing changes. Only for the rule of a single tree: of
   * those with globs nobody can say it in general.
   */
  readonly coveredBy?: string;
}

/** What one baseline has and the other hasn't. Order, comments and rules written twice make no difference. */
export interface BaselineDifference {
  readonly removed: readonly OneSided[];
  readonly added: readonly OneSided[];
}

function onlyIn(one: Baseline, other: Baseline): OneSided[] {
  const seen = new Set(other.entries.map(({ pattern }) => pattern));
  return one.entries.flatMap(({ pattern, line }) => {
    if (seen.has(pattern)) return [];
    seen.add(pattern);
    const labels = parsePattern(pattern);
    const single = labels.every((label) => label.kind === "exact");
    const tree = labels.map((label) => `/${label.kind === "exact" ? label.text : ""}`).join("");
    const { rule } = single ? other.verdict(tree) : { rule: undefined };
    return [{ pattern, line, ...rule === undefined ? {} : { coveredBy: rule } }];
  });
}

/** Compares two baselines. */
export function compareBaselines(old: Baseline, now: Baseline): BaselineDifference {
  return { removed: onlyIn(old, now), added: onlyIn(now, old) };
}

/** The difference for a terminal: `- /sshd/base` and `+ /nginx/**`, a line a rule; empty where there is none. */
export function differenceText({ removed, added }: BaselineDifference): string {
  const lines = (sign: string, rules: readonly OneSided[]) =>
    rules.map(({ pattern, coveredBy }) =>
      `${sign} ${printable(pattern)}${coveredBy === undefined ? "" : `  (covered by ${printable(coveredBy)})`}`
    );
  return [...lines("-", removed), ...lines("+", added)].join("\n");
}
