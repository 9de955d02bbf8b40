/**
 * What a package database tells of the base system: packages with all that they depend on.
 *
 * @module
 */

/** Instead of a package's place: a link that was made when a package was set up. */
export const NO_PACKAGE = -1;

/** What a reader of a package database found. */
export interface BasePackages {
  /** The file that changes when a package does. */
  readonly database: string;
  /** When it had last been written before it was read ({@link Files.modified}). */
  readonly modified: number | undefined;
  /** The packages that are the base system, each by what its digests are found by. */
  readonly packages: readonly string[];
  /** Their files that may be programs, as {@link mergePath} spells them; in no order, repeats are possible. */
  readonly programs: readonly string[];
  /** The package of each program, by its place in `packages`; {@link NO_PACKAGE} where it is of none. */
  readonly owners: readonly number[];
}

/** A package as far as its dependencies go. */
export interface Closure {
  /** What it can be asked for by: its own name, and what it says it provides. */
  readonly provides: readonly string[];
  /** What it needs, each by something that a package provides. */
  readonly requires: readonly string[];
}

/** The packages that are called for by one of `roots`, and those that these need, and so on; in the order they are found. */
export function closure<T extends Closure>(packages: readonly T[], roots: readonly string[]): T[] {
  const providers = new Map<string, T[]>();
  for (const one of packages) for (const name of one.provides) addTo(providers, name, one);
  const found = new Set<T>();
  const asked = new Set(roots);
  for (const name of asked) {
    for (const one of providers.get(name) ?? []) {
      if (found.has(one)) continue;
      found.add(one);
      for (const need of one.requires) asked.add(need);
    }
  }
  return [...found];
}

/** Adds to the list of a key. */
export function addTo<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
