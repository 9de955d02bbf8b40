/** What is launched once under ever new names, below one tree. */

import assert from "node:assert/strict";
import { LabelTable } from "../../../../fingerprint/labels/table.ts";
import { Column } from "../../../../fingerprint/trees/columns.ts";
import { OTHER, ROOT } from "../../../../fingerprint/trees/nodes.ts";
import { Ending } from "../../../../fingerprint/trees/ending.ts";
import { TreeTable } from "../../../../fingerprint/trees/table.ts";

function make({ limit = 10_000, maxOnce = 3, retentionNs = 0 } = {}) {
  const labels = new LabelTable(), trees = new TreeTable(labels, { limit, maxOnce, retentionNs }), { trie } = trees;
  const label = (text: string) => labels.idOf(text.replace(/^!/, ""), text.startsWith("!"));
  /** A launch that ends after some seconds. */
  const launch = (parent: number, text: string, seconds = 0.1) => {
    const node = trie.launch(parent, label(text));
    trees.begin(node, 1, 1000);
    trees.end(node, Ending.Success, 1, seconds, 1000 + seconds);
    return node;
  };
  const paths = (parent: number, ...texts: string[]) => texts.map((text) => trie.pathOf(launch(parent, text)));
  return { labels, trie, trees, label, launch, paths };
}

Deno.test("names that were launched once have trees up to the bound, further ones count under *", () => {
  const { launch, paths, trie, trees } = make();
  const parent = launch(ROOT, "p");
  assert.deepEqual(paths(parent, "a", "b", "c", "d", "e"), ["/p/a", "/p/b", "/p/c", "/p/*", "/p/*"]);
  const crowd = launch(parent, "f");
  assert.equal(trees.get(crowd, Column.Launches), 3);
  assert.equal(trees.get(crowd, Column.Exits), 3);
  assert.equal(trie.pathOf(launch(crowd, "x")), "/p/*/x", "what it launches stands below it");
  assert.equal(launch(crowd, "*"), crowd);
  assert.equal(trie.pathOf(launch(launch(ROOT, "q"), "f")), "/q/f", "another tree has a bound of its own");
});

Deno.test("a name that is launched a second time is no throwaway name, before the bound and after it", () => {
  const { launch, paths } = make();
  const parent = launch(ROOT, "p");
  assert.deepEqual(paths(parent, "a", "b", "c", "d"), ["/p/a", "/p/b", "/p/c", "/p/*"]);
  assert.deepEqual(paths(parent, "a", "e"), ["/p/a", "/p/e"], "its place is free for another");
  assert.deepEqual(paths(parent, "f", "d", "g", "f"), ["/p/*", "/p/d", "/p/*", "/p/f"]);
  assert.deepEqual(paths(parent, "d", "h", "i"), ["/p/d", "/p/*", "/p/*"], "it takes no place of one launched once");
});

Deno.test("a program that runs for long is no throwaway name either", () => {
  const { trie, trees, launch, label, paths } = make();
  const parent = launch(ROOT, "p");
  launch(parent, "long", 61);
  const daemon = trie.launch(parent, label("daemon"));
  trees.begin(daemon, 7, 1000);
  assert.deepEqual(paths(parent, "a", "b"), ["/p/a", "/p/b"]);
  assert.deepEqual(paths(parent, "c"), ["/p/*"]);
  trees.proveRegular(1059);
  assert.deepEqual(paths(parent, "d"), ["/p/*"]);
  trees.proveRegular(1061);
  assert.deepEqual(paths(parent, "e", "f"), ["/p/e", "/p/*"]);
});

Deno.test("trees that leave make room for other names launched once", () => {
  const { trees, trie, launch, paths, label } = make({ retentionNs: 10 });
  const parent = launch(ROOT, "p");
  trees.countProcess(parent, 1);
  assert.deepEqual(paths(parent, "a", "b", "c", "d"), ["/p/a", "/p/b", "/p/c", "/p/*"]);
  trees.begin(trie.launch(parent, label("c")), 1, 2000); // it runs, and was launched twice
  trees.collect({ report: 1, scraped: 0, nowNs: 0 });
  assert.equal(trees.collect({ report: 2, scraped: 1, nowNs: 10 }).removed.length, 3);
  assert.deepEqual(paths(parent, "e", "f", "g", "h"), ["/p/e", "/p/f", "/p/g", "/p/*"]);
});

Deno.test("below the root stand four times as many: every service and its helpers", () => {
  const { paths } = make();
  const names = Array.from({ length: 14 }, (_, i) => i % 2 === 0 ? `n${i}` : `n-${i}`);
  assert.deepEqual(paths(ROOT, ...names), [...names.slice(0, 12).map((name) => `/${name}`), "/*", "/*"]);
});

Deno.test("marked trees have bounds of their own; the chain that is marked is never cut", () => {
  const { paths, launch } = make();
  const parent = launch(ROOT, "p");
  assert.deepEqual(paths(parent, "!a", "!b", "!c", "!d"), [
    "/random/p/a",
    "/random/p/b",
    "/random/p/c",
    "/random/p/*",
  ]);
  assert.deepEqual(paths(parent, "k"), ["/p/k"]);
  assert.deepEqual(paths(launch(parent, "k"), "!x"), ["/random/p/k/x"]);
});

