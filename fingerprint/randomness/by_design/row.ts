/**
 * What a row of the tables says, and forms that many rows have.
 *
 * @module
 */

/** One kind of element that a tool names by hash or number. */
export interface ByDesign {
  /** The tool, as it stands in the rule of a verdict: `path:TOOL`. */
  readonly tool: string;
  /** A folder above the element that each such path has, by which the row is found; `/` if there is none: such rows are for long elements. */
  readonly key: string;
  /** The path above the element: source of a regular expression, anchored at the root. */
  readonly below: string;
  /** The element: a first group that is kept before the star and a second one after it, if they are there. */
  readonly element: string;
  /** Such a path, with what is hashed or numbered in braces; `~` is a home folder. */
  readonly example: string;
  /** What says so. */
  readonly source: string;
}

/** SHA-256 and SHA-1 in hexadecimal digits, and a UUID. */
export const HASH = "[0-9a-f]{64}", SHA1 = "[0-9a-f]{40}", UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** A row of a table. */
export function row(
  tool: string,
  key: string,
  below: string,
  element: string,
  example: string,
  source: string,
): ByDesign {
  return { tool, key, below, element, example, source };
}
