/**
 * Programs that write over their command line to set a title: found running they have the name that they were launched by, where
 * the script was executed itself. Compared with what the same process is called before it does so.
 */

import assert from "node:assert/strict";
import { machineExplainer } from "../../fingerprint/mod.ts";
import { Procfs } from "../../fingerprint/proc/mod.ts";
import { Libc } from "../../netlink/mod.ts";
import { findTool, requireRoot, requireTool } from "../require.ts";

const explainer = machineExplainer(), procfs = new Procfs(new Libc());
await explainer.command("/bin/sh"); // opens what it keeps open, that for comparing a file with its package too

/** Scripts that say so when they run, wait for a line, set a title that is longer than their command line, and wait again. */
const SCRIPTS: readonly (readonly [interpreter: string, text: string])[] = [
  ["perl", `$| = 1; print "ready\\n"; <STDIN>; $0 = "x" x 300; print "titled\\n"; <STDIN>;`],
  ["ruby", `$stdout.sync = true; puts "ready"; gets; $0 = "x" * 300; puts "titled"; gets`],
  [
    "node",
    `console.log("ready"); process.stdin.on("data", () => { process.title = "x".repeat(300); console.log("titled"); });`,
  ],
];

Deno.test({
  name: "live: memory of other users' processes isn't read, which may never be answered",
  ignore: requireRoot() || requireTool("perl") || requireTool("setpriv", "util-linux"),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "titles" }), script = `${folder}/own-daemon`;
    await Deno.chmod(folder, 0o755);
    await Deno.writeTextFile(script, `#!/usr/bin/perl\n${SCRIPTS[0]![1]}\n`, { mode: 0o755 });
    for (const [user, name] of [[0, script], [65_534, undefined]] as const) {
      const args = [`--reuid=${user}`, "--regid=65534", "--clear-groups", script];
      const child = new Deno.Command("setpriv", { args, stdin: "piped", stdout: "piped" }).spawn();
      try {
        const reader = child.stdout.getReader();
        await reader.read();
        await reader.cancel();
        assert.equal(procfs.readExecName(child.pid), name);
      } finally {
        await child.stdin.close();
        child.kill("SIGKILL");
        await child.status;
      }
    }
    await Deno.remove(folder, { recursive: true });
  },
});

for (const [interpreter, text] of SCRIPTS) {
  const path = findTool(interpreter);
  Deno.test({
    name: `live: a title of ${interpreter} hides no script that was executed itself`,
    ignore: interpreter === "ruby" ? path === undefined : requireTool(interpreter),
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "titles" }), script = `${folder}/own-daemon`;
      await Deno.writeTextFile(script, `#!${await Deno.realPath(path!)}\n${text}\n`, { mode: 0o755 });
      const child = new Deno.Command(script, { stdin: "piped", stdout: "piped" }).spawn();
      const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader(), input = child.stdin.getWriter();
      try {
        const named = async () =>
          (({ label, base, random }) => ({ label, base, random }))((await explainer.process(child.pid))!);
        assert.equal((await output.read()).value, "ready\n");
        const before = await named();
        await input.write(new TextEncoder().encode("\n"));
        assert.equal((await output.read()).value, "titled\n");
        const commandLine = await Deno.readTextFile(`/proc/${child.pid}/cmdline`);
        assert.doesNotMatch(commandLine, /own-daemon/, "it has written over its command line");
        assert.deepEqual(await named(), before);
        assert.equal(before.label, "own-daemon");
      } finally {
        child.kill("SIGKILL");
        await child.status;
        await input.close().catch(() => {});
        await output.cancel();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
