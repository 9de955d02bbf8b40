import assert from "node:assert/strict";
import { LaunchContexts } from "../../../../fingerprint/trees/launch_contexts.ts";
import { WAY_WIDTH } from "../../../../fingerprint/trees/mod.ts";

/** What was counted, by tree, context and user. */
function taken(contexts: LaunchContexts): Record<string, number> {
  const ways = [...contexts.take()], counts: Record<string, number> = {};
  for (let i = 0; i < ways.length; i += WAY_WIDTH) counts[ways.slice(i, i + 3).join()] = ways[i + 3]!;
  return counts;
}

Deno.test("launches are counted by tree, context and user, from report to report", () => {
  const contexts = new LaunchContexts();
  for (const [context, user] of [[1, 0], [1, 0], [2, 0], [1, 0], [1, 1000], [1, 0xffff_ffff]]) {
    contexts.note(5, 50, context!, user!);
  }
  contexts.note(600, 60, 1, 0);
  contexts.note(5, 50, 2, 0, -1);
  assert.deepEqual(taken(contexts), { "50,1,0": 3, "50,2,0": 0, "50,1,1000": 1, "50,1,4294967295": 1, "60,1,0": 1 });
  // The same again after the report: it counts from 0.
  contexts.note(5, 50, 2, 0);
  contexts.note(600, 60, 1, 0);
  assert.deepEqual(taken(contexts), { "50,2,0": 1, "60,1,0": 1 });
  assert.deepEqual(taken(contexts), {});
  // The node is another tree's.
  contexts.forget(600);
  contexts.note(600, 61, 1, 0);
  assert.deepEqual(taken(contexts), { "61,1,0": 1 });
});

Deno.test("a node that becomes another tree's between two reports doesn't count for the one before", () => {
  const contexts = new LaunchContexts();
  contexts.note(5, 50, 1, 0);
  contexts.forget(5);
  contexts.note(5, 51, 1, 0);
  assert.deepEqual(taken(contexts), { "50,1,0": 1, "51,1,0": 1 });
});

Deno.test("ways beyond the bound aren't counted, and the others go on", () => {
  const contexts = new LaunchContexts(), MOST = 8192;
  for (let i = 0; i < MOST + 10; i++) contexts.note(i, i, 1, 0);
  contexts.note(0, 0, 1, 0);
  contexts.note(MOST + 1, MOST + 1, 1, 0);
  const counts = taken(contexts);
  assert.equal(Object.keys(counts).length, MOST);
  assert.equal(counts["0,1,0"], 2);
  contexts.note(MOST + 1, MOST + 1, 1, 0);
  assert.deepEqual(taken(contexts), { [`${MOST + 1},1,0`]: 1 });
});
