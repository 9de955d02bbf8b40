/**
 * The command `trace`: its options and their flags.
 *
 * @module
 */

import type { Command, OptionsOf } from "./command.ts";
import { SERVE } from "./serve.ts";
import { choice, LOG_FLAGS } from "./shared_flags.ts";

/** Writes launches and endings until a signal ends it, or nobody reads on. */
export const TRACE = {
  name: "trace",
  help: "Print a line per launch and ending, live.",
  details: [
    "A line has the time, the process id, the outcome (or launch), the run time of the image, the CPU time of the process\n" +
    "where it ended too, and the tree. What couldn't be printed in time, or was lost, is said in a line of its own.",
    "It runs beside an exporter: it has sockets of its own and answers no HTTP. Colours only on a terminal, and not with\n" +
    "NO_COLOR.",
  ],
  flags: {
    output: {
      name: "output",
      ...choice(["text", "json"]),
      default: "text",
      help: "What is written: lines for people, or a JSON object a line, with the fields of /api/v1/events.",
    },
    kinds: {
      name: "only",
      ...choice(["all", "launches", "endings"]),
      default: "all",
      help: "Which events are written.",
    },
    filter: {
      name: "filter",
      placeholder: "REGEX|TREE",
      help: "Write only events of trees that match: RE2 such as pstree$, or a tree, with wildcards, such as /sshd/**.",
      wanted: "a regular expression such as pstree$, or a tree such as /sshd/**",
      parse: (text) => text === "" ? undefined : text,
    },
    source: SERVE.flags.source,
    pollIntervalMs: SERVE.flags.pollIntervalMs,
    receiveBufferBytes: SERVE.flags.receiveBufferBytes,
    boost: SERVE.flags.boost,
    capture: SERVE.flags.capture,
    ringBytes: SERVE.flags.ringBytes,
    privileges: SERVE.flags.privileges,
    configFile: SERVE.flags.configFile,
    ...LOG_FLAGS,
    logLevel: { ...LOG_FLAGS.logLevel, default: "warn" },
  },
  conflicts: SERVE.conflicts,
} as const satisfies Command;

/** What a trace is run with. */
export type TraceOptions = OptionsOf<typeof TRACE.flags>;
