/**
 * Every launch of a storm is counted under its tree, and nothing is lost. By BPF each has its name, and that from the kernel's
 * own record, with every CPU busy as well; from /proc or
 * the accounting record nearly all.
 */

import assert from "node:assert/strict";
import { Libc } from "../../../netlink/linux/mod.ts";
import { requireRoot } from "../../require.ts";
import { assertBpfGone, bpfIds, newBpfIds, requireBpf } from "../bpf.ts";
import { Exporter, NAMED_BY_PROC } from "../exporter.ts";
import type { Scrape } from "../exposition.ts";
import { assertCounted, assertForest, Forest, forestEnded, type ForestRun, launchesOf, withBelow } from "../forest.ts";

const LAUNCHES = 20_000;
/** From /proc the cost is that of a wake-up each: less is enough to see that it holds. */
const LAUNCHES_BY_PROC = 5_000;

/** Images begun between two scrapes, by what named them. */
function begun(before: Scrape, after: Scrape): Record<string, number> {
  const value = (scrape: Scrape, by: string) => scrape.value("cnproc_images_total", { identified_by: by });
  const sources = ["bpf", "proc", "inode", "comm", "unknown"];
  return Object.fromEntries(sources.map((by) => [by, value(after, by) - value(before, by)]));
}

/** Launches of a program, one after the other. */
interface Shape {
  readonly what: string;
  readonly command: (forest: Forest) => Promise<string[]>;
  /** Tree of what the forest launches, and what that launches each time. */
  readonly tree: string;
  readonly below?: string;
}

const TRUE: Shape = { what: "/bin/true", command: () => Promise.resolve(["/bin/true"]), tree: "base" };

const SCRIPT: Shape = {
  what: "sh, script, true",
  async command(forest) {
    await Deno.writeTextFile(forest.path("step.sh"), "/bin/true\n:\n");
    return ["/bin/sh", forest.path("step.sh")];
  },
  tree: "step.sh",
  below: "step.sh/base",
};

interface Pace {
  readonly what: string;
  /** Launches a second; 0 is one right after the other. */
  readonly rate: number;
  /** Loops that never sleep meanwhile. */
  readonly busyLoops: number;
}

const STEADY: Pace = { what: "at 1,000 a second", rate: 1000, busyLoops: 0 };
const BUSY: Pace = { what: "back to back with every CPU busy", rate: 0, busyLoops: navigator.hardwareConcurrency };

interface Storm {
  readonly run: ForestRun;
  /** Before the storm and after its end. */
  readonly before: Scrape;
  readonly after: Scrape;
}

async function storm(exporter: Exporter, forest: Forest, launches: number, shape: Shape, pace: Pace): Promise<Storm> {
  const command = await shape.command(forest), each = shape.below === undefined ? 1 : 2;
  const rounds = launches / each, rate = pace.rate / each;
  const busy = await forest.start("loops", "busy", String(pace.busyLoops), "300");
  await busy.ready();
  const before = await exporter.scrape(), args = [String(rounds), String(rate), ...command];
  const own = await forest.runSeen(exporter, "storming", "launch", shape.tree, ...args);
  await busy.end();
  const below = shape.below === undefined ? [] : [{ tree: shape.below, outcome: "success", launches: rounds }];
  const run = withBelow(own, ...below);
  const after = await exporter.scrapeUntil("the storm's end", (scrape) => forestEnded(scrape, run), 60_000);
  assert.equal(after.value("cnproc_events_lost_total"), 0);
  console.log(`${launches} launches in ${run.seconds.toFixed(1)} s:`, begun(before, after));
  return { run, before, after };
}

for (const shape of [TRUE, SCRIPT]) {
  for (const pace of [STEADY, BUSY]) {
    Deno.test({
      name: `storm: ${LAUNCHES} launches of ${shape.what} ${pace.what}, each named by the kernel's record`,
      ignore: requireRoot() || requireBpf(),
      sanitizeResources: false, // the C library stays open
    }, async () => {
      const libc = new Libc(), others = bpfIds(libc);
      await using forest = await Forest.build();
      await using exporter = await Exporter.start({ capture: "bpf" });
      const ids = newBpfIds(libc, others);
      assert.deepEqual([ids.programs.length, ids.links.length], [1, 1]);
      const { run, before, after } = await storm(exporter, forest, LAUNCHES, shape, pace);
      assertForest(after, run);
      const { bpf, ...rest } = begun(before, after);
      assert.ok(bpf! >= launchesOf(run), `${bpf} named by the record`);
      assert.deepEqual(rest, { proc: 0, inode: 0, comm: 0, unknown: 0 });
      await exporter.stop("SIGKILL");
      await assertBpfGone(libc, ids);
    });
  }
}

for (const pace of [STEADY, BUSY]) {
  Deno.test({
    name:
      `storm: ${LAUNCHES_BY_PROC} launches of ${TRUE.what} ${pace.what}, all counted, and named from /proc or by their records`,
    ignore: requireRoot(),
  }, async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ capture: "proc" });
    const { run, before, after } = await storm(exporter, forest, LAUNCHES_BY_PROC, TRUE, pace);
    assertCounted(after, run);
    const { proc, inode } = begun(before, after);
    assert.ok(proc! >= NAMED_BY_PROC * launchesOf(run), `${proc} named from /proc`);
    assert.ok(proc! + inode! >= 0.99 * launchesOf(run), `${proc} named from /proc, ${inode} by their records`);
  });
}
