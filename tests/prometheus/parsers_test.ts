import assert from "node:assert/strict";
import { findPython, requirePython, requireTool } from "../require.ts";
import { PROFILES, select } from "../../metrics/exposition/mod.ts";
import { HOSTILE_PATHS, hostileText, run } from "./texts.ts";

const PARSER = `${import.meta.dirname}/openmetrics_strict.py`;

/** What the Python client reads. */
interface Parsed {
  readonly families: readonly (readonly [name: string, type: string, unit: string])[];
  readonly samples: readonly (readonly [
    name: string,
    labels: Readonly<Record<string, string>>,
    value: number,
    exemplar: null | readonly [labels: Readonly<Record<string, string>>, value: number, time: number],
  ])[];
}

for (const format of ["openmetrics", "openmetrics, with lines _created", "text"] as const) {
  const [kind, withCreated] = format.split(", ") as ["openmetrics" | "text", string | undefined];
  const selection = select(PROFILES.full, withCreated === undefined ? [] : ["created"], []);
  Deno.test({
    name: `the Python client's parser reads the text back: ${format}`,
    ignore: requirePython("prometheus_client", "prometheus-client"),
    async fn() {
      const { code, stdout, stderr } = await run(findPython()!, [PARSER, kind], await hostileText(kind, selection));
      assert.equal(code, 0, stderr);
      const { families, samples } = JSON.parse(stdout) as Parsed;
      const launches = samples.filter(([name]) => name === "cnproc_tree_launches_total");
      const read = new Map(launches.map(([, labels, value]) => [labels["tree"], value]));
      assert.equal(read.size, HOSTILE_PATHS.length);
      HOSTILE_PATHS.forEach((path, index) => assert.equal(read.get(path.toWellFormed()), 1 + 10 ** index, path));
      const histogram = families.find(([name]) => name === "process_seconds");
      assert.equal(histogram?.[1], "histogram");
      const exemplars = samples.filter(([, , , exemplar]) => exemplar !== null);
      if (kind === "text") return assert.equal(exemplars.length, 0);
      const created = samples.filter(([name]) => name === "cnproc_tree_launches_created");
      assert.equal(created.length, withCreated === undefined ? 0 : HOSTILE_PATHS.length);
      assert.equal(histogram?.[2], "seconds");
      // One for the last ending and one for the last launch of each tree.
      assert.equal(exemplars.length, 2 * HOSTILE_PATHS.length);
      for (const [, , , exemplar] of exemplars) assert.match(exemplar![0]["pid"]!, /^\d+$/);
    },
  });
}

Deno.test({
  name: "promtool has nothing to say about the text",
  ignore: requireTool("promtool", "prometheus"),
  async fn() {
    assert.deepEqual(await run("promtool", ["check", "metrics"], await hostileText("text")), {
      code: 0,
      stdout: "",
      stderr: "",
    });
  },
});

Deno.test({
  name: "promtool would complain, if there were something",
  ignore: requireTool("promtool", "prometheus"),
  async fn() {
    const bad = new TextEncoder().encode("# TYPE a_ms_total gauge\na_ms_total 1\n");
    const { code, stderr } = await run("promtool", ["check", "metrics"], bad);
    assert.notEqual(code, 0);
    assert.match(stderr, /a_ms_total/);
  },
});
