/**
 * Random trees, with hostile names and numbers of all sizes, and what may happen to them.
 *
 * @module
 */

import fc from "fast-check";
import type { ExporterNumbers } from "../../metrics/exposition/family.ts";
import { BUCKETS, type Changes, Column, type NewTree, ROW_WIDTH, Stat, STAT_WIDTH } from "../../fingerprint/mod.ts";

export const NUMBERS: Omit<ExporterNumbers, "stats"> = {
  process: undefined,
  scrape: { scrapes: 1, rejected: 0, failed: 0, collectSeconds: 0.001, renderSeconds: 0 },
  unexpectedLaunches: undefined,
  baselineMode: undefined,
  completeSinceSeconds: 0,
  reload: { successful: true, successSeconds: 0 },
  launchesByUnit: new Map(),
  launchesByContainer: [],
  namedContainers: () => [],
  launchedBy: () => [],
  eventLog: undefined,
  build: { version: "1" },
};

const hostileLabel = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("\\", '"', "\n", "{", "}", ",", "#", " ", "\r", "\0", "\u2028", "\ud800", "=", "a"),
    maxLength: 12,
  }),
);
export const path = hostileLabel.map((label) => `/${label}`);
const amount = fc.oneof(
  fc.nat(5),
  fc.nat(),
  fc.double({ min: 0, max: 1e18, noNaN: true }),
  fc.constantFrom(0, 2 ** 31, 2 ** 53, 1e21, 5e-324),
);
/** Not shrunk: a failure would take minutes to tell, and the numbers are seldom to blame. */
const numbers = fc.noShrink(fc.array(amount, { minLength: ROW_WIDTH, maxLength: ROW_WIDTH }));

/** Any numbers, but process ids, Unix times, and whole numbers of endings where those are. */
export const row = fc.tuple(numbers, fc.nat(), fc.nat()).map(
  ([numbers, pid, time]) => {
    numbers[Column.ExemplarPid] = pid % 4_194_305;
    numbers[Column.LastLaunchPid] = time % 4_194_305;
    numbers[Column.ExemplarTime] = time === 0 ? 0 : time + 0.25;
    numbers[Column.LastLaunch] = pid === 0 ? 0 : pid + 0.125;
    numbers[Column.FirstSeen] = pid === 0 ? 0 : pid + 0.0625;
    for (let i = 0; i < BUCKETS; i++) {
      numbers[Column.Buckets + i] = Math.floor(Math.min(numbers[Column.Buckets + i]!, 2 ** 48));
    }
    return numbers;
  },
);

/** What happens between two texts: trees come, change and leave. Numbers choose among the trees that are there. */
export const step = fc.record({
  added: fc.array(fc.record({ path, row: fc.option(row, { nil: undefined }) }), { maxLength: 5 }),
  changed: fc.array(fc.record({ which: fc.nat(), row }), { maxLength: 4 }),
  removed: fc.array(fc.nat(), { maxLength: 2 }),
  accounting: fc.boolean(),
  /** Whether a new baseline expects nothing, whether there is none, or whether it stays as it is. */
  baseline: fc.constantFrom("new", "none", "same", "same", "same"),
  render: fc.constantFrom("all", "openmetrics", "none"),
});

/** A worker that follows the steps. */
export class Worker {
  readonly alive = new Map<number, { path: string; row: number[] | undefined }>();
  #next = 1;

  report({ added, changed, removed, accounting }: typeof step extends fc.Arbitrary<infer T> ? T : never): Changes {
    const rows = new Map<number, number[]>();
    const newTrees: NewTree[] = [];
    for (const tree of added) {
      // The trie has no two trees of one path; labels have no lone surrogates.
      if ([...this.alive.values()].some(({ path }) => path.toWellFormed() === tree.path.toWellFormed())) continue;
      const id = this.#next++;
      newTrees.push({ id, parent: 0, path: tree.path, random: false, randomName: false });
      this.alive.set(id, { path: tree.path, row: tree.row });
      if (tree.row !== undefined) rows.set(id, tree.row);
    }
    const pick = (which: number) => [...this.alive.keys()][which % Math.max(1, this.alive.size)];
    for (const { which, row } of changed) {
      const id = pick(which);
      if (id === undefined) continue;
      rows.set(id, row);
      this.alive.get(id)!.row = row;
    }
    const gone = new Set(removed.map(pick).filter((id) => id !== undefined));
    for (const id of gone) this.alive.delete(id);
    const stats = new Float64Array(STAT_WIDTH);
    stats[Stat.TaskstatsUp] = accounting ? 1 : 0;
    return {
      newTrees,
      ids: Uint32Array.from(rows.keys()),
      rows: Float64Array.from([...rows.values()].flat()),
      runTimes: new Uint32Array(),
      removed: Uint32Array.from(gone),
      stats,
    };
  }

  /** Paths that must have series. */
  shown(): Set<string> {
    const shown = [...this.alive.values()].filter(({ row }) => row !== undefined && row[Column.Launches]! > 0);
    return new Set(shown.map(({ path }) => path.toWellFormed()));
  }
}
