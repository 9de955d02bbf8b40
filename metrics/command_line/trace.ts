/**
 * The command `trace`: its options and their flags.
 *
 * @module
 */

import { FLAGS, ORDINARY } from "../../fingerprint/mod.ts";
import type { Command, OptionsOf } from "./command.ts";
import { SERVE } from "./serve.ts";
import { choice, CONTEXT_FLAGS, duration, HTTP_CONFIG_FLAG, LOG_FLAGS, URL_VALUE } from "./shared_flags.ts";

/** Bits of each flag, of all grave ones, and of any. */
const FLAG_CHOICES: ReadonlyMap<string, number> = new Map([
  ["grave", ~ORDINARY],
  ["any", ~0],
  ...FLAGS.map((name, i) => [name, 1 << i] as const),
]);

const TREES = {
  placeholder: "REGEX|TREE",
  wanted: "a regular expression such as pstree$, or a tree such as /sshd/**",
  parse: (text: string) => text === "" ? undefined : text,
} as const;

/** Writes launches and endings until a signal ends it, or nobody reads on. */
export const TRACE = {
  name: "trace",
  help: "Print a line per launch and ending, live.",
  details: [
    "A line has the time, the process id, the outcome (or launch), the run time of the image, the CPU time of the process\n" +
    "where it ended too, with --context the user and the unit or the container, the flags of a launch, and the tree. What\n" +
    "couldn't be printed in time, or was lost, is said in a line of its own.",
    "Lines are in the order of time, a tenth of a second after what they tell of. On a terminal a tree that is too long\n" +
    "for its line loses its middle.",
    "It runs beside an exporter: it has sockets of its own and answers no HTTP. Colours only on a terminal, and not with\n" +
    "NO_COLOR.",
  ],
  flags: {
    url: {
      name: "url",
      ...URL_VALUE,
      help:
        "A running exporter to ask, without rights, instead of this machine's kernel; flags about that have no effect.",
    },
    httpConfigFile: HTTP_CONFIG_FLAG,
    output: {
      name: "output",
      ...choice(["text", "json"]),
      help: "What is written: lines for people, or a JSON object a line, with the fields of /api/v1/events.",
    },
    kinds: {
      name: "only",
      ...choice(["all", "launches", "endings"]),
      help: "Which events are written.",
    },
    filter: {
      name: "filter",
      ...TREES,
      help: "Write only events of trees that match: RE2 such as pstree$, or a tree, with wildcards, such as /sshd/**.",
    },
    exclude: {
      name: "exclude",
      ...TREES,
      repeatable: true,
      help: "Write no events of trees that match, written like --filter.",
    },
    ...CONTEXT_FLAGS,
    flagged: {
      name: "flagged",
      default: false,
      help: "Write only launches with a grave flag, as --flag=grave does.",
    },
    joined: {
      name: "joined",
      default: false,
      help: "Write one line a process, when it ends, with all that it was.",
    },
    forMs: {
      name: "for",
      ...duration("1s", "365d", "10s"),
      help: "How long it goes on; until a signal unless given.",
    },
    launchFlags: {
      name: "flag",
      placeholder: "FLAG",
      choices: [...FLAG_CHOICES.keys()],
      repeatable: true,
      help: "Write only launches with this flag, such as memfd; grave stands for all grave ones, any for every one.",
      wanted: `grave, any, or one of ${FLAGS.join(", ")}`,
      parse: (text) => FLAG_CHOICES.get(text),
    },
    source: SERVE.flags.source,
    pollIntervalMs: SERVE.flags.pollIntervalMs,
    receiveBufferBytes: SERVE.flags.receiveBufferBytes,
    boost: SERVE.flags.boost,
    capture: SERVE.flags.capture,
    ringBytes: SERVE.flags.ringBytes,
    rootfs: SERVE.flags.rootfs,
    baseVerify: SERVE.flags.baseVerify,
    privileges: SERVE.flags.privileges,
    configFile: SERVE.flags.configFile,
    baselineFile: {
      ...SERVE.flags.baselineFile,
      help: "What is expected to run, in YAML: launches that it doesn't expect are marked.",
    },
    ...LOG_FLAGS,
    logLevel: { ...LOG_FLAGS.logLevel, default: "warn" },
  },
  conflicts: [
    ...SERVE.conflicts,
    ...[...FLAG_CHOICES.keys()].map((value) => ({
      one: { name: "only", value: "endings" },
      other: { name: "flag", value },
      because: "an ending has no flags; leave one of them out",
    })),
  ],
} as const satisfies Command;

export type TraceOptions = OptionsOf<typeof TRACE.flags>;
