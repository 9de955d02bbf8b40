/** Many processes, many programs, many threads at once: gauges true, memory bounded, nothing leaked. */

import assert from "node:assert/strict";
import { requireRoot } from "../../require.ts";
import { requireBpf } from "../bpf.ts";
import { Exporter, poll } from "../exporter.ts";
import { type ProcessFigures, processFigures } from "../figures.ts";
import { assertForest, Forest, forestEnded, type ForestRun } from "../forest.ts";

async function assertNothingLeaked(exporter: Exporter, before: ProcessFigures): Promise<void> {
  await poll("threads and open files as before", async () => {
    await exporter.scrape();
    const now = processFigures(exporter.pid);
    return now.threads <= before.threads && now.files <= before.files;
  });
}

Deno.test({ name: "storm: 10,000 sleeping processes at start-up", ignore: requireRoot() }, async () => {
  await using forest = await Forest.build();
  const running = await forest.start("crowd", "sleepers", "10000");
  await running.ready();
  const started = performance.now();
  await using exporter = await Exporter.start({ flags: ["--source=connector"] });
  console.log(`ready after ${Math.round(performance.now() - started)} ms`, processFigures(exporter.pid));
  const during = await exporter.scrape();
  const root = during.treeNamed(running.name)!.path;
  assert.equal(during.trees.get(`${root}/sleeper`)!.running, 10_000);
  const run = await running.end();
  const after = await exporter.scrapeUntil("their end", (scrape) => forestEnded(scrape, run), 60_000);
  const tree = after.trees.get(`${root}/sleeper`)!;
  assert.deepEqual([tree.launches, tree.running, tree.exits.success], [10_000, 0, 10_000]);
});

const ignore = requireRoot() || requireBpf();

Deno.test({ name: "storm: chains, threads and bombs leave nothing behind", ignore }, async (t) => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ capture: "bpf", flags: ["--trees.max=5000", "--trees.max-once=0"] });
  await exporter.scrape();
  const before = processFigures(exporter.pid);

  await t.step("an exec chain of 1,000 programs", async () => {
    const run = await forest.run("longchain", "chain", "1000", "0");
    const scrape = await exporter.scrapeUntil("its end", (now) => forestEnded(now, run));
    // Each ran for a quarter of a millisecond, less than it takes to read a name.
    assertForest(scrape, run);
  });

  await t.step("500 threads that end together, 20 times", async () => {
    for (const round of ["one", "two", "three", "four", "five"]) {
      // One after the other: a program that is copied while another is started can't be executed (ETXTBSY).
      const runs: ForestRun[] = [];
      for (const part of ["a", "b", "c", "d"]) runs.push(await forest.run(`swarm-${round}-${part}`, "threads", "500"));
      const scrape = await exporter.scrapeUntil("their end", (now) => runs.every((run) => forestEnded(now, run)));
      for (const run of runs) assertForest(scrape, run);
    }
  });

  await t.step("a fork bomb of 6,174 programs", async () => {
    const run = await forest.run("bigbomb", "bomb", "3", "18", "1");
    assertForest(await exporter.scrapeUntil("its end", (now) => forestEnded(now, run), 60_000), run);
  });

  await t.step("a fork bomb of 19,530 processes without programs", async () => {
    const run = await forest.run("forkstorm", "bomb", "6", "5", "0");
    assertForest(await exporter.scrapeUntil("its end", (now) => forestEnded(now, run), 60_000), run);
  });

  await t.step("2,000 processes with one process id", async () => {
    const run = await forest.run("recycling", "reuse", "2000", "0");
    assertForest(await exporter.scrapeUntil("its end", (now) => forestEnded(now, run)), run);
  });

  await t.step("threads and files are as before, nothing was lost", async () => {
    await assertNothingLeaked(exporter, before);
    assert.equal((await exporter.scrape()).value("cnproc_events_lost_total"), 0);
  });
});

Deno.test(
  { name: "storm: memory is back after 10,000 processes at once and a fork bomb", ignore: requireRoot() },
  async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ flags: ["--source=connector"] });
    const storm = async (name: string) => {
      const running = await forest.start(`${name}-crowd`, "sleepers", "10000");
      await running.ready();
      await exporter.scrapeUntil("10,000 sleepers", (scrape) => {
        const root = scrape.treeNamed(running.name)?.path;
        return root !== undefined && scrape.trees.get(`${root}/sleeper`)?.running === 10_000;
      }, 60_000);
      const crowd = await running.end();
      const bomb = await forest.run(`${name}-bomb`, "bomb", "6", "5", "0");
      const scrape = await exporter.scrapeUntil(
        "their end",
        (now) => forestEnded(now, crowd) && forestEnded(now, bomb),
        60_000,
      );
      for (const run of [crowd, bomb]) assertForest(scrape, run);
      assert.equal(scrape.value("cnproc_events_lost_total"), 0);
    };
    for (const name of ["first", "second"]) await storm(name); // the code is compiled, the tables have their size
    // What a storm leaves is collected every five seconds, in quiet: scrapes would make new garbage meanwhile.
    const afterQuiet = async () => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      return processFigures(exporter.pid);
    };
    let before = await afterQuiet();
    await poll("quiet", async () => {
      const earlier = before;
      before = await afterQuiet();
      return Math.abs(before.anonymousBytes - earlier.anonymousBytes) < 1 << 20;
    }, 60_000);
    await storm("third");
    const after = await poll("memory back within 10 %", async () => {
      const now = await afterQuiet();
      console.log("RssAnon before and now:", before.anonymousBytes, now.anonymousBytes);
      return now.anonymousBytes <= 1.1 * before.anonymousBytes && now.residentBytes <= 1.1 * before.residentBytes &&
        now;
    }, 60_000);
    console.log("before and after the third storm:", before, after);
    await assertNothingLeaked(exporter, before);
  },
);
