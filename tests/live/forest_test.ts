/**
 * Every tree, launch, outcome and run time of a known forest, and all running figures back at its end. Where names come from
 * /proc, most programs of the forest are too short for that to be sure: then each launch counts below the forest.
 */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { Exporter, NAMED_BY_PROC, testCaptures } from "./exporter.ts";
import { assertCounted, assertForest, Forest, forestEnded, launchesOf, MODES } from "./forest.ts";

const ALL = ["ring", "bpf", "proc"] as const;

testCaptures("live: a known forest", requireRoot(), async (capture, t) => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ capture });
  let launches = 0, inTheirTrees = 0;

  for (const [what, stem, ...args] of MODES) {
    await t.step(what, async () => {
      const run = await forest.runSeen(exporter, stem, ...args);
      const scrape = await exporter.scrapeUntil(`the end of ${what}`, (scrape) => forestEnded(scrape, run));
      if (capture !== "proc") assertForest(scrape, run);
      launches += launchesOf(run);
      inTheirTrees += assertCounted(scrape, run);
    });
  }

  await t.step("forks without a program are no launches", async () => {
    const running = await forest.start("forking", "forks", "40");
    assert.equal(await running.ready(), 40);
    const during = await exporter.scrapeUntil(
      "41 processes",
      (scrape) => scrape.treeNamed(running.name)?.processes === 41,
    );
    const tree = during.treeNamed(running.name)!;
    assert.deepEqual([tree.launches, tree.running, during.below(tree.path).length], [1, 1, 1]);
    const run = await running.end();
    assertForest(await exporter.scrapeUntil("the end of the forks", (scrape) => forestEnded(scrape, run)), run);
  });

  await t.step("sleeping programs are running ones", async () => {
    const running = await forest.start("sleeping", "sleepers", "60");
    assert.equal(await running.ready(), 60);
    const sleepers = (path: string) => `${path}/sleeper`;
    const during = await exporter.scrapeUntil("60 sleepers", (scrape) => {
      const root = scrape.treeNamed(running.name)?.path;
      return root !== undefined && scrape.trees.get(sleepers(root))?.running === 60;
    });
    const tree = during.trees.get(sleepers(during.treeNamed(running.name)!.path))!;
    assert.deepEqual([tree.launches, tree.processes, tree.state], [60, 60, { RUNNING: 1, STOPPED: 0 }]);
    const run = await running.end();
    assertForest(await exporter.scrapeUntil("the end of the sleepers", (scrape) => forestEnded(scrape, run)), run);
  });

  await t.step("nothing was lost", async () => {
    assert.equal((await exporter.scrape()).value("cnproc_events_lost_total"), 0);
    const share = inTheirTrees / launches;
    assert.ok(share >= (capture === "proc" ? NAMED_BY_PROC : 1), `${inTheirTrees} of ${launches} in their trees`);
  });
}, ALL);

testCaptures("live: processes that ran before the exporter", requireRoot(), async (capture) => {
  await using forest = await Forest.build();
  const running = await forest.start("early", "sleepers", "25");
  await running.ready();
  await using exporter = await Exporter.start({ capture });
  const before = await exporter.scrape();
  const root = before.treeNamed(running.name)!.path;
  assert.deepEqual([before.trees.get(root)!.running, before.trees.get(`${root}/sleeper`)!.running], [1, 25]);
  const run = await running.end();
  const after = await exporter.scrapeUntil("their end", (scrape) => forestEnded(scrape, run));
  // The start time of a process found in /proc is known to a clock tick of 10 ms only.
  const truth = run.truth.map((part) => ({
    ...part,
    secondsMin: part.secondsMin - 0.01 * part.launches,
    secondsMax: part.secondsMax + 0.01 * part.launches,
  }));
  assertForest(after, { ...run, truth });
}, ALL);
