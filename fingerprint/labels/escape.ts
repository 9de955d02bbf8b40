/**
 * Escapes: how a program's name becomes a label, whatever characters it has.
 *
 * @module
 */

import { own } from "../base/mod.ts";
import { lookAlikes } from "./look_alikes.ts";

/** The label of the machine's own systemd, which is left out as the root of a tree, and where it is a user's manager. */
export const SYSTEMD = "systemd";
export const USER_MANAGER = "systemd-user";

/** Labels that mean something in a tree; a program that is called so gets a backslash in front. */
export const RESERVED: ReadonlySet<string> = new Set(
  ["base", "random", "other", "unknown", SYSTEMD, USER_MANAGER, "…"],
);

/**
 * The label of a program by a name that it gave itself: {@link escapeLabel}, and a name that means something else in a tree is
 * told apart by a backslash: a program called `base` has the label `\base`.
 */
export function escapeName(name: string): string {
  return RESERVED.has(name) ? `\\${name}` : escapeLabel(name);
}

/** A label for a program that has only the name of one that means something in a tree. */
export function escapeReserved(label: string): string {
  return label.length < MAX_LABEL ? `\\${label}` : `\\${label.slice(0, MAX_LABEL - 2)}…`;
}

/**
 * The label of a program by its name and by what is left of that without its machine-made parts, for which `*` stands: one that
 * has this character itself is told as it is, the character escaped.
 */
export function escapeJudged(name: string, collapsed: string): string {
  return name.includes("*") ? escapeLabel(name, true) : escapeName(collapsed);
}

/** Longest label, in characters (code points) and in bytes of UTF-8. */
const MAX_LABEL = 64;
const MAX_BYTES = 128;

/**
 * What must not stand in a label: control and format characters (they move the cursor, turn the writing direction or can't be
 * seen), surrogates without a partner, private characters, every blank but the ordinary one, what can't be seen either (default
 * ignorable code points, the blank of Braille), U+FFFD, `/` and the backslash and what looks like them.
 */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{DI}\u2800\ufffd/\\\u2044\u2215\u2216\u2571\u2572\u27cb\u27cd\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]|(?! )\p{Z}/u;
/** Ordinary names, which need no look at each character. */
const PLAIN = /^[\w.:*+@=,~-]{1,64}$/;

/**
 * Makes any text fit for a label.
 *
 * - `\` becomes `\\`; characters below U+0100 that must not stand there, and `/`, become `\xNN`; others `\u{NNNN}`
 * - what can be taken for other characters where it stands becomes `\u{NNNN}` ({@link lookAlikes})
 * - the `?` of a `:?` at the end, which means that nobody knows what an interpreter runs, becomes `\x3f`
 * - a byte that was not UTF-8 becomes `\xNN` where the reader kept it as U+DC80 … U+DCFF (as Python's surrogateescape does),
 *   and `\u{fffd}` where it was replaced
 * - a blank at either end becomes `\x20`, and `*`, where it doesn't stand for a machine-made part (`isLiteral`), `\x2a`
 * - at most 64 characters and 128 bytes; the last is `…` when some were cut, and never a part of an escape
 * - the empty text becomes `\0`, which no file is called
 */
export function escapeLabel(text: string, isLiteral = false): string {
  if (!isLiteral && PLAIN.test(text)) return own(text);
  if (text === "") return "\\0";
  let label = "";
  let length = 0, bytes = 0;
  // Where the label ends when it must be cut: the last place that leaves room for `…`.
  let cut = "";
  let at = 0;
  // Twice as many UTF-16 units hold MAX_LABEL + 1 characters at least, if there are so many.
  const looked = text.slice(0, 2 * (MAX_LABEL + 1)), confusing = lookAlikes(looked);
  for (const character of looked) {
    const atAnEnd = at === 0 || at === text.length - 1;
    const unsafe = UNSAFE.test(character) || atAnEnd && character === " " || isLiteral && character === "*" ||
      confusing.has(at) || character === "?" && at === text.length - 1 && text.endsWith(":?");
    const piece = unsafe ? escapeCharacter(character) : character;
    at += character.length;
    length += unsafe ? piece.length : 1;
    bytes += unsafe ? piece.length : utf8Bytes(character.codePointAt(0)!);
    if (length > MAX_LABEL || bytes > MAX_BYTES) return `${cut}…`;
    label += piece;
    if (length < MAX_LABEL && bytes <= MAX_BYTES - utf8Bytes(ELLIPSIS)) cut = label;
  }
  return own(label);
}

const ELLIPSIS = 0x2026;

function utf8Bytes(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

export function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return `\\u{${code.toString(16)}}`;
}
