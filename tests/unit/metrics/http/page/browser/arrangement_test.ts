import assert from "node:assert/strict";
import { arranged, shownBy } from "../../../../../../metrics/http/page/browser/arrangement.ts";
import type { Facts, SortKey } from "../../../../../../metrics/http/page/browser/facts.ts";
import { ALL } from "../../../../../../metrics/http/page/browser/selection.ts";

const tree = (path: string, kinds: readonly string[] = [], numbers: readonly number[] = [0, 0, 0, 0, 0, 0]): Facts => ({
  path,
  kinds,
  numbers,
});

Deno.test("each tree stands below its parent, also one that isn't there, in the order of labels", () => {
  const paths = ["/a", "/a-b", "/a/c/d", "/a/b", "/other", "/random/a/b/x/y"];
  const facts = [...paths.map((path) => tree(path)), tree("/random/a/b/x", ["random"])];
  const outline = arranged(facts, ALL).map(({ path, depth, hasChildren }) =>
    `${"  ".repeat(depth)}${path}${hasChildren ? " +" : ""}`
  );
  assert.deepEqual(outline, [
    "/a +",
    "  /a/b +",
    "    /random/a/b/x +", // where it was launched, not in a forest of its own
    "      /random/a/b/x/y",
    "  /a/c +",
    "    /a/c/d",
    "/a-b",
    "/other",
  ]);
});

Deno.test("what is below a machine-made name that has left keeps its place", () => {
  assert.deepEqual(arranged([tree("/random/a/x/y")], ALL).map(({ path }) => path), [
    "/random/a",
    "/random/a/x",
    "/random/a/x/y",
  ]);
});

Deno.test("sorted by a number it is a list, the most first; the same column again turns it round", () => {
  const facts = [
    tree("/a", [], [1, 20, 0, 0.5, 7, 100, 3.1]),
    tree("/a/b", [], [0, 300, 2, 0.1, 9, 300, 0.2]),
    tree("/c", [], [1, 4, 1, 0.7, 8, 200, 11.4]),
  ];
  const order = (sort: SortKey, isRising = false) =>
    arranged(facts, { sort, isRising }).map(({ path, depth }) => `${path} ${depth}`);
  const [a, b, c] = ["/a 0", "/a/b 0", "/c 0"];
  assert.deepEqual(order("launches"), [b, a, c]);
  assert.deepEqual(order("launches", true), [c, a, b]);
  assert.deepEqual(order("running"), [a, c, b]); // the same number: by the path
  assert.deepEqual(order("failed"), [b, c, a]);
  assert.deepEqual(order("time"), [c, a, b]);
  assert.deepEqual(order("cpu"), [b, c, a]);
  assert.deepEqual(order("seen"), [b, c, a]); // the newest first
  assert.deepEqual(order("rarity"), [c, a, b]);
  assert.deepEqual(arranged(facts, { sort: "tree", isRising: true }).map(({ path }) => path), ["/c", "/a", "/a/b"]);
});

Deno.test("a selection shows what it has and what is above it", () => {
  const facts = [
    tree("/a"),
    tree("/a/b"),
    tree("/a/b/Memfd", ["memfd"]),
    tree("/c", ["unexpected", "memfd"]),
    tree("/d/e"),
  ];
  const byPath = new Map(facts.map((fact) => [fact.path, fact])), places = arranged(facts, ALL);
  const shown = (text: string, kind = "") => {
    const { shown, matching } = shownBy(places, { ...ALL, text, kind }, (path) => byPath.get(path));
    return [[...shown].toSorted().join(" "), matching.size];
  };
  assert.deepEqual(shown(""), ["/a /a/b /a/b/Memfd /c /d /d/e", 5]);
  assert.deepEqual(shown("B/"), ["/a /a/b /a/b/Memfd", 1]);
  assert.deepEqual(shown("unexpected"), ["/c", 1]); // a kind can be typed
  assert.deepEqual(shown("memfd"), ["/a /a/b /a/b/Memfd /c", 2]);
  assert.deepEqual(shown("", "memfd"), ["/a /a/b /a/b/Memfd /c", 2]);
  assert.deepEqual(shown("c", "memfd"), ["/c", 1]);
  assert.deepEqual(shown("", "setuid"), ["", 0]);
});
