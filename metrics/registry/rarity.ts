/**
 * How rare a launch is: the surprisal −log₂ p(child | parent tree) of each tree, in bits.
 *
 * A tree gives a chance to its children by each of their launches, by each of its own (it may launch nothing), and by each
 * hour that it is known: a server that launched nothing for a month makes its first shell rare. So a chance brings one of the
 * known children, or nothing, or a child that nobody knows yet, and
 *
 *     p = (launches of the child + ½) / (all chances + ½ · (known children + 2))
 *
 * which is the estimator of Krichevsky and Trofimov ("The performance of universal encoding", IEEE Transactions on Information
 * Theory 27, 1981): half a launch more for each outcome, so that these probabilities add up to 1 and none of them is 0.
 *
 * What was a week ago counts half. It is forward decay (Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009): what happens later
 * weighs more, and all is divided by the weight of now when it is asked for, so that nothing has to be made smaller.
 *
 * @module
 */

/** Time after which a launch counts half: what is done once a week stays known. */
const HALF_LIFE_SECONDS = 7 * 86_400;
const HOUR_SECONDS = 3600;
/** What a report can't be later than the one before: a clock that is set, or a night asleep, is no time in which to launch. */
const MOST_PASSED_SECONDS = HOUR_SECONDS;
/** Pseudo-count of each outcome. */
const HALF = 0.5;
/** Outcomes of a chance beside the known children: nothing, and a child that is new. */
const OTHER_OUTCOMES = 2;

/** A path, as far as it is launched and launches. */
interface Place {
  readonly path: string;
  /** Trees that have it: two while one leaves and comes again. */
  trees: number;
  /** Their launches, weighed; those of its children; how many children are known. */
  own: number;
  below: number;
  children: number;
  /** Since when it is known, in seconds of {@link Rarity}'s clock. */
  readonly since: number;
}

/** A tree that is launched. */
export interface Step {
  readonly place: Place;
  /** The place of what launches it. */
  readonly parent: Place;
  /** Its launches, weighed. */
  weight: number;
}

/** Weighs launches of trees by time, and says how rare each is. A launch costs nothing; a report costs three additions a tree. */
export class Rarity {
  /** The paths of trees with launches, and of what they were launched by. */
  readonly #places = new Map<string, Place>();
  /** Seconds that passed while reports came. */
  #clock = 0;
  #before = NaN;
  /** Weight of a launch now. */
  #weight = 1;

  /** A report comes, at this Unix time in seconds. */
  begin(nowSeconds: number): void {
    const passed = nowSeconds - this.#before;
    if (passed > 0) this.#clock += Math.min(passed, MOST_PASSED_SECONDS);
    this.#before = nowSeconds;
    this.#weight = 2 ** (this.#clock / HALF_LIFE_SECONDS);
  }

  /** A tree has its first launches; `parent` is the path of what launches it, empty for a first program. */
  add(path: string, parent: string): Step {
    const step: Step = { place: this.#place(path), parent: this.#place(parent), weight: 0 };
    step.place.trees++;
    step.parent.children++;
    return step;
  }

  /** It was launched so often since the last report. */
  count(step: Step, launches: number): void {
    if (launches <= 0) return; // a correction took some back: nobody knows of which time
    const weight = launches * this.#weight;
    step.weight += weight;
    step.place.own += weight;
    step.parent.below += weight;
  }

  /** It left. What differences of large numbers leave behind doesn't outlive the last one. */
  remove({ place, parent, weight }: Step): void {
    place.own = --place.trees === 0 ? 0 : place.own - weight;
    parent.below = --parent.children === 0 ? 0 : Math.max(0, parent.below - weight);
    this.#forget(place);
    this.#forget(parent);
  }

  /** The surprisal of its launch by its parent, in bits; never less than 0. */
  bits({ weight, parent: { own, below, children, since } }: Step): number {
    const nothing = own / this.#weight + hoursOf(this.#clock - since);
    const all = below / this.#weight + nothing + HALF * (children + OTHER_OUTCOMES);
    return Math.max(0, Math.log2(all / (weight / this.#weight + HALF))); // sums of what differs much in size are not exact
  }

  #place(path: string): Place {
    let place = this.#places.get(path);
    if (place === undefined) {
      place = { path, trees: 0, own: 0, below: 0, children: 0, since: this.#clock };
      this.#places.set(path, place);
    }
    return place;
  }

  /** The root stays: it is as old as the exporter. */
  #forget({ path, trees, children }: Place): void {
    if (trees + children === 0 && path !== "") this.#places.delete(path);
  }
}

/** Hours of an age in seconds, each of which counts as little as a launch of its time does. */
function hoursOf(age: number): number {
  return HALF_LIFE_SECONDS / HOUR_SECONDS / Math.LN2 * (1 - 2 ** (-age / HALF_LIFE_SECONDS));
}
