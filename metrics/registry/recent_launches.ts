/**
 * Launches of the last ten minutes, by tree and of the machine: for whoever looks at them. Reports say how many launches there
 * were since the last one, not when: they count in equal parts for the time between the two.
 *
 * @module
 */

/** Parts of the time that is kept, and how long each is. */
export const RECENT_BINS = 60;
export const RECENT_BIN_SECONDS = 10;

export class RecentLaunches {
  /** Rings by the number of the tree; of trees without a launch in that time there is none. */
  readonly #trees = new Map<number, Float32Array>();
  readonly #all = new Float32Array(RECENT_BINS);
  /** Number of the newest part, counted from 1970. */
  #bin = NaN;
  #reportedSeconds = NaN;
  /** Share of a launch for each part of the time of the report, the newest last. */
  #shares: number[] = [];

  /** A report comes, at this Unix time in seconds. */
  begin(nowSeconds: number): void {
    const before = this.#reportedSeconds, bin = Math.floor(nowSeconds / RECENT_BIN_SECONDS);
    this.#reportedSeconds = nowSeconds;
    if (!Number.isNaN(this.#bin)) this.#advance(bin);
    this.#bin = bin;
    // Nobody knows since when the launches of a first report are, nor of one after the clock was set back.
    this.#shares = before <= nowSeconds ? sharesOf(before, nowSeconds) : [];
  }

  /** A tree had so many launches since the last report. */
  add(tree: number, launches: number): void {
    const shares = this.#shares;
    if (shares.length === 0 || launches <= 0) return;
    let ring = this.#trees.get(tree);
    if (ring === undefined) this.#trees.set(tree, ring = new Float32Array(RECENT_BINS));
    for (let i = 0; i < shares.length; i++) {
      const at = (this.#bin - shares.length + 1 + i) % RECENT_BINS, part = launches * shares[i]!;
      ring[at]! += part;
      this.#all[at]! += part;
    }
  }

  forget(tree: number): void {
    this.#trees.delete(tree);
  }

  /** Launches of a tree in each part of the last ten minutes before the last report, the oldest first; none where there were none. */
  of(tree: number): number[] {
    const ring = this.#trees.get(tree);
    return ring === undefined ? [] : this.#ordered(ring);
  }

  /** Launches of all trees, likewise. */
  get ofAll(): number[] {
    return Number.isNaN(this.#bin) ? [] : this.#ordered(this.#all);
  }

  /** Unix time in seconds of the end of the newest part; NaN before the first report. */
  get untilSeconds(): number {
    return (this.#bin + 1) * RECENT_BIN_SECONDS;
  }

  #ordered(ring: Float32Array): number[] {
    return Array.from(ring, (_, i) => Math.round(ring[(this.#bin + 1 + i) % RECENT_BINS]! * 100) / 100);
  }

  /** Empties the parts of the rings that begin anew; all of them where the clock was set back. */
  #advance(bin: number): void {
    const steps = bin < this.#bin ? RECENT_BINS : Math.min(RECENT_BINS, bin - this.#bin);
    if (steps === 0) return;
    for (let step = 0; step < steps; step++) this.#all[(bin - step) % RECENT_BINS] = 0;
    for (const [tree, ring] of this.#trees) {
      for (let step = 0; step < steps; step++) ring[(bin - step) % RECENT_BINS] = 0;
      if (ring.every((launches) => launches === 0)) this.#trees.delete(tree);
    }
  }
}

/** How a launch between two times counts for each part that lies between them, the newest last; what is older is left out. */
function sharesOf(from: number, to: number): number[] {
  const last = Math.floor(to / RECENT_BIN_SECONDS), span = to - from;
  const first = Math.max(last - RECENT_BINS + 1, Math.floor(from / RECENT_BIN_SECONDS));
  if (first === last) return [span === 0 ? 1 : (to - Math.max(from, first * RECENT_BIN_SECONDS)) / span];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const begin = (first + i) * RECENT_BIN_SECONDS;
    return (Math.min(to, begin + RECENT_BIN_SECONDS) - Math.max(from, begin)) / span;
  });
}
