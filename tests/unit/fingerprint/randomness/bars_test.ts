/**
 * Holds the committed model against the bars of docs/randomness.md, on a sample of the corpora and, where they lie beside the
 * repository, on all of them. `scripts/randomness/sample.ts` drew the sample.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Detector } from "../../../../fingerprint/randomness/detector.ts";
import { unpackModel } from "../../../../fingerprint/randomness/codec.ts";
import { MODEL } from "../../../../fingerprint/randomness/model.ts";
import * as measure from "../../../../scripts/randomness/evaluation.ts";
import { measureOutside, readOutside } from "../../../../scripts/randomness/outside.ts";

const SAMPLE = new URL("../../../fixtures/randomness", import.meta.url).pathname;
const CORPORA = new URL("../../../../../shared/corpora", import.meta.url).pathname;

const detector = new Detector(unpackModel(Uint8Array.from(atob(MODEL), (char) => char.charCodeAt(0))));
const { thresholds } = detector;

async function read(folder: string, file: string): Promise<[string, string][]> {
  const lines = (await Deno.readTextFile(`${folder}/${file}`)).split("\n").filter((line) => line !== "");
  return lines.map((line) => [line.slice(0, line.indexOf("\t")), line.slice(line.indexOf("\t") + 1)]);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

for (const [title, folder] of [["a sample of the corpora", SAMPLE], ["the whole corpora", CORPORA]] as const) {
  const ignore = !await exists(`${folder}/random.txt`);

  Deno.test({ name: `few chosen names are random, on ${title}`, ignore }, async () => {
    const chosen = (await read(folder, "names.txt")).map(([source, name]) => ({ source, name, weight: 1 }));
    const ranking = measure.rank(detector, chosen);
    assert.ok(chosen.length > 3000);
    const alarms = (threshold: number) => measure.alarmsAt(ranking, threshold);
    assert.ok(alarms(thresholds.temporary) <= 0.01, `in temporary folders: ${alarms(thresholds.temporary)}`);
    assert.ok(alarms(thresholds.other) <= 0.001, `elsewhere: ${alarms(thresholds.other)}`);
    assert.ok(alarms(thresholds.system) <= 0.0005, `in system folders: ${alarms(thresholds.system)}`);
  });

  Deno.test({ name: `most machine-made names are random, on ${title}`, ignore }, async () => {
    const made = (await read(folder, "random.txt")).map(([family, name]) => ({ family, name }));
    const families = measure.oddsByFamily(detector, made);
    assert.ok(families.size > 80);
    const macro = (threshold: number) => measure.macroRecall(families, threshold);
    const chosen = (await read(folder, "names.txt")).map(([source, name]) => ({ source, name, weight: 1 }));
    const atBar = measure.thresholdFor(measure.rank(detector, chosen), 0.001);
    assert.ok(macro(atBar) >= 0.92, `at 0.1 % false alarms: ${macro(atBar)}`);
    assert.ok(macro(thresholds.other) >= 0.92, `elsewhere: ${macro(thresholds.other)}`);
    assert.ok(macro(thresholds.temporary) >= 0.97, `in temporary folders: ${macro(thresholds.temporary)}`);
    const structured = measure.macroRecall(families, atBar, measure.isStructured);
    assert.ok(structured >= 0.998, `structured kinds: ${structured}`);
  });

  Deno.test({ name: `pairs collapse as they should, on ${title}`, ignore }, async () => {
    const pairs = (await read(folder, "pairs.tsv")).map(([name, collapsed]) => ({ name, collapsed }));
    const wrong = measure.wrongPairs(detector, pairs, thresholds.other);
    assert.ok(wrong.length <= 0.03 * pairs.length, JSON.stringify(wrong, undefined, 1));
  });

  Deno.test({ name: `names from outside the corpora, on ${title}`, ignore }, async () => {
    const outside = await readOutside(folder), { alarms, recall } = measureOutside(detector, outside);
    assert.ok(outside.chosen.length >= 2000 && outside.made.length > 1000);
    for (const [place, most] of [["system", 0.001], ["other", 0.002], ["temporary", 0.01]] as const) {
      assert.ok(alarms(thresholds[place]) <= most, `${place}: ${alarms(thresholds[place])}`);
    }
    for (const [place, least] of [["other", 0.8], ["temporary", 0.92]] as const) {
      assert.ok(recall(thresholds[place]) >= least, `${place}: ${recall(thresholds[place])}`);
    }
  });
}
