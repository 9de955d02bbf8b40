/**
 * Columns that tell whose a launch is and where, where somebody asks for them or the terminal has room.
 *
 * @module
 */

import type { ContextOptions } from "../command_line/mod.ts";
import { containerText } from "../http/page/browser/mod.ts";
import type { ContextJson } from "../registry/mod.ts";
import { printable } from "../text/mod.ts";
import { columnsOf, fitted } from "./terminal.ts";

/** Widths: those of most names of users, and of most services. */
const USER_WIDTH = 8, UNIT_WIDTH = 18;

/** Columns that both take, with the blanks behind them. */
export const CONTEXT_WIDTH = USER_WIDTH + 1 + UNIT_WIDTH + 2;

export const CONTEXT_HEADING = `${"USER".padEnd(USER_WIDTH)} ${"UNIT".padEnd(UNIT_WIDTH)}  `;

/** Whether they are shown on a terminal with so many columns, Infinity for none, of which the rest of a line needs `needed`. */
export function showsContext(choice: ContextOptions["context"], columns: number, needed: number): boolean {
  if (choice !== "auto") return choice === "always";
  return columns !== Infinity && columns - needed >= CONTEXT_WIDTH;
}

/** The last text, and how many others there are. */
function cell(texts: readonly string[], width: number): string {
  const different = [...new Set(texts.toReversed())].filter((text) => text !== "");
  const more = different.length > 1 ? ` +${different.length - 1}` : "";
  const text = fitted(printable(different[0] ?? ""), width - more.length) + more;
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}

/**
 * The columns of some contexts, the last one last. Of what is in a container that is told, by its name behind that of its pod, or else
 * by its id; and not its unit, which has its whole id.
 */
export function contextText(contexts: readonly Partial<ContextJson>[]): string {
  const users = contexts.map(({ user, uid }) => user ?? (typeof uid === "number" ? String(uid) : ""));
  const places = contexts.map((context) => containerText(context) ?? context.unit ?? "");
  return `${cell(users, USER_WIDTH)} ${cell(places, UNIT_WIDTH)}  `;
}
