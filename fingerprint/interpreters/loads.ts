/**
 * Where code comes from that an option of an interpreter brings before the program.
 *
 * @module
 */

import { climbs, isSystem, isVouched } from "../places/mod.ts";
import type { Before } from "./grammar.ts";

/** From the least to the most that it may be somebody else's. */
export const Origin = {
  /** The distribution's, or none. */
  System: 0,
  /** From a folder for all users, or of a known tool. */
  Shared: 1,
  /** Looked for from the working folder: as near to whoever launched it as a script that is given without a folder. */
  Beside: 2,
  /** From anywhere. */
  Foreign: 3,
} as const;
export type Origin = (typeof Origin)[keyof typeof Origin];

/** A module's name, as `bundler/setup`, `@scope/name`, perl's `-strict` and `POSIX=floor` have it: no path, address or text. */
const MODULE = /^-?(?!\w+:\/\/)([@\w][\w:.@/-]*)(?:=(.*))?$/s;

/** Where the code comes from that the value of an option is about. */
export function originOf(before: Before, value: string): Origin {
  switch (before) {
    case "code":
      return Origin.Foreign;
    case "place":
      return places(value);
    case "library":
      return value.replace(/=.*$/s, "").split(SEPARATOR).every((one) => /^[\w.+-]+$/.test(one))
        ? Origin.System
        : places(value);
    case "module":
    case "beside": {
      const module = MODULE.exec(value), name = module?.[1];
      if (name === undefined || climbs(name)) return places(value);
      if (name === "lib" || name === "blib") return places(module![2] ?? "."); // perl: adds folders to the search path
      return before === "module" ? Origin.System : Origin.Beside;
    }
  }
}

/** Between places: `a:b`, and blanks between libraries (ld.so(8)). */
const SEPARATOR = /:|\s+(?=[./])/;

/** The worst of some places; what stands behind `=` are options of theirs. */
function places(value: string): Origin {
  let worst: Origin = Origin.System;
  for (const one of value.replace(/^file:\/\//, "").replace(/=.*$/s, "").split(SEPARATOR)) {
    const folder = `${one}/`;
    const origin = !one.startsWith("/") || climbs(one) || !isVouched(folder)
      ? Origin.Foreign
      : isSystem(folder)
      ? Origin.System
      : Origin.Shared;
    if (origin > worst) worst = origin;
  }
  return worst;
}
