/**
 * Trains the detector of machine-made names and prints how good it is.
 *
 *     deno run -A scripts/train_randomness.ts [--evaluate|--no-left-out] [FOLDER]
 *
 * `FOLDER` holds the corpora (default: `../shared/corpora` beside the repository). Without `--evaluate` the model is
 * trained, measured on names that it has not seen, with families and sources left out, and written to
 * `fingerprint/randomness/model.ts`; this takes some ten minutes, half of it with `--no-left-out`, which keeps no
 * families and sources out. The same corpora give the same model: the seed is fixed.
 *
 * @module
 */

import { type Model, unpackModel } from "../fingerprint/randomness/codec.ts";
import { Detector } from "../fingerprint/randomness/detector.ts";
import { MODEL } from "../fingerprint/randomness/model.ts";
import { type Corpora, readCorpora, tenth } from "./randomness/corpora.ts";
import * as measure from "./randomness/evaluation.ts";
import { leaveOut } from "./randomness/left_out.ts";
import { type Outside, printOutside, readOutside } from "./randomness/outside.ts";
import { FULL, modelOf, train } from "./randomness/training.ts";

const { percent } = measure;

/** False alarms that the thresholds aim at, on names of the corpora and words that the training has not seen. */
const ALARMS = { temporary: 0.0045, system: 0.00015, other: 0.00055 } as const;

/** Parts of the names; each is measured with a model that was trained on the others. */
const PARTS = 3;

/** Sources beside the corpora and the words, which the thresholds are not set by. */
const BESIDE = /^(?:desktop-.*|home|hidden)$/;

/** No threshold is higher: the odds of names whose form alone tells must reach it. */
const HIGHEST = 8;

const started = performance.now();

function progress(text: string): void {
  console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);
}

/** What was measured: chosen names and random ones with their odds. */
interface Measured {
  readonly ranking: measure.Ranking;
  readonly families: Map<string, number[]>;
}

/** Prints the tables about names that were measured, and about pairs that `detector` collapses. */
function printTables(
  title: string,
  { ranking, families }: Measured,
  detector: Detector,
  pairs: Corpora["pairs"],
): void {
  const { thresholds } = detector;
  const made = [...families.values()].reduce((sum, odds) => sum + odds.length, 0);
  console.log(`\n## ${title}`);
  console.log(`${ranking.names.length} chosen names, ${made} random ones in ${families.size} families`);
  console.log("\nfamily               elsewhere  temporary");
  for (const [family, odds] of [...families].sort(([a], [b]) => a < b ? -1 : 1)) {
    const other = percent(measure.recall(odds, thresholds.other)).padStart(10);
    console.log(`${family.padEnd(20)} ${other} ${percent(measure.recall(odds, thresholds.temporary)).padStart(10)}`);
  }
  console.log("\nfalse alarms  macro recall  structured kinds  least structured");
  for (const share of [0.01, 0.001, 0.0005, 0.0002]) {
    const threshold = measure.thresholdFor(ranking, share);
    printRow(`${percent(share)} %`, families, threshold);
  }
  console.log("\nplace      false alarms  macro recall  structured kinds  least structured");
  for (const place of ["temporary", "other", "system"] as const) {
    printRow(
      `${place.padEnd(9)} ${percent(measure.alarmsAt(ranking, thresholds[place]), 3)} %`,
      families,
      thresholds[place],
    );
  }
  const wrong = measure.wrongPairs(detector, pairs, thresholds.other);
  const wrongInTmp = measure.wrongPairs(detector, pairs, thresholds.temporary);
  console.log(
    `\npairs right: ${percent(1 - wrong.length / pairs.length)} %, ` +
      `in temporary folders ${percent(1 - wrongInTmp.length / pairs.length)} %`,
  );
  for (const { name, collapsed, got } of wrong) console.log(`  ${name}: ${got}, wanted ${collapsed}`);
  console.log(
    `\nfalse alarms elsewhere: ${
      ranking.names.filter(({ odds }) => odds >= thresholds.other).slice(0, 40).map(({ name }) => name).join(" ")
    }`,
  );
}

function printRow(label: string, families: Map<string, number[]>, threshold: number): void {
  const structured = [...families].filter(([family]) => measure.isStructured(family));
  const least = Math.min(...structured.map(([, odds]) => measure.recall(odds, threshold)));
  console.log(
    `${label.padStart(12)}  ${percent(measure.macroRecall(families, threshold)).padStart(12)}  ` +
      `${percent(measure.macroRecall(families, threshold, measure.isStructured)).padStart(16)}  ${
        percent(least).padStart(16)
      }`,
  );
}

function printSpeed(detector: Detector, corpora: Corpora): void {
  const { other } = detector.thresholds;
  const judge = (name: string) => detector.measure(name).odds >= other ? detector.collapse(name, other) : name;
  const chosen = measure.microseconds(judge, corpora.sample.map(({ name }) => name));
  const made = measure.microseconds(judge, corpora.made.map(({ name }) => name));
  console.log(`\nmicroseconds a name: ${chosen.toFixed(2)} for names.txt, ${made.toFixed(2)} for random.txt`);
}

