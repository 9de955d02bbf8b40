/**
 * The trees as the worker last reported them: their rows, and the order in which they are shown. More than 300 lines: a report
 * changes rows, order, baseline and rarity at once, and none of them may be seen half changed.
 *
 * @module
 */

import { encode, escapeLabelValue } from "../text/mod.ts";
import { pathAbove } from "../tree_path/mod.ts";
import {
  type Changes,
  Column,
  type LaunchContextChanges,
  type NewTree,
  ROW_WIDTH,
  Rows,
  RUN_TIME_WIDTH,
  Stat,
  STAT_WIDTH,
  WAY_WIDTH,
} from "../../fingerprint/mod.ts";
import { type ContainerNaming, LaunchContexts } from "./contexts.ts";
import type { LaunchPlace } from "./launch_places.ts";
import { RunTimeHistogram } from "./run_time_histogram.ts";
import { Rarity } from "./rarity.ts";
import { RecentLaunches } from "./recent_launches.ts";
import {
  type BaselineMode,
  type Expectation,
  EXPECTED,
  flagsIn,
  RARITY,
  SHOWN_WIDTH,
  UNEXPECTED,
  unexpectedAmong,
} from "./shown_row.ts";
import type { ContextOf, Entry, EventTree, RegistryObserver, Tree } from "./tree.ts";
import { type UserNames, userNames } from "./users.ts";

/** Messages that the kernel dropped, by a report's statistics. */
export function lostIn(stats: Float64Array): number {
  return stats[Stat.LostExecs]! + stats[Stat.LostLifecycle]! + stats[Stat.LostRecords]! + stats[Stat.LostRing]!;
}

const ROOT: EventTree = { path: "/", expected: undefined, unexpectedFlags: 0 };

const NONE_MISPLACED: ReadonlyMap<number, number> = new Map();

/** Time between two looks at the rarity of all trees. A tree that is launched is looked at with its report. */
const RARITY_SECONDS = 60;
/** A rarity that differs less, in bits, is left as it was: a tree of which nothing else changed needn't be written again. */
const RARITY_STEP = 0.1;

const byPath = (a: Tree, b: Tree): number => a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

export interface RegistrySources {
  /** Unix time in seconds. */
  readonly now?: () => number;
  /** Names of users; those of this machine unless given. */
  readonly users?: UserNames;
  /** What containers are called; without it nobody knows. */
  readonly containers?: ContainerNaming | undefined;
}

/**
 * Holds trees and applies changes to them. A tree has series from its first launch on. No two trees have one path: the trie
 * interns labels, whose text nothing else prints.
 */
export class Registry {
  /** Counts the changes applied. */
  generation = 0;
  /** The last statistics. */
  stats: Float64Array = new Float64Array(STAT_WIDTH);
  /** Whether accounting records could be had at any time since the start. */
  accounting = false;
  /**
   * Unix time since which every tree that was launched is among {@link trees}, seconds: the start, or the last launch of a tree that
   * left, or a launch that was counted as other. 0 when unknown.
   */
  completeSinceSeconds: number;
  /** Launches that weren't expected when they were reported; stays when a baseline comes or goes. */
  unexpectedLaunches = 0;
  readonly #observer: RegistryObserver;
  /** Unix time in seconds. */
  readonly #now: () => number;
  /** Launches of the last ten minutes, by tree. */
  readonly recent = new RecentLaunches();
  readonly contexts: LaunchContexts;
  readonly #rarity = new Rarity();
  /** Unix time in seconds of the last look at all of it. */
  #measuredSeconds = NaN;
  readonly #rows = new Rows(SHOWN_WIDTH, 0);
  readonly #byId = new Map<number, Entry>();
  /** Rows that are free again. */
  #free: number[] = [];
  #shown: readonly Entry[] = [];
  #expectation: Expectation | undefined;
  #mode: BaselineMode = "enforce";
  /** Whether there was a tree that is expected in some places only. */
  #hasPlaces = false;

  /** `startSeconds` is the Unix time since which the exporter counts; 0 when unknown. */
  constructor(
    observer: RegistryObserver = {},
    readonly startSeconds = 0,
    { now = () => Date.now() / 1000, users = userNames(), containers }: RegistrySources = {},
  ) {
    this.contexts = new LaunchContexts(users, containers);
    this.#observer = observer;
    this.#now = now;
    this.completeSinceSeconds = startSeconds;
  }

