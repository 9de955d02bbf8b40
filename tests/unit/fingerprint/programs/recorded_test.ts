import { Flag, flagNames } from "../../../../fingerprint/labels/flags.ts";
import assert from "node:assert/strict";
import { UNSEEN } from "../../../../fingerprint/programs/marks.ts";
import { NamedBy } from "../../../../fingerprint/programs/numbers.ts";
import { MAX_ROOTS } from "../../../../fingerprint/programs/roots.ts";
import { NO_ARGUMENTS, SCRIPT } from "../../../../netlink/bpf/exec_record.ts";
import { BROKEN, CUT, DELETED, DETACHED } from "../../../../netlink/bpf/record_path.ts";
import { ExecRecord, MORE_VARIABLES, NAME_LIMIT, VARIABLES } from "../../../../netlink/bpf/mod.ts";
import { type MadeExec, madeRecord } from "../../netlink/bpf/made_records.ts";
import { Scene } from "../fake_proc.ts";

const PID = 7;

/** Programs that read records, over a /proc that says so when it is read. */
function scene() {
  const { programs, proc, roots, labels, labeller, labelChanges } = new Scene(), record = new ExecRecord();
  const reads: string[] = [];
  proc.before = (pid, what) => reads.push(`${what} ${pid}`);
  const load = (exec: Partial<MadeExec>): Uint8Array => {
    const bytes = madeRecord({ pid: PID, path: "/usr/bin/ls", ...exec });
    assert.ok(record.read(new DataView(bytes.buffer), 0, bytes.length));
    return bytes;
  };
  return {
    programs,
    proc,
    roots,
    labeller,
    labelChanges,
    /** What was read of /proc since the last call. */
    asked: () => reads.splice(0),
    program: (exec: Partial<MadeExec>) => programs.read(record, load(exec)),
    learnHost: (exec: Partial<MadeExec> = {}) => (load(exec), programs.recorded.learnHost(record)),
    /** A program in words. */
    text(program: number): string {
      if (program === UNSEEN) return "unseen";
      const label = labels.textOf(programs.labelOf(program)), root = programs.rootOf(program);
      return `${label}${programs.isComplete(program) ? "" : ", script unseen"}${root < 0 ? "" : `, root ${root}`}`;
    },
  };
}

/** What is executed, and the link and the arguments that /proc shows of it. */
const LAUNCHES: readonly (Omit<MadeExec, "pid"> & { readonly exe?: string; readonly want: string })[] = [
  { path: "/usr/bin/ls", argv: ["ls", "-l"], want: "base" },
  { path: "/opt/a/tool", want: "tool" },
  { path: "/usr/bin/dash", argv: ["sh", "-c", "exit"], want: "base" },
  { path: "/usr/bin/dash", argv: ["sh", "/srv/a.sh", "x"], want: "a.sh" },
  { path: "/usr/bin/dash", argv: ["sh", "a.sh"], folder: "/usr/bin", want: "a.sh" },
  { path: "/usr/bin/dash", argv: ["sh", "ls"], folder: "/usr/bin", want: "base" },
  { path: "/usr/bin/dash", argv: ["sh", "../bin/ls"], folder: "/usr/sbin", want: "base" },
  { path: "/usr/bin/dash", argv: ["sh", "a.sh"], folder: "/", want: "a.sh" },
  { path: "/usr/bin/dash", argv: ["/bin/sh", "/srv/hash-bang", "x"], flags: SCRIPT, want: "hash-bang" },
  { path: "/usr/bin/python3.11", argv: ["python3", "-W", "error", "/srv/job.py"], want: "job.py" },
  { path: "/usr/bin/python3.11", argv: ["python3", "-m", "json.tool"], want: "json.tool" },
  { path: "/opt/ä b/tool", want: "tool" },
  { path: "/opt/gone", pathFlags: DELETED, exe: "/opt/gone (deleted)", want: "gone" },
  { path: "/memfd:stage", pathFlags: DETACHED, exe: "/memfd:stage (deleted)", want: "memfd:stage" },
];

