/**
 * What is named late has the name that it would have had in time, or says that it isn't known: one exporter sees all kinds of
 * programs by the kernel's records, another is stopped meanwhile, and has what the accounting leaves of them.
 */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Exporter, poll } from "./exporter.ts";
import type { Scrape } from "./exposition.ts";
import { mayBe } from "./late_names.ts";

/** Kinds of programs, run by a shell in a folder of their own, `$1`; a kind whose program isn't installed is passed over. */
const KINDS: Readonly<Record<string, string>> = {
  "a program of the system": "true",
  "through links": "for name in awk nawk; do ! command -v $name || $name 'BEGIN{}'; done",
  "a script of the system": "which true",
  "a program of somebody's": "cp /usr/bin/true $1/tool && $1/tool",
  "called like the system's": "cp /usr/bin/true $1/ls && $1/ls",
  "with a name that doesn't fit": "cp /usr/bin/true $1/a-tool-with-a-longer-name && $1/a-tool-with-a-longer-name",
  "with several names": "cp /usr/bin/true $1/one && ln $1/one $1/two && $1/one && $1/two",
  "deleted at once": "cp /usr/bin/true $1/gone && $1/gone && rm $1/gone",
  "in a machine-made folder":
    "mkdir -p $1/x7Kq2mZp9LwTbvR && cp /usr/bin/true $1/x7Kq2mZp9LwTbvR/agent && $1/x7Kq2mZp9LwTbvR/agent",
  "a machine-made name": "cp /usr/bin/true $1/x7Kq2mZp9LwTbvR8 && $1/x7Kq2mZp9LwTbvR8",
  "a script": "printf '#!/bin/sh\ntrue\n' > $1/job.sh && chmod +x $1/job.sh && $1/job.sh",
  "a script in a machine-made folder":
    "mkdir -p $1/q8Zt3nXw6RkJvBd && cp $1/job.sh $1/q8Zt3nXw6RkJvBd/hidden.sh && $1/q8Zt3nXw6RkJvBd/hidden.sh",
  "a script by its shell": "sh $1/job.sh",
  "text by a shell": "sh -c ':'",
  "a module": "! command -v python3 || python3 -m keyword < /dev/null",
  "an interpreter's script": "! command -v python3 || { echo > $1/task.py && python3 $1/task.py; }",
  "a chain in one process": "sh -c 'exec sh -c \"exec true\"'",
  "applets by links":
    "! command -v busybox || for name in true wget; do ln -s $(command -v busybox) $1/$name && $1/$name --help; done",
  "applets by name": "! command -v busybox || busybox true",
  "a shell's own applets": "! command -v busybox || busybox sh -c 'sleep 0; true'",
};

/** The script that runs them. */
const NAME = "late-kinds.sh";

/** What kinds that need no package are called in time. */
const OWN = ["base", "tool", "one", "two", "gone", "agent", "*", "job.sh", "hidden.sh", "a-tool-with-a-longer-name"];

/** Trees below an element, as their elements behind it. */
function below(scrape: Scrape): string[][] {
  return scrape.treesThrough(NAME).map(({ path }) => {
    const elements = path.split("/");
    return elements.slice(elements.indexOf(NAME) + 1);
  });
}

/** Launches of all of them. */
function launchesOf(scrape: Scrape): number {
  return scrape.treesThrough(NAME).reduce((sum, tree) => sum + tree.launches, 0);
}

Deno.test({
  name: "live: what is named late has its name, or says that it isn't known",
  ignore: requireRoot() || requireBpf(),
}, async () => {
  const folder = await Deno.makeTempDir(), script = `${folder}/${NAME}`;
  try {
    const wait = "read -r _",
      kinds = Object.values(KINDS).map((kind) => `kind() { ${kind}; }; kind "$folder"`).join("\n");
    const lines = ["#!/bin/sh", "PATH=/usr/bin:/bin", `folder=${folder}`, wait, kinds, ": > $folder/done", wait, ""];
    await Deno.writeTextFile(script, lines.join("\n"), { mode: 0o700 });
    await using inTime = await Exporter.start({ capture: "bpf" });
    await using late = await Exporter.start({ capture: "proc" });
    await using child = new Deno.Command(script, { stdin: "piped", stdout: "null", stderr: "null" }).spawn();
    const input = child.stdin.getWriter(), line = new TextEncoder().encode("\n");
    for (const exporter of [inTime, late]) {
      await exporter.scrapeUntil("the script", (scrape) => scrape.treeNamed(NAME) !== undefined);
    }
    late.kill("SIGSTOP");
    await input.write(line);
    await poll("all kinds run", () => Deno.stat(`${folder}/done`).then(() => true, () => false), 60_000);
    const truth = await inTime.scrapeUntil(
      "all ended",
      (scrape) =>
        scrape.treesThrough(NAME).every(({ path, running }) => running === (path.endsWith(`/${NAME}`) ? 1 : 0)),
    );
    late.kill("SIGCONT");
    const launches = launchesOf(truth);
    const named = await late.scrapeUntil("as many launches", (scrape) => launchesOf(scrape) === launches);
    const names = below(truth);
    const own = new Set(names.map(([first]) => first));
    assert.deepEqual(OWN.filter((name) => !own.has(name)), [], "kinds that didn't run");
    const wrong = below(named).filter((tree) => !names.some((other) => mayBe(tree, other)));
    assert.deepEqual(wrong.map((tree) => tree.join("/")), []);
    await input.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
