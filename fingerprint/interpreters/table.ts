/**
 * The interpreters that are known: one table of those that have files of their own.
 *
 * @module
 */
import type { Interpreter } from "./grammar.ts";
import { LANGUAGES } from "./languages.ts";
import { LISPS } from "./lisps.ts";
import { LOADERS } from "./loaders.ts";
import { RARER } from "./rarer.ts";
import { RUNTIMES } from "./runtimes.ts";
import { SHELLS } from "./shells.ts";

/** All of them, a row each. */
export const INTERPRETERS: readonly Interpreter[] = [
  ...SHELLS,
  ...LANGUAGES,
  ...LISPS,
  ...RUNTIMES,
  ...LOADERS,
  ...RARER,
];
