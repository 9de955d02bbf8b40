/**
 * How often each tree was launched where: by unit, and by the image of its container. A baseline may tell these apart.
 *
 * @module
 */

/** Where a launch was. The same object for the same place, as long as places are few. */
export interface LaunchPlace {
  /** Unit of the system's own manager, numbered ones as one: `session-*.scope`; empty in none, undefined where nobody knows. */
  readonly unit: string | undefined;
  /** Image of its container; empty in none that a runtime of root told of, undefined where nobody knows. */
  readonly image: string | undefined;
}

/** A place that nobody knows. */
export const UNKNOWN_PLACE: LaunchPlace = { unit: undefined, image: undefined };

/** Places that are told apart, and those of one tree. Launches elsewhere count for {@link UNKNOWN_PLACE}. */
const MOST_PLACES = 4096;
export const MOST_PLACES_OF_TREE = 64;

/** Launches of a tree in a place, and what else there is of the tree: mostly nothing. */
interface Count {
  readonly place: LaunchPlace;
  launches: number;
  readonly next: Count | undefined;
}

export class LaunchPlaces {
  readonly #places = new Map<string, LaunchPlace>();
  readonly #byTree = new Map<number, Count>();

  /** The place of a unit and an image. */
  of(unit: string | undefined, image: string | undefined): LaunchPlace {
    if (unit === undefined && image === undefined) return UNKNOWN_PLACE;
    const key = JSON.stringify([unit, image]), known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#places.size >= MOST_PLACES) return UNKNOWN_PLACE;
    const place = { unit, image };
    this.#places.set(key, place);
    return place;
  }

  /** Counts launches of a tree, by its number, or takes some back. */
  count(tree: number, place: LaunchPlace, launches: number): void {
    const first = this.#byTree.get(tree);
    let count = first, others = 0;
    while (count !== undefined && count.place !== place) {
      count = count.next;
      others++;
    }
    if (count === undefined && others >= MOST_PLACES_OF_TREE && place !== UNKNOWN_PLACE) {
      return this.count(tree, UNKNOWN_PLACE, launches);
    }
    if (count === undefined) this.#byTree.set(tree, { place, launches: Math.max(0, launches), next: first });
    else count.launches = Math.max(0, count.launches + launches);
  }

  /** Launches of a tree by place; what has none any more is left out. */
  *ofTree(tree: number): Generator<readonly [place: LaunchPlace, launches: number]> {
    for (let count = this.#byTree.get(tree); count !== undefined; count = count.next) {
      if (count.launches > 0) yield [count.place, count.launches];
    }
  }

  /** A tree has left. */
  forget(tree: number): void {
    this.#byTree.delete(tree);
  }
}
