/**
 * Launches and endings as lines for a terminal or a pipe.
 *
 * @module
 */

import { flagNames, ORDINARY } from "../../fingerprint/mod.ts";
import type { ContextOptions } from "../command_line/mod.ts";
import type { EventJson } from "../http/api/mod.ts";
import { clockText, durationText, FAILURES, type ImageLine } from "../http/page/browser/mod.ts";
import type { ContextJson } from "../registry/mod.ts";
import { jsonText } from "../text/mod.ts";
import { CONTEXT_HEADING, contextText, showsContext } from "./context_columns.ts";
import { columnsOf, DIM, fitted, GREEN, type Paint, painter, RED, YELLOW } from "./terminal.ts";

/** Something that happened, or could not be told. */
export type SeenEvent =
  | EventJson
  /** Events that came faster than they were written. */
  | { readonly type: "skipped"; readonly count: number }
  /** Messages that the kernel dropped: the events in them are missing. */
  | { readonly type: "lost"; readonly count: number };

/** A process that ended, or runs at the end of the trace, with all that it ran. `time` is that of its ending, or its beginning. */
export interface JoinedProcess {
  readonly type: "process";
  readonly time: number | null;
  readonly pid: number;
  readonly images: readonly ImageLine[];
}

export type TraceEvent = SeenEvent | JoinedProcess;

/** Gives the line of an event, with its line feed. */
export type LineWriter = (event: TraceEvent) => string;

const ORDINARY_NAMES: ReadonlySet<string> = new Set(flagNames(ORDINARY));

/** Stands behind the flags of a launch that the baseline doesn't expect. */
const UNEXPECTED = "unexpected";

/** Width of the column of flags: that of most launches that have one. */
const FLAGS_WIDTH = 8;

/** Columns of a line before its tree, those of the context left out; that a tree gets, however narrow the terminal is; and before context is told. */
const FIXED_COLUMNS = 61, LEAST_COLUMNS = 12, WANTED_COLUMNS = 30;

export const jsonLine: LineWriter = (event) => `${jsonText(event)}\n`;

/** What a line of text says of an event, or of all that a process was. */
interface Told {
  readonly time: number | null;
  readonly pid: number;
  readonly tree: string;
  /** `launch`, `correction`, `flags`, an outcome, or `runs`. */
  readonly word: string;
  readonly seconds?: number | null | undefined;
  readonly cpu?: number | null | undefined;
  readonly flags: readonly string[];
  readonly expected?: boolean | null | undefined;
  readonly context: Partial<ContextJson>;
}

function toldOf(event: Exclude<TraceEvent, { type: "skipped" | "lost" }>): Told {
  if (event.type !== "process") {
    const { outcome, seconds, cpu_seconds: cpu, flags = [] } = event;
    return { ...event, word: outcome ?? event.type, seconds, cpu, flags, context: event };
  }
  const { time, pid, images } = event, { tree = "", ending } = images.at(-1) ?? {};
  const known = images.map(({ ending }) => ending?.seconds).filter((seconds) => typeof seconds === "number");
  return {
    time,
    pid,
    tree,
    word: ending?.outcome ?? "runs",
    seconds: known.length === 0 ? null : known.reduce((sum, seconds) => sum + seconds, 0),
    cpu: ending?.cpu_seconds,
    flags: [...new Set(images.flatMap(({ launch }) => launch?.flags ?? []))],
    expected: images.some(({ launch }) => launch?.expected === false) ? false : null,
    context: images.map(({ launch, ending }) => launch ?? ending).findLast((seen) => seen !== undefined) ?? {},
  };
}

/**
 * Lines for people, of at most so many columns: a tree that has no room loses its middle. A tree has no control character: it is
 * escaped where it is made, and made printable where it came from elsewhere.
 */
export function textLines(
  hasColours: boolean,
  columns: () => number = () => Infinity,
  context: ContextOptions["context"] = "never",
): LineWriter {
  const paint = painter(hasColours);
  const duration = (seconds: number | null | undefined) =>
    (typeof seconds === "number" ? durationText(seconds) : "").padStart(8);
  return (event) => {
    if (event.type === "skipped") return `${paint(YELLOW, `${event.count} events skipped: they came too fast`)}\n`;
    if (event.type === "lost") return `${paint(RED, `${event.count} messages lost: the kernel dropped them`)}\n`;
    const { time, pid, tree, word, seconds, cpu, flags, expected, context: seen } = toldOf(event);
    const who = hasContext(context, columns()) ? contextText([seen]) : "";
    const colour = word === "launch" || word === "runs" ? GREEN : FAILURES.has(word) ? RED : 0;
    const clock = time === null ? "".padEnd(12) : clockText(time);
    // Before the tree, whose name anybody may choose: `x  memfd` is one.
    const words = [...flags, ...expected === false ? [UNEXPECTED] : []];
    const oddColour = words.length === 0 ? 0 : words.every((one) => ORDINARY_NAMES.has(one)) ? DIM : RED;
    const before = (paint: Paint) =>
      `${paint(DIM, clock)} ${String(pid).padStart(7)} ${paint(colour, word.padEnd(10))} ${duration(seconds)} ` +
      `${paint(DIM, duration(cpu))}  ${who}${paint(oddColour, words.join(",").padEnd(FLAGS_WIDTH))}  `;
    return `${before(paint)}${fitted(tree, Math.max(LEAST_COLUMNS, columns() - columnsOf(before(painter(false)))))}\n`;
  };
}

const hasContext = (context: ContextOptions["context"], columns: number): boolean =>
  showsContext(context, columns, FIXED_COLUMNS + WANTED_COLUMNS);

/** What stands above the lines, on a terminal of so many columns. */
export function heading(columns: number, context: ContextOptions["context"]): string {
  const who = hasContext(context, columns) ? CONTEXT_HEADING : "";
  return `TIME             PID OUTCOME    RUN TIME      CPU  ${who}FLAGS     TREE\n`;
}
