/**
 * The command `serve`: its options and their flags.
 *
 * @module
 */

import { parseAddress, parseSize } from "../text/mod.ts";
import { LOG_REASONS, type LogWish } from "../event_log/mod.ts";
import { type Group, GROUPS } from "../exposition/mod.ts";
import { BASELINE_MODES } from "../registry/mod.ts";
import type { Command, OptionsOf } from "./command.ts";
import { choice, count, duration, FILE, LOG_FLAGS, orZero, ROOTFS_FLAGS, RULES_FLAGS, within } from "./shared_flags.ts";

/** A path that a URL leaves as it is, and that no other route needs. */
function parsePath(text: string): string | undefined {
  if (!/^\/[\w.~/-]*$/.test(text) || /^\/-(?:\/|$)/.test(text)) return undefined;
  return new URL(text, "http://localhost").pathname === text ? text : undefined;
}

/** Names of hosts, or `*`, with commas between them. */
function parseHosts(text: string): readonly string[] | undefined {
  const hosts = text.split(",").map((host) => host.trim());
  return hosts.every((host) => host === "*" || /^[\w-]+(?:\.[\w-]+)*$/.test(host)) ? hosts : undefined;
}

/** Groups of metrics with commas between them. */
function parseGroups(text: string): readonly Group[] | undefined {
  const groups = text.split(",").map((group) => group.trim());
  return groups.every((group) => (GROUPS as readonly string[]).includes(group)) ? groups as Group[] : undefined;
}

const GROUP_LIST = { placeholder: "GROUPS", wanted: `some of ${GROUPS.join(", ")}`, parse: parseGroups } as const;

/** Reasons with commas between them. */
function parseReasons(text: string): LogWish[] | undefined {
  const wishes = text.split(",").map((word) => ([...LOG_REASONS, "all"] as const).find((wish) => wish === word));
  return wishes.every((wish) => wish !== undefined) ? wishes : undefined;
}

