/** Whose word counts about what is base in another root: the administrator's, nobody else's; and what a large one costs. */

import assert from "node:assert/strict";
import { requireRoot, requireTool, skipUnless } from "../require.ts";
import { Exporter, poll, testCaptures } from "./exporter.ts";
import { Forest } from "./forest.ts";
import { buildStatic } from "./silent_root.ts";
import { Stopwatch } from "./stopwatch.ts";

const USER = 1000;
const AS_USER = ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", "unshare", "--map-root-user"];

function mayUnshare(): boolean {
  return new Deno.Command(AS_USER[0]!, { args: [...AS_USER.slice(1), "true"], stderr: "null" }).outputSync().success;
}

const ignore = requireRoot() || requireTool("gcc") || requireTool("setpriv", "util-linux") ||
  skipUnless(mayUnshare(), "needs user namespaces for ordinary users");

/** Bytes of a status file beyond what any system has. */
const LARGE_BYTES = 13 << 20;
/** CPU time that it may cost the thread that reads events, seconds: what it does anyhow. */
const MOST_CPU_SECONDS = 0.1;

/** Makes a root whose package database calls `miner` required. */
async function makeRoot(root: string, owner: number, padding = ""): Promise<void> {
  for (const folder of ["usr/bin", "usr/lib/systemd", "var/lib/dpkg/info"]) {
    await Deno.mkdir(`${root}/${folder}`, { recursive: true });
  }
  await Deno.writeTextFile(
    `${root}/var/lib/dpkg/status`,
    `${padding}Package: miner\nStatus: install ok installed\nPriority: required\n\n`,
  );
  await Deno.writeTextFile(`${root}/var/lib/dpkg/info/miner.list`, "/usr/bin/inner-miner\n");
  buildStatic("wait.c", `${root}/usr/bin/inner-miner`);
  await Deno.copyFile(`${root}/usr/bin/inner-miner`, `${root}/usr/lib/systemd/systemd`);
  await run("chown", "-R", `${owner}:${owner}`, root);
}

async function run(command: string, ...args: string[]): Promise<void> {
  assert.ok((await new Deno.Command(command, { args }).output()).success, command);
}

/** Starts a program in a root; it ends with its standard input. */
async function inRoot(as: readonly string[], root: string, path: string, test: () => Promise<void>): Promise<void> {
  const [command, ...args] = [...as, "chroot", root, path];
  const child = new Deno.Command(command!, { args, stdin: "piped" }).spawn();
  try {
    await test();
  } finally {
    await child.stdin.close().catch(() => {});
    await child.status;
  }
}

testCaptures("live: in any user's own root its database has no say", ignore, async (capture) => {
  await using forest = await Forest.build();
  await run("chmod", "755", forest.path("."));
  await makeRoot(forest.path("user"), USER);
  await makeRoot(forest.path("admin"), 0);
  await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000"] });
  const launches = async () =>
    (await exporter.scrape()).treesThrough("inner-miner").reduce((sum, tree) => sum + tree.launches, 0);
  // By /proc the commands that lead to a program may be read as the program already: its launches are a lower bound.
  let seen = 0;
  const another = async () => {
    const before = seen;
    seen = await launches();
    return seen > before;
  };
  await inRoot(AS_USER, forest.path("user"), "/usr/bin/inner-miner", async () => {
    await poll("its own name", another);
  });
  await inRoot(AS_USER, forest.path("user"), "/usr/lib/systemd/systemd", async () => {
    await poll(
      "a tree of what calls itself systemd",
      async () => (await exporter.scrape()).treesThrough("systemd@user-root").length > 0,
    );
  });
  // As the administrator in a root that the user can write.
  await inRoot([], forest.path("user"), "/usr/bin/inner-miner", async () => {
    await poll("its own name", another);
  });
  // The first in a root that is new may be named before it is known what is base there.
  await poll("base, in the administrator's root", async () => {
    const before = await launches(), execs = (await exporter.scrape()).value("cnproc_events_total", { type: "exec" });
    await inRoot([], forest.path("admin"), "/usr/bin/inner-miner", async () => {
      await exporter.scrapeUntil("its exec", (now) => now.value("cnproc_events_total", { type: "exec" }) >= execs + 2);
    });
    return await launches() === before;
  });
});

Deno.test({ name: "live: a status file of 13 MB costs the thread that reads events nothing", ignore }, async () => {
  await using forest = await Forest.build();
  const line = `Description: ${"x".repeat(1000)}\n`;
  await makeRoot(forest.path("large"), 0, `Package: p\n${line.repeat(Math.ceil(LARGE_BYTES / line.length))}\n`);
  await using exporter = await Exporter.start({ flags: ["--trees.max=10000"] });
  const seconds = (await exporter.scrape()).value("cnproc_worker_cpu_seconds_total");
  await inRoot([], forest.path("large"), "/usr/bin/inner-miner", async () => {
    await exporter.scrapeUntil("the root", (scrape) => scrape.value("cnproc_roots") > 1);
    for (let i = 0; i < 20; i++) {
      using began = new Stopwatch();
      await exporter.scrape();
      assert.ok(began.fairMs < 1000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(exporter.log.some((text) => text.includes("doesn't answer")), false);
  });
  await inRoot([], forest.path("large"), "/usr/bin/inner-miner", async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
  });
  const cost = (await exporter.scrape()).value("cnproc_worker_cpu_seconds_total") - seconds;
  assert.ok(cost < MOST_CPU_SECONDS, `${cost} s`);
});
