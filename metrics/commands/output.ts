/**
 * Standard output and standard error.
 *
 * @module
 */

import { PROGRAM } from "../command_line/mod.ts";

/** Writes all of a text to standard output; false when nobody reads it any more. */
export function write(text: string): boolean {
  try {
    for (let rest = new TextEncoder().encode(text); rest.length > 0;) rest = rest.subarray(Deno.stdout.writeSync(rest));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw new Error(`Cannot write to standard output: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

export function print(line: string): void {
  console.log(line);
}

/** Writes a line to standard error that begins with the program's name. */
export function complain(line: string): void {
  console.error(`${PROGRAM}: ${line}`);
}
