import assert from "node:assert/strict";
import { CompiledRules, NO_RULES } from "../../../fingerprint/labels/rules.ts";
import { FORKED_NEVER_EXECUTED, Scene } from "./fake_proc.ts";

/** systemd as the first process, and sshd and cron launched from it. */
function machine(): Scene {
  const scene = new Scene();
  scene.proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd", argv: ["/sbin/init"], startTicks: 1 });
  scene.scanner.scan();
  scene.launch(1, 100, "/usr/sbin/sshd");
  scene.launch(1, 200, "/usr/sbin/cron");
  return scene;
}

/** Each program launched from the one before, the first from sshd: the tree of the last. */
function chain(...programs: readonly (readonly [exe: string, ...argv: string[]])[]): string | undefined {
  const scene = machine();
  let pid = 100;
  for (const [exe, ...argv] of programs) scene.launch(pid, pid + 1, exe, argv.length === 0 ? undefined : argv), pid++;
  return scene.tree(pid);
}

const BASH = ["/usr/bin/bash", "-bash"] as const;
const SERVER = ["/usr/bin/dash", "sh", "/srv/app/server.sh"] as const;
const NODE_SERVER = ["/opt/node/bin/node", "node", "/srv/app/server.sh"] as const;
const NODE = ["/opt/node/bin/node", "node", "-e", "0"] as const;
const SUDO = ["/usr/bin/sudo"] as const;
const EXPORTER = ["/usr/local/bin/cnproc-exporter"] as const;

Deno.test("the fingerprints of the specification come out as written", () => {
  assert.equal(chain(BASH, ["/usr/bin/pstree"]), "/sshd/base/pstree");
  assert.equal(chain(BASH, SERVER, SUDO, BASH, EXPORTER), "/sshd/base/server.sh/sudo/base/cnproc-exporter");
  assert.equal(
    chain(BASH, NODE_SERVER, NODE_SERVER, SUDO, BASH, EXPORTER),
    "/sshd/base/server.sh/sudo/base/cnproc-exporter",
  );
  assert.equal(chain(BASH, SERVER, NODE, NODE, BASH), "/sshd/base/server.sh/node/base");
  assert.equal(chain(["/usr/bin/dash", "sh", "/etc/init.d/hwclock.sh", "-a"]), "/sshd/hwclock.sh");
  assert.equal(chain(["/usr/bin/dd"]), "/sshd/base");
  assert.equal(chain(["/usr/bin/dd-outer"]), "/sshd/dd-outer");
  assert.equal(chain(BASH, ["/usr/bin/dd"]), "/sshd/base");
});

Deno.test("a script in a machine-made folder marks its chain, also through a shell that execs it in place", () => {
  const scene = machine();
  scene.launch(200, 201, "/usr/bin/python3.11", ["python", "/tmp/ZW50cm9weQo/top.py"]);
  assert.equal(scene.tree(201), "/random/cron/top.py");

  scene.launch(200, 202, "/usr/bin/dash", ["/bin/sh", "-c", "python /tmp/ZW50cm9weQo/top.py"]);
  assert.equal(scene.tree(202), "/cron/base");
  scene.exec(202, "/usr/bin/python3.11", ["python", "/tmp/ZW50cm9weQo/top.py"]);
  assert.equal(scene.tree(202), "/random/cron/top.py");
  assert.deepEqual(scene.row("/random/cron/top.py"), {
    launches: 2,
    running: 2,
    processes: 2,
    exits: [0, 0, 0, 0, 0, 0],
  });
  // What such a program launches is marked too, and is not the tree of the same names without a mark.
  scene.launch(202, 203, "/usr/bin/bash");
  assert.equal(scene.tree(203), "/random/cron/top.py/base");
  scene.launch(200, 204, "/usr/bin/python3.11", ["python", "/srv/top.py"]);
  scene.launch(204, 205, "/usr/bin/bash");
  assert.equal(scene.tree(205), "/cron/top.py/base");
});

Deno.test("systemd is left out as the first process, and nowhere else", () => {
  const scene = machine();
  assert.equal(scene.tree(1), "/");
  scene.launch(1, 1, "/usr/lib/systemd/systemd"); // systemctl daemon-reexec
  assert.equal(scene.tree(1), "/");
  scene.launch(1, 302, "/usr/local/bin/systemd");
  assert.equal(scene.tree(302), "/\\systemd"); // a program that only calls itself so
  scene.launch(100, 303, "/usr/lib/systemd/systemd");
  assert.equal(scene.tree(303), "/sshd/systemd");
});

