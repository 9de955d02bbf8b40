/**
 * The commands `tree` and `top`: their options and flags.
 *
 * @module
 */

import type { Command, Flags, OptionsOf } from "./command.ts";
import { choice, CONTEXT_FLAGS, HTTP_CONFIG_FLAG, OUTPUT_FLAGS, URL_VALUE } from "./shared_flags.ts";
import { TRACE } from "./trace.ts";

/** Which exporter is asked, and which trees are shown. */
const FOREST_FLAGS = {
  url: {
    name: "url",
    ...URL_VALUE,
    default: "http://localhost:9501",
    help: "The exporter that is asked.",
  },
  httpConfigFile: HTTP_CONFIG_FLAG,
  filter: { ...TRACE.flags.filter, help: "Only trees that match: RE2 such as pstree$, or a tree such as /sshd/**." },
  ...CONTEXT_FLAGS,
  isNew: { name: "new", default: false, help: "Only trees first launched within the last hour." },
  isUnexpected: { name: "unexpected", default: false, help: "Only what the exporter's baseline doesn't expect." },
  isRandom: { name: "random", default: false, help: "Only trees whose own name or place is machine-made." },
  isFailing: { name: "failing", default: false, help: "Only trees of whose endings at least half were failures." },
  flags: {
    ...TRACE.flags.launchFlags,
    help: "Only trees with launches that had this flag, such as memfd; grave is any grave one, any is any.",
  },
} as const satisfies Flags;

const DETAILS = [
  "It asks a running exporter over HTTP, and needs no rights itself. A tree is shown where all flags hold; of several\n" +
  "--flag, --user, --unit or --container one must. Who launched a tree is known of the last four ways.",
] as const;

const SORTS = ["tree", "running", "launches", "failed", "time", "cpu", "seen", "rarity"] as const;

export const TREE = {
  name: "tree",
  help: "Print the trees of a running exporter.",
  details: [
    ...DETAILS,
    "A line has the processes that run the tree's program now, its launches and how many failed, its mean run time, its\n" +
    "CPU time, the time since its first launch, its rarity, with --context who launched it, what is odd about it, and its\n" +
    "name below what launched it.",
  ],
  flags: {
    ...FOREST_FLAGS,
    sort: {
      name: "sort",
      ...choice(SORTS),
      help: "The order: by name, as a forest; or a list, the greatest first (time is the mean run time).",
    },
    ...OUTPUT_FLAGS,
  },
} as const satisfies Command;

export const TOP = {
  name: "top",
  help: "Show the busiest trees of a running exporter, each second.",
  details: [
    ...DETAILS,
    "A line is that of tree, with the launches since the last look in front. Ctrl-C ends it. On a terminal it fills the\n" +
    "window; elsewhere it prints one look after another.",
  ],
  flags: {
    ...FOREST_FLAGS,
    sort: {
      name: "sort",
      ...choice(["rate", ...SORTS]),
      help: "The order: the greatest first (rate is launches a second, time the mean run time); or by name.",
    },
    forMs: TRACE.flags.forMs,
  },
} as const satisfies Command;

export type TreeOptions = OptionsOf<typeof TREE.flags>;
export type TopOptions = OptionsOf<typeof TOP.flags>;
