/** The Grafana dashboard: generated, and every query of every panel returns data from a real Prometheus. */

import assert from "node:assert/strict";
import { HttpClient, treesOfPrometheus } from "../../metrics/baseline/mod.ts";
import { DASHBOARD_FILE, dashboardText } from "../../scripts/dashboard.ts";
import { ROWS } from "../../scripts/dashboard_panels.ts";
import { requireTool } from "../require.ts";
import { type Answer, poll, Prometheus } from "./prometheus.ts";
import { Fleet, fleetHistory, RULE_FILES } from "./replay.ts";

Deno.test("the dashboard's file is what its script gives", async () => {
  assert.equal(await Deno.readTextFile(DASHBOARD_FILE), dashboardText(), "run deno task dashboard");
});

Deno.test("the dashboard has what its queries need", () => {
  const { panels, templating } = JSON.parse(dashboardText());
  assert.deepEqual(templating.list.map(({ name }: { name: string }) => name), ["datasource", "job", "host", "tree"]);
  const ids = panels.map(({ id }: { id: number }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const shown = panels.filter(({ type }: { type: string }) => type !== "row");
  assert.equal(shown.length, ROWS.flatMap((row) => row.panels).length);
  for (const { title, targets } of shown) {
    for (const { expr } of targets) assert.match(expr, /\$job/, `${title} isn't filtered by job`);
  }
});

/** A query as Grafana sends it, with all jobs, hosts and trees chosen. */
function filledIn(expression: string): string {
  const values: Readonly<Record<string, string>> = { job: ".*", host: ".*", tree: ".*", __rate_interval: "4s" };
  return expression.replace(
    /\$(\w+)/g,
    (_, name: string) => values[name] ?? assert.fail(`an unknown variable ${name}`),
  );
}

Deno.test({
  name: "every query of every panel returns data",
  ignore: requireTool("prometheus") || requireTool("promtool", "prometheus"),
  async fn() {
    // Ten hosts, because fewer have no outliers.
    await using fleet = await Fleet.start({ hosts: 10, treesPerHost: 40, baseline: true });
    const interval = "1s";
    await using prometheus = await Prometheus.start({
      config: `global: {scrape_interval: ${interval}, evaluation_interval: ${interval}}\n` +
        `rule_files: [cnproc.rules.yml]\n${fleet.scrapeConfig("cnproc")}`,
      // Rules that are evaluated each minute or less often would make the test wait for them.
      files: Object.fromEntries(
        Object.entries(RULE_FILES).map((
          [name, text],
        ) => [name, text.replace(/interval: \d+m/g, `interval: ${interval}`)]),
      ),
      history: fleetHistory(fleet, "cnproc", ["/random/cron/top.py", "/nginx/base"]),
    });
    await poll("all hosts", async () => {
      const hosts = await prometheus.query("count(cnproc_trees)").catch(() => []);
      return hosts[0]?.value === 10 ? true : undefined;
    });
    fleet.add(0, "/nginx/base");
    fleet.add(3, "/random/cron/top.py");
    const panels = ROWS.flatMap((row) => row.panels);
    const empty = new Set(panels.flatMap(({ title, queries }) => queries.map((_, index) => `${title} ${index}`)));
    const values = new Map<string, number>();
    await poll("data for every query", async () => {
      for (const { title, queries } of panels) {
        for (const [index, { expression }] of queries.entries()) {
          const key = `${title} ${index}`;
          if (!empty.has(key)) continue;
          const result = await prometheus.query(filledIn(expression));
          const numbers = result.filter(({ value }) => Number.isFinite(value));
          if (numbers.length === 0) continue;
          empty.delete(key);
          values.set(title, numbers[0]!.value);
        }
      }
      return empty.size === 0 ? true : undefined;
    }, 45_000).catch((error) => assert.fail(`${error.message}: nothing in ${[...empty].join(", ")}`));
    assert.equal(values.get("Hosts"), 10);
    assert.ok(values.get("Failures")! > 0 && values.get("Failures")! < 1, String(values.get("Failures")));
    // A baseline is learned from the same server.
    using client = new HttpClient();
    const seen = await poll("all trees, the last ones scraped too", async () => {
      const found = await treesOfPrometheus(client, prometheus.url, 'job="cnproc"', 600);
      return found.length >= fleet.trees.size ? found : undefined;
    });
    assert.deepEqual(new Set(seen.map(({ tree }) => tree)), fleet.trees);
    const everywhere = seen.find(({ tree }) => tree === "/service-1/base/worker-1.py")!;
    assert.equal(everywhere.instances.length, 10);
    assert.equal(everywhere.firstSeenSeconds, 1_800_000_000.125);
    // A query that finds nothing is found.
    assert.deepEqual(await prometheus.query(filledIn('cnproc_no_such_family{job=~"$job"}')), []);
  },
});

Deno.test({
  name: "the panels of run times read native histograms, where classic ones are gone",
  ignore: requireTool("prometheus"),
  async fn() {
    await using fleet = await Fleet.start({ hosts: 2, treesPerHost: 18 });
    await using prometheus = await Prometheus.start({
      config: `global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n${fleet.scrapeConfig("cnproc")}`,
      features: ["native-histograms"],
    });
    const [heatmap, quantiles] = ROWS.find(({ title }) => title === "Durations")!.panels;
    const ask = async (query: string): Promise<Answer[]> =>
      (await prometheus.get("/api/v1/query", { query: filledIn(query) }))?.result ?? [];
    const native = await poll("a histogram of run times", async () => {
      const [found] = await ask(heatmap!.queries[0]!.expression);
      return Number(found?.histogram?.[1]?.count) > 0 ? found : undefined;
    });
    assert.deepEqual(await ask("process_seconds_bucket"), []);
    assert.deepEqual(native.metric, {}, "one for all trees");
    const [half, most] = await Promise.all(quantiles!.queries.map(({ expression }) => ask(expression)));
    const [below, above] = [Number(half![0].value[1]), Number(most![0].value[1])];
    // The trees of a fleet run from 1 ms, four times as long each, to 66 s.
    assert.ok(below > 0.001 && below < above && above <= 66 * 1.03, `${below} ${above}`);
    const trees = await ask("count(count by (tree) (process_seconds))");
    assert.equal(Number(trees[0].value[1]), fleet.trees.size);
    // It holds each exemplar it was sent with a time.
    const [exemplars] = await prometheus.get("/api/v1/query_exemplars", {
      query: "cnproc_tree_launches_total",
      start: "1800000000",
      end: "3000000000",
    });
    assert.match(exemplars.exemplars[0].labels.pid, /^\d+$/);
  },
});
