/** `--source=poll` follows what lives longer than a poll, without the connector. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { Exporter } from "./exporter.ts";
import { endings } from "./exposition.ts";
import { Forest } from "./forest.ts";

Deno.test({ name: "live: polling /proc", ignore: requireRoot() }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ flags: ["--source=poll"] });
  const running = await forest.start("polled", "sleepers", "30");
  await running.ready();
  const during = await exporter.scrapeUntil("30 sleepers", (scrape) => {
    const root = scrape.treeNamed(running.name);
    return root !== undefined && scrape.trees.get(`${root.path}/sleeper`)?.running === 30;
  });
  const root = during.treeNamed(running.name)!.path;
  assert.equal(during.trees.get(root)!.running, 1);
  assert.equal(during.value("cnproc_source_up", { source: "connector" }), 0);
  await running.end();
  const after = await exporter.scrapeUntil(
    "their end",
    (scrape) => endings(scrape.trees.get(`${root}/sleeper`)!) === 30,
  );
  assert.deepEqual(after.below(root).map((tree) => [tree.running, tree.processes]), [[0, 0], [0, 0]]);
});
