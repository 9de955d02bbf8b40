/**
 * A tree from near, as JSON: its processes now, its last launches, and why it is called what it is. Field names are the interface
 * that `docs/api.md` describes. No command line is among what is told.
 *
 * @module
 */

import { flagNames, patternOf, type RunningTree } from "../../../fingerprint/mod.ts";
import { containerJson, flagsIn, type Registry, type Tree } from "../../registry/mod.ts";
import { LABEL_RULES } from "../../text/mod.ts";
import type { EventJson } from "./history.ts";
import { rounded } from "./history.ts";
import { treeJson } from "./trees.ts";

const PREFIX = "/api/v1/trees", SUFFIX = "/processes";

/** The tree of an address `/api/v1/trees/sshd/base/processes`; undefined for any other, and for one that isn't well encoded. */
export function treeOfAddress(address: string): string | undefined {
  if (!address.startsWith(`${PREFIX}/`) || !address.endsWith(SUFFIX)) return undefined;
  const path = address.slice(PREFIX.length, -SUFFIX.length);
  try {
    return path.length < 2 ? undefined : decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** A tree from near. */
export type ProcessesJson = Readonly<ReturnType<typeof processesJson>>;

/** What is known of a tree beside its numbers. */
export interface NearTree {
  readonly running: RunningTree;
  /** Its last launches and endings, oldest first. */
  readonly events: readonly EventJson[];
}

export function processesJson(tree: Tree, registry: Registry, { running, events }: NearTree) {
  const { count, processes, explanation } = running;
  return {
    tree: treeJson(tree, registry),
    /** Why the baseline doesn't expect it, or some of its launches; null where it does, and without one. */
    unexpected_reason: registry.unexpectedReason(tree),
    /** A query for Prometheus, and lines for the baseline's `trees` and, where flags of it aren't expected, `flags`. */
    query: `rate(cnproc_tree_launches_total{tree=${JSON.stringify(tree.path)}}[5m])`,
    baseline_rules: baselineRules(tree, registry),
    /** How many processes run it; of many those that began last are told of. */
    count,
    processes: processes.map(({ pid, user, unit, container, runtime, pod, sinceSeconds, executable, flags }) => ({
      pid,
      /** By number and by name; null where unknown. */
      uid: user ?? null,
      user: user === undefined ? null : registry.contexts.users(user),
      /** Unit of the service manager, container with who made it and what that calls it, id of the pod; null where it is in none. */
      unit: unit ?? null,
      container: container ?? null,
      runtime: runtime ?? null,
      pod_uid: pod ?? null,
      ...container !== undefined && containerJson(registry.contexts.names.of(container)),
      /** Unix time when it began to run the program. */
      since: rounded(sinceSeconds),
      /** The executable, of a script its interpreter's; null where unknown. */
      executable: executable ?? null,
      flags: flagNames(flags),
    })),
    /** Why the executable of the first process is called what it is; null where nothing runs. */
    explanation: explanation === undefined ? null : {
      executable: explanation.program,
      label: explanation.label,
      rule: explanation.rule,
      meaning: LABEL_RULES[explanation.rule],
      base: explanation.base,
      origin: explanation.origin,
      random: explanation.random,
      elements: explanation.elements.map(({ name, random, score, rule }) => ({ name, random, score, rule })),
    },
    events,
  };
}

/** A tree as rules of a baseline. YAML takes any text in the quotes of JSON. */
function baselineRules({ path, at, unexpectedFlags }: Tree, { rows }: Registry): string[] {
  const pattern = patternOf(path), rule = /^[\w/.@+*\\-]+$/.test(pattern) ? pattern : JSON.stringify(pattern);
  const flags = flagNames(flagsIn(rows, at) & unexpectedFlags);
  return [`- ${rule}`, ...flags.length === 0 ? [] : [`${rule}: [${flags.join(", ")}]`]];
}
