/**
 * Scripts carry their own names, on the real kernel with real interpreters. Where names come from /proc, whose scripts may have
 * gone by then, each counts below the forest.
 */

import assert from "node:assert/strict";
import { requireRoot, skipUnless } from "../require.ts";
import { Exporter, NAMED_BY_PROC, testCaptures } from "./exporter.ts";
import { assertCounted, assertForest, Forest, forestEnded, type ForestRun, launchesOf, withBelow } from "./forest.ts";

const PYTHON = "/usr/bin/python3";

function hasPython(): boolean {
  try {
    return Deno.statSync(PYTHON).isFile;
  } catch {
    return false;
  }
}

interface Case {
  readonly what: string;
  readonly stem: string;
  /** Tree of what the forest launches. */
  readonly tree: string;
  readonly command: (folder: string) => string[];
  readonly below?: Parameters<typeof withBelow>[1];
}

const CASES: readonly Case[] = [
  {
    what: "a shell script by its interpreter",
    stem: "bysh",
    tree: "hello.sh",
    command: (folder) => ["/bin/sh", `${folder}/hello.sh`],
    below: { tree: "hello.sh/base", outcome: "success", launches: 6 },
  },
  {
    what: "a shell script by its first line",
    stem: "byhashbang",
    tree: "hello.sh",
    command: (folder) => [`${folder}/hello.sh`],
    below: { tree: "hello.sh/base", outcome: "success", launches: 6 },
  },
  {
    what: "options before the script",
    stem: "byoptions",
    tree: "hello.sh",
    command: (folder) => ["/bin/bash", "--norc", "-e", `${folder}/hello.sh`],
    below: { tree: "hello.sh/base", outcome: "success", launches: 6 },
  },
  {
    what: "a command line of a shell is the shell",
    stem: "byline",
    tree: "base",
    command: () => ["/bin/sh", "-c", ":"],
  },
  {
    what: "a Python script",
    stem: "bypython",
    tree: "tool.py",
    command: (folder) => [PYTHON, "-W", "ignore", `${folder}/tool.py`],
  },
  {
    what: "a Python module",
    stem: "bymodule",
    tree: "json.tool",
    command: () => [PYTHON, "-m", "json.tool", "--help"],
  },
];

const ignore = requireRoot() || skipUnless(hasPython(), `needs ${PYTHON}: install python3`);

testCaptures("live: scripts by name", ignore, async (capture, t) => {
  await using forest = await Forest.build();
  const write = (name: string, text: string) => Deno.writeTextFile(forest.path(name), text, { mode: 0o755 });
  await write("hello.sh", "#!/bin/sh\n/bin/true\n/bin/true\nexit 0\n");
  await write("tool.py", "pass\n");
  await write("through.py", `#!/usr/bin/env ${PYTHON}\npass\n`);
  await using exporter = await Exporter.start({ capture });
  let launches = 0, inTheirTrees = 0;
  const check = async (what: string, run: ForestRun) => {
    const scrape = await exporter.scrapeUntil(`the end of ${what}`, (scrape) => forestEnded(scrape, run));
    if (capture === "bpf") assertForest(scrape, run);
    launches += launchesOf(run);
    inTheirTrees += assertCounted(scrape, run);
  };

  for (const { what, stem, tree, command, below } of CASES) {
    await t.step(what, async () => {
      const run = withBelow(
        await forest.runSeen(exporter, stem, "launch", tree, "3", "0", ...command(forest.folder)),
        ...below === undefined ? [] : [below],
      );
      await check(what, run);
    });
  }

  await t.step("through env: each program in between is an image of its own", async () => {
    const run = withBelow(
      await forest.runSeen(exporter, "byenv", "launch", "through.py", "3", "0", forest.path("through.py")),
      { tree: "base", outcome: "exec", launches: 3 },
    );
    await check("the scripts", run);
  });

  await t.step("all in their trees, or most", () => {
    const share = inTheirTrees / launches;
    assert.ok(share >= (capture === "bpf" ? 1 : NAMED_BY_PROC), `${inTheirTrees} of ${launches} in their trees`);
  });

  await t.step("a script in a folder with a machine-made name is random", async () => {
    await Deno.mkdir(forest.path("ZW50cm9weQo"));
    // It lives until it has been seen.
    await write("ZW50cm9weQo/top.py", "import sys\nsys.stdin.read()\n");
    const child = new Deno.Command(PYTHON, { args: [forest.path("ZW50cm9weQo/top.py")], stdin: "piped" }).spawn();
    const scrape = await exporter.scrapeUntil("the script", (scrape) => scrape.treeNamed("top.py")?.running === 1);
    await child.stdin.close();
    assert.ok((await child.status).success);
    assert.match(scrape.treeNamed("top.py")!.path, /^\/random\/.+\/top\.py$/);
  });
});
