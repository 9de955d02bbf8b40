/**
 * The evaluation from its recordings to its figures.
 *
 * @module
 */

import { CHAINS } from "./attacks/chains.ts";
import { ENTRIES } from "./entries.ts";
import { evaluate, type Judged, type Week } from "./evaluation.ts";
import { alertFigures, attackFigures, evidenceOf, rank, rarityOf } from "./figures.ts";
import type { Attack, FleetOptions } from "./fleet.ts";
import { readRecordings, type Recordings } from "./recording.ts";
import type { Figures } from "./report.ts";

/** The fleet of docs/detection.md. */
export const FLEET: FleetOptions = { hosts: 39, days: 7, learningDays: 2, seed: 1 };

/** All that was recorded. */
export interface Corpus {
  readonly ordinary: Recordings;
  readonly techniques: readonly Attack[];
  readonly chains: readonly Attack[];
}

/** Reads the recordings; a technique comes in by each way in turn, a chain by its own. */
export async function readCorpus(): Promise<Corpus> {
  const [ordinary, techniques, chains] = await Promise.all([
    readRecordings("ordinary"),
    readRecordings("techniques"),
    readRecordings("chains"),
  ]);
  return {
    ordinary,
    techniques: techniques.recordings.map((recording, at) => ({ recording, entry: ENTRIES[at % ENTRIES.length]! })),
    chains: chains.recordings.map((recording) => {
      const chain = CHAINS.find(({ id }) => id === recording.id);
      if (chain === undefined) {
        throw new Error(`Cannot use the recording ${recording.id}: no chain is called so; record anew`);
      }
      return { recording, entry: chain.entry };
    }),
  };
}

/** Scores of launches by another method; undefined where it can't be had. */
export type Scorer = (learn: readonly Judged[], score: readonly Judged[]) => Promise<number[] | undefined>;

/** Replays a week, and says what the exporter and its rules made of it. */
export async function figuresOf(corpus: Corpus, options: FleetOptions, forest?: Scorer): Promise<Figures> {
  const attacks = [...corpus.techniques, ...corpus.chains];
  const week: Week = evaluate(corpus.ordinary.recordings, attacks, options), { learning, after } = week;
  const told = attackFigures(week, attacks), number = corpus.techniques.length;
  const others = await forest?.(learning, after);
  const launches = (learning.length + after.length).toLocaleString("en");
  return {
    techniques: told.slice(0, number),
    chains: told.slice(number),
    alerts: alertFigures(week),
    rankings: [
      rank("all evidence", after, after.map(evidenceOf)),
      rank("rarity alone", after, after.map(rarityOf)),
      rank('"new tree": never launched before on its host', after, after.map(({ isNew }) => Number(isNew))),
      ...others === undefined ? [] : [rank("isolation forest on the same features", after, others)],
    ],
    what:
      `${options.hosts} hosts, ${options.days} days, ${launches} launches of ${corpus.ordinary.recordings.length} kinds of ` +
      `work; ${week.learned} trees learned on days 1–${options.learningDays}; seed ${options.seed}.`,
  };
}
