/**
 * How many launches each container had. Containers come and go: their number is bounded, and one that has been quiet for long leaves.
 *
 * @module
 */

/**
 * Containers that are counted by themselves; of these, those in whose names a unit stands in front, because somebody who isn't the
 * system's own runtime has named them, mostly a user; and those of one such unit. So nobody takes another's place, and none takes the
 * system's.
 */
export const MOST_CONTAINERS = 200, MOST_CLAIMED = 100, MOST_OF_CLAIMANT = 20;

/** In place of a container that came when there were so many. */
export const OTHER_CONTAINER = "other";

/** One without launches for so long leaves, and begins anew if it comes back. */
const QUIET_SECONDS = 3600;

interface Row {
  launches: number;
  /** Unix time of the report with its last launch. */
  lastSeconds: number;
}

/** Who says that there is such a container: a unit, or "" for the system's own runtimes. */
function claimantOf(container: string): string {
  return container.slice(0, Math.max(0, container.indexOf("/")));
}

export class ContainerLaunches {
  readonly #rows = new Map<string, Row>();
  /** Rows by claimant, and those of all but the system. */
  readonly #claimed = new Map<string, number>();
  #claims = 0;
  #other = 0;

  /** Launches by container, those of all others together where there are any. */
  *entries(): Generator<readonly [container: string, launches: number]> {
    for (const [container, { launches }] of this.#rows) yield [container, launches];
    if (this.#other > 0) yield [OTHER_CONTAINER, this.#other];
  }

  /** Counts launches in a container, or takes some back; `nowSeconds` is Unix time. */
  count(container: string, launches: number, nowSeconds: number): void {
    const row = this.#rows.get(container) ?? this.#add(container);
    if (row === undefined) {
      this.#other = Math.max(0, this.#other + launches);
      return;
    }
    row.launches = Math.max(0, row.launches + launches);
    row.lastSeconds = nowSeconds;
  }

  /** Lets those leave that have been quiet for long. */
  sweep(nowSeconds: number): void {
    for (const [container, { lastSeconds }] of this.#rows) {
      if (nowSeconds - lastSeconds < QUIET_SECONDS) continue;
      this.#rows.delete(container);
      this.#claim(claimantOf(container), -1);
    }
  }

  /** A row for one that has none; undefined where there is no place for it. */
  #add(container: string): Row | undefined {
    const claimant = claimantOf(container);
    const isFull = this.#rows.size >= MOST_CONTAINERS ||
      claimant !== "" &&
        (this.#claims >= MOST_CLAIMED || (this.#claimed.get(claimant) ?? 0) >= MOST_OF_CLAIMANT);
    if (isFull || container === OTHER_CONTAINER) return undefined;
    this.#claim(claimant, 1);
    const row: Row = { launches: 0, lastSeconds: 0 };
    this.#rows.set(container, row);
    return row;
  }

  #claim(claimant: string, count: number): void {
    if (claimant === "") return;
    this.#claims += count;
    const left = (this.#claimed.get(claimant) ?? 0) + count;
    if (left === 0) this.#claimed.delete(claimant);
    else this.#claimed.set(claimant, left);
  }
}
