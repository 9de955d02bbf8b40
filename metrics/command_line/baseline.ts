/**
 * The commands of the group `baseline`: their options and flags.
 *
 * @module
 */

import type { Command, Flags, OptionsOf } from "./command.ts";
import { SERVE } from "./serve.ts";
import {
  choice,
  count,
  duration,
  HTTP_CONFIG_FLAG,
  LOG_FLAGS,
  orZero,
  OUTPUT_FLAGS as PRINTED,
  URL_VALUE,
} from "./shared_flags.ts";

const SOURCE_FLAGS = {
  exporterUrls: {
    name: "exporter.url",
    ...URL_VALUE,
    repeatable: true,
    help: "A running exporter, such as http://web-1:9501.",
  },
  prometheusUrl: {
    name: "prometheus.url",
    ...URL_VALUE,
    help: "A Prometheus server that scrapes exporters, such as http://prometheus:9090.",
  },
  prometheusMatchers: {
    name: "prometheus.matchers",
    placeholder: "MATCHERS",
    help: `Which of its series, such as job="cnproc",role="web"; all unless given.`,
    wanted: "matchers without braces",
    parse: (text: string) => /[{}[\]]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, "")) ? undefined : text,
  },
  httpConfigFile: HTTP_CONFIG_FLAG,
  forMs: {
    name: "for",
    ...duration("1s", "365d", "24h"),
    help:
      "How long to learn, or how far to look back with --prometheus.url; there and on this machine 24h unless given.",
  },
} as const satisfies Flags;

const OUTPUT_FLAGS = { output: { ...PRINTED.output, help: "How the result is printed." } } as const satisfies Flags;

export const LEARN = {
  name: "baseline learn",
  help: "Write the trees that are seen to a baseline.",
  details: [
    "Sees what is launched on this machine, or asks exporters or a Prometheus server. With a FILE, new trees are added to\n" +
    "it; what is there stays: comments, order, patterns. A signal (Ctrl-C) ends the learning early and writes what was seen.",
    "Without --for it learns 24 hours on this machine, asks exporters once, and looks 24 hours back on a Prometheus server.\n" +
    "With --until=stable it goes on until nothing new comes any more, at most as long as --for says.",
  ],
  operands: { placeholder: "FILE", help: "The baseline; standard output if not given.", least: 0, most: 1 },
  flags: {
    ...SOURCE_FLAGS,
    forMs: {
      ...SOURCE_FLAGS.forMs,
      help: "How long to learn, or how far to look back with --prometheus.url.",
    },
    until: {
      name: "until",
      ...choice(["time", "stable"]),
      help: "When it is enough: after a time, or once no new tree comes (--stable.time, --stable.launches).",
    },
    stableMs: {
      name: "stable.time",
      ...duration("1s", "365d", "24h"),
      default: "24h",
      help: "With --until=stable: how long no new tree must have come. What runs daily needs a day.",
    },
    stableLaunches: {
      name: "stable.launches",
      ...count(0, 1_000_000_000),
      default: "1000",
      help: "With --until=stable: how many launches there must have been since the last new tree.",
    },
    by: {
      name: "by",
      ...choice(["machine", "unit", "image"]),
      default: "machine",
      help: "What has a list of its own: each systemd unit, or the containers of each image.",
    },
    refresh: {
      name: "refresh",
      default: false,
      help: "Renew the days on which the trees of FILE were last seen, in the comments that learning wrote.",
    },
    source: SERVE.flags.source,
    capture: SERVE.flags.capture,
    ringBytes: SERVE.flags.ringBytes,
    pollIntervalMs: SERVE.flags.pollIntervalMs,
    maxTrees: SERVE.flags.maxTrees,
    maxOnce: SERVE.flags.maxOnce,
    configFile: SERVE.flags.configFile,
    ...LOG_FLAGS,
  },
  conflicts: [...SERVE.conflicts, {
    one: { name: "until", value: "stable" },
    other: { name: "prometheus.url" },
    because: "a server's past is over: --for says how far to look back; leave --until out, or ask --exporter.url",
  }],
} as const satisfies Command;

export const CHECK = {
  name: "baseline check",
  help: "Print the trees of an exporter that a baseline doesn't expect.",
  details: [
    "Asks http://localhost:9501 unless told otherwise. The exit status is 0 if everything is expected, 1 if something\n" +
    "isn't, 2 if there is no telling.",
    "Rules that nothing has needed for days are printed as stale; an exporter that hasn't known its launches for so long\n" +
    "can't tell, and it is said of how many rules.",
  ],
  operands: { placeholder: "FILE", help: "The baseline.", least: 1, most: 1 },
  flags: {
    ...SOURCE_FLAGS,
    staleAfterMs: {
      name: "stale-after",
      ...orZero(duration("1m", "365d", "5d")),
      default: "5d",
      help: "How long a rule must not have been needed to be printed as stale; 0: none is.",
    },
    ...OUTPUT_FLAGS,
  },
} as const satisfies Command;

export const DIFF = {
  name: "baseline diff",
  help: "Print the rules that only one of two baselines has.",
  details: ["The exit status is 0 if there are none, 1 if there are some, 2 if there is no telling."],
  operands: { placeholder: "FILE", help: "The old baseline, then the new one.", least: 2, most: 2 },
  flags: OUTPUT_FLAGS,
} as const satisfies Command;

export type LearnOptions = OptionsOf<typeof LEARN.flags>;
export type CheckOptions = OptionsOf<typeof CHECK.flags>;
