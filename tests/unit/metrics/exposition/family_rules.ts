/**
 * The rules of OpenMetrics 1.0.0 and of Prometheus' naming practice for a table of families, so that a mistake is found
 * where a name is written and not in somebody's server.
 *
 * @module
 */

import type { Family } from "../../../../metrics/exposition/family.ts";

/** Suffixes that a format adds to a family's name, by type. */
const SUFFIXES: Readonly<Record<Family["type"], readonly string[]>> = {
  gauge: [""],
  counter: ["_total", "_created"],
  histogram: ["_bucket", "_sum", "_count", "_created"],
  info: ["_info"],
};

/** All suffixes of the format. A name with one of them belongs to the family of that name, whatever its type. */
const ALL_SUFFIXES = ["", "_total", "_created", "_bucket", "_sum", "_count", "_gcount", "_gsum", "_info"];
const RESERVED = new RegExp(`(?:${ALL_SUFFIXES.slice(1).join("|")})$`);

/** Abbreviated or scaled units. */
const ABBREVIATED = /_(?:s|ms|us|ns|sec|secs|b|kb|mb|kib|mib|pct|msec|usec|milliseconds|microseconds|percent)(?:_|$)/;
const UNIT_AT_END = /_(seconds|bytes)$/;

/** Labels of a family beside those that the text adds itself. */
function labelsOf(family: Family): string[][] {
  if (family.of === "exporter" && family.counted !== undefined) {
    return [family.counted.labels.filter((name) => name !== "tree")]; // which is a tree's path there too
  }
  return family.series.map(({ label }) => label === undefined ? [] : [...label]);
}

function* ofOne(family: Family): Generator<string> {
  const { name, type, unit, help } = family;
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) yield "has a name that isn't snake_case";
  if (RESERVED.test(name)) yield "has a name that ends with a suffix of the text format";
  if (ABBREVIATED.test(name)) yield "has an abbreviated or scaled unit in its name";
  if ((UNIT_AT_END.exec(name)?.[1]) !== unit) yield "does not end with its unit, or has a unit it does not declare";
  if (unit !== undefined && type === "info") yield "is an info with a unit";
  if (!/^[A-Z0-9][ -~]*\.$/.test(help) || /["\\]/.test(help)) yield "has a help text that isn't one plain sentence";
  if ((type === "histogram") !== (family.series.length === 0 && labelsOf(family).length === 0)) {
    yield "has series that don't fit its type";
  }
  const labels = labelsOf(family);
  if (new Set(labels.map(([label]) => label)).size > 1) yield "has series with different label names";
  const values = labels.map(([, value]) => value ?? "");
  if (new Set(values).size !== values.length) yield "has the same series twice";
  for (const [label = "a"] of labels) {
    if (!/^[a-z][a-z0-9_]*$/.test(label) || ["le", "quantile", "tree", "job", "instance"].includes(label)) {
      yield `has a label ${label} that isn't plain or means something else`;
    }
  }
}

/** Every breach of the rules, one sentence each; none for a table that is right. */
export function checkFamilies(families: readonly Family[]): string[] {
  const problems = families.flatMap((family) => [...ofOne(family)].map((problem) => `${family.name} ${problem}`));
  families.forEach(({ name, unit }, index) => {
    const before = families[index - 1];
    if (before === undefined) return;
    const sameKind = (before.unit === undefined) === (unit === undefined);
    // A reader that remembers the last unit gives it to whatever follows.
    if (sameKind ? before.name >= name : unit === undefined) problems.push(`${name} stands after ${before.name}`);
  });
  for (const { name, type } of families) {
    for (const used of [name, ...SUFFIXES[type].map((suffix) => name + suffix)]) {
      const owner = families.find((other) =>
        other.name !== name && ALL_SUFFIXES.some((suffix) => other.name + suffix === used)
      );
      if (owner !== undefined) problems.push(`${name} clashes with ${owner.name} in ${used}`);
    }
  }
  return problems;
}
