/**
 * Groups of families, which flags and requests switch, and what a scrape has of them.
 *
 * @module
 */

import { FAMILIES } from "./families.ts";
import type { Family, TreeFamily } from "./family.ts";

/** The families of each group about the trees. */
const TREE_GROUPS = {
  baseline: ["cnproc_tree_expected", "cnproc_tree_unexpected_launches"],
  cpu: ["cnproc_tree_cpu_seconds"],
  delays: ["cnproc_tree_delay_seconds"],
  durations: ["process_seconds"],
  exits: ["cnproc_tree_exits"],
  faults: ["cnproc_tree_major_faults"],
  flags: ["cnproc_tree_flagged_launches"],
  io: ["cnproc_tree_read_bytes", "cnproc_tree_written_bytes"],
  launches: ["cnproc_tree_launches"],
  memory: ["cnproc_tree_max_resident_bytes"],
  rarity: ["cnproc_tree_rarity"],
  running: ["cnproc_tree_running"],
  state: ["cnproc_tree_processes", "process"],
  switches: ["cnproc_tree_context_switches"],
  times: ["cnproc_tree_first_seen_timestamp_seconds", "cnproc_tree_last_launch_timestamp_seconds"],
} as const;

/**
 * `exporter` is all that is about neither the trees nor who launched; `created` isn't a family's, but what those of OpenMetrics
 * say of since when they count.
 */
export type Group = keyof typeof TREE_GROUPS | "context" | "created" | "exporter";

/** All groups in the order of their names. */
export const GROUPS: readonly Group[] = ([...Object.keys(TREE_GROUPS), "context", "created", "exporter"] as Group[])
  .sort();

const GROUP_OF: ReadonlyMap<string, Group> = new Map(
  Object.entries(TREE_GROUPS).flatMap(([group, names]) => names.map((name) => [name, group as Group])),
);

export function groupOf(family: Family): Group {
  if (family.of === "exporter") return family.counted === undefined ? "exporter" : "context";
  return GROUP_OF.get(family.name)!;
}

export interface Selection {
  readonly groups: ReadonlySet<Group>;
  /** Whether what an increase is asked of has series while it is 0. */
  readonly zeros: boolean;
  /** Whether run times are there only where they are one series; see {@link TreeFamily.nativeOnly}. */
  readonly nativeOnly: boolean;
}

/**
 * What there is to begin with: all, or what rules and alerts of a fleet read, and no zeros. Lines `_created` are only on request:
 * to whoever doesn't look for them each is one more series.
 */
export const PROFILES = {
  full: { groups: new Set(GROUPS.filter((group) => group !== "created")), zeros: true, nativeOnly: false },
  small: {
    groups: new Set<Group>([
      "baseline",
      "cpu",
      "durations",
      "exits",
      "exporter",
      "flags",
      "launches",
      "rarity",
      "running",
    ]),
    zeros: false,
    nativeOnly: true,
  },
} as const satisfies Readonly<Record<string, Selection>>;

/** A profile with groups more, and then groups less. Run times that are asked for are there in all formats. */
export function select(profile: Selection, enable: readonly Group[], disable: readonly Group[]): Selection {
  return {
    ...profile,
    groups: profile.groups.union(new Set(enable)).difference(new Set(disable)),
    nativeOnly: profile.nativeOnly && !enable.includes("durations"),
  };
}

/** Names what a selection is, for whoever keeps something of it. */
export function selectionKey({ groups, zeros, nativeOnly }: Selection): string {
  return `${GROUPS.filter((group) => groups.has(group)).join()} ${zeros} ${nativeOnly}`;
}

function withoutZeros(family: TreeFamily): TreeFamily {
  return { ...family, series: family.series.map((series) => ({ ...series, omitZero: true })) };
}

/** The families of a selection. {@link TreeSeries.omitZero} alone says which of their series have none while they are 0. */
export function familiesOf({ groups, zeros, nativeOnly }: Selection): readonly Family[] {
  const withCreated = groups.has("created");
  return FAMILIES.filter((family) => groups.has(groupOf(family))).map((plain) => {
    const family = withCreated ? { ...plain, withCreated } : plain;
    if (family.of === "exporter") return family;
    if (family.type === "histogram") return nativeOnly ? { ...family, nativeOnly } : family;
    return zeros || isJudgement(family) ? family : withoutZeros(family);
  });
}

/** Whether a 0 says something: of a tree that it isn't expected. */
function isJudgement({ name }: TreeFamily): boolean {
  return name === "cnproc_tree_expected";
}

/** What a request may ask for with `collect[]` and `exclude[]`, as node_exporter has it. */
export type Asked = { readonly selection: Selection } | { readonly problem: string };

/** The part of a selection that the query of a request asks for; all of it without such a query. */
export function asked(selection: Selection, query: URLSearchParams): Asked {
  const collect = query.getAll("collect[]"), exclude = query.getAll("exclude[]");
  if (collect.length === 0 && exclude.length === 0) return { selection };
  if (collect.length > 0 && exclude.length > 0) return { problem: "want collect[] or exclude[], not both" };
  for (const name of [...collect, ...exclude]) {
    if (!GROUPS.includes(name as Group)) {
      return { problem: `there is no such group, want some of ${GROUPS.join(", ")}` };
    }
    if (!selection.groups.has(name as Group)) return { problem: `the group ${name} is switched off` };
  }
  const groups = collect.length > 0
    ? new Set(collect as Group[])
    : selection.groups.difference(new Set(exclude as Group[]));
  return { selection: { ...selection, groups } };
}
