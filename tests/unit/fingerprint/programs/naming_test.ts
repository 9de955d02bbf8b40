import assert from "node:assert/strict";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import { UNSEEN } from "../../../../fingerprint/programs/marks.ts";
import { Programs } from "../../../../fingerprint/programs/naming.ts";
import { splitArguments } from "../../../../fingerprint/programs/reading.ts";
import { FakeFiles, fileAt, Scene } from "../fake_proc.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The label of what process 7 runs, and what named it. */
function named(scene: Scene, program: number, label: number): string {
  assert.ok(!scene.programs.isComplete(program));
  return scene.labels.textOf(label);
}

function makeKnown(scene: Scene, exe: string, inode: number): void {
  scene.programs.inodes.know(bytesOf(exe), { ...fileAt(exe), inodeLow: inode });
}

/** The label of a process that had gone, by its record: the inode of its executable, 0 in records without one, and its thread's name. */
function late(scene: Scene, inode: number, comm: string): string {
  const { programs, records } = scene;
  scene.record(7, { exeDevice: inode === 0 ? 0 : 0xfe00, exeInodeLow: inode }, comm);
  const label = programs.nameFromRecord(UNSEEN, records, records.first(7));
  records.shift(7);
  return scene.labels.textOf(label);
}

Deno.test("an executable is read once, a script each time", () => {
  const scene = new Scene(), { programs, proc, labels } = scene, reads: string[] = [];
  proc.before = (_pid, what) => reads.push(what);
  proc.set(7, { exe: "/usr/bin/ls" });
  const ls = programs.look(7);
  assert.ok(programs.isComplete(ls));
  assert.equal(labels.textOf(programs.labelOf(ls)), "base");
  const again = programs.look(7);
  assert.deepEqual(
    [programs.executableOf(again), programs.labelOf(again)],
    [programs.executableOf(ls), programs.labelOf(ls)],
  );
  proc.set(8, { exe: "/usr/bin/dash", argv: ["sh", "a.sh"], cwd: "/srv" });
  const script = programs.look(8);
  assert.equal(labels.textOf(programs.labelOf(script)), "a.sh");
  proc.set(9, { exe: "/usr/bin/dash", argv: ["sh", "/srv/b.sh"] });
  const other = programs.look(9);
  assert.equal(labels.textOf(programs.labelOf(other)), "b.sh");
  assert.equal(programs.executableOf(other), programs.executableOf(script));
  assert.notEqual(programs.executableOf(ls), programs.executableOf(script));
  // No command line for what is no interpreter, no folder for a path from the root.
  assert.deepEqual(reads.filter((what) => what !== "identity"), ["exe", "exe", "cmdline", "cwd", "cmdline"]);
});

Deno.test("what can't be seen is told from what can", () => {
  const { programs, proc } = new Scene();
  assert.equal(programs.look(7), UNSEEN);
  proc.set(7, { exe: 13 });
  assert.equal(programs.look(7), UNSEEN);
  assert.deepEqual([programs.isComplete(UNSEEN), programs.executableOf(UNSEEN)], [false, -1]);
  assert.equal(programs.hasGone(7), false); // only not allowed
  assert.equal(programs.hasGone(8), true);
  // The process went between the two reads: the interpreter is known, its script isn't.
  proc.set(7, { exe: "/usr/bin/dash", argv: [] });
  const half = programs.look(7);
  assert.ok(half >= 0 && !programs.isComplete(half));
});

Deno.test("a process that had gone is named by its record: by the place of its executable", () => {
  const scene = new Scene(), { programs, records } = scene;
  makeKnown(scene, "/opt/a/tool", 77);
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 77 }, "renamed itself");
  assert.equal(named(scene, UNSEEN, programs.nameFromRecord(UNSEEN, records, records.first(7))), "tool");
  assert.deepEqual(programs.namedBy, [0, 1, 0, 0, 0]);
});

