/**
 * A tree as JSON has it, for the tests of the page's parts.
 *
 * @module
 */

import type { TreeJson } from "../../../../../../metrics/http/api/mod.ts";

const EXITS = { success: 0, error: 0, signal: 0, core: 0, exec: 0, unknown: 0 };

/** A tree of which nothing is known but what is given. */
export function treeOf(
  { exits, seconds, ...tree }: Partial<Omit<TreeJson, "exits" | "seconds">> & {
    readonly exits?: Partial<TreeJson["exits"]>;
    readonly seconds?: Partial<TreeJson["seconds"]>;
  },
): TreeJson {
  return {
    path: "/a",
    parent: null,
    random: false,
    random_name: false,
    expected: null,
    unexpected_flags: [],
    running: 0,
    processes: 0,
    launches: 1,
    recent_launches: [],
    flagged_launches: {},
    launched_by: [],
    launched_in: [],
    resources: null,
    first_seen: null,
    rarity: 0,
    last_launch: null,
    ...tree,
    exits: { ...EXITS, ...exits },
    seconds: { count: 0, sum: 0, buckets: [0], ...seconds },
  };
}