  /** All numbers of the trees; a tree's begin at {@link Tree.at}, in the order of `Column`, then {@link EXPECTED} and {@link UNEXPECTED}. */
  get rows(): Float64Array {
    return this.#rows.values;
  }

  /** The trees that have series, in the order of their paths (by UTF-16 units). The array is replaced, never changed. */
  get trees(): readonly Tree[] {
    return this.#shown;
  }

  /** A tree that has series, by its path. */
  find(path: string): Tree | undefined {
    return this.#shown.find((tree) => tree.path === path);
  }

  /** Why the baseline doesn't expect a tree, or some of its launches, in words; null where it does, and without one. */
  unexpectedReason({ id, path, at, expected, unexpectedFlags }: Tree): string | null {
    const flags = flagsIn(this.rows, at) & unexpectedFlags;
    if (expected === undefined) return null;
    if (!expected || flags !== 0) return this.#expectation?.verdict(path, flags).reason ?? null;
    const { onlyIn } = this.#entry(id);
    for (const [place] of this.contexts.places.ofTree(id)) {
      if (onlyIn?.has(place) === false) return onlyIn.reason(place);
    }
    return null;
  }

  /** Whether a launch of a tree, by its number, is expected in a place, whatever its flags; undefined without a baseline. */
  isExpectedIn(tree: number, place: LaunchPlace): boolean | undefined {
    const { expected, onlyIn } = this.#entry(tree);
    return expected === true ? onlyIn?.has(place) !== false : expected;
  }

  /** Applies a report. Throws a RangeError if it names a tree that was never announced: that is a defect, nobody's input. */
  apply(changes: Changes): void {
    this.generation++;
    const nowSeconds = this.#now();
    this.recent.begin(nowSeconds);
    this.#rarity.begin(nowSeconds);
    if (changes.stats[Stat.Collapsed]! > this.stats[Stat.Collapsed]!) this.#forgetUntil(nowSeconds);
    this.stats = changes.stats;
    if (changes.stats[Stat.TaskstatsUp] === 1) this.accounting = true;
    for (const tree of changes.newTrees) this.#add(tree);
    const { contexts } = changes;
    if (contexts !== undefined) this.contexts.apply(contexts, (tree) => this.#byId.get(tree)?.path, nowSeconds);
    const misplaced = this.#misplaced(contexts);
    const begun: Entry[] = [], reported = new Rows(ROW_WIDTH, changes.rows);
    changes.ids.forEach((id, index) => {
      const entry = this.#entry(id), row = this.#rows.row(entry.row);
      const unexpected = unexpectedAmong(entry, row, reported.row(index), misplaced.get(id));
      const added = reported.row(index)[Column.Launches]! - row[Column.Launches]!;
      this.recent.add(id, added);
      row.set(reported.row(index));
      row[UNEXPECTED]! += unexpected;
      this.unexpectedLaunches += unexpected;
      entry.changed = this.generation;
      entry.firstSeen = row[Column.FirstSeen]!;
      const launches = row[Column.Launches]!;
      if (launches > 0 && !entry.shown) {
        entry.shown = true;
        // Once for all: a launch of before that is learned of later doesn't make the counting older.
        entry.createdSeconds = Math.max(this.startSeconds, row[Column.FirstSeen]!);
        begun.push(entry);
        entry.step = this.#rarity.add(entry.path, pathAbove(entry.path, entry.randomName));
        if (entry.expected === false) this.#tell(entry);
      }
      if (entry.step !== undefined) this.#rarity.count(entry.step, added);
      if (unexpected > 0 && entry.expected === true) {
        this.#tellFlags(entry);
        this.#tellPlaces(entry);
      }
    });
    if (changes.events !== undefined) {
      const contextOf: ContextOf = (context, uid) => this.contexts.contextOf(context, uid);
      this.#observer.events?.(changes.events, (id, context) => this.#judgedIn(this.#byId.get(id), context), contextOf);
    }
    const { runTimes } = changes;
    for (let at = 0; at < runTimes.length; at += RUN_TIME_WIDTH) {
      this.#entry(runTimes[at]!).runTimes.add(runTimes[at + 1]!, runTimes[at + 2]!);
    }
    const gone = new Set<Tree>();
    for (const id of changes.removed) this.#remove(id, gone);
    if (begun.length > 0 || gone.size > 0) this.#show(begun, gone);
    if (gone.size > 0) this.#shrink();
    this.#measure(changes.ids, nowSeconds);
  }

  /** How many launches of each tree that is expected elsewhere only a report has, by number; of few trees mostly. */
  #misplaced(contexts: LaunchContextChanges | undefined): ReadonlyMap<number, number> {
    const launchedIn = contexts?.launchedIn;
    if (launchedIn === undefined || !this.#hasPlaces) return NONE_MISPLACED;
    const misplaced = new Map<number, number>();
    for (let i = 0; i < launchedIn.length; i += WAY_WIDTH) {
      const id = launchedIn[i]!, onlyIn = this.#byId.get(id)?.onlyIn;
      if (onlyIn === undefined || onlyIn.has(this.contexts.launchPlaceOf(launchedIn[i + 1]!))) continue;
      misplaced.set(id, (misplaced.get(id) ?? 0) + launchedIn[i + 3]!);
    }
    return misplaced;
  }

  /** A tree as a launch of it in a context is judged. */
  #judgedIn(entry: Entry | undefined, context: number): EventTree {
    if (entry?.onlyIn === undefined || entry.onlyIn.has(this.contexts.launchPlaceOf(context))) return entry ?? ROOT;
    return { path: entry.path, expected: false, unexpectedFlags: 0, firstSeen: entry.firstSeen };
  }

