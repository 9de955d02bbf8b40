/**
 * What a terminal shows: widths, colours, and how much room there is.
 *
 * @module
 */

/** Select Graphic Rendition, ECMA-48. */
export const DIM = 2, RED = 31, GREEN = 32, YELLOW = 33;

/** Paints a text, or leaves it as it is. */
export type Paint = (colour: number, text: string) => string;

/** Paints with a colour, or, without colours and with 0, not at all. */
export function painter(hasColours: boolean): Paint {
  return (colour, text) => hasColours && colour !== 0 ? `\x1b[${colour}m${text}\x1b[0m` : text;
}

/** Whether standard output is a terminal, and whether it is to have colours (https://no-color.org). */
export function terminal(): { readonly isTerminal: boolean; readonly hasColours: boolean } {
  const isTerminal = Deno.stdout.isTerminal();
  return { isTerminal, hasColours: isTerminal && !Deno.noColor };
}

/** Columns and rows of the terminal; Infinity where standard output is none. */
export function roomOf(isTerminal: boolean): { readonly columns: number; readonly rows: number } {
  if (!isTerminal) return { columns: Infinity, rows: Infinity };
  const usual = { columns: 80, rows: 24 }; // of a terminal that doesn't say, such as a serial line
  try {
    const room = Deno.consoleSize();
    return room.columns > 0 && room.rows > 0 ? room : usual;
  } catch {
    return usual;
  }
}

/** Characters two columns wide: those of East Asian scripts and full width forms, and emoji (Unicode UAX #11, UTS #51). */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** Those that stand over another one. */
const COMBINING = /[\p{Mn}\p{Me}]/u;

function widthOf(character: string): number {
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

/** Columns that a text without control characters takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** As many characters from the beginning as fit into so many columns. */
function head(characters: readonly string[], columns: number): string[] {
  const fitting: string[] = [];
  for (const character of characters) {
    columns -= widthOf(character);
    if (columns < 0) break;
    fitting.push(character);
  }
  return fitting;
}

/** A text in so many columns: what is too much leaves from its middle, where `…` stands then. The end says more: it gets two thirds. */
export function fitted(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text], start = Math.floor((columns - 1) / 3);
  const end = head(characters.toReversed(), Math.max(0, columns - 1 - start)).reverse();
  return [...head(characters, Math.max(0, start)), "…", ...end].join("");
}