Deno.test("an interpreter that had gone: nobody knows what it ran, nor where a script lies", () => {
  const cases: [exe: string, comm: string, want: string][] = [
    ["/usr/bin/dash", "dash", "sh:?"],
    ["/usr/bin/dash", "sh", "sh:?"], // a link to it
    ["/usr/bin/bash", "-bash", "bash:?"],
    ["/usr/bin/dash", "", "sh:?"],
    ["/usr/bin/dash", "exe", "sh:?"], // by /proc/self/exe
    ["/usr/bin/dash", "backup.sh", "backup.sh@?"],
    ["/usr/bin/dash", "which", "which@?"],
    ["/opt/bin/python3.11", "python3", "python:?"],
    ["/opt/bin/python3.11", "backup.py", "backup.py@?"],
    ["/opt/bin/python3.11", "2024-report", "2024-report@?"],
    ["/usr/bin/dash", "base", "base@?"],
    ["/usr/bin/dash", "a/b", "a\\x2fb@?"],
    ["/usr/bin/busybox", "busybox", "busybox:?"],
    ["/usr/bin/ls", "x.sh", "base"],
  ];
  for (const [exe, comm, want] of cases) {
    const scene = new Scene();
    makeKnown(scene, exe, 5);
    assert.equal(late(scene, 5, comm), want, `${exe} ${comm}`);
  }
});

Deno.test("an interpreter that had gone is told by the links to it, and an applet of busybox has its name", () => {
  const scene = new Scene(), { programs } = scene;
  const know = (path: string, inode: number, ...links: string[]) => {
    const executable = programs.inodes.know(bytesOf(path), { ...fileAt(path), inodeLow: inode });
    for (const link of links) programs.late.learnLink(link, executable);
  };
  know("/usr/bin/mawk", 5, "/usr/bin/awk", "/usr/bin/nawk", "/etc/alternatives/awk");
  know("/bin/busybox", 6, "/bin/true", "/usr/sbin/telnetd", "/bin/sh");
  assert.deepEqual(["awk", "nawk", "gawk"].map((comm) => late(scene, 5, comm)), ["awk:?", "awk:?", "gawk@?"]);
  const inTime = ["true", "telnetd"].map((name) => {
    scene.proc.set(8, { exe: "/bin/busybox", argv: [name, "x"] });
    return scene.labels.textOf(programs.labelOf(programs.look(8)));
  });
  assert.deepEqual(inTime, ["base", "telnetd"]);
  assert.deepEqual(["true", "telnetd"].map((comm) => late(scene, 6, comm)), inTime);
  assert.deepEqual(["sh", "agent.sh"].map((comm) => late(scene, 6, comm)), ["busybox:?", "agent.sh@?"]);
});

Deno.test("a script that had gone is the one that was seen under its name, where that is one", () => {
  const scene = new Scene(), { programs, proc, labels } = scene;
  const dash = 13, inodes: Record<string, number> = { "/usr/bin/dash": dash, "/usr/bin/bash": 14 };
  const run = (path: string, exe = "/usr/bin/dash") => {
    proc.set(8, { exe, file: { inodeLow: inodes[exe]! }, argv: ["sh", path] });
    const program = programs.look(8);
    return [labels.textOf(programs.labelOf(program)), programs.labelOf(program) & 1];
  };
  for (const [exe, inode] of Object.entries(inodes)) makeKnown(scene, exe, inode);
  const again = (inode: number, comm: string) => {
    scene.record(7, { exeDevice: 0xfe00, exeInodeLow: inode }, comm);
    const id = programs.nameFromRecord(UNSEEN, scene.records, scene.records.first(7));
    scene.records.shift(7);
    return [labels.textOf(id), id & 1];
  };
  assert.deepEqual(run("/tmp/x7Kq2mZp9LwTbvR/agent.sh"), ["agent.sh", 1]);
  assert.deepEqual(again(dash, "agent.sh"), ["agent.sh", 1]);
  assert.deepEqual(run("/srv/a-script-of-more-than-15-bytes"), ["a-script-of-more-than-15-bytes", 0]);
  assert.deepEqual(again(dash, "a-script-of-mor"), ["a-script-of-more-than-15-bytes", 0]);
  run("/srv/agent.sh"); // another of the same name: it may be either
  assert.deepEqual(again(dash, "agent.sh"), ["agent.sh@?", 0]);
  run("/usr/bin/which"); // a name makes nothing base
  assert.deepEqual(again(dash, "which"), ["which@?", 0]);
  run("/srv/job.sh", "/usr/bin/bash");
  assert.deepEqual(again(dash, "job.sh"), ["job.sh@?", 0]); // not by this shell
  scene.labelChanges.note(); // what they are called now nobody knows
  assert.deepEqual(again(dash, "a-script-of-mor"), ["a-script-of-mor@?", 0]);
});

