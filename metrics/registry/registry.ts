/**
 * The trees as the worker last reported them: their rows, and the order in which they are shown.
 *
 * @module
 */

import { encode, escapeLabelValue } from "../text/mod.ts";
import {
  type Changes,
  Column,
  type EventBatch,
  type NewTree,
  ROW_WIDTH,
  Stat,
  STAT_WIDTH,
} from "../../fingerprint/mod.ts";
import { MergedRows } from "./merged_rows.ts";
import { type Expectation, EXPECTED, SHOWN_WIDTH } from "./shown_row.ts";

/** A source of changes: the worker, or what stands for it in a test. */
export interface Watcher {
  /** What changed since the last call. One call at a time is made. */
  collect(): Promise<Changes>;
  /** A scrape has got the text with the report of this number (`Stat.Report`). */
  confirm(report: number): void;
}

/** One shown path with its row. */
export interface Tree {
  readonly path: string;
  /** Whether a machine-made name is part of it. */
  readonly random: boolean;
  /** The path as the value of a label: escaped, UTF-8. */
  readonly label: Uint8Array;
  /** Index of its row's first number in {@link Registry.rows}. */
  readonly at: number;
  /** The {@link Registry.generation} in which its row changed last. */
  readonly changed: number;
  /** Whether the baseline expects it; undefined without one. */
  readonly expected: boolean | undefined;
}

/** The registry's own view of a tree. */
interface Entry extends Tree {
  at: number;
  changed: number;
  expected: boolean | undefined;
  /** Whether it has series; once it has, it keeps them until it leaves. */
  shown: boolean;
  /** Only where several of the worker's trees have this path. */
  merged?: MergedRows;
}

const byPath = (a: Tree, b: Tree): number => a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/**
 * Holds trees and applies changes to them. A tree has series from its first launch on.
 *
 * Two trees of the worker can have one path: a program may be called `random`, `other`, or the 64 characters that are left of
 * another's name. Their rows are merged, because two series with the same labels make Prometheus refuse the whole scrape,
 * and whoever can start a program could bring that about.
 */
export class Registry {
  /** Counts the changes applied. */
  generation = 0;
  /** Rows of the trees, {@link SHOWN_WIDTH} numbers each. */
  rows = new Float64Array(0);
  /** The last statistics. */
  stats: Float64Array = new Float64Array(STAT_WIDTH);
  /** Gets the launches and endings of a report, while {@link pathOf} knows all their trees. */
  onEvents: (events: EventBatch) => void = () => {};
  /** Whether accounting records could be had at any time since the start. */
  accounting = false;
  /** Launches of trees that weren't expected when they were reported; stays when a baseline comes or goes. */
  unexpectedLaunches = 0;
  /** Told of each shown tree that isn't expected, once: when it is first launched, or when a new baseline says so. */
  onUnexpected: (path: string, reason: string) => void = () => {};

  readonly #byId = new Map<number, Entry>();
  readonly #byPath = new Map<string, Entry>();
  /** Starts of rows that are free again. */
  #free: number[] = [];
  #shown: readonly Entry[] = [];
  #expectation: Expectation | undefined;

  /** The trees that have series, in the order of their paths (by UTF-16 units). The array is replaced, never changed. */
  get trees(): readonly Tree[] {
    return this.#shown;
  }

  /** Applies a report. Throws a RangeError if it names a tree that was never announced: that is a defect, nobody's input. */
  apply(changes: Changes): void {
    this.generation++;
    this.stats = changes.stats;
    if (changes.stats[Stat.TaskstatsUp] === 1) this.accounting = true;
    for (const tree of changes.newTrees) this.#add(tree);
    const begun: Entry[] = [];
    changes.ids.forEach((id, index) => {
      const row = changes.rows.subarray(index * ROW_WIDTH, (index + 1) * ROW_WIDTH);
      const entry = this.#entry(id);
      const before = this.rows[entry.at + Column.Launches]!;
      if (entry.merged === undefined) this.rows.set(row, entry.at);
      else this.rows.set(entry.merged.set(id, row), entry.at);
      entry.changed = this.generation;
      const launches = this.rows[entry.at + Column.Launches]!;
      if (entry.expected === false) this.unexpectedLaunches += Math.max(0, launches - before);
      if (entry.shown || launches === 0) return;
      entry.shown = true;
      begun.push(entry);
      if (entry.expected === false) this.#tell(entry);
    });
    if (changes.events !== undefined) this.onEvents(changes.events);
    const gone = new Set<Tree>();
    for (const id of changes.removed) this.#remove(id, gone);
    if (begun.length > 0 || gone.size > 0) this.#show(begun, gone);
    if (gone.size > 0) this.#shrink();
  }

