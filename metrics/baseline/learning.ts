/**
 * Learning that knows when it is done: which trees were seen, when the last new one came, and how many launches there have
 * been since, of all and by unit.
 *
 * A tree is new that wasn't seen before and that the baseline doesn't expect. After n launches without a new one, the next is
 * one with a probability below 3/n, 95 % of the time (the rule of three); the time covers what comes round daily.
 *
 * @module
 */

import { NO_UNIT, OTHER_UNIT, UNKNOWN_UNIT } from "../registry/mod.ts";
import type { Baseline } from "./baseline.ts";
import type { Look } from "./look.ts";
import type { Section } from "./sections.ts";
import { isOther, latest, seenKey, type SeenTree } from "./seen.ts";

/** When learning is done: after so long, and so many launches, without a new tree. */
export interface Stability {
  readonly quietMs: number;
  readonly launches: number;
}

/** How far learning is: of everything, or of one unit. */
export interface Progress {
  readonly trees: number;
  /** Time since the last new tree, or since the beginning. */
  readonly quietMs: number;
  /** Launches since then. */
  readonly launches: number;
  readonly isStable: boolean;
}

/** What a look told beside trees. */
export interface LookNews {
  /** Whether the exporter has begun anew since the last look at it. */
  readonly isRestarted: boolean;
  /** Messages that the kernel dropped since then. */
  readonly lost: number;
}

/** A tree, in a section where these are told apart. */
type Where = Pick<SeenTree, "tree" | "section">;
type IsKnown = (where: Where) => boolean;

/** A clock that new trees set back. */
class Clock {
  readonly #trees = new Set<string>();
  #launches = 0;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** Takes trees and the launches that came with them; launches beside a new tree don't count. */
  add(trees: Iterable<Where>, launches: number, isKnown: IsKnown, nowMs: number): void {
    this.#launches += launches;
    for (const tree of trees) {
      const key = seenKey(tree);
      if (this.#trees.has(key)) continue;
      this.#trees.add(key);
      if (isKnown(tree)) continue;
      this.#sinceMs = nowMs;
      this.#launches = 0;
    }
  }

  progress(wanted: Stability, nowMs: number): Progress {
    const quietMs = nowMs - this.#sinceMs, launches = this.#launches;
    return {
      trees: this.#trees.size,
      quietMs,
      launches,
      isStable: quietMs >= wanted.quietMs && launches >= wanted.launches,
    };
  }
}

/** What is remembered of an exporter from look to look. */
interface Before {
  readonly startSeconds: number | undefined;
  readonly lost: number;
  readonly launches: ReadonlyMap<string, number>;
  readonly launchesByUnit: ReadonlyMap<string, number>;
}

const NOTHING: Before = { startSeconds: undefined, lost: 0, launches: new Map(), launchesByUnit: new Map() };

/** What `cnproc_unit_launches_total` has in place of a unit: none, one that nobody knows, one of too many. */
const NO_UNITS: ReadonlySet<string> = new Set([NO_UNIT, UNKNOWN_UNIT, OTHER_UNIT]);

/** How many launches came since a look, none without one. A counter that is smaller than it was began at 0. */
function added(before: ReadonlyMap<string, number> | undefined, name: string, now: number): number {
  if (before === undefined) return 0;
  const then = before.get(name) ?? 0;
  return now < then ? now : now - then;
}

/** What is learned, look by look. All times are of one clock that only goes forward, in milliseconds. */
export class Learning {
  readonly #wanted: Stability;
  readonly #isKnown: IsKnown;
  readonly #startMs: number;
  readonly #all: Clock;
  readonly #units = new Map<string, Clock>();
  readonly #before = new Map<string, Before>();
  readonly #seen = new Map<string, SeenTree>();

  /** `baseline` is what is expected already. */
  constructor(wanted: Stability, baseline: Baseline | undefined, nowMs: number) {
    this.#wanted = wanted;
    this.#isKnown = ({ tree, section }) => isOther(tree) || baseline?.covers(tree, section) === true;
    this.#startMs = nowMs;
    this.#all = new Clock(nowMs);
  }

  /** What was seen, each tree by exporter; of one that began anew with the larger of its counts. */
  get seen(): SeenTree[] {
    return [...this.#seen.values()];
  }

  /** How far it is. */
  progress(nowMs: number): Progress {
    return this.#all.progress(this.#wanted, nowMs);
  }

  /** How far it is with each unit, in the order of their names. */
  units(nowMs: number): (readonly [unit: string, progress: Progress])[] {
    return [...this.#units].map(([unit, clock]) => [unit, clock.progress(this.#wanted, nowMs)] as const)
      .sort(([a], [b]) => a < b ? -1 : 1);
  }

  /** Takes a look. */
  add(look: Look, nowMs: number): LookNews {
    const { instance, startSeconds, trees, launchesByUnit, lost } = look;
    const last = this.#before.get(instance);
    const isRestarted = last?.startSeconds !== undefined && startSeconds !== undefined &&
      last.startSeconds !== startSeconds;
    // What came before the first look isn't counted: nobody knows when.
    const before = isRestarted ? NOTHING : last;
    const launches = new Map(trees.map((tree) => [seenKey(tree), tree.launches]));
    this.#before.set(instance, { startSeconds, lost, launches, launchesByUnit });
    for (const tree of trees) this.#keep(tree);
    let sum = 0;
    // What stands for any tree may be a new one each time: it doesn't count.
    for (const tree of trees) {
      const key = seenKey(tree);
      if (!isOther(tree.tree)) sum += added(before?.launches, key, launches.get(key)!);
    }
    this.#all.add(trees, sum, this.#isKnown, nowMs);
    this.#addUnits(look, before, nowMs);
    return { isRestarted, lost: before === undefined ? 0 : Math.max(0, lost - before.lost) };
  }

  #addUnits({ launchedIn, launchesByUnit }: Look, before: Before | undefined, nowMs: number): void {
    const trees = Map.groupBy(launchedIn, ({ place: { unit = "" } }) => unit);
    for (const unit of new Set([...trees.keys(), ...launchesByUnit.keys()])) {
      if (unit === "" || NO_UNITS.has(unit)) continue;
      const clock = this.#units.get(unit) ?? new Clock(this.#startMs);
      this.#units.set(unit, clock);
      const launches = added(before?.launchesByUnit, unit, launchesByUnit.get(unit) ?? 0);
      const section: Section = { kind: "units", name: unit };
      clock.add((trees.get(unit) ?? []).map(({ tree }) => ({ tree, section })), launches, this.#isKnown, nowMs);
    }
  }

  #keep(tree: SeenTree): void {
    const key = [seenKey(tree), ...tree.instances].join("\0"), known = this.#seen.get(key) ?? tree;
    this.#seen.set(key, {
      ...tree,
      launches: Math.max(known.launches, tree.launches),
      flags: known.flags | tree.flags,
      firstSeenSeconds: known.firstSeenSeconds ?? tree.firstSeenSeconds,
      lastSeenSeconds: latest([known.lastSeenSeconds, tree.lastSeenSeconds]),
    });
  }
}