for (const { exe, want, ...exec } of LAUNCHES) {
  const { path, argv = [path], folder: cwd = "/" } = exec;
  Deno.test(`recorded: ${argv.join(" ")} in ${cwd} (${exe ?? path}) has the name that /proc gives it`, () => {
    for (const isRecordedFirst of [false, true]) {
      const { programs, proc, program, text, asked } = scene();
      proc.set(PID, { exe: exe ?? path, argv, cwd });
      const first = isRecordedFirst ? program(exec) : programs.look(PID);
      asked();
      const read = program(exec);
      assert.deepEqual(asked(), [], "a record is enough");
      const seen = isRecordedFirst ? programs.look(PID) : first;
      assert.equal(text(read), `${want}, root 0`);
      assert.equal(programs.labelOf(seen), programs.labelOf(read));
      assert.equal(programs.executableOf(seen), programs.executableOf(read));
      assert.equal((programs.flagsOf(read) & (Flag.Deleted | Flag.Memfd)) !== 0, exe !== undefined);
    }
  });
}

Deno.test("recorded: a path that isn't whole tells nothing", () => {
  const { programs, program, text } = scene();
  for (let i = 0; i < 2; i++) {
    for (const pathFlags of [CUT, BROKEN, CUT | DELETED]) assert.equal(text(program({ pathFlags })), "unseen");
    assert.equal(text(program({})), "base, root 0", "nor does one stand for the other");
  }
  assert.notEqual(programs.executableOf(program({ pathFlags: DELETED })), programs.executableOf(program({})));
});

Deno.test("recorded: images are counted by what told them", () => {
  const { programs, program, proc } = scene();
  proc.set(PID, { exe: "/usr/bin/ls" });
  programs.countNamed(program({}));
  programs.countNamed(program({ path: "/usr/bin/dash", argv: ["sh", "/srv/a.sh"] }));
  programs.countNamed(programs.look(PID));
  assert.deepEqual([programs.namedBy[NamedBy.Bpf], programs.namedBy[NamedBy.Proc]], [2, 1]);
});

Deno.test("recorded: a folder that can't be told leaves a script its name as it was given", () => {
  const { program, text } = scene();
  const exec = { path: "/usr/bin/dash", argv: ["sh", "ls"], folder: "/usr/bin" };
  assert.equal(text(program({ ...exec, folderFlags: CUT })), "ls@?, root 0");
  assert.equal(text(program({ ...exec, folderFlags: DELETED })), "base, root 0");
});

const LONG = { path: "/usr/bin/python3.11", argv: ["python3", "-W", "w".repeat(60), "/srv/job.py", "x"] };

Deno.test("recorded: arguments that had no room are completed from /proc", () => {
  const { program, proc, text, asked } = scene();
  proc.set(PID, { exe: LONG.path, argv: LONG.argv });
  assert.equal(text(program({ ...LONG, room: 70 })), "job.py, root 0");
  assert.deepEqual(asked(), [`cmdline ${PID}`]);
  assert.equal(text(program({ ...LONG, room: 0, flags: NO_ARGUMENTS })), "job.py, root 0");
});

Deno.test("a class path of 100,001 bytes hides no class, whichever way the command line is read", () => {
  const { programs, program, proc, text } = scene(), path = "/usr/lib/jvm/java-17/bin/java";
  const argv = ["java", "-cp", "x".repeat(100_001), "org.example.Main"];
  proc.set(PID, { exe: path, argv });
  assert.equal(text(program({ path, argv, room: 70 })), "org.example.Main, root 0");
  assert.equal(text(programs.look(PID, true)), "org.example.Main, root 0");
  proc.set(PID, { exe: path, argv: ["java", "-cp", "y".repeat(100_001), "org.example.Other"] });
  assert.equal(text(program({ path, argv, room: 70 })), "java:?, root 0", "of another program, or written over since");
});

