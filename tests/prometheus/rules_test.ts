/** The shipped Prometheus files: promtool accepts them, and every rule has its tests, every alert its runbook. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { FAMILIES } from "../../metrics/exposition/families.ts";
import type { Family } from "../../metrics/exposition/family.ts";
import { familiesOf, PROFILES } from "../../metrics/exposition/groups.ts";
import { requireTool } from "../require.ts";
import { run } from "./texts.ts";

const DEPLOY = `${import.meta.dirname}/../../deploy/prometheus`;
const TESTS = `${import.meta.dirname}/rules`;
const RUNBOOK = `${import.meta.dirname}/../../docs/runbook.md`;
const NOTHING = new Uint8Array();
const needsPromtool = requireTool("promtool", "prometheus");

/** A rule of either kind. */
interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What is read here of promtool's test files. */
interface RuleTests {
  readonly tests: readonly {
    readonly promql_expr_test?: readonly { readonly expr: string; readonly exp_samples: readonly unknown[] }[];
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }[];
}

async function rulesOf(file: string): Promise<Rule[]> {
  const { groups } = parse(await Deno.readTextFile(`${DEPLOY}/${file}`)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

async function testFiles(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(TESTS));
  return files.map(({ name }) => name).filter((name) => name.endsWith(".test.yml")).sort();
}

const recorded = await rulesOf("cnproc.rules.yml");
const alerts = await rulesOf("cnproc.alerts.yml");
const tests = (await Promise.all(
  (await testFiles()).map(async (file) => parse(await Deno.readTextFile(`${TESTS}/${file}`)) as RuleTests),
)).flatMap((file) => file.tests);

/** Name of a family's samples; of a histogram what they begin with. */
function sampleOf({ name, type }: Family): string {
  return type === "counter" ? `${name}_total` : type === "info" ? `${name}_info` : name;
}

/** Names of the exporter's samples, as text 0.0.4 has them. */
const SAMPLES = new Set(
  FAMILIES.flatMap((family) =>
    family.type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => family.name + end) : [sampleOf(family)]
  ),
);

Deno.test({
  name: "promtool finds the rules valid, and their tests pass",
  ignore: needsPromtool,
  async fn() {
    const files = ["cnproc.rules.yml", "cnproc.alerts.yml"].map((file) => `${DEPLOY}/${file}`);
    const checked = await run("promtool", ["check", "rules", "--lint=all", "--lint-fatal", ...files], NOTHING);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    // Some play a day minute by minute: side by side, each on a processor.
    await Promise.all((await testFiles()).map(async (file) => {
      const tested = await run("promtool", ["test", "rules", `${TESTS}/${file}`], NOTHING);
      assert.equal(tested.code, 0, tested.stdout + tested.stderr);
    }));
  },
});

Deno.test("every recording rule has a test with values", () => {
  const tested = tests.flatMap(({ promql_expr_test = [] }) => promql_expr_test)
    .filter(({ exp_samples }) => exp_samples.length > 0).map(({ expr }) => expr);
  for (const { record } of recorded) {
    assert.ok(tested.some((expr) => new RegExp(`(?<![\\w:])${record}(?![\\w:])`).test(expr)), `${record} is untested`);
  }
});

Deno.test("every alert has a test in which it fires and one in which it stays quiet", () => {
  const tested = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
  for (const { alert } of alerts) {
    const own = tested.filter(({ alertname }) => alertname === alert);
    assert.ok(own.some(({ exp_alerts }) => exp_alerts.length > 0), `${alert} never fires in a test`);
    assert.ok(own.some(({ exp_alerts }) => exp_alerts.length === 0), `${alert} never stays quiet in a test`);
  }
});

Deno.test("every alert has a severity, which its section of the runbook repeats", async () => {
  const sections = new Map(
    (await Deno.readTextFile(RUNBOOK)).split(/^## /m).slice(1).map((section) => {
      const [heading, ...lines] = section.split("\n");
      return [heading!, lines.join("\n").trim()];
    }),
  );
  assert.deepEqual([...sections.keys()], alerts.map(({ alert }) => alert));
  for (const { alert, labels, annotations } of alerts) {
    const severity = labels?.["severity"] ?? "";
    assert.ok(["critical", "warning", "info"].includes(severity), `${alert}: severity ${severity}`);
    assert.equal(
      annotations?.["runbook_url"],
      `https://github.com/nfx/cnproc-exporter/blob/main/docs/runbook.md#${alert!.toLowerCase()}`,
    );
    assert.ok(annotations?.["summary"] && annotations["description"], `${alert} has no summary or no description`);
    const begin = `**${severity[0]!.toUpperCase()}${severity.slice(1)}.**`;
    assert.ok(sections.get(alert!)!.startsWith(begin), `the section of ${alert} doesn't begin with ${begin}`);
  }
});

