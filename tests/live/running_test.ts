/** From an alert to a process in two steps, as the runbook has them, and nothing of a command line on the way. */

import assert from "node:assert/strict";
import { requireBpf } from "./bpf.ts";
import { Exporter, poll } from "./exporter.ts";
import { requireRoot, requireTool } from "../require.ts";

const RUNBOOK = new URL("../../docs/runbook.md", import.meta.url);
const SECRET = "token-that-nobody-may-see";

/** Commands of the section, in their order. */
async function steps(): Promise<string[]> {
  const section = (await Deno.readTextFile(RUNBOOK)).split(/\n##+ /).find((text) => text.startsWith("From an alert"))!;
  return [...section.matchAll(/```sh\n([^]*?)```/g)].map(([, commands]) => commands!);
}

/** Standard output of commands in a shell. */
async function run(commands: string, env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("bash", { args: ["-ec", commands], env }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name: "from an alert one gets to a process id in two steps, as the runbook has them",
  ignore: requireRoot() || requireTool("jq") || requireTool("curl") || requireBpf(),
  async fn() {
    const [which, who, ...others] = await steps();
    assert.deepEqual(others, []);
    const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "dropper-" }), program = `${folder}/odd-helper`;
    await using exporter = await Exporter.start({ capture: "bpf" });
    await Deno.copyFile("/bin/sleep", program);
    // It ends by itself where the test can't end it.
    const script = `"${program}" 30; : ${SECRET}`, child = new Deno.Command("bash", { args: ["-c", script] }).spawn();
    let pid = 0;
    try {
      await exporter.get("/api/v1/events"); // a recording begins
      // It lies in /tmp: the flag `temp`. So does much else: the tree is the one with this name.
      const env = { HOST: exporter.url, FLAG: "temp" };
      const tree = await poll("the tree with the flag", async () => {
        const trees = (await run(which!, env)).split("\n");
        return trees.find((path) => path.endsWith("/odd-helper"));
      });
      const lines = await run(who!, { HOST: exporter.url, TREE: tree });
      const [process] = lines.split("\n").map((line) => JSON.parse(line));
      pid = process.pid;
      assert.equal(await Deno.readTextFile(`/proc/${pid}/comm`), "odd-helper\n");
      assert.deepEqual([process.uid, process.user], [0, "root"]);
      assert.match(process.executable, /\/odd-helper(?: \(deleted\))?$/);
      assert.ok(Math.abs(process.since - Date.now() / 1000) < 30, `since ${process.since}`);

      // The shell above it has the secret in its command line.
      const above = tree.slice(0, tree.lastIndexOf("/"));
      // What is above a random program stands without `/random`, unless that is random too.
      const { status } = await exporter.get(`/api/v1/trees${above}/processes`);
      for (const path of [tree, status === 200 ? above : above.replace(/^\/random/, "")]) {
        const { status, text } = await exporter.get(`/api/v1/trees${path}/processes`);
        assert.equal(status, 200, path);
        assert.doesNotMatch(text, new RegExp(SECRET));
      }
    } finally {
      if (pid > 0) Deno.kill(pid, "SIGKILL");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
