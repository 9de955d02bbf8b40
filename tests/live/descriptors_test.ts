/** Whatever processes do with their roots, the exporter ends with the descriptors it began with, and lives. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { Exporter, poll, type StartOptions, testCaptures } from "./exporter.ts";

const ignore = requireRoot() || requireTool("gcc") || requireTool("prlimit", "util-linux");

/** Descriptors that a process holds. */
function descriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** The program of roots.c, in a folder of its own. */
class RootsProgram implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "cnproc-roots-" });
  readonly #file = `${this.#folder}/roots`;

  constructor() {
    const args = ["-O1", "-static", "-Wall", "-Werror", "-o", this.#file, `${import.meta.dirname}/roots.c`];
    const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  start(mode: string, count: number): Deno.ChildProcess {
    // After a launch of what enters other roots, processes are asked for theirs.
    assert.ok(new Deno.Command("chroot", { args: ["/", "/bin/true"] }).outputSync().success);
    const args = [mode, String(count)];
    return new Deno.Command(this.#file, { args, stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
  }

  async run(mode: string, count: number): Promise<void> {
    const child = this.start(mode, count);
    await child.stdin.close();
    const { success } = await child.output();
    assert.ok(success, `roots ${mode} ${count}`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** The descriptors of a quiet exporter: the least that is seen, since connections come and go. */
async function atRest(exporter: Exporter): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 10; i++) {
    least = Math.min(least, descriptors(exporter.pid));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return least;
}

async function leavesNone(options: StartOptions): Promise<void> {
  using program = new RootsProgram();
  await using exporter = await Exporter.start(options);
  await exporter.scrape();
  const before = await atRest(exporter);
  await program.run("deep", 100);
  await program.run("churn", 100);
  await program.run("vanish", 200);
  const many = program.start("many", 150);
  const output = many.stdout.getReader();
  await output.read(); // all of them are there
  const scrape = await exporter.scrapeUntil("150 roots", (scrape) => scrape.value("cnproc_roots")! >= 150);
  assert.equal(scrape.value("cnproc_roots_refused_total"), 0);
  assert.ok(descriptors(exporter.pid) < before + 20, "few roots are open at a time");
  await many.stdin.close();
  output.releaseLock();
  await many.stdout.cancel();
  assert.ok((await many.status).success);
  await poll("the descriptors that it began with", () => descriptors(exporter.pid) <= before);
}

const WHAT = "live: deep roots, many, brief and vanishing ones leave no descriptor";
testCaptures(WHAT, ignore, (capture) => leavesNone({ capture }));
Deno.test(
  { name: `${WHAT} (poll)`, ignore },
  () => leavesNone({ flags: ["--source=poll", "--source.poll-interval=100ms"] }),
);

Deno.test(
  { name: "live: an exporter that may open no further file goes on, and sees again when it may", ignore },
  async () => {
    using program = new RootsProgram();
    await using exporter = await Exporter.start({ flags: ["--source=poll", "--source.poll-interval=100ms"] });
    await exporter.scrape();
    const limit = (soft: number) =>
      assert.ok(
        new Deno.Command("prlimit", { args: [`--pid=${exporter.pid}`, `--nofile=${soft}:4096`] }).outputSync().success,
      );
    const processes = (await exporter.scrape()).value("cnproc_processes")!;
    limit(4); // less than it has
    await poll("the warning", () => exporter.log.some((line) => /EMFILE.*ulimit -n/.test(line)));
    await program.run("churn", 20);
    limit(4096);
    const after = await exporter.scrapeUntil(
      "polls",
      (scrape) => scrape.value("cnproc_source_up", { source: "procfs" }) === 1,
    );
    assert.ok(after.value("cnproc_processes")! >= processes - 5, "nobody has ended for want of a descriptor");
    assert.equal(
      exporter.log.filter((line) => /EMFILE/.test(line)).length,
      1,
      "it is told once",
    );
  },
);
