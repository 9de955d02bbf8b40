/** An exporter that is stopped for 5 seconds under load loses nothing and gives its memory back. */

import assert from "node:assert/strict";
import { requireRoot } from "../../require.ts";
import { Exporter, poll, testCaptures } from "../exporter.ts";
import { processFigures } from "../figures.ts";
import { assertForest, Forest, forestEnded } from "../forest.ts";

const STOP_MS = 5_000;
/** Room for all launches of a stop, whatever a machine reaches: 2 MiB hold 12,000. */
const RING = "8MiB";

async function stopUnderLoad(exporter: Exporter, forest: Forest, stem: string): Promise<void> {
  const load = await forest.start(stem, "launch", "base", "12000", "0", "/bin/true");
  await exporter.scrapeUntil("the load", (scrape) => scrape.treeNamed(load.name) !== undefined);
  exporter.kill("SIGSTOP");
  const stopped = performance.now();
  await poll("the end of the pause", () => performance.now() - stopped >= STOP_MS);
  exporter.kill("SIGCONT");
  const run = await load.end();
  const scrape = await exporter.scrapeUntil("the end of the load", (scrape) => forestEnded(scrape, run), 60_000);
  assertForest(scrape, run);
  assert.equal(scrape.value("cnproc_events_lost_total"), 0);
}

Deno.test({ name: "storm: stopped for 5 s under load", ignore: requireRoot() }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: ["--source=connector", `--capture.ring-size=${RING}`] });
  await stopUnderLoad(exporter, forest, "first");
  const before = processFigures(exporter.pid);
  await stopUnderLoad(exporter, forest, "second");
  const after = await poll("memory back within 10 %", async () => {
    await exporter.scrape();
    const now = processFigures(exporter.pid);
    return now.anonymousBytes <= 1.1 * before.anonymousBytes && now.residentBytes <= 1.1 * before.residentBytes && now;
  }, 60_000);
  assert.ok(after.threads <= before.threads, `${after.threads} threads, before ${before.threads}`);
  console.log("before and after the second stop:", before, after);
});

testCaptures("storm: a process id used again while it was stopped", requireRoot(), async (capture) => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ capture });
  exporter.kill("SIGSTOP");
  const running = await forest.start("squatted", "reuse", "100", "1");
  await running.ready();
  exporter.kill("SIGCONT");
  // All hundred are gone, and /proc has another program under their process id, which must not give them its name.
  const during = await exporter.scrapeUntil(
    "the last program",
    (scrape) => scrape.treeNamed("squatter")?.running === 1,
  );
  assert.equal(during.treeNamed("squatter")!.launches, 1);
  const { truth, ...run } = await running.end();
  const ended = await exporter.scrapeUntil("its end", (scrape) => forestEnded(scrape, { ...run, truth }));
  // Where only a record was left, of a file that nobody had seen, its name is, and not where it lies.
  const name = (tree: string) => capture === "proc" && /^(?:former|latter)$/.test(tree) ? `${tree}@?` : tree;
  assertForest(ended, { ...run, truth: truth.map((part) => ({ ...part, tree: name(part.tree) })) });
});
