import assert from "node:assert/strict";
import type { TreeJson } from "../../../../../metrics/http/api/trees.ts";
import { type ForestNode, forestOf } from "../../../../../metrics/http/page/forest.ts";

Deno.test("each tree stands below its parent, also one that isn't there, in the order of labels", () => {
  const paths = ["/a", "/a-b", "/a/c/d", "/a/b", "/random/a", "/random/a/x", "/other"];
  const outline = (nodes: readonly ForestNode[], indent = ""): string[] =>
    nodes.flatMap(({ label, random, tree, children }) => [
      `${indent}${label}${random ? " (random)" : ""}${tree === undefined ? " (not there)" : ""}`,
      ...outline(children, `${indent}  `),
    ]);
  assert.deepEqual(outline(forestOf(paths.map((path) => ({ path }) as TreeJson))), [
    "a",
    "  b",
    "  c (not there)",
    "    d",
    "a-b",
    "other",
    "a (random)",
    "  x (random)",
  ]);
});
