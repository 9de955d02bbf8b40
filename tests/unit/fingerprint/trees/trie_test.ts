import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { OTHER, ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { MAX_DEPTH, Trie } from "../../../../fingerprint/trees/trie.ts";

/** Follows labels from the root; `!` in front marks a label. */
function walk(trie: Trie, labels: LabelTable, ...path: string[]): number {
  return path.reduce(
    (node, text) => trie.child(node, labels.idOf(text.replace(/^!/, ""), text.startsWith("!"))),
    ROOT,
  );
}

function make(limit = 1000) {
  const labels = new LabelTable(), trie = new Trie(labels, limit);
  const node = (...path: string[]) => walk(trie, labels, ...path);
  return { labels, trie, node, path: (...path: string[]) => trie.pathOf(node(...path)) };
}

Deno.test("a tree is the labels from the root, and one number", () => {
  const { trie, node, path } = make();
  assert.equal(path("sshd", "base", "pstree"), "/sshd/base/pstree");
  assert.equal(node("sshd", "base"), node("sshd", "base"));
  assert.notEqual(node("sshd", "base"), node("cron", "base"));
  assert.equal(trie.pathOf(ROOT), "/");
  assert.equal(trie.parentOf(node("sshd", "base")), node("sshd"));
  assert.equal(trie.parentOf(node("sshd")), ROOT);
  assert.equal(trie.size, 5);
});

Deno.test("equal neighbours are rolled up, others are not", () => {
  const { node, path } = make();
  assert.equal(node("a", "b", "b", "b"), node("a", "b"));
  assert.equal(path("a", "b", "a", "b"), "/a/b/a/b");
});

Deno.test("systemd is left out directly below the root only", () => {
  const { node, path } = make();
  assert.equal(node("systemd"), ROOT);
  assert.equal(node("systemd", "systemd"), ROOT);
  assert.equal(path("systemd", "dbus"), "/dbus");
  assert.equal(path("sshd", "systemd"), "/sshd/systemd");
  assert.equal(path("!systemd"), "/random/systemd");
});

Deno.test("a machine-made name marks the chain, wherever in it, and there is one tree for each printed path", () => {
  const { trie, node, path } = make();
  assert.equal(path("cron", "!top.py"), "/random/cron/top.py");
  assert.equal(path("cron", "top.py"), "/cron/top.py");
  assert.equal(path("cron", "!top.py", "base"), "/random/cron/top.py/base");
  assert.equal(node("!a", "b"), node("a", "!b"));
  assert.equal(node("!a", "!b"), node("a", "!b"));
  assert.equal(node("a", "!a"), node("!a")); // rolled up, and marked
  assert.equal(node("!a", "a"), node("!a"));
  assert.notEqual(node("a"), node("!a"));
  assert.equal(trie.parentOf(node("!a")), ROOT);
  assert.equal(trie.isRandom(node("a", "!b")), true);
  assert.equal(trie.isRandom(node("a")), false);
});

Deno.test("the last label of a deep tree is …: all that is launched there and below; a mark is not lost there", () => {
  const { trie, node, path } = make();
  const long = Array.from({ length: MAX_DEPTH - 1 }, (_, i) => `l${i}`);
  const last = node(...long), deeper = node(...long, "a");
  assert.equal(trie.pathOf(last), `/${long.join("/")}`);
  assert.equal(trie.pathOf(deeper), `/${long.join("/")}/…`);
  for (const below of [["b"], ["a", "b"], ["a", "l30"], ["…"]]) assert.equal(node(...long, ...below), deeper);
  assert.equal(node(...long, "l30"), last, "a neighbour with the same label is rolled up there too");
  assert.equal(path(...long, "!deeper"), `/random/${long.join("/")}/…`);
  assert.equal(path(...long, "deeper", "!still"), `/random/${long.join("/")}/…`);
});

Deno.test("trees beyond the limit are /other, and so is what is launched from there", () => {
  const { trie, node } = make(3);
  assert.equal(trie.pathOf(node("a", "b", "c")), "/a/b/c");
  assert.equal(trie.size, 3);
  assert.equal(node("d"), OTHER);
  assert.equal(node("a", "b", "c", "d"), OTHER);
  assert.equal(node("d", "a"), OTHER);
  assert.equal(node("d", "!a"), OTHER);
  assert.equal(node("!d"), OTHER);
  assert.equal(node("!a", "b"), OTHER);
  assert.equal(trie.pathOf(OTHER), "/other");
  assert.equal(node("a", "b"), trie.parentOf(node("a", "b", "c"))); // known ones go on
  assert.equal(node("systemd"), ROOT);
  assert.equal(trie.size, 3);
});

Deno.test("many trees: each keeps its path while the tables grow", () => {
  const { labels, trie } = make(20_000);
  const nodes: [number, string][] = [];
  for (let i = 0; i < 10_000; i++) {
    const parent = i < 100 ? ROOT : nodes[(i * 7919) % (i - 50)]![0];
    const node = trie.child(parent, labels.idOf(`n${i}`, false));
    nodes.push([node, `${parent === ROOT ? "" : trie.pathOf(parent)}/n${i}`]);
  }
  for (const [node, path] of nodes) assert.equal(trie.pathOf(node), path);
  assert.equal(trie.length, trie.size + OTHER + 1);
});

Deno.test("labels of trees are in use, marked or not", () => {
  const { labels, trie, node } = make();
  node("a", "!b");
  labels.idOf("unused", false);
  assert.deepEqual(trie.usedLabels(), new Set([labels.idOf("a", false), labels.idOf("b", false)]));
  assert.equal(trie.labelOf(node("a", "!b")), labels.idOf("b", false));
  assert.ok(trie.labelOf(ROOT) < 0 && trie.labelOf(OTHER) < 0);
});
