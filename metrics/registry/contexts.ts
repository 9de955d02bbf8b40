/**
 * Who launched: the places of launches as the worker numbers them, and how many launches each unit had.
 *
 * @module
 */

import { type LaunchContextChanges, type ProcessPlace, unitFamily } from "../../fingerprint/mod.ts";

/** Units that are counted by themselves. */
export const MOST_UNITS = 200;
/** In place of a unit: no unit, nobody knows which, one that came when there were {@link MOST_UNITS}. No unit is called so. */
export const NO_UNIT = "none", UNKNOWN_UNIT = "unknown", OTHER_UNIT = "other";

/** Places that are remembered: twice as many as the worker tells apart at a time. */
const MOST_PLACES = 8192;

export class LaunchContexts {
  readonly #places = new Map<number, ProcessPlace>();
  readonly #launches = new Map<string, number>();

  /** Launches by the unit of the system's own manager, a user's counted as that user's manager's. */
  get launchesByUnit(): ReadonlyMap<string, number> {
    return this.#launches;
  }

  /** The place of a number; undefined where nobody knows. */
  placeOf(context: number): ProcessPlace | undefined {
    return this.#places.get(context);
  }

  apply({ added, launches }: LaunchContextChanges): void {
    for (const { id, ...place } of added) {
      if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
      this.#places.set(id, place);
    }
    for (let i = 0; i < launches.length; i += 2) {
      const place = this.placeOf(launches[i]!);
      this.#count(place === undefined ? UNKNOWN_UNIT : countedUnit(place), launches[i + 1]!);
    }
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
