/**
 * The rows of shown trees: the worker's columns, and what is only known here.
 *
 * @module
 */

import { ROW_WIDTH } from "../../fingerprint/mod.ts";

/** Column that the worker knows nothing of: 1 for a tree that the baseline expects, else 0. */
export const EXPECTED: number = ROW_WIDTH;

/** Width of a shown row: {@link ROW_WIDTH} of the worker's columns, then {@link EXPECTED}. */
export const SHOWN_WIDTH: number = ROW_WIDTH + 1;

/** What says of a tree whether it is expected: a baseline. */
export interface Expectation {
  /** `reason` says in words why it isn't. */
  verdict(path: string): { readonly expected: boolean; readonly reason: string };
}
