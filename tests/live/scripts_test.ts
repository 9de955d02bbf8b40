/** Scripts carry their own names, on the real kernel with real interpreters. */

import assert from "node:assert/strict";
import { requireRoot, skipUnless } from "../require.ts";
import { Exporter } from "./exporter.ts";
import { assertForest, Forest, forestEnded, type ForestRun, type Truth } from "./forest.ts";

const PYTHON = "/usr/bin/python3";

function hasPython(): boolean {
  try {
    return Deno.statSync(PYTHON).isFile;
  } catch {
    return false;
  }
}

/** Launches the forest doesn't know of: those of the programs it launched. */
type Below = Omit<Truth, "secondsMin" | "secondsMax">;

/** Adds launches to the truth of a run; each took no longer than the forest itself. */
function withBelow(run: ForestRun, below: readonly Below[]): ForestRun {
  const { secondsMax } = run.truth[0]!;
  const bounded = below.map((part) => ({ ...part, secondsMin: 0, secondsMax: secondsMax * part.launches }));
  return { ...run, truth: [...run.truth, ...bounded] };
}

interface Case {
  readonly what: string;
  readonly stem: string;
  /** Tree of what the forest launches. */
  readonly tree: string;
  readonly command: (folder: string) => string[];
  readonly below?: readonly Below[];
}

const CASES: readonly Case[] = [
  {
    what: "a shell script by its interpreter",
    stem: "bysh",
    tree: "hello.sh",
    command: (folder) => ["/bin/sh", `${folder}/hello.sh`],
    below: [{ tree: "hello.sh/base", outcome: "success", launches: 6 }],
  },
  {
    what: "a shell script by its first line",
    stem: "byhashbang",
    tree: "hello.sh",
    command: (folder) => [`${folder}/hello.sh`],
    below: [{ tree: "hello.sh/base", outcome: "success", launches: 6 }],
  },
  {
    what: "options before the script",
    stem: "byoptions",
    tree: "hello.sh",
    command: (folder) => ["/bin/bash", "--norc", "-e", `${folder}/hello.sh`],
    below: [{ tree: "hello.sh/base", outcome: "success", launches: 6 }],
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

Deno.test({
  name: "live: scripts by name",
  ignore: requireRoot() || skipUnless(hasPython(), `needs ${PYTHON}: install python3`),
}, async (t) => {
  await using forest = await Forest.build();
  const write = (name: string, text: string) => Deno.writeTextFile(forest.path(name), text, { mode: 0o755 });
  await write("hello.sh", "#!/bin/sh\n/bin/true\n/bin/true\nexit 0\n");
  await write("tool.py", "pass\n");
  await write("through.py", `#!/usr/bin/env ${PYTHON}\npass\n`);
  await using exporter = await Exporter.start({ flags: ["--source=connector"] });

  for (const { what, stem, tree, command, below } of CASES) {
    await t.step(what, async () => {
      const run = withBelow(
        await forest.run(stem, "launch", tree, "3", "0", ...command(forest.folder)),
        below ?? [],
      );
      assertForest(await exporter.scrapeUntil(`the end of ${what}`, (scrape) => forestEnded(scrape, run)), run);
    });
  }

  await t.step("through env: each program in between is an image of its own", async () => {
    const run = withBelow(
      await forest.run("byenv", "launch", "through.py", "3", "0", forest.path("through.py")),
      [{ tree: "base", outcome: "exec", launches: 3 }],
    );
    assertForest(await exporter.scrapeUntil("the end of the scripts", (scrape) => forestEnded(scrape, run)), run);
  });

  await t.step("a script in a folder with a machine-made name is random", async () => {
    await Deno.mkdir(forest.path("ZW50cm9weQo"));
    await write("ZW50cm9weQo/top.py", "pass\n");
    const run = await forest.run("byrandom", "launch", "top.py", "2", "0", PYTHON, forest.path("ZW50cm9weQo/top.py"));
    const scrape = await exporter.scrapeUntil("both scripts", (scrape) => scrape.treeNamed("top.py")?.launches === 2);
    const root = scrape.treeNamed(run.name)!.path;
    const prefix = root.startsWith("/random/") ? "" : "/random"; // the tests' own ancestors may be random already
    assert.equal(scrape.treeNamed("top.py")!.path, `${prefix}${root}/top.py`);
  });
});
