/**
 * Trees by their paths → what stands below what. A path's labels have no slash, so the path says it all.
 *
 * @module
 */

import { parentPath, type TreeJson } from "../api/mod.ts";

/** A tree on the page with those below it. */
export interface ForestNode {
  readonly path: string;
  /** The last label of the path. */
  readonly label: string;
  /** Whether it is below `/random`. */
  readonly random: boolean;
  /** Undefined for a program that has no launches itself, or has left, while something below it is there. */
  tree: TreeJson | undefined;
  readonly children: ForestNode[];
}

/** The first programs, each with what is below it; siblings in the order of their labels. */
export function forestOf(trees: readonly TreeJson[]): ForestNode[] {
  const roots: ForestNode[] = [], nodes = new Map<string, ForestNode>();
  const nodeOf = (path: string): ForestNode => {
    let node = nodes.get(path);
    if (node !== undefined) return node;
    const label = path.slice(path.lastIndexOf("/") + 1), random = path.startsWith("/random/");
    node = { path, label, random, tree: undefined, children: [] };
    nodes.set(path, node);
    const parent = parentPath(path);
    (parent === null ? roots : nodeOf(parent).children).push(node);
    return node;
  };
  for (const tree of trees) nodeOf(tree.path).tree = tree;
  const sort = (siblings: ForestNode[]) => {
    siblings.sort((a, b) => a.path < b.path ? -1 : 1);
    for (const { children } of siblings) sort(children);
  };
  sort(roots);
  return roots;
}