export const SERVE = {
  name: "serve",
  help: "Watch launches and answer scrapes.",
  flags: {
    listenAddresses: {
      name: "web.listen-address",
      placeholder: "ADDRESS",
      default: "127.0.0.1:9501",
      repeatable: true,
      help: "Address to answer HTTP on; :PORT for all of them, port 0 for one that is free.",
      wanted: "HOST:PORT, :PORT or [IPV6]:PORT",
      parse: parseAddress,
    },
    telemetryPath: {
      name: "web.telemetry-path",
      placeholder: "PATH",
      default: "/metrics",
      help: "Path of the metrics.",
      wanted: "a path such as /metrics, of letters, digits and - . _ ~ /, not below /-/",
      parse: parsePath,
    },
    maxRequests: {
      name: "web.max-requests",
      ...count(0, 100_000),
      default: "40",
      help: "Most requests for metrics, API and page at the same time; more are answered with 503. 0: no limit.",
    },
    allowedHosts: {
      name: "web.allowed-hosts",
      placeholder: "NAMES",
      help:
        "Names to be asked by, beside addresses and localhost; * for all. Without it: none on loopback only, else all.",
      wanted: "host names without ports, with commas between them, or *",
      parse: parseHosts,
    },
    webConfigFile: {
      name: "web.config.file",
      ...FILE,
      help:
        "TLS, passwords, headers and a rate limit, in the format of Prometheus' exporters; read again when it changes.",
    },
    lifecycle: {
      name: "web.enable-lifecycle",
      default: false,
      help: "Read the configuration again on POST /-/reload, too.",
    },
    profile: {
      name: "metrics.profile",
      ...choice(["full", "small"]),
      help: "Groups of metrics to begin with; small, for fleets: what rules and alerts read, no series that is 0.",
    },
    enabledGroups: {
      name: "metrics.enable",
      ...GROUP_LIST,
      help: "Groups of metrics to have beside those of the profile (docs/metrics.md), with commas.",
    },
    disabledGroups: {
      name: "metrics.disable",
      ...GROUP_LIST,
      help: "Groups of metrics to leave out.",
    },
    source: {
      name: "source",
      ...choice(["auto", "connector", "bpf", "poll"]),
      help: "Where launches are seen: the proc connector (auto: or polls of /proc), BPF alone, or polls.",
    },
    pollIntervalMs: {
      name: "source.poll-interval",
      ...duration("10ms", "1h", "250ms or 1s"),
      default: "1s",
      help: "Time between two polls of /proc.",
    },
    capture: {
      name: "capture",
      ...choice(["auto", "bpf", "proc"]),
      help: "What names launches: a BPF program, which misses none, or a look at /proc where that isn't granted.",
    },
    ringBytes: {
      name: "capture.ring-size",
      placeholder: "SIZE",
      default: "2MiB",
      help: "Ring of BPF: 2 MiB hold 12,000 launches, 9,000 with --source=bpf, and take 4 MiB of memory.",
      wanted: "a power of two from 64KiB to 64MiB such as 2MiB",
      parse: (text) => {
        const bytes = within(parseSize, 2 ** 16, 2 ** 26)(text);
        return bytes !== undefined && Number.isInteger(Math.log2(bytes)) ? bytes : undefined;
      },
    },
    maxTrees: {
      name: "trees.max",
      ...count(1, 100_000),
      default: "1000",
      help: "Most trees that have series; a quarter is kept for users that have few; the least used leave first.",
      // The text of a tree has 3 kB.
    },
    maxOnce: {
      name: "trees.max-once",
      ...count(0, 100_000),
      default: "64",
      help: "Most names launched once that have series below one tree; further ones are * there. 0 is no limit.",
    },
    treesRetentionMs: {
      name: "trees.retention",
      ...orZero(duration("1s", "3650d", "30m or 24h")),
      default: "24h",
      help: "How long a stopped tree keeps its series, at least until scrapes have got them; 0 is for ever.",
    },
    /** Per socket; 0 is a size by the machine's memory. */
    receiveBufferBytes: {
      name: "netlink.receive-buffer",
      placeholder: "SIZE",
      default: "auto",
      help: "Receive buffer of each netlink socket; auto holds 100,000 launches, memory allowing.",
      wanted: "auto, or a size from 64KiB to 1GiB such as 8MiB",
      parse: (text) => text === "auto" ? 0 : within(parseSize, 2 ** 16, 2 ** 30)(text),
    },
    boost: {
      name: "scheduler.boost",
      ...choice(["auto", "fifo", "slice", "nice", "none"]),
      help: "How the reading thread is scheduled before others, to see processes that live half a millisecond.",
    },
    ...ROOTFS_FLAGS,
    baseVerify: {
      name: "base.verify",
      ...choice(["auto", "off"]),
      help: "Compare base programs with their packages' digests, 5 % of a CPU at most; what differs isn't base.",
    },
    privileges: {
      name: "privileges",
      ...choice(["minimal", "all"]),
      help: "What a process of root may do: only what it needs, in all threads, or all it was given.",
    },
    baselineFile: {
      name: "baseline.file",
      ...FILE,
      help: "What is expected to run, from baseline learn; trees that aren't in it are marked, counted and logged.",
    },
    baselineMode: {
      name: "baseline.mode",
      ...choice(BASELINE_MODES),
      help: "Whether what isn't in the baseline alerts somebody or is only shown (shadow); neither stops it.",
    },
    eventLog: {
      name: "event-log",
      ...FILE,
      help: "Write launches of note to a file, or - for standard output: a JSON object a line. SIGHUP opens it again.",
      wanted: "the path of a file, or - for standard output",
    },
    eventLogOnly: {
      name: "event-log.only",
      placeholder: "REASONS",
      default: LOG_REASONS.join(","),
      help: "Which: with a grave flag, first of a tree, not in the baseline; or all events.",
      wanted: `all, or some of ${LOG_REASONS.join(",")}`,
      parse: parseReasons,
    },
    ...RULES_FLAGS,
    ...LOG_FLAGS,
  },
  conflicts: [{
    one: { name: "source", value: "bpf" },
    other: { name: "capture", value: "proc" },
    because: "the records that tell of launches name them too; leave --capture out, or use --source=connector",
  }],
} as const satisfies Command;

export type ServeOptions = OptionsOf<typeof SERVE.flags>;