  /** Whether there is a baseline. */
  get hasExpectation(): boolean {
    return this.#expectation !== undefined;
  }

  /**
   * Takes a new baseline, or none. What was counted stays; launches that weren't reported yet are judged by the new one, so
   * {@link apply} comes first.
   */
  expect(expectation: Expectation | undefined): void {
    this.#expectation = expectation;
    this.generation++;
    for (const entry of this.#byPath.values()) {
      const before = entry.expected;
      this.#judge(entry);
      entry.changed = this.generation;
      if (entry.shown && entry.expected === false && before !== false) this.#tell(entry);
    }
  }

  /** Decided once for a tree and a baseline: a launch costs nothing. */
  #judge(entry: Entry): void {
    entry.expected = this.#expectation?.verdict(entry.path).expected;
    this.rows[entry.at + EXPECTED] = entry.expected === true ? 1 : 0;
  }

  #tell({ path }: Entry): void {
    this.onUnexpected(path, this.#expectation?.verdict(path).reason ?? "");
  }

  /** Path of one of the worker's trees, for {@link onEvents}. The root, which has no series, is `/`. */
  pathOf(id: number): string {
    return this.#byId.get(id)?.path ?? "/";
  }

  #add({ id, path, random }: NewTree): void {
    const shown = path.toWellFormed();
    const same = this.#byPath.get(shown);
    if (same !== undefined) {
      same.merged ??= new MergedRows(this.#idOf(same), this.rows.subarray(same.at, same.at + ROW_WIDTH));
      same.merged.set(id, new Float64Array(ROW_WIDTH));
      this.#byId.set(id, same);
      return;
    }
    const entry: Entry = {
      path: shown,
      random,
      label: encode(escapeLabelValue(shown)),
      at: this.#takeRow(),
      changed: this.generation,
      expected: undefined,
      shown: false,
    };
    this.#judge(entry);
    this.#byId.set(id, entry);
    this.#byPath.set(shown, entry);
  }

  #remove(id: number, gone: Set<Tree>): void {
    const entry = this.#entry(id);
    this.#byId.delete(id);
    if (entry.merged !== undefined && entry.merged.size > 1) {
      this.rows.set(entry.merged.remove(id), entry.at);
      entry.changed = this.generation;
      return;
    }
    this.#byPath.delete(entry.path);
    this.rows.fill(0, entry.at, entry.at + SHOWN_WIDTH);
    this.#free.push(entry.at);
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

  /** The only id of an entry that isn't merged yet. */
  #idOf(entry: Entry): number {
    for (const [id, other] of this.#byId) if (other === entry) return id;
    throw new RangeError(`Cannot merge trees: ${JSON.stringify(entry.path)} has no number`);
  }

  /** Gives memory back that many trees have needed which left: the rows move together. */
  #shrink(): void {
    const count = Math.max(64, Math.ceil(this.#byPath.size * 1.5));
    if (this.rows.length < 4 * count * ROW_WIDTH) return;
    const rows = new Float64Array(count * ROW_WIDTH);
    let at = 0;
    for (const entry of this.#byPath.values()) {
      rows.set(this.rows.subarray(entry.at, entry.at + ROW_WIDTH), at);
      entry.at = at;
      at += ROW_WIDTH;
    }
    this.rows = rows;
    this.#free = [];
  }

  #takeRow(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const at = this.#byPath.size * SHOWN_WIDTH;
    if (at + SHOWN_WIDTH > this.rows.length) {
      const larger = new Float64Array(Math.max(64, Math.ceil(this.#byPath.size * 1.5)) * SHOWN_WIDTH);
      larger.set(this.rows);
      this.rows = larger;
    }
    return at;
  }
}
