/**
 * The command `trace`: launches and endings, as they come, to whoever reads.
 *
 * @module
 */

import { eventJson } from "../http/api/mod.ts";
import { type TraceOptions, UsageError } from "../command_line/mod.ts";
import { type Changes, EVENT_WIDTH, EventField, ORDINARY, Rows, Stat, waitFor } from "../../fingerprint/mod.ts";
import { type ContainerNaming, type Expectation, lostIn, Registry } from "../registry/mod.ts";
import { contextFilterOf } from "./context_filter.ts";
import { untilEndOr } from "./ending.ts";
import type { Process } from "./process.ts";
import { write } from "./output.ts";
import { reporting } from "./reporting.ts";
import { roomOf, terminal } from "./terminal.ts";
import { heading, jsonLine, textLines } from "./trace_lines.ts";
import { traceExporter } from "./trace_remote.ts";
import { TraceWriter } from "./trace_writer.ts";
import { readTreeFilter } from "./tree_filter.ts";
import { dropPrivileges, startWatching, stopWatching } from "./watching.ts";

/** Time between two reports of the worker; then a line waits for earlier ones (`HOLD_MS` of event_order.ts). */
const REPORT_MS = 25;
/** A trace has no series: there may be many trees, and one that is quiet is soon forgotten. */
const TREES = { treesLimit: 100_000, treesMaxOnce: 1000, treesRetentionMs: 600_000 };

export interface Tracing {
  readonly watcher: {
    readonly ready: Promise<unknown>;
    /** Rejects when the worker fails. */
    readonly stopped: Promise<void>;
    collect(): Promise<Changes>;
    confirm(report: number): void;
    listen(isOn: boolean): void;
    readonly containers?: ContainerNaming;
  };
  readonly options: {
    /** What is expected; undefined for no judgement. */
    readonly baseline?: Expectation | undefined;
  };
  readonly writer: TraceWriter;
  /** Writes all of a text; false when nobody reads any more. */
  readonly write: (text: string) => boolean;
  /** Resolves when the trace is to end. */
  readonly stop: Promise<void>;
}

/**
 * Writes launches and endings until `stop` resolves or nobody reads on. Throws what makes the worker fail. Launches are those
 * that follow the start: what ran before is no launch.
 */
export async function trace({ watcher, options, write, writer, stop }: Tracing): Promise<void> {
  const now = () => performance.now();
  let seq = 0, lost = 0, isStopped = false;
  const registry = new Registry(
    {
      events: ({ fields, skipped, places }, treeOf, contextOf) => {
        if (skipped > 0) writer.add({ type: "skipped", count: skipped }, now());
        seq += skipped;
        const batch = new Rows(EVENT_WIDTH, fields);
        for (let i = 0; i < batch.capacity; i++) {
          const event = batch.row(i), context = contextOf(event[EventField.Context]!, event[EventField.User]!);
          const tree = treeOf(event[EventField.Tree]!, event[EventField.Context]!);
          writer.add(eventJson(event, ++seq, { tree, path: places?.get(i), context }), now());
        }
      },
    },
    0,
    { containers: watcher.containers },
  );
  registry.expect(options.baseline);
  const end = Promise.race([stop, watcher.stopped]).then(() => isStopped = true);
  end.catch(() => {}); // thrown below
  watcher.listen(true); // before it says that it watches: from then on nothing is left out
  await Promise.race([watcher.ready, end]);
  while (!isStopped) {
    const changes = await Promise.race([watcher.collect(), end]);
    if (typeof changes === "boolean") break;
    const dropped = lostIn(changes.stats);
    if (dropped > lost) writer.add({ type: "lost", count: dropped - lost }, now());
    lost = dropped;
    registry.apply(changes);
    watcher.confirm(changes.stats[Stat.Report]!); // lets stopped trees leave
    const text = writer.take(now());
    if (text !== "" && !write(text)) return;
    await waitFor(end, REPORT_MS);
  }
  write(writer.take(Infinity));
}

/** Read before rights are given up. What reads it is loaded where there is one only. */
async function baselineOf({ baselineFile }: TraceOptions): Promise<Expectation | undefined> {
  if (baselineFile === undefined) return undefined;
  const { readBaseline } = await import("../baseline/mod.ts");
  return readBaseline(baselineFile);
}

/** What makes the lines that options want; throws a `UsageError`. */
async function writerOf(options: TraceOptions): Promise<TraceWriter> {
  const { joined, kinds, flagged, output } = options;
  if (joined && kinds !== "all") {
    throw new UsageError("--only", `Cannot use --only=${kinds} with --joined: a process is launched and ends`);
  }
  const launchFlags = flagged ? [...options.launchFlags, ~ORDINARY] : options.launchFlags;
  const filter = options.filter === undefined ? undefined : await readTreeFilter(options.filter);
  const exclude = await Promise.all(options.exclude.map((text) => readTreeFilter(text, "exclude")));
  const { isTerminal, hasColours } = terminal();
  const line = output === "json" ? jsonLine : textLines(hasColours, () => roomOf(isTerminal).columns, options.context);
  return new TraceWriter({ kinds, joined, launchFlags, filter, exclude, context: contextFilterOf(options) }, line);
}

/** Writes launches and endings until a signal ends it, the time is over, or nobody reads them; the exit status. */
export async function runTrace(options: TraceOptions, process: Process): Promise<number> {
  const writer = await writerOf(options);
  return await reporting(options, process, async (log) => {
    if (options.url !== undefined) {
      const stop = untilEndOr(options.forMs, ["SIGHUP"]);
      printHeading(options);
      await traceExporter({ options: { ...options, url: options.url }, writer, write, stop, log });
      return 0;
    }
    const baseline = await baselineOf(options);
    const handedOver = dropPrivileges(options, { files: [options.configFile] }, process, log);
    const stop = untilEndOr(options.forMs, ["SIGHUP"]);
    const watcher = await startWatching(options, TREES, log, handedOver);
    try {
      printHeading(options);
      await trace({ watcher, options: { baseline }, writer, write, stop });
      return 0;
    } finally {
      await stopWatching(watcher);
    }
  });
}

function printHeading({ output, context }: Pick<TraceOptions, "output" | "context">): void {
  if (output === "text" && terminal().isTerminal) write(heading(roomOf(true).columns, context));
}
