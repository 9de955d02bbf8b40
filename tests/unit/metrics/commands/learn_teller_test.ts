import assert from "node:assert/strict";
import type { LearnProgress } from "../../../../metrics/baseline/mod.ts";
import { LearnTeller, progressText } from "../../../../metrics/commands/learn_teller.ts";
import { KeptLog } from "../fake_watcher.ts";

const HOUR_MS = 3_600_000;
const PROGRESS: LearnProgress = {
  ...{ trees: 412, quietMs: 70 * 60_000, launches: 512, isStable: false },
  ...{ passedMs: 2 * HOUR_MS + 300_000, forMs: Infinity, stableUnits: 12, units: 17 },
};
const STABLE = { until: "stable", stableMs: 24 * HOUR_MS, stableLaunches: 1000 } as const;

Deno.test("how far learning is, in one line", () => {
  assert.equal(
    progressText(PROGRESS, STABLE),
    "Learning for 2h 05m: 412 trees; no new one for 1h 10m of 1d 0h, 512 of 1,000 launches since; 12 of 17 units stable",
  );
  assert.equal(
    progressText({ ...PROGRESS, forMs: 24 * HOUR_MS }, { ...STABLE, until: "time" }),
    "Learning for 2h 05m of 1d 0h: 412 trees; no new one for 1h 10m, 512 launches since",
  );
  assert.doesNotMatch(progressText({ ...PROGRESS, units: 0 }, STABLE), /units/);
});

Deno.test("without a terminal it is a line of the log an hour", () => {
  const log = new KeptLog(), teller = new LearnTeller(log, STABLE, undefined);
  for (let minutes = 0; minutes <= 150; minutes++) teller.progress({ ...PROGRESS, passedMs: minutes * 60_000 });
  teller.clear();
  assert.deepEqual(log.lines.map((line) => /Learning for \S+ \S+:/.exec(line)?.[0]), [
    "Learning for 1h 00m:",
    "Learning for 2h 00m:",
  ]);
});

Deno.test("on a terminal the line is written over, and makes room for the log", () => {
  const log = new KeptLog(), shown: string[] = [];
  const teller = new LearnTeller(log, STABLE, (text) => shown.push(text));
  teller.log.log("info", "before");
  teller.progress(PROGRESS);
  teller.progress({ ...PROGRESS, trees: 413 });
  teller.log.log("warn", "away");
  teller.progress(PROGRESS);
  teller.clear();
  teller.clear();
  assert.deepEqual(shown.map((text) => /\d+ trees/.exec(text)?.[0] ?? text), [
    ...["412 trees", "413 trees", "", "412 trees", ""],
  ]);
  assert.equal(log.lines.length, 2);
});
