/**
 * Harmless ways to run something unseen, and what trees and flags say of each. The table is printed, and none may mislead.
 * `ONLY=REGEX` in the environment tries those whose id matches.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../../require.ts";
import { Exporter, poll, testCaptures } from "../exporter.ts";
import type { Scrape } from "../exposition.ts";
import { Lab, type Standing } from "./lab.ts";
import { Recorder } from "./recorder.ts";
import { flagsIn, markdown, Row } from "./table.ts";
import type { Sighting, Technique } from "./technique.ts";
import { CONTEXTS } from "./techniques/contexts.ts";
import { FILES } from "./techniques/files.ts";
import { INTERPRETERS } from "./techniques/interpreters.ts";
import { NAMES } from "./techniques/names.ts";
import { NAMESPACES } from "./techniques/namespaces.ts";
import { PATHS } from "./techniques/paths.ts";
import { PROCESSES } from "./techniques/processes.ts";

const TECHNIQUES: readonly Technique[] = [
  ...FILES,
  ...NAMES,
  ...PROCESSES,
  ...NAMESPACES,
  ...PATHS,
  ...INTERPRETERS,
  ...CONTEXTS,
];
const ONLY = new RegExp(Deno.env.get("ONLY") ?? "");

/** How often each is tried, and how many at the same time. */
const RUNS = 2, AT_ONCE = 3;

/** How often what /proc named wrongly is tried again, with nothing beside it. */
const AGAIN = 2;

/** What waits below its marker, at the look at /proc that an exporter begins with. */
function seenAtStart(scrape: Scrape, marker: string): Sighting[] {
  return scrape.treesThrough(marker).filter(({ path, running }) => running > 0 && !path.endsWith(`/${marker}`))
    .map(({ path }) => ({ tree: path, flags: flagsIn(scrape, path) }));
}

Deno.test("each technique has an id of its own, and docs/limits.md has those that can't be seen", async () => {
  const ids = TECHNIQUES.map(({ id }) => id);
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), []);
  const limits = await Deno.readTextFile(`${import.meta.dirname}/../../../docs/limits.md`);
  const told = [...limits.matchAll(/`([a-z]+(?:-[a-z]+)+|injected)`/g)].map((match) => match[1]!);
  const untold = TECHNIQUES.filter(({ isInvisible, isQuick }) => isInvisible || isQuick).map(({ id }) => id);
  assert.deepEqual(told.toSorted(), untold.toSorted());
});

const ignore = requireRoot() || requireTool("cc", "gcc") || requireTool("unshare", "util-linux");

testCaptures("live: no technique passes for something innocent", ignore, async (capture) => {
  await using lab = await Lab.build();
  const able = TECHNIQUES.filter((technique) =>
    ONLY.test(technique.id) && lab.hasTools(technique) && (capture !== "proc" || technique.byRecordOnly !== true)
  );
  const rows: Row[] = [];
  const standing: Standing[] = [];
  try {
    for (const technique of able.filter(({ isStanding }) => isStanding)) standing.push(await lab.stand(technique));
    // Names that are launched once have their trees too.
    await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000", "--trees.max-once=0"] });
    await using recorder = await Recorder.start(exporter);
    const atStart = await exporter.scrape();
    for (const { technique } of standing) {
      rows.push(new Row(technique, seenAtStart(atStart, lab.marker(technique)), false));
    }

    /** Tries all of them, some at the same time. */
    const tryOut = async (techniques: readonly Technique[], atOnce: number): Promise<Row[]> => {
      const tried: { technique: Technique; complaint: string; pids: number[] }[] = [];
      const queue = [...techniques];
      await Promise.all(Array.from({ length: atOnce }, async () => {
        for (let technique; (technique = queue.shift()) !== undefined;) {
          let complaint = "";
          for (let i = 0; i < RUNS; i++) complaint = await lab.run(technique);
          tried.push({ technique, complaint, pids: await lab.takePids(technique) });
        }
      }));
      await poll("the ends of all", () => tried.every(({ pids }) => pids.every((pid) => recorder.hasEnded(pid))));
      const scrape = await exporter.scrape();
      return tried.map(({ technique, complaint, pids }) => {
        const seen = pids.map((pid): Sighting => {
          const launch = recorder.launch(
            pid,
            lab.marker(technique),
            technique.isPassing ? technique.honest : undefined,
          );
          if (launch === undefined) return { tree: "(not below its marker)", flags: [] };
          return { tree: launch.tree, flags: launch.flags ?? flagsIn(scrape, launch.tree) };
        });
        return new Row(technique, seen, capture !== "proc", complaint);
      });
    };
    rows.push(...await tryOut(able.filter(({ isStanding }) => !isStanding), AT_ONCE));
    // On a bad machine a look at /proc may be too late; twice is no accident.
    for (let i = 0; i < AGAIN && capture === "proc"; i++) {
      const wrong = rows.filter(({ isWrong, technique }) => isWrong && !technique.isStanding);
      for (const row of await tryOut(wrong.map(({ technique }) => technique), 1)) {
        rows[rows.findIndex(({ technique }) => technique === row.technique)] = row;
      }
    }
  } finally {
    for (const { end } of standing) await end();
  }
  console.log(markdown(rows));
  assert.deepEqual(rows.filter(({ isWrong }) => isWrong).map((row) => row.fault()), []);
});
