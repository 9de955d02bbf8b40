/**
 * What the path of a tree says about the trees above it. A path's labels have no slash, because it is escaped in them.
 *
 * @module
 */

/** Below `/`, what has a machine-made name stands under this label. */
const RANDOM = "/random";

/**
 * Path of the tree that launched a tree; empty above a first program. One whose own name is machine-made was launched where
 * its path says without the mark `/random`.
 */
export function pathAbove(path: string, hasRandomName: boolean): string {
  const above = path.slice(0, path.lastIndexOf("/"));
  if (above === RANDOM) return "";
  return hasRandomName && above.startsWith(`${RANDOM}/`) ? above.slice(RANDOM.length) : above;
}
