/** A stopped tree leaves when its time has come and scrapes have got its last numbers, not before. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { Exporter, poll } from "./exporter.ts";
import { Forest, forestEnded } from "./forest.ts";

const RETENTION_MS = 1000;

Deno.test(
  { name: "live: a stopped tree leaves after two scrapes with its last numbers", ignore: requireRoot() },
  async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ flags: ["--source=connector", "--trees.retention=1s"] });
    const run = await forest.run("leaving", "launch", "base", "7", "0", "/bin/true");
    // What brings the numbers up to date without being a scrape: the page, and the headers alone.
    await poll("the tree on the page", async () => {
      const { text } = await exporter.get("/", { accept: "text/html" });
      return text.includes(run.name);
    });
    const passed = performance.now() + 2 * RETENTION_MS;
    await poll("the retention time gone by", async () => {
      await exporter.get("/", { accept: "text/html" });
      await fetch(`${exporter.url}/metrics`, { method: "HEAD" });
      return performance.now() > passed;
    });
    for (const which of ["first", "second"]) {
      const scrape = await exporter.scrape();
      assert.ok(forestEnded(scrape, run), `the ${which} scrape has the last numbers`);
      const root = scrape.treeNamed(run.name)!.path;
      assert.equal(scrape.trees.get(`${root}/base`)?.launches, 7);
    }
    const after = await exporter.scrapeUntil("it gone", (scrape) => scrape.treeNamed(run.name) === undefined);
    assert.ok(after.value("cnproc_trees_retired_total") >= 2);

    const again = await forest.run("leaving", "launch", "base", "3", "0", "/bin/true");
    const back = await exporter.scrapeUntil("it back", (scrape) => forestEnded(scrape, again));
    const root = back.treeNamed(run.name)!.path;
    assert.equal(back.trees.get(`${root}/base`)?.launches, 3, "it begins anew");
  },
);
