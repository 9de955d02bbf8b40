/**
 * Launches and endings as lines for a terminal or a pipe.
 *
 * @module
 */

import { flagNames, ORDINARY } from "../../fingerprint/mod.ts";
import type { EventJson } from "../http/api/mod.ts";
import { clockText, durationText } from "../http/page/mod.ts";

/** Something that happened, or could not be told. */
export type TraceEvent =
  | EventJson
  /** Events that came faster than they were written. */
  | { readonly type: "skipped"; readonly count: number }
  /** Messages that the kernel dropped: the events in them are missing. */
  | { readonly type: "lost"; readonly count: number };

/** Gives the line of an event, with its line feed. */
export type LineWriter = (event: TraceEvent) => string;

/** Select Graphic Rendition, ECMA-48. */
const DIM = 2, RED = 31, GREEN = 32, YELLOW = 33;

const ORDINARY_NAMES: ReadonlySet<string> = new Set(flagNames(ORDINARY));

/** Stands behind the flags of a launch that the baseline doesn't expect. */
const UNEXPECTED = "unexpected";

/** Width of the column of flags: that of most launches that have one. */
const FLAGS_WIDTH = 8;

/** A JSON object a line. */
export const jsonLine: LineWriter = (event) => `${JSON.stringify(event)}\n`;

/** Lines for people. A tree has no control character: it is escaped where it is made. */
export function textLines(hasColours: boolean): LineWriter {
  const paint = (colour: number, text: string) => hasColours ? `\x1b[${colour}m${text}\x1b[0m` : text;
  const duration = (seconds: number | null | undefined) =>
    (typeof seconds === "number" ? durationText(seconds) : "").padStart(8);
  // Before the tree, whose name anybody may choose: `x  memfd` is one.
  const flagsColumn = ({ flags = [], expected }: EventJson) => {
    const words = [...flags, ...expected === false ? [UNEXPECTED] : []], text = words.join(",").padEnd(FLAGS_WIDTH);
    return words.length === 0 ? text : paint(words.every((word) => ORDINARY_NAMES.has(word)) ? DIM : RED, text);
  };
  return (event) => {
    if (event.type === "skipped") return `${paint(YELLOW, `${event.count} events skipped: they came too fast`)}\n`;
    if (event.type === "lost") return `${paint(RED, `${event.count} messages lost: the kernel dropped them`)}\n`;
    const { outcome, seconds, cpu_seconds: cpu } = event;
    const word = (outcome ?? event.type).padEnd(10);
    const colour = outcome === undefined ? GREEN : ["error", "signal", "core"].includes(outcome) ? RED : 0;
    const time = event.time === null ? "".padEnd(12) : clockText(event.time);
    return `${paint(DIM, time)} ${String(event.pid).padStart(7)} ${colour === 0 ? word : paint(colour, word)} ` +
      `${duration(seconds)} ${paint(DIM, duration(cpu))}  ${flagsColumn(event)}  ${event.tree}\n`;
  };
}

/** What stands above the lines, on a terminal. */
export const HEADING = "TIME             PID OUTCOME    RUN TIME      CPU  FLAGS     TREE\n";
