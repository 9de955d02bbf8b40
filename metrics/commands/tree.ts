/**
 * The command `tree`: the trees of a running exporter, once.
 *
 * @module
 */

import type { TreeOptions } from "../command_line/mod.ts";
import { jsonText } from "../text/mod.ts";
import { contextFilterOf } from "./context_filter.ts";
import { forestHeading, forestLine, forestRows, layoutOf, type Wish } from "./forest_lines.ts";
import { complain, write } from "./output.ts";
import { clientOf, type Forest, readForest } from "./remote.ts";
import { type Paint, painter, roomOf, terminal } from "./terminal.ts";
import { readTreeFilter } from "./tree_filter.ts";

/** The wish that options say; throws a `UsageError`. */
export async function wishOf(options: Omit<TreeOptions, "sort" | "output">): Promise<Wish> {
  const filter = options.filter === undefined ? undefined : await readTreeFilter(options.filter);
  return { ...options, filter, context: contextFilterOf(options) };
}

/** The forest as text: lines for people in so many columns, or a JSON object for each wanted tree. */
export function forestText(
  { time, trees }: Forest,
  wish: Wish,
  { sort, output, context }: Pick<TreeOptions, "sort" | "output" | "context">,
  columns: number,
  paint: Paint,
): string {
  const rows = forestRows(trees, wish, sort, time), layout = layoutOf(columns, context, rows);
  const lines = output === "json"
    ? rows.filter(({ isMatching }) => isMatching).map(({ tree }) => jsonText(tree))
    : [forestHeading(layout), ...rows.map((row) => forestLine(row, layout, time, paint))];
  return lines.map((line) => `${line}\n`).join("");
}

/** Prints it; the exit status. */
export async function printForest(options: TreeOptions): Promise<number> {
  const wish = await wishOf(options);
  try {
    using client = await clientOf(options);
    const { isTerminal, hasColours } = terminal(), forest = await readForest(client, options.url);
    write(forestText(forest, wish, options, roomOf(isTerminal).columns, painter(hasColours)));
    return 0;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}