Deno.test("recorded: cut arguments of a process that has gone name a script only where it is among the whole ones", () => {
  const { program, text } = scene(), before = LONG.argv.slice(0, 3).join(" ").length + 1;
  assert.equal(text(program({ ...LONG, room: before })), "python:?, root 0");
  assert.equal(text(program({ ...LONG, room: before + 4 })), "python:?, root 0", "a piece of its path");
  assert.equal(text(program({ ...LONG, room: before + 12 })), "job.py, root 0", "with its zero byte");
  assert.equal(text(program({ ...LONG, room: before + 13 })), "job.py, root 0");
  assert.equal(text(program({ ...LONG, room: 0, flags: NO_ARGUMENTS })), "python:?, root 0");
  const script = { ...LONG, room: 0, flags: NO_ARGUMENTS | SCRIPT };
  assert.equal(text(program({ ...script, name: "./run.py" })), "run.py, root 0", "what was executed is the script");
  assert.equal(text(program({ ...script, name: "x".repeat(NAME_LIMIT - 1) })), "python:?, root 0", "its name was cut");
});

Deno.test("recorded: what a process wrote over its arguments, or went on to run, doesn't count", () => {
  const { program, proc, text } = scene();
  proc.set(PID, { exe: LONG.path, argv: LONG.argv });
  assert.equal(text(program({ ...LONG, room: 40 })), "job.py, root 0");
  for (const argv of [[], ["python3: idle"], ["python3", "/srv/other.py", "w".repeat(200)]]) {
    proc.set(PID, { exe: LONG.path, argv });
    assert.equal(text(program({ ...LONG, room: 40 })), "python:?, root 0");
  }
});

Deno.test("recorded: labels that changed are used from the next record on", () => {
  const { program, text, labeller, labelChanges } = scene();
  const ls = program({});
  labeller.base = labeller.base.withOverrides({ adds: () => false, removes: (path) => path === "/usr/bin/ls" });
  labelChanges.note();
  assert.deepEqual([text(program({})), text(ls)], ["ls, root 0", "base, root 0"]);
});

Deno.test("recorded: who runs in the exporter's own root is asked by nobody, once that is known", () => {
  const { program, learnHost, roots, text } = scene();
  for (let i = 0; i < 2; i++) assert.equal(text(program({})), "base, root 0");
  assert.deepEqual(roots.asked, [PID, PID]);
  learnHost();
  assert.equal(text(program({ path: "/opt/new" })), "new, root 0");
  assert.equal(text(program({ path: "/usr/bin/dash", argv: ["sh", "/srv/a.sh"] })), "a.sh, root 0");
  assert.deepEqual(roots.asked, [PID, PID]);
});

Deno.test("recorded: another root is asked for once, and what runs in it is named by it", () => {
  const { programs, program, learnHost, roots, text, labelChanges } = scene();
  learnHost();
  roots.byProcess.set(8, 1);
  assert.equal(text(program({ pid: 8, root: 99 })), "ls, root 1");
  assert.equal(text(program({ pid: 9, root: 99, path: "/opt/tool" })), "base, root 1");
  assert.equal(text(program({ pid: 9, root: 99, path: "/opt/sh", argv: ["sh", "/opt/script"] })), "base, root 1");
  assert.deepEqual(roots.asked, [8]);
  assert.equal(text(program({ path: "/opt/tool" })), "tool, root 0");
  assert.notEqual(programs.executableOf(program({})), programs.executableOf(program({ root: 99 })));
  labelChanges.noteRenumbered(); // since the root's number is another's now
  roots.byProcess.set(9, 2);
  assert.equal(text(program({ pid: 9, root: 99 })), "ls, root 2");
  assert.equal(text(program({ path: "/opt/tool" })), "tool, root 0");
  assert.deepEqual(roots.asked, [8, 9]);
});

