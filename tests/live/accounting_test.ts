/** CPU time of finished processes, compared with what a shell's `times` says about the same build. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { Exporter } from "./exporter.ts";
import { Forest } from "./forest.ts";

/** Seconds of the four figures of `times`: the shell's own user and system time, and its children's. */
function parseTimes(text: string): number {
  return [...text.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}

Deno.test({
  name: "live: CPU time of a build within 2 % of the shell's",
  ignore: requireRoot() || requireTool("cc", "gcc"),
}, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: ["--source=connector"] });
  assert.equal((await exporter.scrape()).value("cnproc_source_up", { source: "taskstats" }), 1);
  await Deno.copyFile("/bin/bash", forest.path("builder"));
  const source = `${import.meta.dirname}/forest.c`;
  const build = `for i in 1 2 3 4 5 6 7 8; do cc -O2 -pthread -o ${forest.path("built")} ${source}; done; times`;
  const { stdout, success } = await new Deno.Command(forest.path("builder"), { args: ["-c", build] }).output();
  assert.ok(success);
  const wanted = parseTimes(new TextDecoder().decode(stdout));
  const scrape = await exporter.scrapeUntil("the builder's end", (now) => now.treeNamed("builder")?.ended === 1);
  const trees = scrape.below(scrape.treeNamed("builder")!.path);
  const counted = trees.reduce((sum, tree) => sum + tree.cpuSeconds, 0);
  assert.ok(Math.abs(counted / wanted - 1) <= 0.02, `counted ${counted} s, the shell says ${wanted} s`);
});
