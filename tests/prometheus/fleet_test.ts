/**
 * A fleet in one Prometheus: 100 exporters of 300 trees each, the shipped configuration and rules, at their own intervals.
 * The figures that this prints are those of docs/fleet.md.
 */

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { requireTool } from "../require.ts";
import { type Answer, poll, Prometheus } from "./prometheus.ts";
import { Fleet, fleetHistory, RULE_FILES } from "./replay.ts";

const HOSTS = 100;
const TREES = 300;
const JOB = "cnproc";
const NEW_TREE = "/service-1/base/worker-1.py/nc";

/**
 * What the server may take, on two cores that also play the exporters. CPU time is what it takes; the other times are those
 * of a clock, and several times as long where the machine has other things to do.
 */
const BUDGET = {
  /** Seconds a second that rules are being evaluated, all groups together: on a quiet machine 0.1. */
  rules: 1,
  /** A scrape that takes longer fails. */
  slowestScrapeSeconds: 10,
  /** CPU seconds a second: on a quiet machine 0.5 to 0.8. */
  cpu: 1.5,
  residentBytes: 8 * 2 ** 30,
};

/** The shipped configuration with the fleet's targets. */
async function shippedConfig(fleet: Fleet): Promise<{ config: string; intervalSeconds: number }> {
  const file = `${import.meta.dirname}/../../deploy/prometheus/prometheus.yml`;
  const shipped = parse(await Deno.readTextFile(file));
  assert.equal(shipped.global.scrape_interval, shipped.global.evaluation_interval);
  const config = stringify({ ...shipped, ...parse(fleet.scrapeConfig(JOB)) });
  return { config, intervalSeconds: Number.parseInt(shipped.global.evaluation_interval) };
}

/** Unix time of the first sample of a series. */
async function firstSample(prometheus: Prometheus, selector: string): Promise<number> {
  const { result } = await prometheus.get("/api/v1/query", { query: `${selector}[5m]` });
  return Math.min(...result.flatMap(({ values }: { values: [number, string][] }) => values.map(([time]) => time)));
}

/** The rules that take the longest, with their seconds. */
async function slowestRules(prometheus: Prometheus): Promise<[string, number][]> {
  const { groups } = await prometheus.get("/api/v1/rules");
  const rules = groups.flatMap(({ rules }: Answer) => rules);
  return rules.map(({ name, evaluationTime }: Answer) => [name, evaluationTime] as [string, number])
    .sort((a: [string, number], b: [string, number]) => b[1] - a[1]).slice(0, 10);
}

/** Evaluations of the rule groups so far, and how many of their seconds each of them takes, all together. */
async function ruleGroups(prometheus: Prometheus): Promise<{ last: Map<string, number>; load: number }> {
  const { groups } = await prometheus.get("/api/v1/rules");
  return {
    last: new Map(groups.map(({ name, lastEvaluation }: Answer) => [name, Date.parse(lastEvaluation)])),
    load: groups.reduce((sum: number, { evaluationTime, interval }: Answer) => sum + evaluationTime / interval, 0),
  };
}

/** Waits until all rules, but those of what is usual for a host, were evaluated with what the server has now. */
async function evaluated(prometheus: Prometheus): Promise<void> {
  const now = Date.now();
  await poll("an evaluation of all rules", async () => {
    const { last } = await ruleGroups(prometheus);
    return [...last].every(([name, time]) => time > now || name === "cnproc-usual") ? true : undefined;
  }, 90_000);
}

Deno.test({
  name: `a new tree in a fleet of ${HOSTS} hosts is alerted within two evaluations, and the server keeps to its budget`,
  ignore: requireTool("prometheus") || requireTool("promtool", "prometheus"),
  async fn() {
    await using fleet = await Fleet.start({ hosts: HOSTS, treesPerHost: TREES });
    const { config, intervalSeconds } = await shippedConfig(fleet);
    await using prometheus = await Prometheus.start({
      config,
      files: RULE_FILES,
      history: fleetHistory(fleet, JOB),
    });
    const value = async (query: string) => (await prometheus.query(query))[0]?.value;
    await poll(
      "all hosts",
      async () => await value("count(up == 1)").catch(() => 0) === HOSTS ? true : undefined,
      150_000,
    );
    await poll(
      "the first evaluation",
      async () =>
        await value("count(tree:cnproc_tree_first_seen_timestamp_seconds:fleet)") === fleet.trees.size
          ? true
          : undefined,
    );
    // The history makes everything known, although the exporters and the server have only just started.
    assert.equal(await value(`count(ALERTS{alertname="CnprocTreeNewToFleet"})`), undefined);

    const start = performance.now(), cpuBefore = await prometheus.own("process_cpu_seconds_total");
    for (const host of [3, 50, 97]) fleet.add(host, NEW_TREE);
    // Known on other hosts: no news for the fleet.
    fleet.add(7, "/role-0/base/job-0.sh");
    const alert = `ALERTS{alertname="CnprocTreeNewToFleet",alertstate="firing"}`;
    await poll("the alert", async () => await value(alert) === 1 ? true : undefined, 90_000);
    assert.deepEqual((await prometheus.query(alert)).map(({ metric }) => metric["tree"]), [NEW_TREE]);
    const seen = await firstSample(prometheus, `cnproc_tree_launches_total{tree="${NEW_TREE}"}`);
    const fired = await firstSample(prometheus, alert);
    assert.ok(fired - seen <= 2 * intervalSeconds, `fired ${fired - seen} s after the first sample`);

    await evaluated(prometheus);
    let { load: rules } = await ruleGroups(prometheus);
    // One evaluation may meet the server's own compaction, or a machine that has stopped for a moment: three don't.
    for (let looks = 1; rules > BUDGET.rules && looks < 3; looks++) {
      await evaluated(prometheus);
      rules = Math.min(rules, (await ruleGroups(prometheus)).load);
    }
    const seconds = (performance.now() - start) / 1000;
    const figures = {
      alertSeconds: fired - seen,
      series: await prometheus.own("prometheus_tsdb_head_series"),
      recorded: (await value(`count({__name__=~"(instance|instance_outcome|tree|job):.*"})`))!,
      rules,
      slowestScrapeSeconds: (await value("max(scrape_duration_seconds)"))!,
      cpu: (await prometheus.own("process_cpu_seconds_total") - cpuBefore) / seconds,
      residentBytes: await prometheus.own("process_resident_memory_bytes"),
    };
    console.log(JSON.stringify(figures), JSON.stringify(await slowestRules(prometheus)));
    assert.equal(await value("count(up == 1)"), HOSTS);
    assert.equal(await prometheus.own("prometheus_rule_group_iterations_missed_total"), 0);
    assert.equal(await prometheus.own("prometheus_rule_evaluation_failures_total"), 0);
    for (const [name, most] of Object.entries(BUDGET)) {
      const used = figures[name as keyof typeof BUDGET];
      assert.ok(used > 0 && used <= most, `${name}: ${used}, want at most ${most}`);
    }
    // The rules make a fleet cheap to keep: what they record is a hundredth of what they read.
    assert.ok(figures.recorded * 100 < figures.series, `${figures.recorded} of ${figures.series} series are recorded`);
  },
});