Deno.test("recorded: a new root whose process can't be asked any more, or has left it, isn't told", () => {
  const { program, learnHost, roots, text } = scene();
  learnHost();
  roots.byProcess.set(8, -1);
  assert.equal(text(program({ pid: 8, root: 99 })), "base");
  assert.equal(text(program({ pid: 9, root: 99 })), "base", "it runs in the exporter's own root now");
  roots.byProcess.set(8, 1);
  assert.equal(text(program({ pid: 8, root: 99 })), "ls, root 1", "and is asked for again");
});

Deno.test("recorded: the number that stands for many roots is no one's", () => {
  const { program, learnHost, roots, text } = scene();
  learnHost();
  roots.byProcess.set(8, MAX_ROOTS - 1);
  for (let i = 0; i < 2; i++) assert.equal(text(program({ pid: 8, root: 99 })), `ls, root ${MAX_ROOTS - 1}`);
  assert.deepEqual(roots.asked, [8, 8]);
});

Deno.test("recorded: the longest path, of a file that was deleted in another root, is one executable", () => {
  const { programs, program, roots, text } = scene();
  roots.byProcess.set(PID, 1);
  const exec = { path: `${`/${"d".repeat(254)}`.repeat(16)}/deepest-tool`, pathFlags: DELETED };
  assert.equal(exec.path.length, 4093);
  assert.equal(text(program(exec)), "deepest-tool, root 1");
  const first = programs.executableOf(program(exec));
  programs.recorded.clear();
  assert.equal(programs.executableOf(program(exec)), first);
  assert.equal(programs.flagsOf(first) & Flag.Deleted, Flag.Deleted);
});

Deno.test("recorded: a program that runs again and again takes its room once", () => {
  const { programs, program } = scene(), first = program({});
  for (let i = 0; i < 1 << 14; i++) program({});
  assert.equal(programs.isFull, false);
  assert.equal(program({}), first);
});

Deno.test("recorded: full tables start anew, and what is in records is learned again", () => {
  const { programs, program, text, roots } = scene();
  roots.byProcess.set(8, 1);
  program({ pid: 8, root: 99, path: "/opt/first" });
  for (let i = 0; !programs.recorded.isFull; i++) {
    program({ path: `/opt/programs/p${i}` });
    assert.ok(i < 1 << 16, "the tables are bounded");
  }
  programs.restart(new Set());
  assert.equal(programs.isFull, false);
  const [tool, ls] = [program({ path: "/opt/tool" }), program({})];
  assert.deepEqual([text(tool), text(ls)], ["tool, root 0", "base, root 0"]);
  assert.notEqual(programs.executableOf(tool), programs.executableOf(ls));
  assert.equal(text(program({ pid: 8, root: 99, path: "/opt/tool" })), "base, root 1");
});

Deno.test("recorded: what a long environment has behind the part that is in the record is read of /proc", () => {
  const { programs, program, proc } = scene(), more = { environment: MORE_VARIABLES };
  const flags = (exec: Parameters<typeof program>[0]) => flagNames(programs.flagsOf(program(exec))).join(" ");
  assert.equal(flags({ pid: 8, ...more }), "", "it has gone");
  proc.set(8, { environment: ["A=b", "LD_PRELOAD=/tmp/evil.so"] });
  assert.deepEqual([flags({ pid: 8, ...more }), flags({ pid: 8 })], ["preload", ""]);
  proc.set(9, { environment: ["PERL5OPT=-MEvil"] });
  assert.equal(flags({ pid: 9, path: "/usr/bin/perl", argv: ["perl", "a.pl"], ...more }), "preload");
});

