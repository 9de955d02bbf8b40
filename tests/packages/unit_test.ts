/** The unit's list of system calls holds every one that the exporter makes, while it starts, watches, is scraped and ends. */

import assert from "node:assert/strict";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { Exporter } from "../live/exporter.ts";
import { requireTool } from "../require.ts";
import { must, ROOT, temporaryFolder } from "./artifacts.ts";

/** The calls of systemd's groups, resolved. */
async function group(name: string): Promise<Set<string>> {
  const calls = new Set<string>();
  const text = await must(["systemd-analyze", "syscall-filter", name]);
  for (const line of text.split("\n").slice(1)) {
    const word = line.trim();
    if (word.startsWith("@")) (await group(word)).forEach((call) => calls.add(call));
    else if (word !== "" && !word.startsWith("#")) calls.add(word);
  }
  return calls;
}

/** The calls that the unit allows. */
async function allowed(): Promise<Set<string>> {
  const unit = await Deno.readTextFile(`${ROOT}/deploy/systemd/cnproc-exporter.service`);
  const calls = new Set<string>();
  for (const [, list] of unit.matchAll(/^SystemCallFilter=(.*)$/gm)) {
    const isDeny = list!.startsWith("~");
    for (const word of list!.replace(/^~/, "").split(" ")) {
      const named = word.startsWith("@") ? await group(word) : new Set([word]);
      named.forEach((call) => isDeny ? calls.delete(call) : calls.add(call));
    }
  }
  return calls;
}

const ignore = requireBinary() || requireTool("strace") || requireTool("systemd-analyze", "systemd") ||
  requireTool("setpriv", "util-linux");

Deno.test({ name: "unit: no system call of the exporter is outside its filter", ignore }, async () => {
  await using folder = await temporaryFolder();
  const trace = `${folder.path}/trace`;
  const set = "+net_admin,+sys_ptrace,+bpf,+perfmon";
  const asUser = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    `--inh-caps=${set}`,
    `--ambient-caps=${set}`,
  ];
  const strace = ["strace", "--follow-forks", "--summary-only", "--seccomp-bpf", `--output=${trace}`];
  {
    await using exporter = await Exporter.start({ command: [...strace, ...asUser, BINARY] });
    for (let times = 0; times < 3; times++) await exporter.scrape();
    await exporter.get("/", { accept: "text/html" });
    await exporter.get("/metrics", { "accept-encoding": "gzip" });
    const exporterPid = Number(await must(["pgrep", "--parent", String(exporter.pid)]));
    Deno.kill(exporterPid, "SIGHUP");
    await exporter.scrape();
    Deno.kill(exporterPid, "SIGTERM");
    await exporter.ended();
  }
  const made = [...(await Deno.readTextFile(trace)).matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+\d+\s+(?:\d+\s+)?(\w+)$/gm)]
    .map(([, call]) => call!).filter((call) => call !== "total");
  assert.ok(made.length > 30 && made.includes("recvmmsg"), made.join(" "));
  // setpriv's own, before the exporter is executed: systemd makes them before the filter is in force.
  const before = ["capset", "setresuid", "setresgid", "setgroups", "prctl", "capget"];
  const calls = await allowed();
  assert.deepEqual(made.filter((call) => !calls.has(call) && !before.includes(call)), []);
});
