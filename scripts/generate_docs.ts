/**
 * Writes docs/metrics.md, the table of all metrics, from the table of families that the exporter itself uses:
 *
 *     deno task docs [--check]
 *
 * With `--check` nothing is written, and the status is 1 where the file is not what it should be; a test does the same.
 *
 * @module
 */

import { FAMILIES } from "../metrics/exposition/families.ts";
import type { Family } from "../metrics/exposition/family.ts";

const FILE = new URL("../docs/metrics.md", import.meta.url);

/** Labels of a family's series with their values, as a reader would write a selector: `tree, outcome="success|error"`. */
function labels(family: Family): string {
  const values = new Map<string, string[]>();
  for (const { label } of family.series) {
    if (label !== undefined) values.set(label[0], [...values.get(label[0]) ?? [], label[1]]);
  }
  const own = [...values].map(([name, all]) => `\`${name}\` = ${all.map((value) => `\`${value}\``).join(", ")}`);
  if (family.of === "trees") own.unshift("`tree`");
  if (family.type === "histogram") own.push("`le`");
  if (family.type === "info") own.push("`version`, `revision`, `deno`");
  return own.join("; ");
}

/** The name that is queried: a counter's and an info's have a suffix that the family's doesn't have. */
function sample({ name, type }: Family): string {
  return name + (type === "counter" ? "_total" : type === "info" ? "_info" : "");
}

function meaning(family: Family): string {
  const notes = [family.help];
  if (family.of === "trees" && family.needsAccounting) notes.push("With taskstats only.");
  if (family.of === "trees" && family.needsBaseline) notes.push("With a baseline only.");
  return notes.join(" ").replaceAll("|", "\\|");
}

/** Families in the order of their names. */
function table(families: readonly Family[]): string[] {
  const rows = families.toSorted((a, b) => a.name < b.name ? -1 : 1).map((family) =>
    `| \`${sample(family)}\` | ${family.type} | ${labels(family)} | ${meaning(family)} |`
  );
  return ["| metric | type | labels | meaning |", "| --- | --- | --- | --- |", ...rows];
}

/** The text of docs/metrics.md. */
export function metricsDocument(): string {
  return [
    "<!-- Written by scripts/generate_docs.ts (deno task docs) from metrics/exposition/families.ts. -->",
    "",
    "# Metrics",
    "",
    "All durations are seconds, all sizes bytes. A histogram has `_bucket`, `_sum` and `_count` as usual.",
    "",
    "## Of each tree",
    "",
    ...table(FAMILIES.filter(({ of }) => of === "trees")),
    "",
    "## Of the exporter",
    "",
    ...table(FAMILIES.filter(({ of }) => of === "exporter")),
    "",
  ].join("\n");
}

if (import.meta.main) {
  const text = metricsDocument();
  if (!Deno.args.includes("--check")) await Deno.writeTextFile(FILE, text);
  else if (await Deno.readTextFile(FILE) !== text) {
    console.error("docs/metrics.md is not what metrics/exposition/families.ts says: run deno task docs");
    Deno.exit(1);
  }
}
