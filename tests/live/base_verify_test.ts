/**
 * A program of the base system that isn't what its package brought is told from it within seconds of its first launch, and an
 * upgrade is no such thing: in the machine's own root, and in a chroot with a database of its own.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { requireRoot, requireTool } from "../require.ts";
import { run } from "./command.ts";
import { Exporter, poll, testCaptures } from "./exporter.ts";
import type { Scrape } from "./exposition.ts";
import { Forest } from "./forest.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Within this time of its first launch a program that was changed has the flag, milliseconds. */
const WITHIN_MS = 5000;
const NAME = "cnproc-test-vouched", PROGRAM = `/usr/bin/${NAME}`;
/** So much is added to the program, to be cut off. */
const PADDING = 64 << 10;

/** Builds a program without libraries that does nothing, each version with other bytes, and its package. */
async function build(forest: Forest, version: number): Promise<string> {
  const folder = forest.path(`package-${version}`), program = `${folder}${PROGRAM}`;
  await Deno.mkdir(`${folder}/DEBIAN`, { recursive: true });
  await Deno.mkdir(`${folder}/usr/bin`, { recursive: true });
  await Deno.writeTextFile(forest.path("nothing.c"), `int version = ${version};\nint main(void) { return 0; }\n`);
  await run("cc", "-static", "-o", program, forest.path("nothing.c"));
  await Deno.writeFile(program, new Uint8Array(PADDING).fill(version), { append: true });
  const digest = createHash("md5").update(await Deno.readFile(program)).digest("hex");
  await Deno.writeTextFile(`${folder}/DEBIAN/md5sums`, `${digest}  ${PROGRAM.slice(1)}\n`);
  await Deno.writeTextFile(
    `${folder}/DEBIAN/control`,
    `Package: ${NAME}\nVersion: ${version}\nArchitecture: all\nPriority: important\nMaintainer: nobody <n@example.org>\n` +
      "Description: does nothing\n",
  );
  await run("dpkg-deb", "-Znone", "--build", folder, forest.path(`${version}.deb`));
  return forest.path(`${version}.deb`);
}

const ignore = requireRoot() || requireTool("dpkg-deb", "dpkg") || requireTool("cc", "gcc");

