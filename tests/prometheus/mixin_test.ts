/** The monitoring mixin: rendered by go-jsonnet, it is the shipped files, but for what was configured. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { goRun, ToolError } from "../../scripts/go_tools.ts";
import { requireTool } from "../require.ts";
import { run } from "./texts.ts";

const DEPLOY = `${import.meta.dirname}/../../deploy`;
const ignore = requireTool("go", "golang-go");

/** What the tests look at of alerts. */
interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Mixin {
  readonly rules: { readonly groups: readonly unknown[] };
  readonly alerts: { readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[] };
  readonly dashboards: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The mixin with this configuration. */
async function render(config = "{}"): Promise<Mixin> {
  const program = `local mixin = (import 'mixin/mixin.libsonnet') + { _config+:: ${config} };
    { rules: mixin.prometheusRules, alerts: mixin.prometheusAlerts, dashboards: mixin.grafanaDashboards }`;
  return JSON.parse(await goRun("jsonnet", ["-e", program], DEPLOY)) as Mixin;
}

const shipped = async (file: string) => parse(await Deno.readTextFile(`${DEPLOY}/prometheus/${file}`));

Deno.test({ name: "the mixin is the shipped rules, alerts and dashboard", ignore }, async () => {
  const mixin = await render();
  assert.deepEqual(mixin.rules, await shipped("cnproc.rules.yml"));
  assert.deepEqual(mixin.alerts, await shipped("cnproc.alerts.yml"));
  const dashboard = JSON.parse(await Deno.readTextFile(`${DEPLOY}/grafana/cnproc-exporter.json`));
  assert.deepEqual(mixin.dashboards, { "cnproc-exporter.json": dashboard });
});

Deno.test({ name: "the mixin's configuration changes what it says, and nothing else", ignore }, async () => {
  const plain = await render(), removed = ["CnprocUnparsedLaunch", "CnprocCrashLoop"];
  const changed = await render(`{
    jobs: 'node-(a|b)\\\\.x',
    runbook: 'https://wiki.example/',
    withoutAlerts: ${JSON.stringify(removed)},
    severities+: { critical: 'page' },
    alertLabels: { team: 'hosts' },
    dashboardTitle: 'Trees',
    dashboardTags: ['linux'],
    dashboardRefresh: '1m',
  }`);
  assert.deepEqual(changed.rules, plain.rules);
  const dashboard = plain.dashboards["cnproc-exporter.json"];
  assert.deepEqual(changed.dashboards, {
    "cnproc-exporter.json": { ...dashboard, title: "Trees", tags: ["linux"], refresh: "1m" },
  });
  const want = plain.alerts.groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ alert }) => !removed.includes(alert)).map((rule) => ({
      ...rule,
      expr: rule.alert === "CnprocExporterDown" ? String.raw`up{job=~"node-(a|b)\\.x"} == 0` : rule.expr,
      labels: { severity: rule.labels["severity"] === "critical" ? "page" : rule.labels["severity"], team: "hosts" },
      annotations: { ...rule.annotations, runbook_url: `https://wiki.example/${rule.alert.toLowerCase()}` },
    })),
  }));
  assert.deepEqual(changed.alerts.groups, want);
});

Deno.test({ name: "the mixin leaves out a group of which nothing is wanted", ignore }, async () => {
  const { groups } = (await render()).alerts;
  const [first, ...others] = groups;
  const without = JSON.stringify(first!.rules.map(({ alert }) => alert));
  assert.deepEqual((await render(`{ withoutAlerts: ${without} }`)).alerts.groups, others);
});

Deno.test({ name: "the mixin refuses a name or a severity that it doesn't have", ignore }, async () => {
  const refused = (message: RegExp) => (error: unknown) => error instanceof ToolError && message.test(error.message);
  await assert.rejects(render("{ withoutAlerts: ['CnprocNone'] }"), refused(/no alert is called CnprocNone/));
  await assert.rejects(render("{ severities: { critical: 'page' } }"), refused(/no severity (info|warning)/));
});

Deno.test({
  name: "promtool finds the configured mixin's rules valid",
  ignore: ignore || requireTool("promtool", "prometheus"),
}, async () => {
  const mixin = await render("{ jobs: 'a\\\\.b', severities+: { info: 'none' } }");
  for (const rules of [mixin.rules, mixin.alerts]) {
    const text = new TextEncoder().encode(JSON.stringify(rules));
    const { code, stdout, stderr } = await run("promtool", [
      "check",
      "rules",
      "--lint=all",
      "--lint-fatal",
      "/dev/stdin",
    ], text);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`SUCCESS: ${mixinSize(rules)} rules found`));
  }
});

/** Number of rules in all groups. */
function mixinSize({ groups }: Mixin["rules"] | Mixin["alerts"]): number {
  return (groups as readonly { readonly rules: readonly unknown[] }[]).flatMap(({ rules }) => rules).length;
}
