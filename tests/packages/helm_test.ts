/**
 * The Helm chart: its manifests are those of deploy/kubernetes and the shipped rules, but for what its values say. Helm's own
 * packages render it (helm/main.go): building them takes a minute the first time, and what was built is kept by Go.
 */

import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";
import { requireTool } from "../require.ts";
import { type Result, ROOT, run, VERSION } from "./artifacts.ts";

const CHART = `${ROOT}/deploy/helm/cnproc-exporter`;
const ignore = requireTool("go", "golang-go");

// deno-lint-ignore no-explicit-any
type Manifest = any;

async function manifests(file: string): Promise<Manifest[]> {
  return parseAllDocuments(await Deno.readTextFile(`${ROOT}/deploy/${file}`)).map((document) => document.toJS());
}

/** Helm, by the program in helm/. */
const helm = (...args: string[]): Promise<Result> =>
  run(["go", "run", ".", ...args], { cwd: `${import.meta.dirname}/helm` });

/** What is installed with these values, given as `--set` takes them. */
async function render(...values: string[]): Promise<Manifest[]> {
  const { code, out, err } = await helm("template", "release", "watching", CHART, ...values);
  assert.equal(code, 0, err);
  return parseAllDocuments(out).map((document) => document.toJS()).filter((manifest) => manifest !== null);
}

/** A manifest as the chart puts it: its own namespace and labels. */
function placed(manifest: Manifest, labels: Readonly<Record<string, string>> = {}): Manifest {
  const metadata = {
    ...manifest.metadata,
    namespace: "watching",
    labels: {
      "app.kubernetes.io/name": "cnproc-exporter",
      "app.kubernetes.io/instance": "release",
      "app.kubernetes.io/managed-by": "Helm",
      "app.kubernetes.io/version": VERSION,
      "helm.sh/chart": `cnproc-exporter-${VERSION}`,
      ...labels,
    },
  };
  return { ...manifest, metadata };
}

/** The service account and the set of pods, as the chart puts them. */
async function plain(): Promise<Manifest[]> {
  const [namespace, ...others] = await manifests("kubernetes/daemonset.yaml");
  assert.equal(namespace.kind, "Namespace");
  return others.map((manifest) => placed(manifest));
}

Deno.test("helm: the chart has the exporter's version, the manifest's image, and reads what it links to", async () => {
  const chart = parse(await Deno.readTextFile(`${CHART}/Chart.yaml`));
  assert.deepEqual([chart.version, chart.appVersion], [VERSION, VERSION]);
  const { image } = parse(await Deno.readTextFile(`${CHART}/values.yaml`));
  const pods = (await manifests("kubernetes/daemonset.yaml")).find(({ kind }) => kind === "DaemonSet");
  assert.equal(pods.spec.template.spec.containers[0].image, `${image.repository}:${VERSION}`);
  const templates = await Deno.readTextFile(`${CHART}/templates/manifests.yaml`);
  for await (const { name, isSymlink } of Deno.readDir(`${CHART}/files`)) {
    assert.ok(isSymlink, `${name} is a copy`);
    const folder = name.startsWith("cnproc.") ? "prometheus" : "kubernetes";
    assert.equal(
      await Deno.realPath(`${CHART}/files/${name}`),
      await Deno.realPath(`${ROOT}/deploy/${folder}/${name}`),
    );
    assert.ok(templates.includes(`"${name.replace(/\.yaml$/, "")}"`), `${name} isn't read`);
  }
});

Deno.test({ name: "helm: lint has nothing to say", ignore }, async () => {
  const { code, out, err } = await helm("lint", CHART);
  assert.equal(code, 0, `${out}${err}`);
  assert.doesNotMatch(out, /WARNING|ERROR/);
});

Deno.test({ name: "helm: with its own values the chart is the manifest", ignore }, async () => {
  assert.deepEqual(await render(), await plain());
});

Deno.test({ name: "helm: values change what they say, and nothing else", ignore }, async () => {
  const got = await render(
    "image.repository=registry.example/x",
    "image.tag=7",
    "image.pullPolicy=Always",
    "imagePullSecrets[0].name=secret",
    "args={--trees.max=5000,--log.level=warn}",
    "resources.limits.memory=1Gi",
    "nodeSelector.role=web",
    "tolerations[0].key=web",
    "podAnnotations.note=here",
  );
  const [account, pods] = await plain();
  const { spec, metadata } = pods.spec.template, [container] = spec.containers;
  metadata.annotations = { note: "here" };
  spec.imagePullSecrets = [{ name: "secret" }];
  spec.nodeSelector.role = "web";
  spec.tolerations = [{ key: "web" }];
  container.image = "registry.example/x:7";
  container.imagePullPolicy = "Always";
  container.args.push("--trees.max=5000", "--log.level=warn");
  container.resources.limits.memory = "1Gi";
  assert.deepEqual(got, [account, pods]);
});

Deno.test({ name: "helm: monitors and rules are the shipped ones, on request", ignore }, async () => {
  const byKind = (list: readonly Manifest[]) => list.toSorted((a, b) => a.kind < b.kind ? -1 : 1);
  for (const kind of ["podMonitor", "serviceMonitor"]) {
    const got = await render(`${kind}.enabled=true`, `${kind}.labels.release=stack`);
    const monitors = await manifests(`kubernetes/${kind.toLowerCase()}.yaml`);
    const want = monitors.map((one) => placed(one, /Monitor$/.test(one.kind) ? { release: "stack" } : {}));
    assert.deepEqual(byKind(got), byKind([...await plain(), ...want]));
  }
  const rule = (await render("prometheusRule.enabled=true", "prometheusRule.labels.release=stack"))
    .find(({ kind }) => kind === "PrometheusRule");
  const files = (await Promise.all(["rules", "alerts"].map((kind) => manifests(`prometheus/cnproc.${kind}.yml`))))
    .flat();
  const groups = files.flatMap(({ groups }) => groups);
  const want = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "cnproc-exporter" },
  };
  assert.deepEqual(rule, placed({ ...want, spec: { groups } }, { release: "stack" }));
  await assert.rejects(render("podMonitor.enabled=true", "serviceMonitor.enabled=true"), /enable one of them/);
});
