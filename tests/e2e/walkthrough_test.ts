/** docs/walkthrough.md, executed: the compiled exporter, a real Prometheus, the shipped rules. */

import assert from "node:assert/strict";
import { findTool, requireTool } from "../require.ts";
import { BINARY, requireBinary } from "./binary.ts";

const ROOT = `${import.meta.dirname}/../..`;
const WORK = "/srv/walkthrough";
/** The test takes half a minute where nothing else runs. */
const TIMEOUT_MS = 150_000;

/** The ports of the document, and free ones to use instead of them. */
function freePorts(...ports: number[]): Map<string, string> {
  const listeners = ports.map(() => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const free = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return new Map(ports.map((port, index) => [String(port), String(free[index])]));
}

/** The blocks of the document that are run, in their order. */
async function blocks(): Promise<string[]> {
  const text = await Deno.readTextFile(`${ROOT}/docs/walkthrough.md`);
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
}

/** A folder that looks like the checkout, whose scrape configuration has the port in use. */
async function checkout(replacePorts: (text: string) => string): Promise<string> {
  // Not a machine-made name, which would mark everything below it.
  const folder = "/opt/cnproc-walkthrough-test";
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${folder}/deploy/prometheus`, { recursive: true });
  await Deno.mkdir(`${folder}/dist`);
  await Deno.symlink(await Deno.realPath(BINARY), `${folder}/dist/cnproc-exporter`);
  for await (const { name } of Deno.readDir(`${ROOT}/deploy/prometheus`)) {
    const text = await Deno.readTextFile(`${ROOT}/deploy/prometheus/${name}`);
    await Deno.writeTextFile(`${folder}/deploy/prometheus/${name}`, replacePorts(text));
  }
  return folder;
}

/** Runs a script in a process group of its own; what it printed after each block. */
async function execute(script: string, folder: string): Promise<{ code: number; output: string[] }> {
  await Deno.writeTextFile(`${folder}/walkthrough.sh`, script);
  const child = new Deno.Command("setsid", {
    args: ["--wait", "bash", `${folder}/walkthrough.sh`],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  const read = (async () => {
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  // The script prints its process id, which is that of its group, first.
  const timer = setTimeout(() => endGroup(Number(/^\d+/.exec(text)?.[0])), TIMEOUT_MS);
  const { code } = await child.status;
  clearTimeout(timer);
  // Whatever it started ends with it: nothing if it came to its last block.
  endGroup(Number(/^\d+/.exec(text)?.[0]));
  await read;
  return { code, output: text.split(/^=== \d+\n/m).slice(1) };
}

function endGroup(group: number): void {
  if (!(group > 1)) return;
  try {
    Deno.kill(-group, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

Deno.test({
  name: "e2e: the walk-through does what it says",
  ignore: requireBinary() || ["prometheus", "promtool"].some((tool) => requireTool(tool, "prometheus")) ||
    ["curl", "python3", "setsid"].some((tool) => requireTool(tool)),
  async fn() {
    await assert.rejects(Deno.stat(WORK), Deno.errors.NotFound, `${WORK} is in the way`);
    const ports = freePorts(9501, 9090, 8080);
    const replacePorts = (text: string) =>
      text.replace(/(?<=:|127\.0\.0\.1 )(9501|9090|8080)\b/g, (port) => ports.get(port)!);
    const commands = await blocks();
    const folder = await checkout(replacePorts);
    try {
      assert.ok(findTool("promtool"));
      const script = [
        "echo $$",
        "set -euo pipefail",
        ...commands.map((block, index) => `echo "=== ${index}"\n${block}`),
      ];
      const { code, output } = await execute(replacePorts(script.join("\n")), folder);
      assert.equal(code, 0, `block ${output.length - 1} failed:\n${commands[output.length - 1]}\n${output.at(-1)}`);
      assert.equal(output.length, commands.length);
      const wants: readonly RegExp[] = [
        /^ {2}- \/\S*http\.server # first seen \S+, last seen \d{4}-\d\d-\d\d, 1 launch$/m,
        /^ {2}- \/\S*nightly\.sh\/base # first seen \S+, last seen \d{4}-\d\d-\d\d, 1 launch$/m,
        /^"value":\[[\d.]+,"1"\]$/m,
        /^nobody$/m,
        /^shell\.sh$/m,
        /msg="Launched what the baseline doesn't expect" tree=\S*\/http\.server\/shell\.sh .*ancestry="[^"]*http\.server > shell\.sh".*not that it launches shell\.sh/,
        /tree="?\/random\/\S*nightly\.sh\/\*"? ancestry="[^"]*nightly\.sh > \*"/,
        /^\/random\/\S*nightly\.sh\/\* {2}1 launch, first seen .*: /m,
        /^\/\S*http\.server\/shell\.sh {2}1 launch, .*\/http\.server is expected, but not that it launches shell\.sh$/m,
        /^status 1$/m,
        /"alertname":"CnprocRandomExecutable"/,
        /"alertname":"CnprocUnexpectedLaunches"/,
        /"alertname":"CnprocRareSuspect"/,
        /^paged for \/random\/\S*nightly\.sh\/\*$/m,
        /^process \d+: \/tmp\/\w{20}\n {2}label {3}\*.*\n.*\n {2}random {2}yes/m,
        /cnproc_tree_launches_total\{.*tree="\/random\/[^"]*nightly\.sh\/\*"/,
        /cnproc_tree_launches_total\{.*tree="[^"]*http\.server\/shell\.sh"/,
        /^\+ \/\*\*\/http\.server\/shell\.sh\/\*\*$/m,
        /^cnproc_config_last_reload_successful 1$/m,
        /baseline\.yml:\d+:\d+: \S*nginx\/base\S* is no tree/,
        /^cnproc_config_last_reload_successful 0$/m,
      ];
      for (const want of wants) assert.match(output.join(""), want);
      await assert.rejects(Deno.stat(WORK), Deno.errors.NotFound);
    } finally {
      await Deno.remove(folder, { recursive: true });
      await Deno.remove(WORK, { recursive: true }).catch(() => {});
    }
  },
});