Deno.test("rules and runbook name series that the exporter or a rule has", async () => {
  const known = new Set([...SAMPLES, ...recorded.map(({ record }) => record!)]);
  const texts = [...recorded, ...alerts].flatMap(({ expr, annotations = {} }) => [expr, ...Object.values(annotations)]);
  const runbook = [...(await Deno.readTextFile(RUNBOOK)).matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  let names = 0;
  for (const text of [...texts, ...runbook]) {
    for (
      const [name] of text.matchAll(
        /(?<![\w:-])(?:(?:instance|instance_outcome|instance_flag|instance_tree|instance_tree_flag|instance_tree_step|tree|job):)?(?:cnproc|process)_[a-z0-9_:]+/g,
      )
    ) {
      names++;
      assert.ok(known.has(name), `${name} is no series: ${text}`);
    }
  }
  assert.ok(names > 60, `only ${names} names found`);
});

Deno.test("the small profile has all that rules and alerts read", () => {
  const small = new Set(familiesOf(PROFILES.small).map(sampleOf)),
    other = FAMILIES.map(sampleOf).filter((name) => !small.has(name));
  const texts = [...recorded, ...alerts].flatMap(({ expr, annotations = {} }) => [expr, ...Object.values(annotations)]);
  for (const name of other) {
    for (const text of texts) assert.doesNotMatch(text, new RegExp(`(?<![\\w:])${name}(?![\\w:])`));
  }
  assert.ok(other.includes("cnproc_tree_read_bytes_total"));
});

Deno.test({
  name: "promtool finds the scrape configurations valid, with the files that they name",
  ignore: needsPromtool || requireTool("openssl"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      for await (const { name } of Deno.readDir(DEPLOY)) await Deno.copyFile(`${DEPLOY}/${name}`, `${folder}/${name}`);
      for (const name of ["tls", "secrets", "targets"]) await Deno.mkdir(`${folder}/${name}`);
      const made = await run("openssl", [
        ...[
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-subj",
          "/CN=prometheus",
        ],
        ...["-keyout", `${folder}/tls/prometheus.key`, "-out", `${folder}/tls/prometheus.crt`],
      ], NOTHING);
      assert.equal(made.code, 0, made.stderr);
      await Deno.copyFile(`${folder}/tls/prometheus.crt`, `${folder}/tls/exporters-ca.crt`);
      await Deno.writeTextFile(`${folder}/secrets/cnproc-password`, "secret");
      await Deno.writeTextFile(`${folder}/targets/web.yml`, "- targets: ['web-1:9501']\n  labels: {role: web}\n");
      for (const name of ["prometheus.yml", "prometheus-tls.yml", "prometheus-auth.yml"]) {
        const { code, stdout, stderr } = await run("promtool", ["check", "config", `${folder}/${name}`], NOTHING);
        assert.equal(code, 0, `${name}: ${stdout}${stderr}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "promtool finds the configurations of docs/fleet.md valid",
  ignore: needsPromtool,
  async fn() {
    const text = await Deno.readTextFile(`${import.meta.dirname}/../../docs/fleet.md`);
    const configurations = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
    assert.equal(configurations.length, 2);
    const folder = await Deno.makeTempDir();
    try {
      for (const file of ["cnproc.rules.yml", "cnproc.alerts.yml"]) {
        await Deno.copyFile(`${DEPLOY}/${file}`, `${folder}/${file}`);
      }
      for (const configuration of configurations) {
        await Deno.writeTextFile(`${folder}/prometheus.yml`, configuration);
        const { code, stdout, stderr } = await run(
          "promtool",
          ["check", "config", `${folder}/prometheus.yml`],
          NOTHING,
        );
        assert.equal(code, 0, stdout + stderr);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
