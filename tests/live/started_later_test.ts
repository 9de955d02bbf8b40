/**
 * An exporter that is started later finds the trees that one has which saw all launches: of each kind of program one runs, among
 * them those that have written over their command lines, lost their files, or were forked and never exec'd.
 */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { Exporter, poll } from "./exporter.ts";
import type { Scrape } from "./exposition.ts";

/** The script that runs them, in a folder of its own, `$D`. */
const NAME = "kinds-that-stay.sh";

/**
 * Kinds of programs, each run by the script in the background until it is killed. What isn't as it stays at once touches `$R` then.
 * A kind without its tool, its first word after `needs`, is passed over.
 */
const KINDS: readonly (readonly [what: string, command: string, needs?: string])[] = [
  ["a program of the system", "sleep 600"],
  ["a program of somebody's", "cp /usr/bin/sleep $D/tool && $D/tool 600"],
  ["called like the system's", "mkdir $D/n && cp /usr/bin/sleep $D/n/sshd && $D/n/sshd 600"],
  [
    "with a name that doesn't fit into 15 bytes",
    "cp /usr/bin/sleep $D/a-tool-with-a-longer-name && $D/a-tool-with-a-longer-name 600",
  ],
  ["through a link", "cp /usr/bin/sleep $D/linked && ln -s linked $D/link && $D/link 600"],
  ["with two names", "cp /usr/bin/sleep $D/one && ln $D/one $D/two && $D/two 600"],
  ["deleted since", "cp /usr/bin/sleep $D/gone; (rm $D/gone; touch $R) & exec $D/gone 600"],
  [
    "replaced since",
    "cp /usr/bin/sleep $D/fresh; (cp $D/fresh $D/next; mv $D/next $D/fresh; touch $R) & exec $D/fresh 600",
  ],
  ["with a machine-made name", "cp /usr/bin/sleep $D/x7Kq2mZp9LwTbvR8 && $D/x7Kq2mZp9LwTbvR8 600"],
  [
    "in a machine-made folder",
    "mkdir $D/q8Zt3nXw6RkJvBd && cp /usr/bin/sleep $D/q8Zt3nXw6RkJvBd/agent && $D/q8Zt3nXw6RkJvBd/agent 600",
  ],
  ["a chain in one process", `sh -c 'exec sh -c "exec sleep 600"'`],
  ["a fork", "(read line <&3; :) & read line <&3"],
  ["text by a shell", "bash -c 'read line <&3; :'"],
  ["a script", "script job.sh '#!/bin/sh' 'read line <&3'; $D/job.sh"],
  ["a script by its shell", "script task.sh 'read line <&3'; dash $D/task.sh"],
  ["a script by a relative path", "script near.sh 'read line <&3'; cd $D && bash ./near.sh"],
  [
    "a script of another user",
    "script theirs.sh '#!/bin/sh' 'read line <&3'; setpriv --reuid=65534 --clear-groups $D/theirs.sh",
    "setpriv",
  ],
  [
    "a program of another user",
    "cp /usr/bin/sleep $D/theirs && setpriv --reuid=65534 --clear-groups $D/theirs 600",
    "setpriv",
  ],
  ["in Python", "script app.py 'input()'; python3 $D/app.py <&3", "python3"],
  ["a module of Python", "script own_module.py 'input()'; cd $D && python3 -m own_module <&3", "python3"],
  ["text by Python", "python3 -c 'input()' <&3", "python3"],
  [
    "a memory file",
    `python3 -c 'import os
fd = os.memfd_create("nowhere", 0); os.write(fd, open("/usr/bin/sleep", "rb").read()); os.execve(fd, ["x", "600"], {})'`,
    "python3",
  ],
  [
    "a title of a script that was executed",
    `script daemon.pl '#!/usr/bin/perl' '$0 = "x" x 300; system "touch $ENV{R}"; <STDIN>'; $D/daemon.pl <&3`,
    "perl",
  ],
  [
    "titles of workers",
    `script server.pl 'if (!fork) { if (!fork) { $0 = "b" x 300; system "touch $ENV{R}"; <STDIN> } $0 = "a" x 300; wait } wait'; perl $D/server.pl <&3`,
    "perl",
  ],
  [
    "a title of Node",
    `script daemon.js "#!$(realpath $(command -v node))" 'process.title = "x".repeat(300); require("fs").writeFileSync(process.env.R, ""); setInterval(() => {}, 1e6)'; $D/daemon.js`,
    "node",
  ],
  ["in Node", "script app.js 'setInterval(() => {}, 1e6)'; node $D/app.js", "node"],
  ["in the C shell", "script run.csh 'sleep 600'; csh -f $D/run.csh", "csh"],
  ["in the Korn shell", "script run.ksh 'read line'; ksh $D/run.ksh <&3", "ksh"],
  ["in the Z shell", "script run.zsh 'read line'; zsh -f $D/run.zsh <&3", "zsh"],
  ["in fish", "script run.fish 'sleep 600'; HOME=$D fish $D/run.fish", "fish"],
  ["in Guile", `script run.scm '(sleep 600)'; HOME=$D guile --no-auto-compile -s $D/run.scm`, "guile"],
  ["an applet by name", "busybox sleep 600", "busybox"],
  [
    "an applet by a link",
    "ln -s $(command -v busybox) $D/usleep; ln -s $(command -v busybox) $D/sh; $D/sh -c 'sleep 600; :'",
    "busybox",
  ],
  [
    "by the dynamic linker",
    "cp /usr/bin/sleep $D/loaded; $(ls /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.* 2>/dev/null | head -1) $D/loaded 600",
  ],
  [
    "by an emulator",
    "cp $(command -v busybox) $D/busybox; qemu-$(uname -m)-static $D/busybox sleep 600",
    "qemu-x86_64-static",
  ],
  [
    "in another root",
    "mkdir -p $D/root/srv; cp $(command -v busybox) $D/root/srv; chroot $D/root /srv/busybox sleep 600",
    "busybox",
  ],
  [
    "mounted over another's file",
    "cp /usr/bin/sleep $D/evil; unshare -m sh -c 'mount --bind $D/evil /usr/bin/sleep && exec /usr/bin/sleep 600'",
  ],
];

