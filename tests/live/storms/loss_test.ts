/** Lost events are counted exactly, and every gauge is true after them. */

import assert from "node:assert/strict";
import { requireRoot } from "../../require.ts";
import { Exporter, poll } from "../exporter.ts";
import { Forest, forestEnded } from "../forest.ts";

/** Messages the kernel dropped at the netlink sockets of a process: the Drops column of /proc/net/netlink. */
async function kernelDrops(pid: number): Promise<number> {
  const inodes = new Set<string>();
  for await (const fd of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${fd.name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const [heading, ...rows] = (await Deno.readTextFile("/proc/net/netlink")).trim().split("\n")
    .map((line) => line.trim().split(/\s+/));
  const [drops, inode] = [heading!.indexOf("Drops"), heading!.indexOf("Inode")];
  return rows.filter((row) => inodes.has(row[inode]!)).reduce((sum, row) => sum + Number(row[drops]), 0);
}

Deno.test({ name: "storm: lost events are exact, gauges true after them", ignore: requireRoot() }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({
    flags: ["--source=connector", "--netlink.receive-buffer=65536"],
  });
  const ending = await forest.start("ending", "sleepers", "50");
  await ending.ready();
  await exporter.scrapeUntil("50 sleepers", (scrape) => {
    const root = scrape.treeNamed(ending.name)?.path;
    return root !== undefined && scrape.trees.get(`${root}/sleeper`)?.running === 50;
  });

  exporter.kill("SIGSTOP");
  await forest.run("lossy", "launch", "base", "3000", "0", "/bin/true");
  const ended = await ending.end();
  const staying = await forest.start("staying", "sleepers", "30");
  await staying.ready();
  exporter.kill("SIGCONT");

  // The figure is read from the kernel before and after the scrape: between two equal ones it can't have moved.
  const { lost, drops, scrape } = await poll("the losses", async () => {
    const first = await kernelDrops(exporter.pid);
    const scrape = await exporter.scrape();
    const drops = await kernelDrops(exporter.pid);
    const lost = scrape.value("cnproc_events_lost_total");
    return first === drops && lost > 0 && scrape.value("cnproc_resyncs_total") > 0 && { lost, drops, scrape };
  });
  assert.equal(lost, drops);
  // Every launch is four messages: its fork, its exec, its exit and its accounting record.
  console.log(`lost ${lost} messages; the storm alone was ${4 * 3000}`);
  assert.ok(scrape.value("cnproc_resyncs_total") > 0);

  const after = await exporter.scrapeUntil("true gauges", (now) => {
    const [gone, here] = [now.treeNamed(ended.name), now.treeNamed(staying.name)];
    const running = here && now.trees.get(`${here.path}/sleeper`)?.running;
    return gone !== undefined && now.below(gone.path).every((tree) => tree.processes === 0) && running === 30;
  });
  assert.equal(after.trees.get(`${after.treeNamed(ended.name)!.path}/sleeper`)!.launches, 50);
  const run = await staying.end();
  await exporter.scrapeUntil("the end of all", (now) => forestEnded(now, run));
});
