/**
 * The benchmark's result as text: a table of least, median and greatest for each program.
 *
 * @module
 */

import { FLOORS } from "./floors.ts";
import { CPU, fixed, ratios, type Round, type Spread, spreads } from "./rounds.ts";

/** Rounds under one condition, by program. */
export interface Section {
  readonly name: string;
  readonly rounds: Readonly<Record<string, readonly Round[]>>;
}

const NAME_WIDTH = 56;
const COLUMN_WIDTH = 9;
const COLUMNS = ["min", "median", "max"] as const;

function line(indent: number, name: string, cells: readonly string[]): string {
  return " ".repeat(indent) + name.padEnd(NAME_WIDTH - indent) +
    cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join("");
}

function row(name: string, spread: Spread): string {
  return line(4, name, COLUMNS.map((column) => fixed(spread[column])));
}

/** A program's CPU time by a floor's: round by round, and of the medians, which outliers move least. */
function ratioRows(own: readonly Round[], floor: readonly Round[], name: string): string[] {
  const medians = spreads(own)[CPU]!.median / spreads(floor)[CPU]!.median;
  return [row(`÷ ${name}, by round`, ratios(own, floor)), line(4, `÷ ${name}, of the medians`, ["", fixed(medians)])];
}

/** Lines of a table. The other programs also have their CPU time by that of each floor that was measured beside them. */
export function tableLines(sections: readonly Section[]): string[] {
  const lines = [line(0, "", COLUMNS)];
  for (const { name, rounds } of sections) {
    lines.push(name);
    for (const [program, own] of Object.entries(rounds)) {
      lines.push(`  ${program}`);
      for (const [figure, values] of Object.entries(spreads(own))) lines.push(row(figure, values));
      for (const floor of FLOORS) {
        const rounded = rounds[floor];
        if (rounded !== undefined && !FLOORS.includes(program)) lines.push(...ratioRows(own, rounded, floor));
      }
    }
  }
  return lines;
}