  /** Looks at the rarity of the trees that changed, and of all where it is time for it or the clock was set back. */
  #measure(changed: Iterable<number>, nowSeconds: number): void {
    const passed = nowSeconds - this.#measuredSeconds, isDue = !(passed >= 0 && passed < RARITY_SECONDS);
    if (isDue) this.#measuredSeconds = nowSeconds;
    for (const id of isDue ? this.#byId.keys() : changed) {
      const entry = this.#byId.get(id);
      if (entry?.step === undefined) continue;
      const row = this.#rows.row(entry.row), bits = this.#rarity.bits(entry.step), rounded = Math.round(bits * 10) / 10;
      if (rounded === row[RARITY] || row[RARITY] !== 0 && Math.abs(bits - row[RARITY]!) < RARITY_STEP) continue;
      row[RARITY] = rounded;
      entry.changed = this.generation;
    }
  }

  get hasExpectation(): boolean {
    return this.#expectation !== undefined;
  }

  /** What the baseline is for; undefined without one. */
  get baselineMode(): BaselineMode | undefined {
    return this.hasExpectation ? this.#mode : undefined;
  }

  /**
   * Takes a new baseline, or none. The mode changes nothing here: it is for those who show what is said. What was counted stays;
   * launches that weren't reported yet are judged by the new one, so {@link apply} comes first.
   */
  expect(expectation: Expectation | undefined, mode: BaselineMode = "enforce"): void {
    this.#expectation = expectation;
    this.#mode = mode;
    this.#hasPlaces = false;
    this.generation++;
    for (const entry of this.#byId.values()) {
      const before = entry.expected;
      this.#judge(entry);
      entry.changed = this.generation;
      if (!entry.shown) continue;
      if (entry.expected === false && before !== false) this.#tell(entry);
      this.#tellFlags(entry);
      this.#tellPlaces(entry);
    }
  }

  /** Decided once for a tree and a baseline: a launch costs nothing. */
  #judge(entry: Entry): void {
    const verdict = this.#expectation?.verdict(entry.path);
    entry.expected = verdict?.expected;
    entry.unexpectedFlags = verdict?.unexpectedFlags ?? 0;
    entry.toldFlags &= entry.unexpectedFlags;
    entry.onlyIn = verdict?.onlyIn;
    if (entry.onlyIn !== undefined) this.#hasPlaces = true;
    for (const place of entry.toldPlaces ?? []) if (entry.onlyIn?.has(place) !== false) entry.toldPlaces!.delete(place);
    this.#rows.row(entry.row)[EXPECTED] = entry.expected === true ? 1 : 0;
  }

  #tell({ path }: Entry): void {
    this.#observer.unexpected?.(path, this.#expectation?.verdict(path).reason ?? "");
  }

  #tellFlags(entry: Entry): void {
    const flags = flagsIn(this.#rows.values, this.#rows.at(entry.row)) & entry.unexpectedFlags & ~entry.toldFlags;
    if (flags === 0) return;
    entry.toldFlags |= flags;
    this.#observer.unexpected?.(entry.path, this.#expectation?.verdict(entry.path, flags).reason ?? "");
  }

  /** The places of a tree are few (`MOST_PLACES_OF_TREE`). */
  #tellPlaces(entry: Entry): void {
    const { onlyIn } = entry;
    if (onlyIn === undefined) return;
    for (const [place] of this.contexts.places.ofTree(entry.id)) {
      if (onlyIn.has(place) || entry.toldPlaces?.has(place) === true) continue;
      (entry.toldPlaces ??= new Set()).add(place);
      this.#observer.unexpected?.(entry.path, onlyIn.reason(place));
    }
  }

  #add({ id, path, random, randomName }: NewTree): void {
    const row = this.#free.pop() ?? this.#byId.size;
    if (row >= this.#rows.capacity) this.#rows.resize(roomFor(row), row);
    const escaped = escapeLabelValue(path), wellFormed = path.toWellFormed(), bytes = encode(wellFormed);
    const entry: Entry = {
      id,
      path: wellFormed,
      random,
      randomName,
      bytes,
      label: escaped === wellFormed ? bytes : encode(escaped),
      createdSeconds: 0,
      runTimes: new RunTimeHistogram(),
      row,
      at: this.#rows.at(row),
      changed: this.generation,
      expected: undefined,
      unexpectedFlags: 0,
      toldFlags: 0,
      onlyIn: undefined,
      toldPlaces: undefined,
      firstSeen: 0,
      step: undefined,
      shown: false,
    };
    this.#judge(entry);
    this.#byId.set(id, entry);
  }

  #forgetUntil(seconds: number): void {
    if (this.completeSinceSeconds > 0) this.completeSinceSeconds = Math.max(this.completeSinceSeconds, seconds);
  }

  #remove(id: number, gone: Set<Tree>): void {
    const entry = this.#entry(id);
    this.#forgetUntil(this.#rows.row(entry.row)[Column.LastLaunch]!);
    this.#byId.delete(id);
    this.recent.forget(id);
    this.contexts.forget(id);
    if (entry.step !== undefined) this.#rarity.remove(entry.step);
    this.#rows.clear(entry.row);
    this.#free.push(entry.row);
    gone.add(entry);
  }

  /** Puts the trees that got their first launch in their places, and takes out those that left. */
  #show(begun: Entry[], gone: ReadonlySet<Tree>): void {
    const added = begun.filter((tree) => !gone.has(tree)).sort(byPath);
    const shown: Entry[] = [];
    let next = 0;
    for (const tree of this.#shown) {
      if (gone.has(tree)) continue;
      while (next < added.length && byPath(added[next]!, tree) < 0) shown.push(added[next++]!);
      shown.push(tree);
    }
    while (next < added.length) shown.push(added[next++]!);
    this.#shown = shown;
  }

  #entry(id: number): Entry {
    const entry = this.#byId.get(id);
    if (entry === undefined) throw new RangeError(`Cannot apply changes: tree ${id} was never announced`);
    return entry;
  }

  /** Gives memory back that many trees have needed which left: the rows move together. */
  #shrink(): void {
    const count = this.#byId.size, capacity = roomFor(count);
    if (this.#rows.capacity < 4 * capacity) return;
    const rows = new Rows(SHOWN_WIDTH, capacity);
    let row = 0;
    for (const entry of this.#byId.values()) {
      rows.row(row).set(this.#rows.row(entry.row));
      entry.row = row++;
      entry.at = rows.at(entry.row);
    }
    this.#rows.values = rows.values;
    this.#free = [];
  }
}

/** Rows to have room for where so many are needed. */
function roomFor(count: number): number {
  return Math.max(64, Math.ceil(1.5 * count));
}
