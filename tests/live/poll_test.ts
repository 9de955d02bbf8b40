/** `--source=poll` follows what lives longer than a poll, without the connector. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { NO_RULES, Watcher } from "../../fingerprint/mod.ts";
import { Exporter, poll } from "./exporter.ts";
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

Deno.test({
  name: "live: who polls once an hour comes round all the time",
  ignore: requireRoot(),
  sanitizeResources: false, // the C library stays open for as long as the process lives
}, async () => {
  const watcher = new Watcher({
    source: "poll",
    capture: "proc",
    ringBytes: 0,
    handedOver: undefined,
    procfs: undefined,
    pollIntervalMs: 3_600_000,
    treesLimit: 1000,
    treesMaxOnce: 64,
    treesRetentionMs: 0,
    receiveBuffer: 0,
    boost: "none",
    rules: NO_RULES,
    followsRules: false,
    verifiesBase: false,
    namesContainers: false,
    rootfs: undefined,
  }, () => {});
  try {
    assert.equal(await watcher.ready, "poll");
    for (let round = 0; round < 2; round++) {
      const { heartbeat } = watcher;
      await poll("the thread come round", () => watcher.heartbeat !== heartbeat); // 15 s: half of what counts as stuck
    }
  } finally {
    watcher.stop();
    await watcher.stopped;
  }
});
