/**
 * Measures a detector: thresholds for a share of false alarms, and the share of random names found at a threshold.
 *
 * @module
 */

import type { Detector } from "../../fingerprint/randomness/detector.ts";
import type { Chosen, Made, Pair } from "./corpora.ts";

/** Families whose form tells: UUIDs, hashes of 12 digits or more, 16 or more random characters, templates of tools. */
const STRUCTURED =
  /^(uuid|guid|hex16|md5|sha|docker|mongo|overlay2|real-(buildid|alembic|fuzz)|rust-(target|tempfile)|git-pack|base(36|62)-(16|24|32)|base32|letters52-16|b64(url)?-random|b64-text-long|nanoid21|cuid2|mktemp$|py-|ruby|systemd|appimage|jenkins|go-mk|terraform|cargo-temp)/;

/** Whether a family is of the structured kinds. */
export function isStructured(family: string): boolean {
  return STRUCTURED.test(family);
}

/** Weighted odds of chosen names, most random first. */
export interface Ranking {
  readonly names: readonly (Chosen & { readonly odds: number })[];
  readonly total: number;
}

/** Ranks chosen names by their odds. */
export function rank(detector: Detector, chosen: readonly Chosen[]): Ranking {
  return ranking(
    chosen.filter(({ weight }) => weight > 0).map((row) => ({ ...row, odds: detector.measure(row.name).odds })),
  );
}

/** Puts names in order. */
export function ranking(names: Ranking["names"]): Ranking {
  return {
    names: names.toSorted((a, b) => b.odds - a.odds),
    total: names.reduce((sum, { weight }) => sum + weight, 0),
  };
}

/** The lowest threshold at which no more than `share` of the names are false alarms. */
export function thresholdFor(ranking: Ranking, share: number): number {
  let alarms = 0;
  for (const { odds, weight } of ranking.names) {
    alarms += weight;
    if (alarms > share * ranking.total) return odds + 1e-4;
  }
  return -Infinity;
}

/** The share of false alarms at a threshold. */
export function alarmsAt(ranking: Ranking, threshold: number): number {
  let alarms = 0;
  for (const { odds, weight } of ranking.names) if (odds >= threshold) alarms += weight;
  return alarms / ranking.total;
}

/** Odds of the names of each family, added to those in `families`. */
export function oddsByFamily(
  detector: Detector,
  made: readonly Made[],
  families = new Map<string, number[]>(),
): Map<string, number[]> {
  for (const { name, family } of made) {
    const odds = families.get(family) ?? [];
    families.set(family, odds);
    odds.push(detector.measure(name).odds);
  }
  return families;
}

/** Share of names at or above a threshold. */
export function recall(odds: readonly number[], threshold: number): number {
  return odds.filter((value) => value >= threshold).length / odds.length;
}

/** Mean of the families' recalls. */
export function macroRecall(
  families: ReadonlyMap<string, readonly number[]>,
  threshold: number,
  which: (family: string) => boolean = () => true,
): number {
  const recalls = [...families].filter(([family]) => which(family)).map(([, odds]) => recall(odds, threshold));
  return recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
}

/** Pairs that do not collapse as they should, with what came out; random ones and chosen ones alike. */
export function wrongPairs(detector: Detector, pairs: readonly Pair[], threshold: number): (Pair & { got: string })[] {
  return pairs.map((pair) => {
    const random = detector.measure(pair.name).odds >= threshold;
    return { ...pair, got: random ? detector.collapse(pair.name, threshold) : pair.name };
  }).filter(({ got, collapsed }) => got !== collapsed);
}

/** Names that are timed together: less than a slice of the processor's time, so that others' work is left out. */
const TIMED = 400;

/** Microseconds for a name, over all names after a warm-up; of each few hundred the fastest of twenty rounds. */
export function microseconds(judge: (name: string) => unknown, names: readonly string[]): number {
  const best = new Float64Array(Math.ceil(names.length / TIMED)).fill(Infinity);
  for (let round = 0; round < 21; round++) {
    for (let part = 0, i = 0; part < best.length; part++) {
      const end = Math.min(names.length, (part + 1) * TIMED), start = performance.now();
      for (; i < end; i++) judge(names[i]!);
      if (round > 0) best[part] = Math.min(best[part]!, performance.now() - start);
    }
  }
  return best.reduce((sum, milliseconds) => sum + milliseconds, 0) * 1000 / names.length;
}

/** `0.9234` → `92.34`. */
export function percent(share: number, digits = 2): string {
  return (share * 100).toFixed(digits);
}
