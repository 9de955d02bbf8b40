import assert from "node:assert/strict";
import type { HealthJson } from "../../../../../../metrics/http/api/mod.ts";
import { healthView, problemsOf } from "../../../../../../metrics/http/page/browser/health.ts";
import { elementsOf, textOf } from "./views.ts";

const LOST = { execs: 0, lifecycle: 0, records: 0, ring: 0 };
const GOOD: HealthJson = {
  ...{ not_ready: null, boost: "fifo", lost: LOST, resyncs: 0, resubscribes: 0 },
  ...{ processes: 143, trees: 47, trees_limit: 1000, collapsed: 0, baseline_mode: null },
  sources: { bpf: true, connector: true, taskstats: true, procfs: true },
};

Deno.test("health speaks up where something is wrong, and only there", () => {
  const { sources } = GOOD;
  const cases: readonly (readonly [string, Partial<HealthJson>, readonly RegExp[]])[] = [
    ["good", {}, []],
    ["names from /proc", { sources: { ...sources, bpf: false } }, []],
    ["no connector but BPF", { sources: { ...sources, connector: false } }, []],
    ["resyncs", { resyncs: 3 }, []],
    ["polling", { sources: { ...sources, connector: false, bpf: false, taskstats: false } }, [
      /^short processes aren't seen: polling$/,
      /no accounting records$/,
    ]],
    ["no /proc", { sources: { ...sources, procfs: false } }, [/^programs can't be named/]],
    ["losses", { lost: { execs: 1000, lifecycle: 200, records: 30, ring: 4 } }, [/^1,234 messages lost/]],
    ["full", { trees: 1000 }, [/^--trees\.max is reached$/]],
    ["over", { trees: 1000, collapsed: 5 }, [/^5 launches counted as other: --trees\.max is reached$/]],
    ["not ready", { not_ready: "the start-up scan", sources: { ...sources, procfs: false } }, [
      /^not ready: the start-up scan$/,
    ]],
  ];
  for (const [name, part, want] of cases) {
    const health = { ...GOOD, ...part }, problems = problemsOf(health);
    assert.equal(problems.length, want.length, `${name}: ${problems}`);
    problems.forEach((problem, i) => assert.match(problem, want[i]!, name));
    assert.deepEqual(elementsOf(healthView(health), "strong").map(textOf), problems, name);
  }
  const usual = "143 processes in 47 of 1,000 trees";
  assert.equal(textOf(healthView(GOOD)), usual);
  assert.equal(textOf(healthView({ ...GOOD, baseline_mode: "enforce" })), usual);
  assert.equal(
    textOf(healthView({ ...GOOD, baseline_mode: "shadow" })),
    `${usual}; the baseline alerts nobody: shadow mode`,
  );
});
