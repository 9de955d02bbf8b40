/**
 * Trees as lines for a terminal or a pipe.
 *
 * @module
 */

import { flagNames, ORDINARY } from "../../fingerprint/mod.ts";
import type { TreeOptions } from "../command_line/mod.ts";
import type { TreeJson } from "../http/api/mod.ts";
import {
  agoText,
  arranged,
  countText,
  durationText,
  factsAt,
  factsOf,
  kindOfFlag,
  lastLabel,
  numbersOf,
  type Place,
  shownWhere,
  type SortKey,
} from "../http/page/browser/mod.ts";
import { printable } from "../text/mod.ts";
import { columnsOf, DIM, fitted, type Paint, RED, YELLOW } from "./terminal.ts";
import { CONTEXT_HEADING, CONTEXT_WIDTH, contextText, showsContext } from "./context_columns.ts";
import type { ContextFilter } from "./context_filter.ts";
import type { TreeFilter } from "./tree_filter.ts";

export type Wish = Pick<TreeOptions, "isNew" | "isUnexpected" | "isRandom" | "isFailing" | "flags"> & {
  readonly filter: TreeFilter | undefined;
  readonly context: ContextFilter | undefined;
};

export interface Layout {
  readonly columns: number;
  /** Whether it tells who launched. */
  readonly showsContext: boolean;
  /** Width of what is odd: the trees behind it stand in a column, so that their depth can be seen. */
  readonly kindsWidth: number;
}

export function layoutOf(columns: number, context: TreeOptions["context"], rows: readonly ForestRow[]): Layout {
  const all = widthOf(COLUMNS.keys()) + KINDS_WIDTH + WANTED_COLUMNS;
  const layout = { columns, showsContext: showsContext(context, columns, all) };
  const room = columns - widthOf(columnsIn(layout)) - (layout.showsContext ? CONTEXT_WIDTH : 0) - WANTED_COLUMNS;
  const most = Math.min(MOST_KINDS_WIDTH, Math.max(KINDS_WIDTH, room));
  const kindsWidth = rows.reduce((width, row) => {
    const own = kindsText(row).length;
    return own > most ? width : Math.max(width, own);
  }, KINDS_WIDTH);
  return { ...layout, kindsWidth };
}

export interface ForestRow {
  readonly place: Place;
  /** Undefined of one that is only there for those below it. */
  readonly tree: TreeJson | undefined;
  /** Whether it is wanted itself. */
  readonly isMatching: boolean;
  /** What is odd about it. */
  readonly kinds: readonly string[];
}

const ORDINARY_KINDS: ReadonlySet<string> = new Set(["new", ...flagNames(ORDINARY).map(kindOfFlag)]);

/** Columns of numbers: their names, their widths, which are those of the page's texts, and which leave first where room is short. */
const COLUMNS = [
  { name: "RUN", width: 6, leaves: Infinity },
  { name: "LAUNCHES", width: 8, leaves: Infinity },
  { name: "FAILED", width: 6, leaves: 5 },
  { name: "MEAN", width: 7, leaves: 2 },
  { name: "CPU", width: 7, leaves: 1 },
  { name: "SEEN", width: 6, leaves: 4 },
  { name: "RARE", width: 4, leaves: 3 },
] as const;
/** Width of the column of what is odd: at least, and as wide as the widest that isn't wider than the other. */
const KINDS_WIDTH = 8, MOST_KINDS_WIDTH = 32;
/** Columns that a tree gets before one of numbers leaves, and those that it gets before what is odd is cut. */
const WANTED_COLUMNS = 36, LEAST_COLUMNS = 20;

/** The indexes of the columns of numbers for which there is room. */
function columnsIn({ columns, showsContext }: Pick<Layout, "columns" | "showsContext">): readonly number[] {
  const room = columns - (showsContext ? CONTEXT_WIDTH : 0);
  const kept = new Set(COLUMNS.keys());
  for (const last of [1, 2, 3, 4, 5]) {
    if (room - widthOf(kept) - KINDS_WIDTH >= WANTED_COLUMNS) break;
    kept.delete(COLUMNS.findIndex(({ leaves }) => leaves === last));
  }
  return [...kept];
}

/** How many columns these columns of numbers take, with the blanks around what is odd. */
function widthOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((sum, i) => sum + COLUMNS[i]!.width + 1, 3);
}