Deno.test("before Linux 5.19 records name no file: the one program that is known by the thread's name is meant", () => {
  const scene = new Scene(), { programs, proc } = scene;
  const know = (path: string) => programs.inodes.know(bytesOf(path), fileAt(path));
  const old = (comm: string) => late(scene, 0, comm);
  assert.equal(old("true"), "true@?");
  know("/usr/bin/true");
  assert.equal(old("true"), "base");
  proc.set(8, { exe: "/tmp/true" });
  programs.labelOf(programs.look(8));
  assert.equal(old("true"), "true@?"); // it may be either
  programs.late.learnLink("/usr/bin/vi", know("/usr/bin/vim.basic"));
  programs.late.learnLink("/usr/bin/sh", know("/usr/bin/dash"));
  know("/usr/sbin/cron");
  know("/opt/a-program-with-a-long-name");
  const names = ["vi", "vim.basic", "sh", "dash", "cron", "a-program-with-", "other"];
  const want = ["vim.basic", "vim.basic", "sh:?", "sh:?", "cron", "a-program-with-a-long-name", "other@?"];
  assert.deepEqual(names.map(old), want);
  proc.set(9, { exe: "/opt/bin/python3.11", argv: ["python3", "/opt/agent.py"] });
  programs.look(9);
  assert.equal(old("agent.py"), "agent.py");
});

Deno.test("where the place is unknown too, the thread's name is left, and that nobody knows where it lies; without one it is unknown", () => {
  const scene = new Scene(), { programs, records, labels } = scene;
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 1 }, "mystery");
  assert.equal(labels.textOf(programs.nameFromRecord(UNSEEN, records, records.first(7))), "mystery@?");
  assert.equal(programs.nameFromRecord(UNSEEN, records, -1), programs.unknownLabel);
  scene.record(8, { exeDevice: 0xfe00, exeInodeLow: 1 }, "");
  assert.equal(programs.nameFromRecord(UNSEEN, records, records.first(8)), programs.unknownLabel);
  assert.equal(labels.textOf(programs.unknownLabel), "unknown");
  assert.deepEqual(programs.namedBy, [0, 0, 1, 2, 0]);
  // A program that is called so is another.
  assert.notEqual(programs.nameFromComm(UNSEEN, bytesOf("unknown")), programs.unknownLabel);
});

Deno.test("an executable's place is learned from the records of those that ran it", () => {
  const scene = new Scene(), { programs, records, proc, labels } = scene;
  proc.set(7, { exe: "/opt/a/tool", file: { inodeLow: 5, inodeHigh: 1 } });
  const tool = programs.look(7);
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 5, exeInodeHigh: 1 }, "tool");
  programs.inodes.learn(programs.executableOf(tool), records, records.first(7));
  scene.record(8, { exeDevice: 0xfe00, exeInodeLow: 5, exeInodeHigh: 1 }, "tool");
  assert.equal(labels.textOf(programs.nameFromRecord(UNSEEN, records, records.first(8))), "tool");
  assert.equal(programs.inodes.size, 1);
});

Deno.test("a place is learned only from a record that names the file that was seen, under a path that was proved", () => {
  const scene = new Scene(), { programs, records, proc, labels, files } = scene;
  const name = (inode: number) => {
    scene.record(99, { exeDevice: 0xfe00, exeInodeLow: inode }, "x");
    const label = programs.nameFromRecord(UNSEEN, records, records.first(99));
    records.shift(99);
    return labels.textOf(label);
  };
  const learn = (exe: string, seen: number, recorded: number) => {
    proc.set(7, { exe, file: { inodeLow: seen } });
    scene.record(7, { exeDevice: 0xfe00, exeInodeLow: recorded }, "tool");
    programs.inodes.learn(programs.executableOf(programs.look(7)), records, records.first(7));
    records.shift(7);
  };
  learn("/opt/a/one", 4, 5); // it was seen to exec one, then exec'd another, which was lost
  assert.deepEqual([programs.inodes.size, programs.contradicted], [0, 1]);
  learn("/opt/a/one", 5, 5);
  assert.equal(name(5), "one");
  files.there.set("/opt/a/one", undefined); // the inode belongs to another file now, or will
  assert.equal(name(5), "x@?");
  learn("/opt/a/two", 5, 5);
  assert.equal(name(5), "two");
  files.there.set("/usr/bin/ls", fileAt("/usr/bin/ls"));
  learn("/usr/bin/ls", 6, 6); // whatever is mounted there isn't ls
  assert.deepEqual([name(6), programs.contradicted], ["x@?", 2]);
});

