import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/labels/mod.ts";
import { fileAt, Scene } from "../fake_proc.ts";

/** A machine with a shell (7), after whose launch nobody is asked for a root. */
function scene(): Scene {
  const scene = new Scene();
  for (const exe of ["/usr/bin/ls", "/opt/tool", "/usr/bin/dash"]) scene.launch(0, 7, exe);
  scene.exec(7, "/usr/bin/dash");
  scene.roots.asked.length = 0;
  return scene;
}

Deno.test("an ordinary launch of a known program asks nobody for its root", () => {
  const machine = scene();
  for (let pid = 10; pid < 500; pid++) machine.launch(7, pid, "/usr/bin/ls");
  machine.launch(7, 600, "/usr/bin/dash", ["sh", "/srv/a.sh"]);
  assert.deepEqual(machine.roots.asked, []);
  machine.launch(7, 601, "/srv/new");
  assert.deepEqual(machine.roots.asked, [601]);
});

Deno.test("what is launched below chroot runs in the root that it has then, and so does all below that", () => {
  const machine = scene(), { roots } = machine;
  machine.launch(7, 10, "/usr/sbin/chroot");
  roots.byProcess.set(10, 1);
  machine.exec(10, "/opt/tool");
  assert.equal(machine.tree(10), "/unknown/base");
  for (let pid = 1000; pid < 1300; pid++) machine.launch(7, pid, "/usr/bin/ls"); // until nobody is asked any more
  roots.asked.length = 0;
  machine.launch(10, 11, "/usr/bin/ls");
  assert.equal(machine.tree(11), "/unknown/base/ls");
  machine.launch(11, 12, "/opt/tool");
  assert.equal(machine.tree(12), "/unknown/base/ls/base");
  machine.launch(7, 13, "/opt/tool");
  assert.equal(machine.tree(13), "/unknown/base/tool");
  machine.launch(7, 14, "/usr/bin/ls");
  assert.equal(machine.tree(14), "/unknown/base");
  assert.deepEqual(roots.asked, []);
});

Deno.test("an interpreter is asked while other roots are known: its script is told by its own root", () => {
  const machine = scene(), { roots } = machine;
  machine.launch(7, 10, "/usr/bin/unshare");
  roots.byProcess.set(10, 1);
  machine.exec(10, "/opt/sh", ["sh", "/opt/script"]);
  assert.equal(machine.tree(10), "/unknown/base");
  for (let pid = 1000; pid < 1300; pid++) machine.launch(7, pid, "/usr/bin/ls");
  roots.byProcess.set(11, 1);
  machine.launch(10, 11, "/opt/sh", ["sh", "/usr/bin/ls"]);
  assert.equal(machine.tree(11), "/unknown/base/ls");
  machine.launch(7, 12, "/usr/bin/dash", ["sh", "/opt/script"]);
  assert.equal(machine.tree(12), "/unknown/base/script");
});

Deno.test("processes that are found are asked for their root", () => {
  const machine = new Scene();
  machine.roots.byProcess.set(10, 1);
  machine.proc.set(10, { parent: 0, exe: "/usr/bin/ls" });
  machine.scanner.scan();
  assert.equal(machine.tree(10), "/ls");
  assert.deepEqual([machine.columns.pidIn(1), machine.columns.pidIn(2)], [10, -1]);
  // A process that forked and never exec'd, too: its children run there.
  machine.roots.byProcess.set(20, 2);
  machine.proc.set(20, { parent: 10, exe: "/usr/bin/ls", flags: 0x40 });
  machine.intake.fork(1, 10, 19);
  machine.scanner.adopt(20);
  assert.equal(machine.columns.pidIn(2), 20);
  machine.roots.byProcess.set(21, 2);
  machine.launch(20, 21, "/opt/tool");
  assert.equal(machine.tree(21), "/ls/base");
});

Deno.test("a process that leaves its root again is seen where it is asked", () => {
  const machine = scene(), { roots } = machine;
  machine.launch(7, 10, "/usr/sbin/chroot");
  roots.byProcess.set(10, 1);
  machine.exec(10, "/usr/bin/ls");
  assert.equal(machine.tree(10), "/unknown/base/ls");
  machine.launch(10, 11, "/usr/bin/nsenter");
  machine.exec(11, "/usr/bin/ls");
  assert.equal(machine.tree(11), "/unknown/base/ls/base");
});

Deno.test("programs of other roots are forgotten with all others", () => {
  const machine = scene(), { roots, programs } = machine;
  machine.launch(7, 10, "/usr/sbin/chroot");
  roots.byProcess.set(10, 1);
  machine.exec(10, "/usr/bin/ls");
  programs.restart(machine.trie.usedLabels());
  machine.table.forgetExecutables();
  roots.byProcess.set(11, 1);
  machine.launch(10, 11, "/usr/bin/ls");
  assert.equal(machine.tree(11), "/unknown/base/ls");
});

Deno.test("what lies in a container's writable layer has the flag, programs and scripts alike", () => {
  const machine = scene(), { roots, files, programs } = machine, flags: number[] = [];
  roots.layer = "/layers/1";
  for (const path of ["/opt/dropped", "/opt/dropped.sh"]) files.there.set(`/layers/1${path}`, fileAt(path));
  const launch = (pid: number, ...argv: string[]) => {
    roots.byProcess.set(pid, 1);
    machine.proc.set(pid, { parent: 7, exe: argv[0]!, argv });
    flags.push(programs.flagsOf(programs.look(pid, true)) & Flag.Upper);
  };
  launch(10, "/opt/tool");
  launch(11, "/opt/dropped");
  launch(12, "/opt/sh", "/opt/script");
  launch(13, "/opt/sh", "/opt/dropped.sh");
  launch(14, "/opt/sh", "-c", "/opt/dropped.sh");
  assert.deepEqual(flags, [0, Flag.Upper, 0, Flag.Upper, 0]);
  machine.proc.set(15, { parent: 7, exe: "/opt/dropped" }); // in the machine's own root
  assert.equal(programs.flagsOf(programs.look(15, true)) & Flag.Upper, 0);
});
