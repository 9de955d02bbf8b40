/** Who may spend what of the bounds of trees, which trees leave for others, and what becomes of those that find no room. */

import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { Column } from "../../../../fingerprint/trees/columns.ts";
import { EventLog } from "../../../../fingerprint/trees/event_log.ts";
import { OTHER, ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Ending } from "../../../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";
import { BudgetWarnings } from "../../../../fingerprint/worker/budget_warnings.ts";

const ALICE = 1000, EVIL = 1001, HOUR_NS = 3600e9;

function make(limit = 160) {
  const labels = new LabelTable(), events = new EventLog();
  const trees = new TreeTable(labels, { limit, retentionNs: 24 * HOUR_NS }, events), { trie } = trees;
  let report = 0, scraped = 0, nowNs = 1e12;
  /** A launch that ends at once. */
  const run = (parent: number, text: string, user = EVIL) => {
    const node = trie.launch(parent, labels.idOf(text, false), user);
    trees.begin(node, 1, nowNs / 1e9);
    trees.end(node, Ending.Success, 1, 0.1, nowNs / 1e9);
    nowNs += 1e6;
    return node;
  };
  /** Two scrapes, after some nanoseconds: what was reported is told. */
  const scrape = (afterNs = 0) => {
    nowNs += afterNs;
    const removed: number[] = [];
    for (let i = 0; i < 2; i++) {
      removed.push(...trees.collect({ report: ++report, scraped, nowNs }).removed);
      scraped = report;
    }
    return removed;
  };
  const fill = (parent: number, count: number, user = EVIL, name = "n") =>
    Array.from({ length: count }, (_, i) => run(parent, `${name}${i}`, user));
  return { labels, trie, trees, events, run, scrape, fill };
}

Deno.test("who comes first has three quarters; a quarter is for users that have few, of trees and of bytes", () => {
  const { trie, fill, run } = make();
  const nodes = fill(ROOT, 200);
  assert.equal(nodes.filter((node) => node !== OTHER).length, 120);
  const own = fill(ROOT, 20, ALICE, "alice");
  assert.equal(own.filter((node) => node !== OTHER).length, 10, "a sixteenth of all");
  assert.equal(trie.budget.largest?.user, EVIL);
  const long = make();
  let node = ROOT;
  for (let i = 0; i < 31; i++) node = long.run(node, String.fromCodePoint(0x10000 + i).repeat(32));
  for (let i = 0; i < 200; i++) long.run(node, `n${i}`);
  assert.ok(long.trie.size < 60 && long.trie.budget.bytes < 160 * 256 + 4096, `${long.trie.size} trees`);
  assert.ok(!long.trie.isOther(long.run(ROOT, "alice", ALICE)), "bytes are shared as well");
  assert.equal(run(ROOT, "n5"), nodes[5], "trees that are there go on");
});

Deno.test("what finds no room counts as other below the nearest tree, and nothing has a tree below that", () => {
  const { trie, trees, run, fill } = make();
  const parent = run(ROOT, "p"), child = run(parent, "c");
  fill(ROOT, 200);
  const beyond = run(child, "x");
  assert.equal(trie.pathOf(beyond), "/p/c/other");
  assert.equal(run(child, "y"), beyond);
  assert.equal(run(beyond, "z"), beyond);
  assert.equal(trees.get(beyond, Column.Launches), 3);
  const places = new Set(
    Array.from({ length: 40 }, (_, i) => run(child, `${i}`)),
  );
  assert.equal(places.size, 1);
  assert.equal(trees.collapsed, 82 + 3 + 40, "all of them are counted");
});

Deno.test("there are only so many trees for others: the next is that of a tree above, at last /other", () => {
  const { trie, run, fill } = make();
  const parents = fill(ROOT, 120, EVIL, "p");
  const beyond = parents.map((parent) => trie.pathOf(run(parent, "x")));
  assert.equal(new Set(beyond.slice(0, 10)).size, 10);
  assert.deepEqual(new Set(beyond.slice(10)), new Set(["/other"]));
  assert.equal(trie.size, 130);
});

Deno.test("the least used tree of the user that has most leaves for a new one, after its numbers were told", () => {
  const { trie, trees, run, fill, scrape } = make();
  const root = fill(ROOT, 40, 0, "root"), evil = fill(ROOT, 80), ids = evil.map((node) => trie.idOf(node));
  run(ROOT, "n0"); // launched twice, and not long ago
  assert.ok(!trie.isOther(run(ROOT, "first", ALICE)), "out of what is kept");
  assert.equal(trees.evicted, 0, "nothing has been told");
  scrape();
  const own = Array.from({ length: 9 }, (_, i) => run(ROOT, `alice${i}`, ALICE));
  assert.ok(own.every((node) => !trie.isOther(node)));
  assert.equal(trees.evicted, 9);
  assert.deepEqual(
    scrape().filter((id) => ids.includes(id)),
    ids.slice(1, 10),
    "those of evil that were launched longest ago",
  );
  assert.ok(root.every((node) => trie.isLive(node)) && trie.isLive(evil[0]!));
});

Deno.test("who has most takes its own places, and only so many in an hour", () => {
  const { trie, trees, run, fill, scrape } = make();
  const root = fill(ROOT, 40, 0, "root");
  fill(ROOT, 80);
  scrape();
  const later = fill(ROOT, 30, EVIL, "later");
  assert.equal(later.filter((node) => !trie.isOther(node)).length, 10);
  assert.equal(trees.evicted, 10);
  scrape(HOUR_NS);
  assert.ok(!trie.isOther(run(ROOT, "later29")), "another hour");
  assert.ok(root.every((node) => trie.isLive(node)));
});

Deno.test("a launch without a tree of its own is told with the path that it would have had", () => {
  const { trie, labels, trees, events, run, fill } = make(16);
  const parent = run(ROOT, "p");
  fill(ROOT, 20);
  events.listen(true);
  const beyond = run(parent, "x");
  trees.tellWhere(() => trie.pathBelow(parent, labels.idOf("x", true)));
  assert.equal(trie.pathOf(beyond), "/p/other");
  assert.deepEqual([...events.take()!.places!], [[1, "/random/p/x"]]);
  run(ROOT, "p");
  assert.equal(events.take()!.places, undefined);
  assert.equal(trie.pathBelow(ROOT, labels.idOf("y", false)), "/y");
});

Deno.test("each warning comes once a day", () => {
  const { trie, trees, fill } = make();
  const told: string[] = [];
  const warnings = new BudgetWarnings(trie.budget, trees, (_, message, data) => {
    told.push(`${message.split(",")[0]} ${JSON.stringify(data)}`);
  });
  const check = (hours: number) => {
    warnings.check(1e12 + hours * HOUR_NS);
    return told.splice(0);
  };
  fill(ROOT, 100);
  assert.deepEqual(check(0), []);
  fill(ROOT, 110);
  assert.match(check(1)[0]!, /^--trees\.max is nearly reached \{"trees":110,.*"user":1001,"userTrees":110/);
  assert.deepEqual(check(2), []);
  fill(ROOT, 130);
  assert.match(
    check(3)[0]!,
    /^--trees\.max is reached.*"remedy":"raise --trees\.max, or .* rename rule in --config\.file"/,
  );
  fill(ROOT, 130);
  assert.deepEqual([...check(4), ...check(26)], []);
  fill(ROOT, 130);
  assert.equal(check(28).length, 1);
});
