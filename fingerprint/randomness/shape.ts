/**
 * What names look like, apart from their letters: those that one generator makes look the same, whether single ones could be
 * told or not.
 *
 * @module
 */

import { judgeElement } from "./judge.ts";

/** Runs and signs of a name that are looked at; an extension is kept beyond. */
const LONGEST = 12;

const EXTENSION = /(?<=.)\.[A-Za-z][A-Za-z0-9_]{0,11}$/;

/**
 * The shape of a name: each run of letters and digits by the kinds that are in it (`a` small letters, `A` capitals, `0`
 * digits, `~` anything beyond ASCII), signs and the extension as they are: `screens-purchased` is `a-a`, `x7Kq2.py` is `aA0.py`.
 */
export function shapeOf(name: string): string {
  const extension = EXTENSION.exec(name)?.[0] ?? "";
  let shape = "";
  const parts = name.slice(0, name.length - extension.length).match(/[A-Za-z0-9]+|[^A-Za-z0-9]/g) ?? [];
  for (const part of parts.slice(0, LONGEST)) {
    if (!/[A-Za-z0-9]/.test(part)) shape += part > "~" ? "~" : part;
    else shape += `${/[a-z]/.test(part) ? "a" : ""}${/[A-Z]/.test(part) ? "A" : ""}${/\d/.test(part) ? "0" : ""}`;
  }
  return shape + extension;
}

/** Letters in a row as joined words have them, and few names of programs. */
const LONG_RUN = /[A-Za-z]{10}/;

/**
 * What a name that was launched once counts among those of its shape: four where it would be called machine-made in a temporary
 * folder, in which the least is asked for; two where it has a run of ten letters or more; else one.
 */
export function doubtOf(name: string): number {
  if (judgeElement(name, "temporary").random) return 4;
  return LONG_RUN.test(name.replace(EXTENSION, "")) ? 2 : 1;
}