Deno.test("a process that goes on to another program between two reads contradicts nothing, and is looked at again", () => {
  const { programs, proc, files, labels } = new Scene();
  proc.set(7, { exe: "/opt/first" });
  files.there.set("/opt/second", fileAt("/opt/second"));
  proc.before = (pid, what) => {
    if (what === "exe") proc.set(pid, { exe: "/opt/second" });
  };
  assert.deepEqual([programs.look(7), programs.contradicted], [UNSEEN, 0]);
  assert.equal(labels.textOf(programs.labelOf(programs.look(7))), "second");
});

Deno.test("a shell that goes on to its command before its arguments are read didn't run what that one's arguments say", () => {
  const scene = new Scene(), { programs, proc } = scene;
  const next = { exe: "/usr/bin/systemd-run", argv: ["systemd-run", "--wait", "/opt/job.py"] };
  for (const round of ["anew", "known"]) {
    proc.set(7, { exe: "/usr/bin/bash", argv: ["bash", "-c", "systemd-run --wait /opt/job.py"] });
    proc.before = (pid, what) => {
      if (what === "cmdline") proc.set(pid, next);
    };
    const program = programs.look(7);
    assert.ok(!programs.isComplete(program), round);
    assert.equal(scene.labels.textOf(programs.labelOf(program)), "base", `its executable alone, ${round}`);
  }
});

Deno.test("a file with many names is called by the one that was run", () => {
  const scene = new Scene(), { programs, records, proc } = scene;
  const inode = { exeDevice: 0xfe00, exeInodeLow: 78 };
  for (const [pid, name] of [[6, "zero"], [7, "one"], [8, "two"]] as const) {
    proc.set(pid, { exe: `/opt/${name}`, file: { inodeLow: 78, links: 3 } });
    scene.record(pid, inode, name);
    programs.inodes.learn(programs.executableOf(programs.look(pid)), records, records.first(pid));
  }
  scene.record(9, inode, "three");
  assert.equal(named(scene, UNSEEN, programs.nameFromRecord(UNSEEN, records, records.first(9))), "three@?");
  scene.record(10, inode, "two");
  assert.equal(named(scene, UNSEEN, programs.nameFromRecord(UNSEEN, records, records.first(10))), "two");
});

Deno.test("a name that is known from a record only is judged like others", () => {
  const scene = new Scene(), { programs, records } = scene;
  const label = (pid: number, comm: string) => {
    scene.record(pid, { exeDevice: 1, exeInodeLow: pid }, comm);
    const id = programs.nameFromRecord(UNSEEN, records, records.first(pid));
    return [scene.labels.textOf(id), id & 1];
  };
  assert.deepEqual(label(7, "x7Kq2mZp9LwTbvR"), ["*@?", 1]);
  assert.deepEqual(label(8, "backup"), ["backup@?", 0]);
  assert.deepEqual(label(9, "a/x7Kq2mZp9LwTb"), ["a\\x2fx7Kq2mZp9LwTb@?", 0]);
});

Deno.test("a deleted file's inode is nobody's", () => {
  const scene = new Scene(), { programs, records, proc } = scene;
  proc.set(7, { exe: "/opt/a/tool (deleted)" });
  const tool = programs.look(7);
  assert.equal(scene.labels.textOf(programs.labelOf(tool)), "tool");
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 5 }, "tool");
  programs.inodes.learn(programs.executableOf(tool), records, records.first(7));
  assert.equal(programs.inodes.size, 0);
});

