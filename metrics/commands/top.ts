/**
 * The command `top`: the busiest trees of a running exporter, again and again.
 *
 * @module
 */

import { waitFor } from "../../fingerprint/mod.ts";
import type { TopOptions } from "../command_line/mod.ts";
import { clockText, countText } from "../http/page/browser/mod.ts";
import { untilEndOr } from "./ending.ts";
import { forestHeading, forestLine, forestRows, layoutOf, type Wish } from "./forest_lines.ts";
import { complain, write } from "./output.ts";
import { clientOf, type Forest, readForest } from "./remote.ts";
import { DIM, fitted, type Paint, painter, RED, roomOf, terminal } from "./terminal.ts";
import { wishOf } from "./tree.ts";

/** Time between two looks. */
const LOOK_MS = 1000;

/** The terminal's other screen, without a cursor; and back (xterm's control sequences, private modes 1049 and 25). */
const ENTER = "\x1b[?1049h\x1b[?25l", LEAVE = "\x1b[?25h\x1b[?1049l";
/** To the upper left; the rest of a line, and of the screen, becomes blank (ECMA-48: CUP, EL, ED). */
const HOME = "\x1b[H", CLEAR_LINE = "\x1b[K", CLEAR_REST = "\x1b[J";

const RATE_HEADING = " LAUNCH/S ";

/** Launches a second by tree since another look; 0 at the first. A tree that came, or came again, counts from 0. */
export function ratesSince(
  last: Pick<Forest, "time" | "trees"> | undefined,
  { time, trees }: Pick<Forest, "time" | "trees">,
) {
  const before = new Map(last?.trees.map(({ path, launches }) => [path, launches])),
    passed = time - (last?.time ?? NaN);
  return new Map(trees.map(({ path, launches }) => {
    const known = before.get(path) ?? 0, since = launches >= known ? launches - known : launches;
    return [path, passed > 0 ? since / passed : 0];
  }));
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly context: TopOptions["context"];
  readonly paint: Paint;
}

const rateText = (rate: number): string =>
  rate === 0 ? "" : rate < 9.95 ? rate.toFixed(1) : countText(Math.round(rate));

/** The lines of a look, as many as there are rows. `problem` says why it isn't newer. */
export function topLines(
  forest: Forest,
  rates: ReadonlyMap<string, number>,
  wish: Wish,
  sort: TopOptions["sort"],
  { columns, rows, context, paint }: Screen,
  problem?: string,
): string[] {
  const { time, health, trees } = forest;
  const rateOf = (path: string) => rates.get(path) ?? 0;
  const shown = forestRows(trees, wish, sort === "rate" ? "running" : sort, time);
  if (sort === "rate") shown.sort((a, b) => rateOf(b.place.path) - rateOf(a.place.path)); // else as many run
  const total = [...rates.values()].reduce((sum, rate) => sum + rate, 0);
  const lost = Object.values(health.lost).reduce((sum, count) => sum + count, 0);
  const facts = [
    clockText(time).slice(0, 8),
    `${countText(trees.length)} trees`,
    `${countText(health.processes)} processes`,
    `${rateText(total) || "0"} launches/s`,
    ...lost > 0 ? [`${countText(lost)} messages lost`] : [],
  ].join("  ");
  const layout = layoutOf(columns - RATE_HEADING.length, context, shown.slice(0, rows));
  const lines = [
    problem === undefined ? fitted(facts, columns) : paint(RED, fitted(`${facts}  ${problem}`, columns)),
    paint(DIM, RATE_HEADING + forestHeading(layout)),
    ...shown.map((row) => {
      const rate = rateText(rateOf(row.place.path)).padStart(RATE_HEADING.length - 1);
      return `${rate} ${forestLine(row, layout, time, paint)}`;
    }),
  ];
  return lines.slice(0, rows);
}

/** Shows it until a signal, or the time is over; the exit status: 1 where the exporter never answered. */
export async function watchForest(options: TopOptions): Promise<number> {
  const wish = await wishOf(options), { isTerminal, hasColours } = terminal();
  const paint = painter(hasColours);
  let isOver = false, forest: Forest | undefined, rates: ReadonlyMap<string, number> = new Map();
  const end = untilEndOr(options.forMs).then(() => void (isOver = true));
  try {
    using client = await clientOf(options);
    if (isTerminal) write(ENTER);
    try {
      while (!isOver) {
        let problem: string | undefined;
        try {
          const last = forest;
          forest = await readForest(client, options.url);
          rates = ratesSince(last, forest);
        } catch (error) {
          if (forest === undefined) throw error;
          problem = error instanceof Error ? error.message : String(error);
        }
        const { columns, rows } = roomOf(isTerminal);
        const screen = { columns, rows: rows - 1, context: options.context, paint };
        const lines = topLines(forest, rates, wish, options.sort, screen, problem);
        const text = isTerminal
          ? HOME + lines.map((line) => `${line}${CLEAR_LINE}\n`).join("") + CLEAR_REST
          : `${lines.join("\n")}\n\n`;
        if (!write(text)) return 0;
        await waitFor(end, LOOK_MS);
      }
      return 0;
    } finally {
      if (isTerminal) write(LEAVE);
    }
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