Deno.test("an image that turns out to be another's was no launch", () => {
  const { trie, trees, label, launch, paths } = make();
  const parent = launch(ROOT, "p");
  for (const text of ["a", "b", "c", "d"]) {
    const node = trie.launch(parent, label(text));
    trees.begin(node, 1, 1000);
    trees.revoke(node, 1);
  }
  assert.deepEqual(paths(parent, "e", "f", "g", "h"), ["/p/e", "/p/f", "/p/g", "/p/*"]);
});

Deno.test("what is found running has its tree, and 0 is no bound", () => {
  const { trie, launch, paths, label } = make();
  const parent = launch(ROOT, "p");
  paths(parent, "a", "b", "c");
  assert.equal(trie.pathOf(trie.child(parent, label("found"))), "/p/found");
  const unbounded = make({ maxOnce: 0 });
  const names = Array.from({ length: 500 }, (_, i) => `n${i}`);
  assert.equal(new Set(unbounded.paths(unbounded.launch(ROOT, "p"), ...names)).size, 500);
});

Deno.test("50,000 names of one shape that were launched once need 33 trees at most, and none of those before", () => {
  const { trie, launch } = make({ limit: 1000, maxOnce: 64 });
  const before = launch(launch(ROOT, "p"), "regular");
  launch(launch(ROOT, "p"), "regular");
  for (let i = 0; i < 50_000; i++) launch(launch(ROOT, "p"), `n${i}`);
  assert.ok(trie.size <= 2 + 32 + 1, `${trie.size} trees`);
  assert.equal(launch(launch(ROOT, "p"), "regular"), before);
});

Deno.test("paths that are too long for the limit use it up sooner", () => {
  const { trie, launch } = make({ limit: 100, maxOnce: 0 });
  let node = ROOT;
  for (let i = 0; i < 31; i++) node = launch(node, `${"x".repeat(60)}${String(i).padStart(4, "0")}`);
  for (let i = 0; i < 100 && node !== OTHER; i++) launch(node, `n${i}`);
  let bytes = 0;
  for (let at = OTHER + 1; at < trie.length; at++) bytes += trie.pathOf(at).length;
  assert.ok(trie.size < 45 && bytes < 100 * 256 + 2100, `${trie.size} trees, ${bytes} bytes`);
  assert.equal(launch(ROOT, "late"), OTHER);
});

/** Words as dictionaries have them, and names that join two of them, as some generators do. */
const WORDS =
  ("action answer autumn basket bridge button candle carbon castle cellar circle copper corner cotton dinner " +
    "dragon engine fabric falcon finger forest garden hammer harbor jacket kitten ladder lemon magnet marble meadow mirror " +
    "needle orange packet parrot pencil pepper pillow planet pocket rabbit ribbon saddle school shadow silver spider spring " +
    "stable summer sunset tailor temple thread ticket timber tunnel turtle valley velvet violin walnut window winter")
    .split(" ");

Deno.test("names that join words: a quarter as many as all stand, whatever else was launched once", () => {
  const { launch, paths, trie } = make({ maxOnce: 64 });
  const parent = launch(ROOT, "p");
  for (const word of ["a.sh", "b2", "c-d", "E", "f_g"]) launch(parent, word);
  const joined = WORDS.map((word, i) => `${word}${WORDS[(i * 7 + 3) % WORDS.length]}`);
  const standing = paths(parent, ...joined).filter((path) => path !== "/p/*");
  assert.equal(standing.length, 16);
  assert.deepEqual(paths(parent, "tree-walker", "h.py"), ["/p/tree-walker", "/p/h.py"], "other shapes have their own");
  assert.equal(trie.pathOf(launch(parent, joined[40]!)), `/p/${joined[40]}`, "a second launch is no throwaway name's");
});

Deno.test("names of one short word: half as many as all stand", () => {
  const { launch, paths } = make({ maxOnce: 64 });
  assert.equal(paths(launch(ROOT, "p"), ...WORDS).filter((path) => path !== "/p/*").length, 32);
});

Deno.test("names that are nearly machine-made: an eighth as many as all stand", () => {
  const { launch, paths } = make({ maxOnce: 64 });
  const names = [
    "kqzvwt",
    "qzjkvb",
    "bwxkzt",
    "mxqzkf",
    "wzkqpx",
    "zkqwpf",
    "vxkqzj",
    "xqzwvk",
    "jzxqkw",
    "qkzxvw",
    "zxwqkj",
  ];
  const standing = paths(launch(ROOT, "p"), ...names).filter((path) => path !== "/p/*");
  assert.equal(standing.length, 8);
});

Deno.test("names of one shape that leave, or are launched again, make room for others of it", () => {
  const { launch, paths, trees, trie, label } = make({ maxOnce: 16, retentionNs: 10 });
  const parent = launch(ROOT, "p");
  trees.countProcess(parent, 1);
  const [first = "", ...others] = WORDS.slice(0, 9);
  assert.deepEqual(paths(parent, first, ...others).at(-1), "/p/*");
  launch(parent, first);
  assert.deepEqual(paths(parent, "puppet", "jester"), ["/p/puppet", "/p/*"]);
  const revoked = trie.launch(launch(ROOT, "q"), label("puppet"));
  trees.begin(revoked, 1, 1000);
  trees.revoke(revoked, 1);
  trees.collect({ report: 1, scraped: 0, nowNs: 0 });
  trees.collect({ report: 2, scraped: 1, nowNs: 10 });
  assert.deepEqual(new Set(paths(parent, ...WORDS.slice(20, 28))).size, 8, "all left");
});
