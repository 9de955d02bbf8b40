/** Recorded forests of real programs, replayed through labels, process table and trie. */

import assert from "node:assert/strict";
import { EXPECTED } from "./expected_forests.ts";
import { recordedForests, Replay } from "./recorded_forest.ts";

for (const [name, forest] of recordedForests()) {
  const images = forest.events.filter(([kind]) => kind === "exec").length;
  const expected = EXPECTED[name] ?? {};
  // The name of a test is printed, whatever else is kept quiet.
  Deno.test(`${forest.what}: ${images} images are ${Object.keys(expected).length} trees`, () => {
    const replay = new Replay();
    replay.replay(forest);
    const trees = replay.trees();
    const byPath = (record: Iterable<[string, number]>) => [...record].sort(([a], [b]) => a < b ? -1 : 1);
    assert.deepEqual(byPath(trees), byPath(Object.entries(expected)));
    assert.equal([...trees.values()].reduce((sum, count) => sum + count, 0), images, "every image is a launch");
  });
}
