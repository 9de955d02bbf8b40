/**
 * Escapes: how a program's name becomes a label, whatever characters it has.
 *
 * @module
 */

/** Labels that mean something in a tree; a program that is called so gets a backslash in front. */
export const RESERVED: ReadonlySet<string> = new Set(["base", "random", "other", "unknown", "systemd"]);

/**
 * The label of a program by a name that it gave itself: {@link escapeLabel}, and a name that means something else in a tree is
 * told apart by a backslash: a program called `base` has the label `\base`.
 */
export function escapeName(name: string): string {
  return RESERVED.has(name) ? `\\${name}` : escapeLabel(name);
}

/** Longest label, in characters (code points). */
const MAX_LABEL = 64;

/**
 * What must not stand in a label: control and format characters (they move the cursor, turn the writing direction or can't be
 * seen), surrogates without a partner, private characters, every blank but the ordinary one, U+FFFD, `/` and the backslash.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\ufffd/\\]|(?! )\p{Z}/u;
/** Ordinary names, which need no look at each character. */
const PLAIN = /^[\w.:*+@=,~-]{1,64}$/;

/**
 * Makes any text fit for a label.
 *
 * - `\` becomes `\\`; characters below U+0100 that must not stand there, and `/`, become `\xNN`; others `\u{NNNN}`
 * - a byte that was not UTF-8 becomes `\xNN` where the reader kept it as U+DC80 … U+DCFF (as Python's surrogateescape does),
 *   and `\u{fffd}` where it was replaced
 * - a blank at either end becomes `\x20`
 * - at most 64 characters; the last is `…` when some were cut, and never a part of an escape
 * - the empty text becomes `\0`, which no file is called
 */
export function escapeLabel(text: string): string {
  if (PLAIN.test(text)) return own(text);
  if (text === "") return "\\0";
  let label = "";
  let length = 0;
  // Where the label ends when it must be cut: the last place that leaves room for `…`.
  let cut = "";
  let at = 0;
  // Twice as many UTF-16 units hold MAX_LABEL + 1 characters at least, if there are so many.
  for (const character of text.slice(0, 2 * (MAX_LABEL + 1))) {
    const atAnEnd = at === 0 || at === text.length - 1;
    const unsafe = UNSAFE.test(character) || atAnEnd && character === " ";
    const piece = unsafe ? escapeCharacter(character) : character;
    at += character.length;
    length += unsafe ? piece.length : 1;
    if (length > MAX_LABEL) return `${cut}…`;
    label += piece;
    if (length < MAX_LABEL) cut = label;
  }
  return own(label);
}

/** A character as an escape. */
export function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return `\\u{${code.toString(16)}}`;
}

/** A copy that shares no memory with the text that it was cut from, which may be a command line of megabytes. */
export function own(text: string): string {
  return ` ${text}`.slice(1);
}
