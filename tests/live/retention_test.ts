/** A stopped tree leaves when its time has come and scrapes have got its last numbers, not before. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { Exporter, poll, testCaptures } from "./exporter.ts";
import type { Scrape } from "./exposition.ts";
import { Forest, forestEnded, type ForestRun } from "./forest.ts";

const RETENTION_MS = 1000;

testCaptures(
  "live: a stopped tree leaves after two scrapes with its last numbers",
  requireRoot(),
  async (capture) => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ capture, flags: ["--trees.retention=1s"] });
    /** The trees of the forest, and how many launches they have but for its own, which may not all be called base by /proc. */
    const counted = (scrape: Scrape, run: ForestRun) => {
      const trees = scrape.treesThrough(run.name);
      assert.ok(trees.length > 0);
      if (capture === "bpf") {
        assert.deepEqual(trees.map(({ path }) => path.split("/").at(-1)).sort(), ["base", run.name]);
      }
      return trees.reduce((sum, { launches }) => sum + launches, -1);
    };
    const running = await forest.start("leaving", "launch", "base", "7", "0", "/bin/true");
    // What brings the numbers up to date without being a scrape: the page, and the headers alone.
    await poll("the tree on the page", async () => {
      const { text } = await exporter.get("/", { accept: "text/html" });
      return text.includes(running.name);
    });
    const run = await running.end();
    const passed = performance.now() + 2 * RETENTION_MS;
    await poll("the retention time gone by", async () => {
      await exporter.get("/", { accept: "text/html" });
      await fetch(`${exporter.url}/metrics`, { method: "HEAD" });
      return performance.now() > passed;
    });
    for (const which of ["first", "second"]) {
      const scrape = await exporter.scrape();
      assert.ok(forestEnded(scrape, run), `the ${which} scrape has the last numbers`);
      assert.equal(counted(scrape, run), 7);
    }
    const after = await exporter.scrapeUntil("it gone", (scrape) => scrape.treesThrough(run.name).length === 0);
    assert.ok(after.value("cnproc_trees_retired_total") >= 2);

    const again = await forest.runSeen(exporter, "leaving", "launch", "base", "3", "0", "/bin/true");
    const back = await exporter.scrapeUntil("it back", (scrape) => forestEnded(scrape, again));
    assert.equal(counted(back, again), 3, "it begins anew");
  },
);
