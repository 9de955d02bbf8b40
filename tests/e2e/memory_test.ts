/** Memory of the compiled exporter: after its start, and with many processes alive. */

import assert from "node:assert/strict";
import { Exporter, poll } from "../live/exporter.ts";
import { processFigures } from "../live/figures.ts";
import { assertForest, Forest, forestEnded } from "../live/forest.ts";
import { BINARY, requireBinary } from "./binary.ts";

const MEBIBYTE = 1 << 20;
/** Anonymous memory with 5,000 processes: 39 to 42 MiB, by when V8 last collected its garbage. */
const MOST_BYTES = 46 * MEBIBYTE;
/** Memory between scrapes, with some 35 trees. */
const MOST_RESIDENT_BYTES = 60 * MEBIBYTE;

Deno.test({ name: "e2e: what only the start needed of the file is given back", ignore: requireBinary() }, async () => {
  {
    using file = await Deno.open(BINARY);
    await file.sync(); // pages that aren't on the disk yet stay in memory
  }
  await using exporter = await Exporter.start({ command: [BINARY] });
  const { fileBytes: atStart } = processFigures(exporter.pid);
  const fileBytes = await poll("less of the file in memory", () => {
    const { fileBytes } = processFigures(exporter.pid);
    return fileBytes <= 30 * MEBIBYTE && fileBytes;
  });
  console.log(`RssFile: ${(atStart / MEBIBYTE).toFixed(1)} MiB, then ${(fileBytes / MEBIBYTE).toFixed(1)} MiB`);
  await exporter.scrape();
});

Deno.test(
  { name: "e2e: at most 60 MiB of memory, files included, between scrapes", ignore: requireBinary() },
  async () => {
    await using forest = await Forest.build();
    await using exporter = await Exporter.start({ command: [BINARY] });
    const run = await forest.run("resident", "launch", "base", "3000", "1000", "/bin/true");
    assertForest(await exporter.scrapeUntil("their end", (scrape) => forestEnded(scrape, run)), run);
    for (const path of ["/", "/api/v1/trees", "/metrics"]) assert.equal((await exporter.get(path)).status, 200);
    const { residentBytes } = processFigures(exporter.pid);
    const least = await poll("less memory", () => {
      const { residentBytes } = processFigures(exporter.pid);
      return residentBytes <= MOST_RESIDENT_BYTES && residentBytes;
    }, 20_000);
    console.log(`VmRSS: ${(residentBytes / MEBIBYTE).toFixed(1)} MiB, then ${(least / MEBIBYTE).toFixed(1)} MiB`);
    await exporter.scrape();
  },
);

Deno.test({
  name: "e2e: all threads share the C library's memory, and give large pieces back",
  ignore: requireBinary(),
}, async () => {
  await using exporter = await Exporter.start({ command: [BINARY] });
  const variables = Deno.readTextFileSync(`/proc/${exporter.pid}/environ`).split("\0");
  for (const wanted of ["MALLOC_ARENA_MAX=1", "MALLOC_MMAP_THRESHOLD_=32768"]) {
    assert.ok(variables.includes(wanted), String(variables));
  }
});

Deno.test({ name: "e2e: 5,000 processes in at most 46 MiB", ignore: requireBinary() }, async () => {
  await using forest = await Forest.build();
  await using exporter = await Exporter.start({ command: [BINARY], flags: ["--source=connector"] });
  const running = await forest.start("half", "sleepers", "5000");
  await running.ready();
  await exporter.scrapeUntil("5,000 sleepers", (scrape) => {
    const root = scrape.treeNamed(running.name)?.path;
    return root !== undefined && scrape.trees.get(`${root}/sleeper`)?.running === 5000;
  });
  // What it took to read them is given back when that is over.
  let anonymousBytes = 0;
  await poll("the memory of 5,000 processes alone", () => {
    anonymousBytes = processFigures(exporter.pid).anonymousBytes;
    return anonymousBytes <= MOST_BYTES;
  }, 30_000).catch(() => {});
  const run = await running.end();
  assertForest(await exporter.scrapeUntil("their end", (scrape) => forestEnded(scrape, run), 60_000), run);
  console.log(`RssAnon with 5,000 processes: ${(anonymousBytes / MEBIBYTE).toFixed(1)} MiB`);
  assert.ok(anonymousBytes <= MOST_BYTES, `RssAnon ${anonymousBytes}, want at most ${MOST_BYTES}`);
});
