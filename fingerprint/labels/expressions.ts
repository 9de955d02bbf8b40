/**
 * Regular expressions of people's own: RE2's, as everywhere in Prometheus. Whatever a program calls itself, matching takes a
 * time that is linear in the length of the name.
 *
 * @module
 */

import type { RE2JS } from "re2js";

/** The library. It takes a megabyte in each thread, so that it is loaded where there are expressions only. */
let library: typeof RE2JS | undefined;

/** Characters of an expression at most. */
const MAX_EXPRESSION = 1000;

/** A text that is no expression; the message says what is wrong and what is wanted. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** To be awaited in a thread before expressions are compiled there. */
export async function loadExpressions(): Promise<void> {
  library ??= (await import("re2js")).RE2JS;
}

/** Compiles an expression. Throws an {@link ExpressionError}. */
export function compileExpression(text: string): RE2JS {
  if (text.length > MAX_EXPRESSION) {
    throw new ExpressionError(`it has ${text.length} characters, want at most ${MAX_EXPRESSION}`);
  }
  if (library === undefined) throw new Error("Cannot compile an expression: loadExpressions() was not awaited");
  try {
    return library.compile(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError(`${reason}; want RE2 syntax, where \\Q…\\E takes a text as it is`);
  }
}