Deno.test("a user's manager is the root of its services, seen to start or found running", () => {
  const argv = ["/lib/systemd/systemd", "--user"];
  const seen = machine();
  seen.launch(1, 300, "/usr/lib/systemd/systemd", argv);
  const found = machine();
  found.proc.set(300, { parent: 1, exe: "/usr/lib/systemd/systemd", argv });
  found.proc.set(299, { parent: 300, exe: "/usr/lib/systemd/systemd", argv, flags: FORKED_NEVER_EXECUTED }); // (sd-pam)
  found.proc.set(298, { parent: 1, exe: "/usr/lib/systemd/systemd", flags: FORKED_NEVER_EXECUTED });
  found.scanner.scan();
  assert.deepEqual([found.tree(299), found.tree(298)], ["/systemd-user", "/"]);
  for (const scene of [seen, found]) {
    assert.equal(scene.tree(300), "/systemd-user");
    scene.fork(300, 304);
    assert.equal(scene.tree(304), "/systemd-user");
    scene.launch(300, 301, "/usr/bin/tool");
    assert.equal(scene.tree(301), "/systemd-user/tool");
    scene.launch(1, 305, "/usr/bin/tool");
    assert.equal(scene.tree(305), "/tool");
    scene.scanner.compare(300);
    assert.equal(scene.tree(300), "/systemd-user");
    scene.launch(1, 306, "/opt/systemd-user");
    assert.equal(scene.tree(306), "/\\systemd-user");
  }
});

Deno.test("a user's manager is left out where that is configured", () => {
  const scene = machine();
  scene.trie.configure(new CompiledRules({ ...NO_RULES, roots: ["systemd-user"] }));
  scene.launch(1, 300, "/usr/lib/systemd/systemd");
  scene.launch(300, 301, "/usr/bin/tool");
  assert.deepEqual([scene.tree(300), scene.tree(301)], ["/", "/tool"]);
});

Deno.test("several images of one process are launched from the same base, and the last names it", () => {
  const scene = machine();
  scene.launch(100, 101, "/usr/bin/bash");
  scene.fork(101, 102);
  assert.equal(scene.tree(102), "/sshd/base"); // until it execs it runs its parent's program
  scene.exec(102, "/usr/bin/env", ["/usr/bin/env", "python3", "./x.py"], "/srv");
  assert.equal(scene.tree(102), "/sshd/base");
  scene.exec(102, "/usr/bin/python3.11", ["python3", "./x.py"], "/srv");
  assert.equal(scene.tree(102), "/sshd/base/x.py");
  assert.deepEqual(scene.row("/sshd/base"), { launches: 2, running: 1, processes: 1, exits: [0, 0, 0, 0, 1, 0] });
  assert.deepEqual(scene.row("/sshd/base/x.py"), { launches: 1, running: 1, processes: 1, exits: [0, 0, 0, 0, 0, 0] });
  scene.exit(102, 0x300);
  assert.deepEqual(scene.row("/sshd/base/x.py"), { launches: 1, running: 0, processes: 0, exits: [0, 1, 0, 0, 0, 0] });
});

Deno.test("a daemon keeps the tree that it was launched with when its parents have gone", () => {
  const scene = machine();
  scene.launch(100, 101, "/usr/bin/bash");
  scene.launch(101, 102, "/opt/app/watchd");
  scene.fork(102, 103);
  scene.exit(102);
  scene.fork(103, 104);
  scene.exit(103);
  scene.exit(101);
  scene.proc.processes.get(104)!.parent = 1;
  assert.equal(scene.tree(104), "/sshd/base/watchd");
  // It never exec'd: its program's image has ended, and a process still runs it.
  assert.deepEqual(scene.row("/sshd/base/watchd"), {
    launches: 1,
    running: 0,
    processes: 1,
    exits: [1, 0, 0, 0, 0, 0],
  });
  scene.launch(104, 105, "/opt/app/helper");
  assert.equal(scene.tree(105), "/sshd/base/watchd/helper");
  scene.exit(104, 9);
  // Nobody launched it, so it is no ending.
  assert.deepEqual(scene.row("/sshd/base/watchd"), {
    launches: 1,
    running: 0,
    processes: 0,
    exits: [1, 0, 0, 0, 0, 0],
  });
  assert.equal(scene.tree(104), undefined);
});
