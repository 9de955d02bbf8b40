/** Every launch of a storm is counted under its tree, and nothing is lost. */

import assert from "node:assert/strict";
import { requireRoot } from "../../require.ts";
import { Exporter } from "../exporter.ts";
import type { Scrape } from "../exposition.ts";
import { Forest, forestEnded } from "../forest.ts";

const LAUNCHES = 20_000;

/** Share of the images begun between two scrapes that /proc itself named. */
function shareByProc(before: Scrape, after: Scrape): number {
  const begun = (labels: Record<string, string>) =>
    after.value("cnproc_images_total", labels) - before.value("cnproc_images_total", labels);
  return begun({ identified_by: "proc" }) / begun({});
}

/** Share that /proc must name where the machine is its own, and where a hypervisor takes its processors away meanwhile. */
const NAMED = 0.995;
const NAMED_AT_LEAST = 0.9;
const ATTEMPTS = 3;

/**
 * The processors of a virtual machine are taken away for tens of milliseconds now and then, which costs a few per cent: one
 * attempt of three must have been spared. Everything else holds in each of them.
 */
async function attempt(storm: () => Promise<number>): Promise<void> {
  let best = 0;
  for (let i = 0; i < ATTEMPTS && best < NAMED; i++) {
    const byProc = await storm();
    assert.ok(byProc >= NAMED_AT_LEAST, `named from /proc: ${byProc}, want ${NAMED_AT_LEAST} at the least`);
    best = Math.max(best, byProc);
  }
  assert.ok(best >= NAMED, `named from /proc: ${best} at best, want ${NAMED}`);
}

async function storm(rate: string, busyLoops: number): Promise<{ inTree: number; all: number; byProc: number }> {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: ["--source=connector"] });
  // A kernel or a browser at its first hundred launches is not what is measured.
  const warm = await forest.run("warming", "launch", "base", "500", "0", "/bin/true");
  const before = await exporter.scrapeUntil("the warm-up's end", (scrape) => forestEnded(scrape, warm));
  const busy = await forest.start("loops", "busy", String(busyLoops), "300");
  await busy.ready();
  const run = await forest.run("storming", "launch", "base", String(LAUNCHES), rate, "/bin/true");
  await busy.end();
  const after = await exporter.scrapeUntil("the storm's end", (scrape) => forestEnded(scrape, run), 60_000);
  assert.equal(after.value("cnproc_events_lost_total"), 0);
  const root = after.treeNamed(run.name)!.path;
  const figures = {
    inTree: after.trees.get(`${root}/base`)?.launches ?? 0,
    all: after.below(root).reduce((sum, tree) => sum + tree.launches, 0),
    byProc: shareByProc(before, after),
  };
  console.log(`${LAUNCHES} launches in ${run.seconds.toFixed(1)} s, ${busyLoops} busy loops:`, figures);
  return figures;
}

Deno.test({ name: "storm: 20,000 launches at 1,000 a second, all in their tree", ignore: requireRoot() }, async () => {
  await attempt(async () => {
    const { inTree, all, byProc } = await storm("1000", 0);
    assert.deepEqual([inTree, all], [LAUNCHES, LAUNCHES + 1]);
    return byProc;
  });
});

Deno.test({ name: "storm: 20,000 launches back to back with every CPU busy", ignore: requireRoot() }, async () => {
  await attempt(async () => {
    const { inTree, all, byProc } = await storm("0", navigator.hardwareConcurrency);
    assert.equal(all, LAUNCHES + 1);
    assert.ok(inTree >= 0.999 * LAUNCHES, `in their tree: ${inTree}, want 99.9 % of ${LAUNCHES}`);
    return byProc;
  });
});