/** st_mode and address family of a TCP connection, and of a pipe. */
const TCP = { inputMode: 0o140777, inputDetail: 2 }, PIPE = { inputMode: 0o010600, inputDetail: 0 };
const PERL = { path: "/usr/bin/perl", argv: ["perl", "a.pl"], environment: 1 << VARIABLES.indexOf("PERL5OPT") };
const JAVA = { path: "/usr/bin/java", argv: ["java", "A"], environment: 1 << VARIABLES.indexOf("JAVA_TOOL_OPTIONS") };
const BASH = { path: "/usr/bin/bash", argv: ["bash", "/srv/a.sh"], environment: 1 << VARIABLES.indexOf("PS4") };
const PRELOAD = 1 << VARIABLES.indexOf("LD_PRELOAD"), BASH_ENV = 1 << VARIABLES.indexOf("BASH_ENV");
for (
  const [what, exec, want] of [
    ["nothing of either", {}, ""],
    ["LD_PRELOAD", { environment: PRELOAD }, "preload"],
    ["BASH_ENV, for no bash", { environment: BASH_ENV }, ""],
    ["BASH_ENV, for bash", { path: "/usr/bin/bash", argv: ["bash", "a.sh"], environment: BASH_ENV }, "preload"],
    ["options of Perl that load", { ...PERL, options: ["PERL5OPT=-MEvil"] }, "preload"],
    ["options of Perl that don't", { ...PERL, options: ["PERL5OPT=-w"] }, ""],
    ["an agent for Java", { ...JAVA, options: ["JAVA_TOOL_OPTIONS=-Xmx1g -javaagent:/tmp/a.jar"] }, "preload"],
    ["a prompt of Bash with commands", { ...BASH, options: ["PS4=+ $(id >&2)"] }, "preload"],
    ["one with a variable's commands", { ...BASH, options: ["PS4=${x[y]}"] }, "preload"],
    ["one with what it is for", {
      ...BASH,
      options: ["PS4=+(${BASH_SOURCE##*/}:${LINENO}): ${FUNCNAME[0]:+${FUNCNAME[0]}(): }"],
    }, ""],
    ["an agent for HotSpot", {
      ...JAVA,
      environment: 1 << VARIABLES.indexOf("_JAVA_OPTIONS"),
      options: ["_JAVA_OPTIONS=-agentpath:/tmp/a.so"],
    }, "preload"],
    ["options of Java that load nothing", { ...JAVA, options: ["JAVA_TOOL_OPTIONS=-Xmx1g -agentlib:jdwp=x"] }, ""],
    ["Java's for another program", { ...JAVA, path: "/usr/bin/ls", argv: ["ls"] }, ""],
    ["Java in a pipe", { ...JAVA, argv: ["java", "-version"], environment: 0, ...PIPE }, ""],
    [
      "LUA_INIT",
      { path: "/usr/bin/lua5.4", argv: ["lua", "a.lua"], environment: 1 << VARIABLES.indexOf("LUA_INIT") },
      "preload",
    ],
    ["a shell of a connection", { path: "/usr/bin/dash", argv: ["sh", "-i"], ...TCP }, "inline socket"],
    ["a script at a connection", { path: "/usr/bin/dash", argv: ["sh", "/srv/a.sh"], ...TCP }, "socket"],
    ["no interpreter at a connection", TCP, ""],
    ["a shell in a pipe", { path: "/usr/bin/dash", argv: ["sh"], ...PIPE }, "inline"],
    ["a version in a pipe", { path: "/usr/bin/python3.11", argv: ["python3", "--version"], ...PIPE }, ""],
    ["an applet at a connection", { path: "/usr/bin/busybox", argv: ["busybox", "ls"], ...TCP }, ""],
  ] as const
) {
  Deno.test(`recorded programs: the flags of a launch by its environment and standard input: ${what}`, () => {
    const { programs, program, asked } = scene();
    for (let round = 0; round < 2; round++) assert.equal(flagNames(programs.flagsOf(program(exec))).join(" "), want);
    assert.equal(flagNames(programs.flagsOf(program({}))).join(" "), "", "another launch has its own");
    assert.deepEqual(asked().filter((read) => /environ|fd/.test(read)), []);
  });
}
