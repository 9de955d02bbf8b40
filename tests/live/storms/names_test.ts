/** Whoever makes up names gets no more series than others: 50,000 programs, each of its own name, each launched once. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../../require.ts";
import { Exporter, poll } from "../exporter.ts";
import type { Scrape } from "../exposition.ts";
import { processFigures } from "../figures.ts";
import { Forest, forestEnded, type ForestRun } from "../forest.ts";
import { Stopwatch } from "../stopwatch.ts";

const NAMES = 50_000;
const WARM_UP = 5_000;
const MEBIBYTE = 1 << 20;
/** What the tables keep of the last some thousands of names, once the garbage of the storm is collected. */
const MOST_GROWTH = 16 * MEBIBYTE;
/** Names below one tree that were launched once and have series. */
const MAX_ONCE = 64;
/** Programs that are named twice, because one of them ended before it could be looked at. */
const MISNAMED = 20;

const SYLLABLES = [
  "ba",
  "con",
  "di",
  "el",
  "for",
  "gra",
  "in",
  "lo",
  "mon",
  "net",
  "or",
  "pro",
  "re",
  "ser",
  "ta",
  "vi",
];

/** Word-like names, which no detector can tell from others, and random ones, by turns. All have at most 15 characters. */
function nameOf(index: number): string {
  if (index % 4 === 0) {
    return Array.from(
      crypto.getRandomValues(new Uint8Array(14)),
      (byte) => "abcdefghijklmnopqrstuvwxyz012345"[byte & 31],
    ).join("");
  }
  let name = "";
  for (let rest = index; rest > 0 || name === ""; rest = Math.floor(rest / 16)) name += SYLLABLES[rest % 16];
  return name;
}

/** A folder with programs that do nothing: copies of one, so that each has an inode of its own. */
async function makePrograms(folder: string, from: number, count: number): Promise<void> {
  await Deno.mkdir(folder);
  const source = `${folder}.c`, program = `${folder}.program`;
  // Without a library it has 700 bytes.
  await Deno.writeTextFile(
    source,
    `void _start(void) { __asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11", "memory"); }`,
  );
  const args = ["-static", "-nostdlib", "-Wl,-N,--build-id=none", "-s", "-o", program, source];
  const { success, stderr } = await new Deno.Command("cc", { args, stderr: "piped" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const bytes = await Deno.readFile(program);
  for (let i = 0; i < count; i++) Deno.writeFileSync(`${folder}/${nameOf(from + i)}`, bytes, { mode: 0o755 });
}

/** Launches of a forest and all below it, those of random names too, whose trees may be marked ones. */
function launches(scrape: Scrape, run: ForestRun): number {
  return scrape.treesThrough(run.name).reduce((sum, tree) => sum + tree.launches, 0);
}

const ignore = requireRoot() || requireTool("cc", "gcc") || Deno.build.arch !== "x86_64";

Deno.test(
  { name: "storm: 50,000 programs with as many names, in flat memory and a bounded scrape", ignore },
  async () => {
    await using forest = await Forest.build();
    await makePrograms(forest.path("warm"), 1_000_000, WARM_UP);
    await makePrograms(forest.path("storm"), 0, NAMES);
    await using exporter = await Exporter.start({ flags: ["--source=connector"] });
    const regular = await forest.run("regular", "launch", "base", "2", "0", "/bin/true");
    const warm = await forest.run("warming", "names", forest.path("warm"));
    const before = await exporter.scrapeUntil("the warm-up's end", (scrape) => forestEnded(scrape, warm), 60_000);
    const originals = [...before.trees.keys()];
    const figuresBefore = processFigures(exporter.pid);

    const run = await forest.run("storming", "names", forest.path("storm"));
    await exporter.scrapeUntil("the storm's end", (scrape) => forestEnded(scrape, run), 120_000);
    await forest.run("regular", "launch", "base", "3", "0", "/bin/true");
    using started = new Stopwatch();
    const { text } = await exporter.get("/metrics");
    const seconds = started.fairMs / 1000;
    const after = await exporter.scrapeUntil(
      "the regular launches",
      (scrape) => scrape.trees.get(`${scrape.treeNamed(regular.name)?.path}/base`)?.launches === 5,
    );
    const peak = processFigures(exporter.pid).anonymousBytes - figuresBefore.anonymousBytes;
    const root = after.treeNamed(run.name)!.path;
    const below = after.below(root), crowd = after.trees.get(`${root}/*`)!;
    console.log(`${NAMES} names in ${run.seconds.toFixed(1)} s:`, {
      series: below.length,
      crowd: crowd.launches,
      scrapeBytes: text.length,
      scrapeSeconds: seconds,
    });
    assert.ok(peak <= 64 * MEBIBYTE, `anonymous memory grew by ${peak} bytes in the storm, want at most 64 MiB`);
    const grown = await poll("memory as before", () => {
      const bytes = processFigures(exporter.pid).anonymousBytes - figuresBefore.anonymousBytes;
      return bytes <= MOST_GROWTH ? { bytes } : undefined;
    }, 60_000);
    const mebibytes = (bytes: number) => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
    console.log(`memory grew by ${mebibytes(peak)} in the storm, by ${mebibytes(grown.bytes)} after it`);
    assert.equal(launches(after, run), NAMES + 1, "every launch is counted");
    assert.equal(after.value("cnproc_trees_collapsed_total"), 0);
    // The forest itself, the marked trees of random names (one more `*`) and those without.
    const bound = 1 + 2 * (MAX_ONCE + 1) + MISNAMED;
    assert.ok(below.length <= bound, `${below.length} series, want at most ${bound}`);
    assert.ok(crowd.launches > 0.5 * NAMES, `under *: ${crowd.launches}`);
    assert.deepEqual(originals.filter((path) => !after.trees.has(path)), [], "the trees of before keep their series");
    assert.ok(text.length < 3_000_000, `${text.length} bytes of text`);
    assert.ok(seconds < 2, `a scrape took ${seconds} s`);
  },
);
