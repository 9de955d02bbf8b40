/**
 * Flags that follow from how a program was found.
 *
 * @module
 */
import type { Program } from "../interpreters/mod.ts";
import { isTemporary } from "../places/mod.ts";
import { Flag } from "./flags.ts";

/** Of an executable, by the claim that its path makes. */
export const CLAIM_FLAGS: readonly [number, number, number, number, number] = [
  0,
  0,
  Flag.Unconfirmed,
  Flag.Deleted,
  Flag.Memfd,
];

/** What code that runs before a program says about its launch. */
export function loadFlags(program: Extract<Program, { readonly kind: "script" | "module" | "executable" }>): number {
  return program.loads === "foreign" ? Flag.Preload : 0;
}

/** Of a file, by where it lies. */
export function placeFlags(path: string): number {
  return isTemporary(path) ? Flag.Temp : 0;
}
