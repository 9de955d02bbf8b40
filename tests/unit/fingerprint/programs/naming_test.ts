import assert from "node:assert/strict";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import { UNSEEN } from "../../../../fingerprint/programs/marks.ts";
import { Programs } from "../../../../fingerprint/programs/naming.ts";
import { NamedBy } from "../../../../fingerprint/programs/numbers.ts";
import { splitArguments } from "../../../../fingerprint/programs/reading.ts";
import { FakeFiles, fileAt, Scene } from "../fake_proc.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** The label of what process 7 runs, and what named it. */
function named(scene: Scene, program: number, label: number): string {
  assert.ok(!scene.programs.isComplete(program));
  return scene.labels.textOf(label);
}

function makeKnown(scene: Scene, exe: string, inode: number): void {
  scene.programs.know(bytesOf(exe), { ...fileAt(exe), inodeLow: inode });
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

Deno.test("a script is named by its thread, an interpreter on its own by its place", () => {
  const cases: [exe: string, comm: string, want: string, by: number][] = [
    ["/usr/bin/dash", "dash", "base", NamedBy.Inode],
    ["/usr/bin/dash", "sh", "base", NamedBy.Inode], // a link to it
    ["/usr/bin/bash", "-bash", "base", NamedBy.Inode],
    ["/usr/bin/dash", "backup.sh", "backup.sh", NamedBy.Comm],
    ["/opt/bin/python3.11", "python3", "python", NamedBy.Inode],
    ["/opt/bin/python3.11", "backup.py", "backup.py", NamedBy.Comm],
    ["/opt/bin/python3.11", "2024-report", "2024-report", NamedBy.Comm],
    ["/opt/bin/Rscript", "Analysis.R", "Analysis.R", NamedBy.Comm],
    ["/opt/bin/Rscript", "Rscript", "Rscript", NamedBy.Inode],
    ["/usr/bin/dash", "base", "\\base", NamedBy.Comm],
    ["/usr/bin/dash", "a/b", "a\\x2fb", NamedBy.Comm],
    ["/usr/bin/dash", "", "base", NamedBy.Inode],
    ["/usr/bin/ls", "x.sh", "base", NamedBy.Inode],
  ];
  for (const [exe, comm, want, by] of cases) {
    const scene = new Scene(), { programs, records } = scene;
    makeKnown(scene, exe, 5);
    scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 5 }, comm);
    const label = programs.nameFromRecord(UNSEEN, records, records.first(7));
    assert.equal(scene.labels.textOf(label), want, `${exe} ${comm}`);
    assert.equal(programs.namedBy[by], 1, `${exe} ${comm}`);
  }
});

Deno.test("where the place is unknown too, the thread's name is left, and without one it is unknown", () => {
  const scene = new Scene(), { programs, records, labels } = scene;
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 1 }, "mystery");
  assert.equal(labels.textOf(programs.nameFromRecord(UNSEEN, records, records.first(7))), "mystery");
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
  programs.learn(programs.executableOf(tool), records, records.first(7));
  scene.record(8, { exeDevice: 0xfe00, exeInodeLow: 5, exeInodeHigh: 1 }, "tool");
  assert.equal(labels.textOf(programs.nameFromRecord(UNSEEN, records, records.first(8))), "tool");
  assert.equal(programs.inodes, 1);
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
    programs.learn(programs.executableOf(programs.look(7)), records, records.first(7));
    records.shift(7);
  };
  learn("/opt/a/one", 4, 5); // it was seen to exec one, then exec'd another, which was lost
  assert.deepEqual([programs.inodes, programs.contradicted], [0, 1]);
  learn("/opt/a/one", 5, 5);
  assert.equal(name(5), "one");
  files.there.set("/opt/a/one", undefined); // the inode belongs to another file now, or will
  assert.equal(name(5), "x");
  learn("/opt/a/two", 5, 5);
  assert.equal(name(5), "two");
  files.there.set("/usr/bin/ls", fileAt("/usr/bin/ls"));
  learn("/usr/bin/ls", 6, 6); // whatever is mounted there isn't ls
  assert.deepEqual([name(6), programs.contradicted], ["x", 2]);
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

Deno.test("a file with many names is called by the one that was run", () => {
  const scene = new Scene(), { programs, records, proc } = scene;
  const inode = { exeDevice: 0xfe00, exeInodeLow: 78 };
  for (const [pid, name] of [[6, "zero"], [7, "one"], [8, "two"]] as const) {
    proc.set(pid, { exe: `/opt/${name}`, file: { inodeLow: 78, links: 3 } });
    scene.record(pid, inode, name);
    programs.learn(programs.executableOf(programs.look(pid)), records, records.first(pid));
  }
  scene.record(9, inode, "three");
  assert.equal(named(scene, UNSEEN, programs.nameFromRecord(UNSEEN, records, records.first(9))), "three");
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
  assert.deepEqual(label(7, "x7Kq2mZp9LwTbvR"), ["*", 1]);
  assert.deepEqual(label(8, "backup"), ["backup", 0]);
  assert.deepEqual(label(9, "a/x7Kq2mZp9LwTb"), ["a\\x2fx7Kq2mZp9LwTb", 0]);
});

Deno.test("a deleted file's inode is nobody's", () => {
  const scene = new Scene(), { programs, records, proc } = scene;
  proc.set(7, { exe: "/opt/a/tool (deleted)" });
  const tool = programs.look(7);
  assert.equal(scene.labels.textOf(programs.labelOf(tool)), "tool");
  scene.record(7, { exeDevice: 0xfe00, exeInodeLow: 5 }, "tool");
  programs.learn(programs.executableOf(tool), records, records.first(7));
  assert.equal(programs.inodes, 0);
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
  assert.deepEqual([programs.isFull, programs.inodes], [false, 0]);
  assert.equal(trie.pathOf(node), "/unknown/keeper");
  assert.equal(labels.textOf(programs.unknownLabel), "unknown");
  proc.set(9, { exe: "/opt/a/keeper" });
  assert.equal(labels.textOf(programs.labelOf(programs.look(9))), "keeper");
  scene.launch(7, 10, "/opt/a/new");
  assert.equal(scene.tree(10), "/unknown/keeper/new");
  scene.record(7, { exeDevice: 1, exeInodeLow: 1, processSeconds: 1 }, "keeper");
  scene.exit(7); // its executable had a number that is another's now
  assert.equal(programs.inodes, 0);
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
  programs.learn(programs.executableOf(gone), scene.records, scene.records.first(9));
  assert.equal(programs.inodes, 0);
  scene.labelChanges.note();
  assert.equal(programs.isContradicted(programs.executableOf(known), scene.records, scene.records.first(9)), true);
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
  assert.deepEqual([other.inodes, other.isFull], [0, false]);
});
