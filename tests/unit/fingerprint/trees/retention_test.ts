/** Trees that leave, and what stays. */

import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { Column, ROW_WIDTH } from "../../../../fingerprint/trees/columns.ts";
import { OTHER, ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Ending } from "../../../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";

const RETENTION_NS = 100e9;

function make({ limit = 1000, retentionNs = RETENTION_NS } = {}) {
  const labels = new LabelTable(), trees = new TreeTable(labels, { limit, retentionNs }), { trie } = trees;
  let report = 0, scraped = 0, nowNs = 1e12;
  const begin = (parent: number, text: string) => {
    const node = trie.launch(parent, labels.idOf(text, false));
    trees.countProcess(node, 1);
    trees.begin(node, 1, nowNs / 1e9);
    return node;
  };
  const end = (node: number) => {
    trees.end(node, Ending.Success, 1, 1, nowNs / 1e9);
    trees.countProcess(node, -1);
  };
  const run = (parent: number, text: string) => {
    const node = begin(parent, text);
    end(node);
    return node;
  };
  /** A report after some seconds; a scrape gets it or not. */
  const collect = (seconds = 0, isScraped = true) => {
    nowNs += seconds * 1e9;
    const changes = trees.collect({ report: ++report, scraped, nowNs });
    if (isScraped) scraped = report;
    return {
      come: changes.newTrees.map(({ id, path }) => [id, path]),
      changed: [...changes.ids],
      launches: [...changes.ids].map((_, i) => changes.rows[i * ROW_WIDTH + Column.Launches]),
      left: [...changes.removed],
    };
  };
  return { labels, trie, trees, begin, end, run, collect };
}

Deno.test("a stopped tree leaves after the retention time, and is another one when it comes back", () => {
  const { trie, run, collect } = make();
  const node = run(ROOT, "a"), id = trie.idOf(node);
  assert.deepEqual(collect().left, []);
  assert.deepEqual(collect(99).left, []);
  assert.deepEqual(collect(1).left, [id]);
  assert.deepEqual([trie.size, trie.length], [0, OTHER + 1], "its node is given back");
  assert.deepEqual(collect(1000).left, []);
  const again = run(ROOT, "a");
  const { come, launches } = collect();
  assert.deepEqual(come, [[trie.idOf(again), "/a"]]);
  assert.notEqual(trie.idOf(again), id, "no number is used twice");
  assert.deepEqual(launches, [1], "it begins anew");
});

Deno.test("no tree leaves before a scrape has got its last numbers", () => {
  const { trie, run, collect } = make();
  const id = trie.idOf(run(ROOT, "a"));
  collect(0, false);
  assert.deepEqual(collect(500, false).left, []);
  assert.deepEqual(collect(500, true).left, [], "only this one is got");
  run(ROOT, "a");
  assert.deepEqual(collect(500, false).left, []);
  assert.deepEqual(collect(500, false).left, [], "its numbers have changed since");
  collect(0, true);
  assert.deepEqual(collect(0, false).left, [id]);
});

Deno.test("what runs stays, and so does what processes alone keep; 0 is for ever", () => {
  const { begin, end, trees, trie, run, collect } = make();
  const running = begin(ROOT, "running"), forked = run(ROOT, "forked");
  trees.countProcess(forked, 1);
  collect();
  assert.deepEqual(collect(1000).left, []);
  trees.countProcess(forked, -1);
  end(running);
  collect();
  assert.deepEqual(collect(100).left, [trie.idOf(running), trie.idOf(forked)]);
  const forever = make({ retentionNs: 0 });
  forever.run(ROOT, "a");
  forever.collect();
  assert.deepEqual(forever.collect(1e9).left, []);
});

Deno.test("an ancestor without series keeps its place while a tree below it lives", () => {
  const { trie, begin, end, run, collect } = make();
  const a = run(ROOT, "a"), b = run(a, "b"), c = begin(b, "c");
  const ids = [a, b].map((node) => trie.idOf(node));
  collect();
  assert.deepEqual(collect(100).left, ids);
  assert.equal(trie.size, 1);
  assert.equal(trie.pathOf(c), "/a/b/c");
  assert.equal(run(ROOT, "a"), a);
  assert.deepEqual(collect().come, [[trie.idOf(a), "/a"]]);
  assert.ok(!ids.includes(trie.idOf(a)));
  end(c);
  collect();
  collect(100);
  assert.deepEqual([trie.size, trie.length], [0, OTHER + 1]);
});

Deno.test("a process keeps the node it was forked from", () => {
  const { trie, run, begin, collect } = make();
  const a = run(ROOT, "a");
  trie.hold(a);
  collect();
  assert.equal(collect(100).left.length, 1);
  const b = run(ROOT, "b");
  assert.notEqual(b, a);
  assert.equal(trie.pathOf(begin(a, "x")), "/a/x");
  trie.release(a);
  collect();
  collect(100);
  assert.equal(trie.pathOf(a), "/a");
});

Deno.test("room that trees leave is given to others, and a tree that finds none is /other", () => {
  const { trie, run, begin, collect } = make({ limit: 2 });
  const a = run(ROOT, "a");
  const b = begin(a, "b");
  assert.equal(run(ROOT, "c"), OTHER);
  collect();
  collect(100);
  assert.equal(trie.size, 1);
  assert.equal(trie.pathOf(run(ROOT, "d")), "/d");
  assert.equal(run(ROOT, "a"), OTHER, "there is no room for it to come back");
  assert.equal(trie.pathOf(b), "/a/b");
  collect();
  collect(100);
  assert.equal(run(ROOT, "a"), a);
});

Deno.test("nodes without a launch have no series and cost no room for long", () => {
  const { trie, labels, collect } = make();
  trie.child(trie.child(ROOT, labels.idOf("a", false)), labels.idOf("x", true));
  assert.equal(trie.size, 4 - 1);
  collect();
  assert.deepEqual([trie.size, trie.length], [0, OTHER + 1]);
});

Deno.test("memory comes back after a storm of names", () => {
  const { trie, trees, run, begin, collect } = make({ limit: 100_000 });
  const early = begin(ROOT, "early");
  for (let i = 0; i < 30_000; i++) run(early, `n${i}`);
  const late = begin(early, "late");
  collect();
  assert.equal(collect(100).left.length, 30_000);
  assert.ok(late > 30_000 && trie.length === late + 1);
  assert.equal(trees.get(late, Column.Launches), 1);
  assert.ok(run(early, "next") < 10, "free places are used from the first on");
  trees.end(late, Ending.Success, 1, 1, 1);
  trees.countProcess(late, -1);
  collect();
  collect(100);
  assert.ok(trie.length < 10);
  assert.equal(trees.get(early, Column.Launches), 1);
  assert.equal(trie.pathOf(run(early, "after")), "/early/after");
});
