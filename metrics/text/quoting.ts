/**
 * Texts from outside, in lines for people and their terminals.
 *
 * @module
 */

import { escapeCharacter } from "../../fingerprint/mod.ts";

/**
 * Control and format characters, line separators, lone surrogates: whatever lets a text end its line, command a terminal, run
 * backwards, or look like another one.
 */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text as a string of JSON, with hostile characters as `\uXXXX`. It is one line, and harmless on a terminal. */
export function quote(text: string): string {
  return jsonText(text);
}

/** A text as it is where it has only harmless characters and no blank at its ends or quote, else {@link quote}d. */
export function readable(text: string): string {
  return text !== "" && text === text.trim() && !/["\\]/.test(text) && text.search(HOSTILE) < 0 ? text : quote(text);
}

/** A text as it may be shown on a terminal: hostile characters escaped as in labels, `\x1b`. */
export function printable(text: string): string {
  return text.replace(HOSTILE, escapeCharacter);
}

/** Any value as JSON in one line, with hostile characters as `\uXXXX`. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(HOSTILE, (char) => {
    let escaped = "";
    for (let i = 0; i < char.length; i++) escaped += `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`;
    return escaped;
  });
}

/** A label's value as both formats want it between quotes. A lone surrogate, which has no UTF-8, becomes U+FFFD. */
export function escapeLabelValue(value: string): string {
  return value.toWellFormed().replace(/[\\"\n]/g, (char) => char === "\n" ? "\\n" : `\\${char}`);
}
