/**
 * An ordinary user who tries to use up what the exporter has (hostile_user.c): afterwards descriptors and memory are where they
 * were, nothing was lost, and another user's new programs have trees of their own.
 *
 * `HOSTILE_SECONDS` is how long it goes on, 40 unless said otherwise.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Exporter, poll } from "./exporter.ts";
import { type ProcessFigures, processFigures } from "./figures.ts";

const SECONDS = Number(Deno.env.get("HOSTILE_SECONDS") ?? 40);
/** Users that nobody else is. */
const EVIL = 61_001, ALICE = 61_002;
/**
 * What may be more afterwards, however long it went on. The trees are still there, with paths as long as they may be: a text of up
 * to 13 MB, which is kept twice, and the names of 65,536 programs.
 */
const MOST_BYTES = 64 << 20, MOST_FILES = 2;

/** The least that is seen of a quiet exporter. */
async function atRest(exporter: Exporter, seconds: number): Promise<Pick<ProcessFigures, "files" | "anonymousBytes">> {
  let files = Infinity, anonymousBytes = Infinity;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const figures = processFigures(exporter.pid);
    files = Math.min(files, figures.files);
    anonymousBytes = Math.min(anonymousBytes, figures.anonymousBytes);
  }
  return { files, anonymousBytes };
}

function as(user: number, folder: string, ...command: string[]): Deno.ChildProcess {
  const args = [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "prlimit", "--nproc=256", ...command];
  return new Deno.Command("setpriv", { args, cwd: folder, stdin: "null", stdout: "piped", stderr: "inherit" }).spawn();
}

Deno.test({
  name: `live: a hostile user, ${SECONDS} seconds`,
  ignore: requireRoot() || requireBpf() || requireTool("gcc") || requireTool("setpriv", "util-linux"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "cnproc-hostile-" });
    try {
      await Deno.chmod(folder, 0o755);
      const file = `${folder}/hostile_user`;
      const args = ["-O1", "-static", "-Wall", "-Werror", "-o", file, `${import.meta.dirname}/hostile_user.c`];
      const { success, stderr } = await new Deno.Command("gcc", { args }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const home = `${folder}/home`;
      await Deno.mkdir(home);
      await Deno.copyFile(file, `${home}/hostile_user`);
      for (const path of [home, `${home}/hostile_user`]) await Deno.chown(path, EVIL, EVIL);
      await using exporter = await Exporter.start({ capture: "bpf", flags: ["--trees.max=1000"] });
      for (let i = 0; i < 20; i++) await exporter.scrape();
      const before = await atRest(exporter, 3);

      const evil = as(EVIL, home, "./hostile_user", String(SECONDS));
      const output = evil.output();
      const tools: string[] = [];
      let most = 0;
      for (let isRunning = true; isRunning;) {
        const pause = new Promise((resolve) => setTimeout(resolve, 1000 * SECONDS / 15));
        isRunning = await Promise.race([pause.then(() => true), output.then(() => false)]);
        await pause;
        // A new program of another user, in the middle of it.
        const tool = `alices-tool-${"abcdefghijklmnopqrstuvwxyz"[tools.length]}`;
        if (tools.length < 12) {
          tools.push(tool);
          await Deno.copyFile(file, `${folder}/${tool}`);
          await Deno.chmod(`${folder}/${tool}`, 0o755);
          for (let i = 0; i < 5; i++) assert.ok((await as(ALICE, folder, `./${tool}`).output()).success);
        }
        const scrape = await exporter.scrape();
        most = Math.max(most, scrape.value("cnproc_trees_path_bytes") / scrape.value("cnproc_trees_path_limit_bytes"));
        assert.ok(scrape.value("cnproc_trees") <= 1000);
      }
      const { code, stdout } = await output;
      assert.equal(code, 0);

      const scrape = await exporter.scrapeUntil("everything drained", (scrape) => {
        return tools.every((tool) => scrape.treeNamed(tool)?.launches === 5);
      });
      for (const tool of tools) {
        const tree = scrape.treeNamed(tool)!;
        assert.deepEqual([tree.launches, tree.running], [5, 0], tree.path);
      }
      assert.equal(scrape.value("cnproc_events_lost_total"), 0, "nothing was lost");
      assert.equal(scrape.value("cnproc_images_total", { identified_by: "unknown" }), 0);
      const warnings = exporter.log.filter((line) => line.includes("--trees.max"));
      assert.ok(warnings.length <= 2, warnings.join("\n"));
      const after = await poll("descriptors and memory as they were", async () => {
        const figures = await atRest(exporter, 3);
        return figures.files <= before.files + MOST_FILES &&
          figures.anonymousBytes <= before.anonymousBytes + MOST_BYTES && figures;
      }, 60_000).catch(async (error) =>
        assert.fail(`${error}: ${JSON.stringify([before, await atRest(exporter, 1)])}`)
      );
      console.log(
        `${SECONDS} s, ${new TextDecoder().decode(stdout).trim()} launches of evil's; ` +
          `files ${before.files} → ${after.files}, anonymous ${before.anonymousBytes >> 10} → ${
            after.anonymousBytes >> 10
          } kB; ` +
          `trees ${scrape.value("cnproc_trees")}, most bytes ${most.toFixed(2)} of the limit, ` +
          `evicted ${scrape.value("cnproc_trees_evicted_total")}, collapsed ${
            scrape.value("cnproc_trees_collapsed_total")
          }, ` +
          `${warnings.length} warnings`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
