/**
 * What is said about a command line that can't be followed.
 *
 * @module
 */

import { closest, quote } from "../text/mod.ts";

/** A command line that can't be followed. The message is one line: what was given, and what was wanted. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** @param given the argument that is wrong */
  constructor(readonly given: string, message: string) {
    super(message);
  }
}

/** What was given, quoted for a message of one line and no longer than needed. */
export function shown(text: string): string {
  return quote(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** `; did you mean X?` where one of the candidates was probably meant; else nothing. */
export function suggestion(given: string, candidates: readonly string[], prefix = ""): string {
  const meant = closest(given, candidates);
  return meant === undefined ? "" : `; did you mean ${prefix}${meant}?`;
}
