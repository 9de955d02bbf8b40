/**
 * Ordinary work, and the flags that its launches have: none that alerts. The table is printed. `ONLY=REGEX` in the environment
 * does those whose id matches.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../../require.ts";
import { Exporter, testCaptures } from "../exporter.ts";
import { Lab } from "./lab.ts";
import { flagsIn } from "./table.ts";
import { isGrave } from "./technique.ts";
import { WORK } from "./work.ts";

const ONLY = new RegExp(Deno.env.get("ONLY") ?? "");

/** How much is done at the same time. */
const AT_ONCE = 3;

testCaptures("live: ordinary work alerts nobody", requireRoot() || requireTool("cc", "gcc"), async (capture) => {
  await using lab = await Lab.build();
  const able = WORK.filter((work) => ONLY.test(work.id) && lab.hasTools(work));
  await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000", "--trees.max-once=0"] });
  const failed: string[] = [];
  const queue = [...able];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let work; (work = queue.shift()) !== undefined;) {
      const complaint = await lab.run(work);
      if (complaint.startsWith("status")) failed.push(`${work.id}: ${complaint}`);
    }
  }));
  assert.deepEqual(failed, []);
  const scrape = await exporter.scrapeUntil("the ends of all", (scrape) =>
    able.every((work) => {
      const own = scrape.treesThrough(lab.marker(work));
      return own.length > 0 && own.every(({ running }) => running === 0);
    }));
  const alerts: string[] = [];
  console.log("| work | trees | launches | flags |\n| --- | --- | --- | --- |");
  for (const work of able) {
    const own = scrape.treesThrough(lab.marker(work));
    const launches = own.reduce((sum, tree) => sum + tree.launches, 0);
    const flags = new Set(own.flatMap(({ path }) => flagsIn(scrape, path)));
    console.log(`| ${work.id}: ${work.what} | ${own.length} | ${launches} | ${[...flags].toSorted().join(" ")} |`);
    for (const { path } of own) {
      const grave = flagsIn(scrape, path).filter(isGrave);
      if (grave.length > 0) alerts.push(`${path.replace(/^.*(?=\/try-)/, "…")} has ${grave.join(", ")}`);
    }
  }
  assert.deepEqual(alerts, []);
});
