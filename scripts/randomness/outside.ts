/**
 * How the detector does on data from outside its corpora (`outside.tsv`), which no training sees: names of desktop programs
 * and games, and names that generators of malware made.
 *
 * @module
 */

import type { Detector } from "../../fingerprint/randomness/detector.ts";
import type { Chosen, Made } from "./corpora.ts";
import { alarmsAt, macroRecall, oddsByFamily, percent, rank, recall } from "./evaluation.ts";

/** Generators that join or change words of dictionaries: a single name can't tell them. */
const JOINERS: ReadonlySet<string> = new Set(["charbot", "gozi", "nymaim2", "suppobox"]);

/** Thresholds by the place that they are for, with the folders of the table. */
const PLACES = [["temporary", "/tmp"], ["other", "/home"], ["system", "/usr/bin, /opt"]] as const;

export interface Outside {
  readonly chosen: readonly Chosen[];
  readonly made: readonly Made[];
}

/** Reads `outside.tsv` of a corpora folder: kind, family, name. */
export async function readOutside(folder: string): Promise<Outside> {
  const lines = (await Deno.readTextFile(`${folder}/outside.tsv`)).split("\n").filter((line) => line !== "");
  const rows = lines.map((line) => line.split("\t") as [kind: string, family: string, name: string]);
  return {
    chosen: rows.filter(([kind]) => kind === "name").map(([, source, name]) => ({ source, name, weight: 1 })),
    made: rows.filter(([kind]) => kind === "random").map(([, family, name]) => ({ family, name })),
  };
}

/** What a detector makes of it: shares at a threshold. */
export interface Outcome {
  alarms(threshold: number): number;
  /** Mean of the recalls of the families, without those that join words. */
  recall(threshold: number): number;
  readonly families: ReadonlyMap<string, readonly number[]>;
}

export function measureOutside(detector: Detector, { chosen, made }: Outside): Outcome {
  const ranking = rank(detector, chosen), families = oddsByFamily(detector, made);
  return {
    alarms: (threshold) => alarmsAt(ranking, threshold),
    recall: (threshold) => macroRecall(families, threshold, (family) => !JOINERS.has(family)),
    families,
  };
}

/** Prints the tables of docs/randomness.md about it. */
export function printOutside(detector: Detector, outside: Outside): void {
  const { thresholds } = detector, outcome = measureOutside(detector, outside);
  console.log("\n## Names from outside the corpora, which no training sees");
  console.log("\n| place | false alarms | macro recall |\n| --- | --- | --- |");
  for (const [place, folders] of PLACES) {
    const threshold = thresholds[place];
    console.log(
      `| ${folders} | ${percent(outcome.alarms(threshold))} % | ${percent(outcome.recall(threshold), 1)} % |`,
    );
  }
  console.log("\n| generator | /home | /tmp |\n| --- | --- | --- |");
  for (const [family, odds] of outcome.families) {
    const [home, tmp] = [thresholds.other, thresholds.temporary].map((threshold) =>
      percent(recall(odds, threshold), 0)
    );
    console.log(`| ${family}${JOINERS.has(family) ? " (joins words)" : ""} | ${home} % | ${tmp} % |`);
  }
}
