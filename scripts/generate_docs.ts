/**
 * Writes docs/metrics.md, the table of all metrics, from the table of families that the exporter itself uses, and into
 * docs/randomness.md the folders that carry hashes by design:
 *
 *     deno task docs [--check]
 *
 * With `--check` nothing is written, and the status is 1 where the file is not what it should be; a test does the same.
 *
 * @module
 */

import { BY_DESIGN } from "../fingerprint/randomness/by_design/mod.ts";
import { FAMILIES } from "../metrics/exposition/families.ts";
import type { Family } from "../metrics/exposition/family.ts";
import { groupOf, PROFILES } from "../metrics/exposition/groups.ts";

const FILE = new URL("../docs/metrics.md", import.meta.url);

/** What has the list of hashed folders between two lines of its own. */
const LISTED = new URL("../docs/randomness.md", import.meta.url);
const BEGIN = "<!-- deno-fmt-ignore-start -->\n";
const END = "<!-- deno-fmt-ignore-end -->\n";

/** Labels of a family's series with their values, as a reader would write a selector: `tree, outcome="success|error"`. */
function labels(family: Family): string {
  const values = new Map<string, string[]>();
  for (const { label } of family.series) {
    if (label !== undefined) values.set(label[0], [...values.get(label[0]) ?? [], label[1]]);
  }
  const own = [...values].map(([name, all]) => `\`${name}\` = ${all.map((value) => `\`${value}\``).join(", ")}`);
  if (family.of === "exporter" && family.counted !== undefined) {
    own.push(...family.counted.labels.map((name) => `\`${name}\``));
  }
  if (family.of === "trees") own.unshift("`tree`");
  if (family.type === "histogram") own.push("`le`");
  if (family.type === "info" && own.length === 0) own.push("`version`, `revision`, `deno`");
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
    `| \`${sample(family)}\` | ${family.type} | ${groupOf(family)} | ${labels(family)} | ${meaning(family)} |`
  );
  return ["| metric | type | group | labels | meaning |", "| --- | --- | --- | --- | --- |", ...rows];
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
    "A tree's launches and outcomes have series from its first launch, with 0 where nothing happened yet. What only adds " +
    'up (CPU time, delays, faults, bytes, switches), flags, `outcome="unknown"` and times have series once they are more ' +
    "than 0: `increase()` doesn't see that first value, the shipped rules count it where it matters.",
    "",
    "`--metrics.disable=GROUPS` leaves groups out, `--metrics.profile=small` leaves all but " +
    `${[...PROFILES.small.groups].map((group) => `\`${group}\``).join(", ")}, and all series of trees that are 0 but ` +
    "`cnproc_tree_expected`; run times are there as [native histograms](scraping.md) only, without " +
    "`--metrics.enable=durations`. `--metrics.enable=GROUPS` adds some, and `created`, which no profile has: in OpenMetrics a line " +
    "`_created` behind each counter and histogram, which says [since when it counts](scraping.md). A request has a part of " +
    "that: `/metrics?collect[]=launches&collect[]=exits` these groups, `?exclude[]=exporter` all others.",
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

/** The text of docs/randomness.md with the list of hashed folders as the tables have it. */
export function withHashedFolders(text: string): string {
  const begin = text.indexOf(BEGIN), end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`Cannot list the hashed folders: docs/randomness.md lacks ${BEGIN}${END}`);
  }
  const rows = BY_DESIGN.map(({ tool, example, source }) => `| ${tool} | \`${example}\` | ${source} |\n`);
  const table = `| tool | where, with what is hashed or numbered in braces | source |\n| --- | --- | --- |\n${
    rows.join("")
  }`;
  return text.slice(0, begin + BEGIN.length) + table + text.slice(end);
}

if (import.meta.main) {
  const written: [file: URL, text: string][] = [
    [FILE, metricsDocument()],
    [LISTED, withHashedFolders(await Deno.readTextFile(LISTED))],
  ];
  for (const [file, text] of written) {
    if (!Deno.args.includes("--check")) await Deno.writeTextFile(file, text);
    else if (await Deno.readTextFile(file) !== text) {
      console.error(`${file.pathname} is not what the tables say: run deno task docs`);
      Deno.exit(1);
    }
  }
}
