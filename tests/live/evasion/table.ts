/**
 * Rows of the printed table: technique → tree, flags, verdict.
 *
 * @module
 */

import type { Scrape } from "../exposition.ts";
import {
  falseFlags,
  type Flag,
  judge,
  missingFlags,
  type Sighting,
  type Technique,
  type Verdict,
} from "./technique.ts";

/** Flags that launches of a tree had. */
export function flagsIn(scrape: Scrape, tree: string): string[] {
  return scrape.samples.filter(({ name, labels, value }) =>
    name === "cnproc_tree_flagged_launches_total" && labels.tree === tree && value > 0
  ).map(({ labels }) => labels.flag!);
}

/** What became of a technique. */
export class Row {
  readonly verdict: Verdict;
  readonly missing: readonly Flag[];
  readonly wrong: readonly Flag[];
  /** From the marker on: what is above is the machine's. */
  readonly trees: readonly string[];
  readonly flags: readonly string[];

  /**
   * @param hasRecords whether the kernel's records named the launches
   * @param complaint what the technique itself complained about, for who reads a failure
   */
  constructor(
    readonly technique: Technique,
    sightings: readonly Sighting[],
    hasRecords: boolean,
    readonly complaint = "",
  ) {
    this.verdict = judge(technique, sightings, hasRecords);
    this.missing = missingFlags(technique, sightings);
    this.wrong = falseFlags(technique, sightings);
    this.trees = [...new Set(sightings.map(({ tree }) => tree.replace(/^.*(?=\/try-)/, "…")))];
    this.flags = [...new Set(sightings.flatMap(({ flags }) => flags))].toSorted();
  }

  get isWrong(): boolean {
    return this.verdict === "misleading" || this.verdict === "failed" || this.missing.length + this.wrong.length > 0;
  }

  /** What is wrong, in a line. */
  fault(): string {
    const { technique: { id }, verdict, trees, missing, wrong, complaint } = this;
    const without = missing.length === 0 ? "" : ` without ${missing.join(", ")}`;
    const instead = wrong.length === 0 ? "" : ` with ${wrong.join(", ")}`;
    return `${id} is ${verdict}${without}${instead}: ${trees.join(" ")} ${complaint}`.trimEnd();
  }
}

/** Keeps a text inside its cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** The table, and how many rows have which verdict. */
export function markdown(rows: readonly Row[]): string {
  const lines = rows.map(({ technique: { id, what, idea = "" }, trees, flags, verdict }) =>
    `| ${[`${id}: ${what}`, idea, trees.join(" "), flags.join(" "), verdict].map(cell).join(" | ")} |`
  );
  const counts = Object.entries(Object.groupBy(rows, ({ verdict }) => verdict));
  const sum = counts.map(([verdict, { length }]) => `${length} ${verdict}`).join(", ");
  return [
    "| technique | idea | tree | flags | verdict |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    "",
    `${rows.length} rows: ${sum}`,
  ].join("\n");
}
