/**
 * Files that lie elsewhere than their package says, because another package or the administrator has one in their place.
 * Format of /var/lib/dpkg/diversions: three lines each, the path, where other packages' file of that path is put, and the
 * package that may have it, `:` for the administrator (dpkg-divert(1), lib/dpkg/db-fsys-divert.c of dpkg 1.21).
 *
 * @module
 */
import { type Files, mergePath } from "./database/mod.ts";

export const DIVERSIONS = "/var/lib/dpkg/diversions";

export interface Diversions {
  /** Where a package's file lies, by its path in the package; both as {@link mergePath} spells them. */
  placeOf(path: string, owner: string): string;
}

/** Reads the diversions; without any all files lie where their packages say. */
export function readDiversions(files: Files): Diversions {
  const diverted = new Map<string, { readonly place: string; readonly by: string }>();
  const lines = files.readText(DIVERSIONS)?.split("\n") ?? [];
  for (let i = 0; i + 2 < lines.length; i += 3) {
    diverted.set(mergePath(lines[i]!), { place: mergePath(lines[i + 1]!), by: lines[i + 2]! });
  }
  return {
    placeOf(path, owner) {
      const found = diverted.get(path);
      // The package is named without its architecture there.
      return found === undefined || found.by === owner.replace(/:.*$/, "") ? path : found.place;
    },
  };
}
