/**
 * Who launched: the places of launches as the worker numbers them, and how many launches each unit had.
 *
 * @module
 */

import { type LaunchContextChanges, NO_USER, type ProcessPlace, unitFamily } from "../../fingerprint/mod.ts";

/** Units that are counted by themselves. */
export const MOST_UNITS = 200;
/** In place of a unit: no unit, nobody knows which, one that came when there were {@link MOST_UNITS}. No unit is called so. */
export const NO_UNIT = "none", UNKNOWN_UNIT = "unknown", OTHER_UNIT = "other";

/** Of a tree as many ways to be launched are shown. */
export const MOST_OF_TREE = 4;

/** Who launches a tree, as labels; empty where it is in no unit or container, or nobody knows. */
export interface LaunchedBy {
  /** Numbered units as one: `session-*.scope`. */
  readonly unit: string;
  readonly container: string;
  /** By number. */
  readonly user: string;
}

/** Places that are remembered: twice as many as the worker tells apart at a time. */
const MOST_PLACES = 8192;

export class LaunchContexts {
  readonly #places = new Map<number, ProcessPlace>();
  readonly #launches = new Map<string, number>();
  /** Number of a tree → who launched it, the last at the end. */
  readonly #byTree = new Map<number, readonly LaunchedBy[]>();

  /** Launches by the unit of the system's own manager, a user's counted as that user's manager's. */
  get launchesByUnit(): ReadonlyMap<string, number> {
    return this.#launches;
  }

  /** The place of a number; undefined where nobody knows. */
  placeOf(context: number): ProcessPlace | undefined {
    return this.#places.get(context);
  }

  /** The last {@link MOST_OF_TREE} that were seen to launch a tree, by its number. */
  launchersOf(tree: number): readonly LaunchedBy[] {
    return this.#byTree.get(tree) ?? [];
  }

  /** A tree has left. */
  forget(tree: number): void {
    this.#byTree.delete(tree);
  }

  /** Takes a report in; of trees that `isKnown` denies nothing is kept. */
  apply({ added, launches, launchedIn }: LaunchContextChanges, isKnown: (tree: number) => boolean): void {
    for (const { id, ...place } of added) {
      if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
      this.#places.set(id, place);
    }
    for (let i = 0; i < launches.length; i += 2) {
      const place = this.placeOf(launches[i]!);
      this.#count(place === undefined ? UNKNOWN_UNIT : countedUnit(place), launches[i + 1]!);
    }
    for (let i = 0; i < launchedIn.length; i += 3) {
      if (isKnown(launchedIn[i]!)) this.#add(launchedIn[i]!, launchedIn[i + 1]!, launchedIn[i + 2]!);
    }
  }

  #add(tree: number, context: number, uid: number): void {
    const place = this.placeOf(context), user = uid === NO_USER ? "" : String(uid);
    const by = { unit: unitFamily(place?.unit ?? ""), container: place?.container ?? "", user };
    const isOther = (known: LaunchedBy) =>
      known.unit !== by.unit || known.container !== by.container || known.user !== by.user;
    this.#byTree.set(tree, [...this.launchersOf(tree).filter(isOther), by].slice(-MOST_OF_TREE));
  }

  #count(unit: string, launches: number): void {
    const isKnown = this.#launches.has(unit) || this.#launches.size < MOST_UNITS;
    const name = isKnown ? unit : OTHER_UNIT;
    this.#launches.set(name, Math.max(0, (this.#launches.get(name) ?? 0) + launches));
  }
}

/** The unit under which a place's launches count. */
function countedUnit({ unit = NO_UNIT }: ProcessPlace): string {
  return unitFamily(unit.split("/", 1)[0]!);
}