/** Prints all about a model that was trained on the whole corpora. */
function printCommitted(bytes: Uint8Array, corpora: Corpora, outside: Outside): void {
  const detector = new Detector(unpackModel(bytes));
  const measured = (chosen: Corpora["chosen"]) => ({
    ranking: measure.rank(detector, chosen),
    families: measure.oddsByFamily(detector, corpora.made),
  });
  printTables(
    "The committed model, on the corpora it was trained on",
    measured(corpora.sample),
    detector,
    corpora.pairs,
  );
  printOutside(detector, outside);
  printSpeed(detector, corpora);
}

/** Odds of every name from a model that was trained without it: each of the parts is held out once. */
function crossValidate(corpora: Corpora): Measured & { readonly model: Model } {
  const chosen = [...corpora.chosen, ...corpora.words, ...corpora.programs];
  const names: (measure.Ranking["names"][number])[] = [];
  const families = new Map<string, number[]>();
  let model: Model | undefined;
  for (let part = 0; part < PARTS; part++) {
    const isOut = ({ name }: { name: string }) => tenth(name) % PARTS === part;
    const isIn = (row: { name: string }) => !isOut(row);
    const trained = train(chosen.filter(isIn), corpora.made.filter(isIn), FULL);
    ({ model } = modelOf(trained, { temporary: 0, system: 0, other: 0 }));
    const detector = new Detector(model);
    for (const row of measure.rank(detector, chosen.filter(isOut)).names) names.push(row);
    measure.oddsByFamily(detector, corpora.made.filter(isOut), families);
    progress(`part ${part + 1} of ${PARTS} measured`);
  }
  return { ranking: measure.ranking(names), families, model: model! };
}

async function trainAll(corpora: Corpora, outside: Outside, withLeftOut: boolean): Promise<void> {
  const { model, ranking: all, families } = crossValidate(corpora);
  const ranking = measure.ranking(all.names.filter(({ source }) => !BESIDE.test(source)));
  const thresholds = {
    temporary: measure.thresholdFor(ranking, ALARMS.temporary),
    system: Math.min(HIGHEST, measure.thresholdFor(ranking, ALARMS.system)),
    other: measure.thresholdFor(ranking, ALARMS.other),
  };
  const inCorpora = measure.ranking(ranking.names.filter(({ source }) => !source.startsWith("words-")));
  const detector = new Detector({ ...model, thresholds });
  printTables("Names that the training has not seen", { ranking: inCorpora, families }, detector, corpora.pairs);
  printSources(all, thresholds);
  if (withLeftOut) leaveOut(corpora, outside, progress);

  const { bytes } = modelOf(
    train([...corpora.chosen, ...corpora.words, ...corpora.programs], corpora.made, FULL, undefined, progress),
    thresholds,
  );
  const file = new URL("../fingerprint/randomness/model.ts", import.meta.url);
  await Deno.writeTextFile(file, sourceOf(bytes));
  progress(`${bytes.length} bytes written to ${file.pathname}`);
  printCommitted(bytes, corpora, outside);
}

/** Prints the false alarms of each source. */
function printSources(ranking: measure.Ranking, thresholds: Model["thresholds"]): void {
  console.log("\n## Its false alarms by source, of names that the training has not seen");
  console.log("source                 names  temporary  elsewhere     system");
  const sources = Map.groupBy(ranking.names, ({ source }) => source.replace(/^words-..$/, "words"));
  for (const [source, names] of [...sources].sort(([a], [b]) => a < b ? -1 : 1)) {
    const part = measure.ranking(names);
    const shares = [thresholds.temporary, thresholds.other, thresholds.system]
      .map((threshold) => percent(measure.alarmsAt(part, threshold), 3).padStart(10));
    console.log(`${source.padEnd(20)} ${String(names.length).padStart(7)} ${shares.join(" ")}`);
  }
}

/** The source file of a model. */
function sourceOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `/**
 * The trained detector of machine-made names, made by \`scripts/train_randomness.ts\`; see \`codec.ts\` for
 * its form. Don't edit.
 *
 * @module
 */

/** The model's ${bytes.length} bytes in base64. */
// deno-fmt-ignore
export const MODEL =
  "${btoa(text)}";
`;
}

if (import.meta.main) {
  const evaluate = Deno.args.includes("--evaluate");
  const folder = Deno.args.find((arg) => !arg.startsWith("--")) ??
    new URL("../../shared/corpora", import.meta.url).pathname;
  const corpora = await readCorpora(folder);
  progress(`${corpora.chosen.length} chosen and ${corpora.made.length} random names read`);
  const outside = await readOutside(folder);
  if (evaluate) printCommitted(Uint8Array.from(atob(MODEL), (char) => char.charCodeAt(0)), corpora, outside);
  else await trainAll(corpora, outside, !Deno.args.includes("--no-left-out"));
}
