/**
 * A root whose file system never answers (FUSE) stops nobody: not the start, not the thread that reads events, not the answers.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool, skipUnless } from "../require.ts";
import { type Capture, Exporter } from "./exporter.ts";
import { SilentRoot } from "./silent_root.ts";
import { Stopwatch } from "./stopwatch.ts";

const PROCESSES = 50;
/** An answer takes no longer, and the start only so much longer than otherwise; a busy machine needs some of that. */
const MOST_MS = 1000;
/** For so long it is asked. */
const WATCHED_MS = 6000;
/** Readings that may hang at a time. */
const MOST_READINGS = 4;

const ignore = requireRoot() || requireTool("gcc") || skipUnless(hasFuse(), "needs /dev/fuse: modprobe fuse");

function hasFuse(): boolean {
  try {
    Deno.openSync("/dev/fuse", { read: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  using watch = new Stopwatch();
  return [await work(), watch.fairMs];
}

/** Threads of a process that wait for an answer of a FUSE server. */
function waiting(pid: number): number {
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)];
  return threads.filter(({ name }) =>
    /fuse|request_wait/.test(Deno.readTextFileSync(`/proc/${pid}/task/${name}/wchan`))
  )
    .length;
}

/** How many roots can't be read. */
const CASES: readonly (readonly ["one" | "many" | "user", number])[] = [
  ["one", 1],
  ["user", 0], // an ordinary user's isn't read at all
  ["many", PROCESSES],
];

for (const capture of ["ring", "proc"] satisfies Capture[]) {
  for (const [mode, unreadable] of CASES) {
    const name = `live: ${PROCESSES} processes in silent roots: ${mode} (${capture})`;
    Deno.test({ name, ignore }, async () => {
      const [, usualMs] = await timed(async () => {
        await using _ = await Exporter.start({ capture });
      });
      const silent = await SilentRoot.start(mode, PROCESSES);
      try {
        const [exporter, startMs] = await timed(() => Exporter.start({ capture, flags: ["--trees.max=10000"] }));
        await using _ = exporter;
        try {
          assert.ok(startMs < 2 * usualMs + MOST_MS, `ready after ${startMs} ms, otherwise after ${usualMs} ms`);
          let slowestMs = 0;
          for (const endMs = performance.now() + WATCHED_MS; performance.now() < endMs;) {
            for (const path of ["/metrics", "/-/healthy"]) {
              const [{ status }, tookMs] = await timed(() => exporter.get(path));
              assert.equal(status, 200, path);
              slowestMs = Math.max(slowestMs, tookMs);
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          assert.ok(slowestMs < MOST_MS, `an answer took ${slowestMs} ms`);
          assert.ok(waiting(exporter.pid) <= MOST_READINGS, `${waiting(exporter.pid)} threads wait`);
          const scrape = await exporter.scrapeUntil(
            "the roots that can't be read",
            (scrape) => scrape.value("cnproc_roots_unreadable") >= unreadable, // others on this machine may have some
          );
          assert.ok(scrape.treesThrough("run").length > 0, "they have their tree all the same");
          const told = exporter.log.filter((line) => line.includes("doesn't answer")).length;
          assert.ok(unreadable === 0 || told === 1, exporter.log.join("; "));
          assert.ok(scrape.value("cnproc_roots") > (mode === "many" ? PROCESSES : 1), "they have roots of their own");
          // What is launched is seen as ever.
          const before = scrape.value("cnproc_events_total", { type: "exec" });
          for (let i = 0; i < 20; i++) await new Deno.Command("/bin/true").output();
          await exporter.scrapeUntil(
            "launches",
            (now) => now.value("cnproc_events_total", { type: "exec" }) >= before + 20,
          );
        } finally {
          await silent[Symbol.asyncDispose](); // a process ends only when its threads don't wait any more
        }
        await exporter.scrapeUntil(
          "them to be read",
          (scrape) => unreadable === 0 || scrape.value("cnproc_roots_unreadable") < unreadable,
        );
      } finally {
        await silent[Symbol.asyncDispose]();
      }
    });
  }
}