function kindsText({ kinds }: ForestRow): string {
  return kinds.map(printable).join(",");
}

/** The rows of the wanted trees, in the order of `sort`, those above them included; `now` is Unix time in seconds. */
export function forestRows(trees: readonly TreeJson[], wish: Wish, sort: SortKey, now: number): ForestRow[] {
  const known = new Map(trees.map((tree) => [tree.path, { tree, facts: factsAt(factsOf(tree), now) }]));
  const wanted = wish.flags.reduce((bits, some) => bits | some, 0);
  const flags = new Set(flagNames(wanted).map(kindOfFlag));
  const kinds = Object.entries({
    new: wish.isNew,
    unexpected: wish.isUnexpected,
    random: wish.isRandom,
    failing: wish.isFailing,
  }).filter(([, isWanted]) => isWanted).map(([kind]) => kind);
  const isWanted = (path: string): boolean => {
    const { facts: { kinds: has } = { kinds: undefined }, tree } = known.get(path) ?? {};
    return has !== undefined && kinds.every((kind) => has.includes(kind)) &&
      (wanted === 0 || has.some((kind) => flags.has(kind))) && (wish.filter?.(path) ?? true) &&
      (wish.context === undefined || tree!.launched_by.some(wish.context));
  };
  const places = arranged([...known.values()].map(({ facts }) => facts), { sort, isRising: false });
  const { shown, matching } = shownWhere(places, isWanted);
  return places.filter(({ path }) => shown.has(path)).map((place) => ({
    place,
    tree: known.get(place.path)?.tree,
    isMatching: matching.has(place.path),
    kinds: known.get(place.path)?.facts.kinds ?? [],
  }));
}

export function forestHeading(layout: Layout): string {
  const names = columnsIn(layout).map((i) => COLUMNS[i]!.name.padStart(COLUMNS[i]!.width));
  return `${names.join(" ")}  ${layout.showsContext ? CONTEXT_HEADING : ""}${"ODD".padEnd(layout.kindsWidth)}  TREE`;
}

/**
 * The line of a row, without its line feed; `now` is Unix time in seconds. What is odd stands before the tree,
 * whose name anybody may choose.
 */
export function forestLine(
  row: ForestRow,
  layout: Layout,
  now: number,
  paint: Paint,
): string {
  const { place, tree, kinds, isMatching } = row;
  const who = layout.showsContext ? contextText(tree?.launched_by ?? []) : "";
  const numbers = `${numbersText(tree, now, columnsIn(layout))}  ${who}`;
  const most = layout.columns - columnsOf(numbers) - 2;
  const words = fitted(kindsText(row), Math.max(layout.kindsWidth, most - LEAST_COLUMNS)).padEnd(layout.kindsWidth);
  // In a list a tree has its whole path.
  const name = "  ".repeat(place.depth) + (place.depth === 0 ? place.path : lastLabel(place.path));
  const text = fitted(name, most - words.length);
  if (!isMatching) return paint(DIM, `${numbers}${words}  ${text}`);
  const isOrdinary = kinds.every((kind) => ORDINARY_KINDS.has(kind));
  const colour = isOrdinary ? DIM : kinds.every((kind) => kind === "random" || ORDINARY_KINDS.has(kind)) ? YELLOW : RED;
  return `${numbers}${kinds.length === 0 ? words : paint(colour, words)}  ${text}`;
}

/** The columns of numbers; blanks where there are none, or where a number is 0. */
function numbersText(tree: TreeJson | undefined, now: number, shown: readonly number[]): string {
  const { running = 0, launches = 0, failed = 0, mean = 0, cpu = 0, firstSeen = 0, rarity = 0 } = tree === undefined
    ? {}
    : numbersOf(tree);
  const count = (value: number) => value === 0 ? "" : countText(value);
  const duration = (value: number) => value === 0 ? "" : durationText(value);
  const seen = firstSeen === 0 ? "" : agoText(now - firstSeen);
  const cells = [
    count(running),
    count(launches),
    count(failed),
    duration(mean),
    duration(cpu),
    seen,
    rarity === 0 ? "" : rarity.toFixed(1),
  ];
  return shown.map((i) => cells[i]!.padStart(COLUMNS[i]!.width)).join(" ");
}