testCaptures(
  "live: a base program that was overwritten, replaced or cut is told within seconds, an upgrade isn't",
  ignore,
  async (capture, t) => {
    await using forest = await Forest.build();
    const packages = [await build(forest, 1), await build(forest, 2)];
    const inner = forest.path("root");
    await Deno.mkdir(`${inner}/var/lib/dpkg/info`, { recursive: true });
    await Deno.mkdir(`${inner}/var/lib/dpkg/updates`, { recursive: true });
    await Deno.writeTextFile(`${inner}/var/lib/dpkg/status`, "");
    await Deno.mkdir(`${inner}/usr/bin`, { recursive: true });
    // A root is reached through a process in it.
    await Deno.writeTextFile(forest.path("hold.c"), "#include <unistd.h>\nint main(void) { return pause(); }\n");
    await run("cc", "-static", "-o", `${inner}/usr/bin/hold`, forest.path("hold.c"));
    const holder = new Deno.Command("chroot", { args: [inner, "/usr/bin/hold"] }).spawn();
    await using held = { [Symbol.asyncDispose]: () => (holder.kill(), holder.status.then(() => {})) };
    void held;
    // What has no database when it is first seen goes by the built-in list.
    await run("dpkg", `--root=${inner}`, "--no-triggers", "--install", packages[0]!);
    await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000"] });
    const modified = async (): Promise<number> => {
      const { text } = await exporter.scrape();
      const lines = text.matchAll(/^cnproc_tree_flagged_launches_total\{([^}]*flag="modified"[^}]*)\} (\d+)/gm);
      return [...lines].reduce((sum, [, , count]) => sum + Number(count), 0);
    };
    const unchanged = async () =>
      (await exporter.scrape()).value("cnproc_base_verifications_total", { result: "unchanged" });

    for (const root of ["", inner]) {
      const program = `${root}${PROGRAM}`;
      const dpkg = (...args: string[]) =>
        poll(
          "dpkg's lock",
          () =>
            run("dpkg", ...root === "" ? [] : [`--root=${root}`], "--no-triggers", "--force-unsafe-io", ...args).then(
              () => true,
              (error) => /lock/.test(String(error)) ? false : Promise.reject(error),
            ),
          60_000,
        );
      const launch = () => root === "" ? run(PROGRAM) : run("chroot", root, PROGRAM);
      /** Launches the program until it is base. */
      const proven = async () => {
        const ownLaunches = (scrape: Scrape) => scrape.treesThrough(NAME).reduce((sum, tree) => sum + tree.launches, 0);
        await poll("the program as base", async () => {
          const before = await exporter.scrape();
          await launch();
          const execs = (scrape: Scrape) => scrape.value("cnproc_events_total", { type: "exec" });
          const after = await exporter.scrapeUntil("the launch", (scrape) => execs(scrape) > execs(before));
          return ownLaunches(after) === ownLaunches(before);
        }, 30_000);
      };
      const changes: Readonly<Record<string, () => Promise<void>>> = {
        "overwritten, with its time put back": async () => {
          const { mtime } = await Deno.stat(program);
          const file = await Deno.open(program, { write: true });
          await file.seek(-8, Deno.SeekMode.End);
          await file.write(new Uint8Array(8));
          file.close();
          await Deno.utime(program, mtime!, mtime!);
        },
        "replaced": async () => {
          await Deno.copyFile(program, `${program}.new`);
          await Deno.writeFile(`${program}.new`, new Uint8Array(8), { append: true });
          await Deno.rename(`${program}.new`, program);
        },
        "cut": () => Deno.truncate(program, Deno.statSync(program).size - PADDING),
      };
      try {
        await dpkg("--install", packages[0]!);
        // The database is read anew, and quiet for a while.
        await poll("the program as base", async () => {
          await launch();
          return await unchanged() > 0;
        }, 30_000);
        for (const [what, change] of Object.entries(changes)) {
          await t.step(`${what}, in ${root === "" ? "the machine's root" : "a chroot"}`, async () => {
            await dpkg("--install", packages[0]!);
            await proven();
            await new Promise((resolve) => setTimeout(resolve, 4000)); // no longer a moment after an installation
            const before = await modified(), seen = JSON.parse((await exporter.get("/api/v1/events")).text).last_id;
            await change();
            using watch = new Stopwatch();
            await launch();
            await poll("the flag", async () => await modified() > before, 2 * WITHIN_MS);
            const took = watch.fairMs;
            console.log(`${what}, ${root === "" ? "own root" : "chroot"}: flagged after ${Math.round(took)} ms`);
            assert.ok(took < WITHIN_MS, `${took} ms`);
            // The launch was told before that was known: what follows says so.
            await poll("the flag as an event", async () => {
              const { events } = JSON.parse((await exporter.get(`/api/v1/events?limit=1000&after=${seen}`)).text);
              return events.some(({ type, flags }: { type: string; flags?: string[] }) =>
                type === "flags" && flags?.includes("modified")
              );
            });
          });
        }
        await t.step(`upgraded, in ${root === "" ? "the machine's root" : "a chroot"}`, async () => {
          await dpkg("--install", packages[0]!);
          await proven();
          const before = await modified();
          for (let i = 1; i <= 4; i++) {
            let isDone = false;
            const upgrade = dpkg("--install", packages[i % 2]!).finally(() => isDone = true);
            while (!isDone) await launch();
            await upgrade;
          }
          await proven();
          await new Promise((resolve) => setTimeout(resolve, WITHIN_MS)); // what differed is told when the database is quiet
          await launch();
          assert.equal(await modified(), before);
        });
      } finally {
        await dpkg("--purge", NAME).catch(() => {});
        await Deno.remove(program).catch(() => {});
      }
    }
  },
  ["bpf"],
);