Deno.test("full tables start anew: names that are in use stay, all else is learned again", () => {
  const scene = new Scene(100), { programs, proc, labels, trie } = scene;
  scene.launch(0, 7, "/opt/a/keeper");
  const node = scene.table.nodeOf(7);
  for (let i = 0; !programs.isFull; i++) {
    proc.set(8, { exe: `/opt/programs/p${i}` });
    programs.look(8);
    assert.ok(i < 1 << 16, "the tables are bounded");
  }
  programs.restart(trie.usedLabels());
  scene.table.forgetExecutables();
  assert.deepEqual([programs.isFull, programs.inodes.size], [false, 0]);
  assert.equal(trie.pathOf(node), "/unknown/keeper");
  assert.equal(labels.textOf(programs.unknownLabel), "unknown");
  proc.set(9, { exe: "/opt/a/keeper" });
  assert.equal(labels.textOf(programs.labelOf(programs.look(9))), "keeper");
  scene.launch(7, 10, "/opt/a/new");
  assert.equal(scene.tree(10), "/unknown/keeper/new");
  scene.record(7, { exeDevice: 1, exeInodeLow: 1, processSeconds: 1 }, "keeper");
  scene.exit(7); // its executable had a number that is another's now
  assert.equal(programs.inodes.size, 0);
});

Deno.test("labels that changed are used from the next launch on, and what was captured keeps its own", () => {
  const scene = new Scene(), { programs, proc, labels } = scene;
  proc.set(7, { exe: "/usr/bin/ls" });
  proc.set(8, { exe: "/usr/bin/dash", argv: ["sh", "/opt/a.sh"] });
  proc.set(9, { exe: "/opt/gone (deleted)" });
  const label = (program: number) => labels.textOf(programs.labelOf(program));
  const [ls, script, gone] = [programs.look(7), programs.look(8), programs.look(9)];
  assert.deepEqual([label(ls), label(script)], ["base", "a.sh"]);
  const [known, unlabelled] = [programs.look(7), programs.look(9)];
  scene.labeller.base = scene.labeller.base.withOverrides({
    adds: (path) => path === "/opt/a.sh",
    removes: (path) => path === "/usr/bin/ls",
  });
  scene.labelChanges.note();
  assert.deepEqual([known, unlabelled, script].map(label), ["base", "gone", "a.sh"]);
  assert.deepEqual([label(programs.look(7)), label(programs.look(8))], ["ls", "base"]);
  assert.equal(programs.executableOf(programs.look(7)), programs.executableOf(known));
  // Before any of them ran again, all that is asked about executables has its answer.
  scene.labelChanges.note();
  scene.record(9, { exeDevice: 0xfe00, exeInodeLow: 5 }, "gone");
  programs.inodes.learn(programs.executableOf(gone), scene.records, scene.records.first(9));
  assert.equal(programs.inodes.size, 0);
  scene.labelChanges.note();
  assert.equal(
    programs.inodes.isContradicted(programs.executableOf(known), scene.records, scene.records.first(9)),
    true,
  );
  assert.equal(labels.textOf(programs.nameFromComm(known, bytesOf("ls"))), "base");
});

Deno.test("arguments end in zero bytes, the last perhaps not", () => {
  const split = (text: string) => splitArguments(bytesOf(text), bytesOf(text).length);
  assert.deepEqual(split("sh\0-c\0x y\0"), ["sh", "-c", "x y"]);
  assert.deepEqual(split("sh\0cut"), ["sh", "cut"]);
  assert.deepEqual(split("\0"), [""]);
  assert.deepEqual(split("sh\0\0"), ["sh", ""]);
  const bytes = bytesOf("sh\0a\0left over\0");
  assert.deepEqual(splitArguments(bytes, 5), ["sh", "a"]);
});

Deno.test("programs start with no memory of others", () => {
  const scene = new Scene();
  const other = new Programs(
    scene.proc,
    { executable: () => assert.fail(), program: () => assert.fail() } as never,
    scene.labels,
    scene.labelChanges,
    new Claims(new FakeFiles(), scene.proc),
  );
  assert.equal(other.unknownLabel, scene.programs.unknownLabel);
  assert.deepEqual([other.inodes.size, other.isFull], [0, false]);
});
