import assert from "node:assert/strict";
import { FAMILIES } from "../../../../metrics/exposition/families.ts";
import type { ExporterFamily, TreeFamily } from "../../../../metrics/exposition/family.ts";
import { checkFamilies } from "./family_rules.ts";
import { Column } from "../../../../fingerprint/mod.ts";
import { SHOWN_WIDTH } from "../../../../metrics/registry/shown_row.ts";

const GAUGE: ExporterFamily = {
  of: "exporter",
  name: "a_thing",
  type: "gauge",
  help: "A thing.",
  series: [{ value: () => 1 }],
};
const HISTOGRAM: TreeFamily = {
  of: "trees",
  name: "b_seconds",
  type: "histogram",
  unit: "seconds",
  help: "Times.",
  series: [],
};

Deno.test("the families of the exporter keep all rules", () => {
  assert.deepEqual(checkFamilies(FAMILIES), []);
});

Deno.test("what breaks a rule is found", () => {
  const value = () => 1;
  const cases: [what: string, families: (ExporterFamily | TreeFamily)[], want: RegExp][] = [
    ["a capital letter", [{ ...GAUGE, name: "aThing" }], /aThing has a name that isn't snake_case/],
    ["a suffix of the format", [{ ...GAUGE, name: "a_thing_total" }], /ends with a suffix/],
    ["a count", [{ ...GAUGE, name: "a_count" }], /ends with a suffix/],
    ["an abbreviated unit", [{ ...GAUGE, name: "a_ms_x" }], /abbreviated or scaled/],
    ["a unit not declared", [{ ...GAUGE, name: "a_seconds" }], /does not end with its unit/],
    ["a unit not in the name", [{ ...GAUGE, unit: "bytes" }], /does not end with its unit/],
    ["a help without a full stop", [{ ...GAUGE, help: "A thing" }], /isn't one plain sentence/],
    ["a help with a line feed", [{ ...GAUGE, help: "A\nthing." }], /isn't one plain sentence/],
    ["a help that needs escapes", [{ ...GAUGE, help: 'A "thing".' }], /isn't one plain sentence/],
    ["no series", [{ ...GAUGE, series: [] }], /series that don't fit/],
    ["a reserved label", [{ ...GAUGE, series: [{ label: ["le", "1"], value }] }], /label le/],
    ["a label that is set twice", [{ ...GAUGE, series: [{ label: ["tree", "1"], value }] }], /label tree/],
    ["a series twice", [{ ...GAUGE, series: [{ value }, { value }] }], /same series twice/],
    [
      "two label names",
      [{ ...GAUGE, series: [{ label: ["a", "1"], value }, { label: ["b", "2"], value }] }],
      /different label names/,
    ],
    ["a wrong order", [{ ...GAUGE, name: "b" }, { ...GAUGE, name: "a" }], /a stands after b/],
    [
      "a family that would get another's unit",
      [{ ...GAUGE, name: "a_seconds", unit: "seconds" }, { ...GAUGE, name: "b" }],
      /b stands after a_seconds/,
    ],
    ["the same name", [GAUGE, GAUGE], /a_thing stands after a_thing/],
    [
      "a gauge beside a counter of its name",
      [{ ...GAUGE, name: "a", type: "counter" }, { ...GAUGE, name: "a_info" }],
      /a_info clashes with a in a_info/,
    ],
    [
      "a sum that is a histogram's",
      [HISTOGRAM, { ...GAUGE, name: "b_seconds_sum" }],
      /b_seconds_sum clashes with b_seconds in b_seconds_sum/,
    ],
  ];
  assert.deepEqual(checkFamilies([GAUGE, HISTOGRAM]), []);
  for (const [what, families, want] of cases) {
    assert.ok(checkFamilies(families).some((problem) => want.test(problem)), `${what}: ${checkFamilies(families)}`);
  }
});

Deno.test("every column of a row is shown, or is part of what is", () => {
  const shown = new Set<number>();
  for (const family of FAMILIES) {
    if (family.of !== "trees") continue;
    for (const { column } of family.series) if (column !== undefined) shown.add(column);
    if (family.type === "histogram") { for (let i = Column.SecondsSum; i <= Column.ExemplarTime; i++) shown.add(i); }
    if (family.exemplar === "launch") shown.add(Column.LastLaunchPid);
  }
  assert.deepEqual([...shown].sort((a, b) => a - b), Array.from({ length: SHOWN_WIDTH }, (_, index) => index));
});