/** How the script runs them, and ends: its shell has the group's input open for all of them. */
const SCRIPT = (kinds: typeof KINDS) => `
export D=$1 R; exec 3<>$D/hold
script() { local name=$D/$1; shift; printf '%s\\n' "$@" >$name; chmod 755 $name; }
${kinds.map(([, command], i) => `R=$D/ready/${i}; (${command}) &`).join("\n")}
read line <&3`;

/** Trees below the script, by what stands behind it: how many processes they have. */
function below(scrape: Scrape): Record<string, number> {
  const trees = scrape.treesThrough(NAME), isRandom = (path: string) => path.startsWith("/random/");
  // What the test itself is launched from may be machine-made.
  const isMarked = trees.some(({ path }) => isRandom(path) && path.endsWith(`/${NAME}`));
  const found = trees.filter(({ processes }) => processes > 0).map(({ path, processes }) => {
    const mark = isRandom(path) && !isMarked ? "random " : "";
    return [mark + path.slice(path.indexOf(NAME) + NAME.length), processes] as const;
  });
  return Object.fromEntries(found.toSorted(([one], [other]) => one < other ? -1 : 1));
}

Deno.test({
  name: "live: started later it finds the trees that it would have seen",
  ignore: requireRoot() || requireBpf() || requireTool("setsid", "util-linux"),
}, async () => {
  const folder = "/var/tmp/kinds-that-stay"; // not machine-made
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder);
  const isThere = (tool: string) =>
    new Deno.Command("sh", { args: ["-c", `command -v ${tool} >/dev/null`] }).outputSync().success;
  const kinds = KINDS.filter(([, , needs]) => needs === undefined || isThere(needs));
  await Deno.writeTextFile(`${folder}/${NAME}`, SCRIPT(kinds));
  await Deno.mkdir(`${folder}/ready`);
  await new Deno.Command("mkfifo", { args: [`${folder}/hold`] }).output();
  const flags = ["--trees.max=10000", "--trees.max-once=0"];
  await using before = await Exporter.start({ flags });
  const child = new Deno.Command("setsid", {
    args: ["bash", `${folder}/${NAME}`, folder],
    stdin: "null",
    stderr: "inherit",
  }).spawn();
  try {
    const touching = kinds.filter(([, command]) => /\$R\b|\bR\}|env\.R\b/.test(command)).length;
    await poll("all as they stay", () => [...Deno.readDirSync(`${folder}/ready`)].length === touching, 60_000);
    await using after = await Exporter.start({ flags });
    let seen: Record<string, number> = {}, found: Record<string, number> = {};
    await poll("the same trees", async () => {
      [seen, found] = [below(await before.scrape()), below(await after.scrape())];
      return Object.keys(seen).length > kinds.length / 2 && JSON.stringify(seen) === JSON.stringify(found);
    }, 30_000).catch(() => {});
    console.log(seen);
    assert.deepEqual(found, seen);
    for (const own of ["/tool", "/daemon.pl", "/server.pl"]) {
      assert.ok(!isThere("perl") || seen[own] !== undefined, `${own} among them`);
    }
  } finally {
    await new Deno.Command("kill", { args: ["-KILL", "--", `-${child.pid}`] }).output();
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
});
