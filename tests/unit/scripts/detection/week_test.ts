/** The whole evaluation, on a short and quiet week of a small fleet with a part of the techniques. */

import assert from "node:assert/strict";
import { features } from "../../../../scripts/detection/isolation_forest.ts";
import { reportText, shownShare, WANTED } from "../../../../scripts/detection/report.ts";
import { figuresOf, readCorpus } from "../../../../scripts/detection/week.ts";

/** Every so many techniques: no multiple of the number of entries, so that all are used. */
const EVERY = 7;

Deno.test("detection: recorded attacks are shown, and ordinary days stay quiet", async () => {
  const corpus = await readCorpus(), techniques = corpus.techniques.filter((_, at) => at % EVERY === 0);
  assert.ok(corpus.techniques.length >= 60 && corpus.chains.length >= 10);
  const widths = new Set<number>();
  const figures = await figuresOf(
    { ...corpus, techniques },
    { hosts: 15, days: 5, learningDays: 2, seed: 1, pace: 0.2 },
    (learn, score) => {
      for (const sighting of [...learn, ...score]) widths.add(features(sighting).length);
      return Promise.resolve(score.map(() => 0));
    },
  );
  assert.equal(widths.size, 1, "each launch has the same features");
  const { alerts, rankings } = figures, text = reportText(figures);
  assert.ok(shownShare(figures.techniques) >= WANTED.techniques, text);
  assert.ok(shownShare(figures.chains) >= WANTED.chains, text);
  assert.ok(alerts.hostDays > 10 && alerts.all < WANTED.alerts, text);
  assert.equal(rankings[0]!.name, "all evidence");
  assert.ok(rankings[0]!.deeds >= WANTED.auroc, text);
  // A method that can't tell anything from anything.
  assert.equal(rankings.at(-1)!.deeds, 0.5);
  for (const { deeds, launches } of rankings.slice(0, -1)) assert.ok(deeds > 0.5 && launches > 0.5, text);
});
