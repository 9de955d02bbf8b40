/**
 * The command `trace`: launches and endings, as they come, to whoever reads.
 *
 * @module
 */

import { eventJson } from "../http/api/mod.ts";
import type { TraceOptions } from "../command_line/mod.ts";
import { type Changes, EVENT_WIDTH, EventField, EventKind, Rows, Stat } from "../../fingerprint/mod.ts";
import { type Expectation, lostIn, Registry } from "../registry/mod.ts";
import { untilEnd } from "./ending.ts";
import type { Process } from "./process.ts";
import { write } from "./output.ts";
import { reporting } from "./reporting.ts";
import { readTreeFilter, type TreeFilter } from "./tree_filter.ts";
import { HEADING, jsonLine, type LineWriter, textLines } from "./trace_lines.ts";
import { dropPrivileges, startWatching, stopWatching } from "./watching.ts";

/** Time between two reports of the worker: a launch is a line within a twentieth of a second. */
const REPORT_MS = 25;
/** A trace has no series: there may be many trees, and one that is quiet is soon forgotten. */
const TREES = { treesLimit: 100_000, treesMaxOnce: 1000, treesRetentionMs: 600_000 };

/** What a trace is made of. */
export interface Tracing {
  readonly watcher: {
    readonly ready: Promise<unknown>;
    /** Rejects when the worker fails. */
    readonly stopped: Promise<void>;
    collect(): Promise<Changes>;
    confirm(report: number): void;
    listen(isOn: boolean): void;
  };
  readonly options: Pick<TraceOptions, "output" | "kinds" | "launchFlags"> & {
    readonly filter: TreeFilter | undefined;
    /** What is expected; undefined for no judgement. */
    readonly baseline?: Expectation | undefined;
  };
  readonly isTerminal: boolean;
  readonly hasColours: boolean;
  /** Writes all of a text; false when nobody reads any more. */
  readonly write: (text: string) => boolean;
  /** Resolves when the trace is to end. */
  readonly stop: Promise<void>;
}

/** Whether an event is wanted, by its kind and flags: `wanted` has the bits of which a launch must have one, 0 for any event. */
function isWanted(event: Float64Array, kinds: TraceOptions["kinds"], wanted: number): boolean {
  const kind = event[EventField.Kind]!, isEnding = kind < EventKind.Launch;
  if (wanted !== 0) return kind === EventKind.Launch && (event[EventField.Flags]! & wanted) !== 0;
  return kinds === "all" || isEnding === (kinds === "endings");
}

/**
 * Writes launches and endings until `stop` resolves or nobody reads on. Throws what makes the worker fail. Launches are those
 * that follow the start: what ran before is no launch.
 */
export async function trace({ watcher, options, isTerminal, hasColours, write, stop }: Tracing): Promise<void> {
  const { kinds, filter } = options, wanted = options.launchFlags.reduce((bits, some) => bits | some, 0);
  const line: LineWriter = options.output === "json" ? jsonLine : textLines(hasColours);
  let text = options.output === "text" && isTerminal ? HEADING : "";
  let seq = 0, lost = 0, isStopped = false;
  const registry = new Registry({
    events: ({ fields, skipped, places }, treeOf) => {
      if (skipped > 0) text += line({ type: "skipped", count: skipped });
      seq += skipped;
      const batch = new Rows(EVENT_WIDTH, fields);
      for (let i = 0; i < batch.capacity; i++) {
        const event = batch.row(i), tree = treeOf(event[EventField.Tree]!), place = places?.get(i);
        seq++;
        if (!isWanted(event, kinds, wanted)) continue;
        if (filter === undefined || filter(place ?? tree.path)) text += line(eventJson(event, seq, tree, place));
      }
    },
  });
  registry.expect(options.baseline);
  const end = Promise.race([stop, watcher.stopped]).then(() => isStopped = true);
  end.catch(() => {}); // thrown below
  await Promise.race([watcher.ready, end]);
  watcher.listen(true);
  while (!isStopped) {
    const changes = await Promise.race([watcher.collect(), end]);
    if (typeof changes === "boolean") break;
    const now = lostIn(changes.stats);
    if (now > lost) text += line({ type: "lost", count: now - lost });
    lost = now;
    registry.apply(changes);
    watcher.confirm(changes.stats[Stat.Report]!); // lets stopped trees leave
    if (text !== "" && !write(text)) return;
    text = "";
    const pause = Promise.withResolvers<void>(), timer = setTimeout(pause.resolve, REPORT_MS);
    await Promise.race([pause.promise, end]).finally(() => clearTimeout(timer));
  }
}

/** Read before rights are given up. What reads it is loaded where there is one only. */
async function baselineOf({ baselineFile }: TraceOptions): Promise<Expectation | undefined> {
  if (baselineFile === undefined) return undefined;
  const { readBaseline } = await import("../baseline/mod.ts");
  return readBaseline(baselineFile);
}

/** Writes launches and endings of this machine until a signal ends it or nobody reads them; the exit status. */
export async function traceMachine(options: TraceOptions, process: Process): Promise<number> {
  const filter = options.filter === undefined ? undefined : await readTreeFilter(options.filter);
  return await reporting(options, process, async (log) => {
    const baseline = await baselineOf(options);
    const handedOver = dropPrivileges(options, { files: [options.configFile] }, process, log);
    const stop = untilEnd(["SIGHUP"]);
    const watcher = await startWatching(options, TREES, log, handedOver);
    try {
      const isTerminal = Deno.stdout.isTerminal(), hasColours = isTerminal && !Deno.noColor;
      await trace({ watcher, options: { ...options, filter, baseline }, isTerminal, hasColours, write, stop });
      return 0;
    } finally {
      await stopWatching(watcher);
    }
  });
}
