import assert from "node:assert/strict";
import { Explainer } from "../../../../fingerprint/explanation/explainer.ts";
import { type Explanation, type Judgement, Verdict } from "../../../../fingerprint/mod.ts";
import { explain } from "../../../../metrics/commands/explain.ts";
import { userNames } from "../../../../metrics/registry/mod.ts";
import { explanationJson, explanationText } from "../../../../metrics/commands/explain_text.ts";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import { FakeFiles, FakeProc } from "../../fingerprint/fake_proc.ts";
import { MapFiles } from "../../fingerprint/map_files.ts";

/** Files that are there: programs of the usual folders, a link among them. */
const FILES: Readonly<Record<string, string>> = {
  "/usr/bin/dd": "/usr/bin/dd",
  "/bin/dd": "/usr/bin/dd",
  "/usr/bin/awk": "/usr/bin/mawk",
  "/tmp/ZW50cm9weQo/top.py": "/tmp/ZW50cm9weQo/top.py",
  "/usr/bin/python3": "/usr/bin/python3.11",
  "/usr/bin/python3.11": "/usr/bin/python3.11",
  "/usr/bin/env": "/usr/bin/env",
  "/usr/local/bin/report": "/opt/report/report.py",
  "/srv/own.py": "/srv/own.py",
};
/** Of files that begin with `#!`. */
const FIRST_LINES: Readonly<Record<string, string>> = {
  "/opt/report/report.py": "#! /usr/bin/python3 -Es",
  "/srv/own.py": "#!/usr/bin/env -S FOO=1 python3 -u",
};
const realPath = (path: string): string | undefined => FILES[path];

const USERS = userNames(() => "ann:x:1000:1000:::\n");

/** What a container of a pod is called. */
const CALLED = { name: "web", image: "nginx:1.27", pod: "shop-7d4b", namespace: "default" };

/** What a run of the command prints, with `input` on standard input in pieces of these lengths. */
async function run(
  output: "text" | "json",
  operands: string[],
  input = "",
  piece = 65_536,
  argv?: string[],
) {
  const proc = new FakeProc();
  proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd" });
  proc.set(30, { parent: 1, exe: "/srv/\x1b[31mred" });
  const scope = `docker-${"4f8a1c0de3b2".padEnd(64, "0")}.scope`;
  proc.set(40, { parent: 1, exe: "/opt/app", user: 1000, cgroup: `0::/system.slice/${scope}\n` });
  const pod = "0b5a3c1e-1111-2222-3333-0123456789ab", named = "c41dae".padEnd(64, "0");
  proc.set(42, {
    parent: 1,
    exe: "/opt/app",
    user: 1000,
    cgroup: `0::/kubepods/pod${pod}/cri-containerd-${named}.scope`,
  });
  proc.set(41, { parent: 1, exe: "/opt/app", user: 1001, cgroup: "0::/user.slice/user@7.service/\x1b[2J.service\n" });
  const explainer = new Explainer(undefined, {
    files: new MapFiles(),
    procfs: proc,
    claims: () => new Claims(new FakeFiles(), proc),
    realPath,
    firstLine: (path) => FIRST_LINES[path],
    nameContainer: ({ id, runtime }) => Promise.resolve(id === named && runtime === "containerd" ? CALLED : undefined),
  });
  const bytes = new TextEncoder().encode(input);
  let text = "";
  const complaints: string[] = [];
  const decoder = new TextDecoder();
  const status = await explain(explainer, { output }, { operands, ...argv && { argv } }, {
    folder: () => "/srv",
    input: new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += piece) controller.enqueue(bytes.slice(at, at + piece));
        controller.close();
      },
    }),
    output: new WritableStream({
      write(chunk) {
        text += decoder.decode(chunk, { stream: true });
      },
    }),
    complain: (message) => complaints.push(message),
    users: USERS,
  });
  return { status, text, complaints };
}

Deno.test("JSON is one object a line, with the keys in their order", async () => {
  const { status, text } = await run("json", ["/tmp/ZW50cm9weQo/top.py", "dd"]);
  assert.equal(status, 0);
  const [first, second, end] = text.split("\n");
  assert.equal(end, "");
  const object = JSON.parse(first!);
  assert.deepEqual(Object.keys(object), ["program", "label", "base", "random", "flags", "exists", "elements"]);
  for (const element of object.elements) {
    assert.deepEqual(Object.keys(element), ["name", "random", "collapsed", "score", "rule"]);
    assert.ok(element.score >= 0 && element.score <= 1);
  }
  assert.equal(JSON.parse(second!).program, "/usr/bin/dd");
});

Deno.test("programs from standard input, however they are cut; numbers among them are names", async () => {
  for (const piece of [1, 7, 65_536]) {
    const { text } = await run("json", ["-"], "/srv/tölö.sh\n\n30\nlast", piece);
    assert.deepEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line).program), [
      "/srv/tölö.sh",
      "30",
      "last",
    ]);
  }
});

Deno.test("a line without an end takes no memory without an end", async () => {
  const { text } = await run("json", ["-"], `${"x".repeat(300_000)}\nnext\n`);
  const [long, next] = text.trimEnd().split("\n").map((line) => JSON.parse(line).program as string);
  assert.ok(long!.length <= 131_072, `${long!.length}`);
  assert.equal(next, "next");
});

Deno.test("a process: its tree and its ancestors; hostile names are harmless", async () => {
  const { status, text } = await run("text", ["30"]);
  assert.equal(status, 0);
  assert.match(text, /^process 30: "\/srv\/\\u001b\[31mred"\n/);
  assert.match(text, /\n {2}tree {4}\/\\x1b\[31mred\n {4}1 {3}systemd .*\n {4}30 {2}/);
  assert.ok(!text.includes("\x1b"));
  const object = JSON.parse((await run("json", ["30"])).text);
  assert.deepEqual([object.pid, object.tree, object.ancestors.length], [30, "/\\x1b[31mred", 2]);
});

Deno.test("a process: whose it is, and where", async () => {
  const { text } = await run("text", ["40"]);
  assert.match(text, /\n {2}user {4}ann \(1000\)\n {2}unit {4}docker-4f8a\w+\.scope\n {2}slice {3}system\.slice\n/);
  assert.match(text, /\n {2}in {6}container 4f8a1c0de3b2 of docker\n {2}tree {4}/);
  const { uid, user, unit, slice, container, runtime, pod_uid } = JSON.parse((await run("json", ["40"])).text);
  assert.match(unit, /^docker-/);
  assert.deepEqual([uid, user, slice, container, runtime, pod_uid], [
    1000,
    "ann",
    "system.slice",
    "4f8a1c0de3b2",
    "docker",
    null,
  ]);
  const called = (await run("text", ["42"])).text;
  assert.match(called, /\n {2}in {6}container c41dae000000 of containerd\n {2}name {4}web\n {2}image {3}nginx:1\.27\n/);
  assert.match(called, /\n {2}pod {5}default\/shop-7d4b \(0b5a3c1e-1111-2222-3333-0123456789ab\)\n/);
  const { container_name, image, pod, namespace } = JSON.parse((await run("json", ["42"])).text);
  assert.deepEqual({ name: container_name, image, pod, namespace }, CALLED);
  const other = (await run("text", ["41"])).text;
  assert.match(other, /\n {2}user {4}1001\n/, "no name");
  assert.ok(!other.includes("\x1b"));
});

Deno.test("a process that isn't there is named, the others are explained all the same", async () => {
  const { status, text, complaints } = await run("json", ["31", "dd"]);
  assert.equal(status, 1);
  assert.match(
    complaints[0]!,
    /^Cannot explain "31": there is no process with this id; a program of this name is .\/31$/,
  );
  assert.equal(JSON.parse(text).program, "/usr/bin/dd");
});

Deno.test("the text names the label, the rule, and each element", async () => {
  const { text } = await run("text", ["/tmp/ZW50cm9weQo/top.py", "/bin/dd"]);
  assert.match(text, /^\/tmp\/ZW50cm9weQo\/top\.py\n {2}label {3}top\.py {2}\(its file name/);
  assert.match(text, /\n {2}random {2}yes: a part/);
  assert.match(text, /\n {2}ZW50cm9weQo {2}[01]\.\d{3} {2}\S+ +becomes \*\n/);
  assert.match(
    text,
    /\n\/bin\/dd\n {2}label {3}base {2}\(a program of the base system\)\n {2}base {4}yes, by the built-in list\n/,
  );
});

Deno.test("whether a file is what its package brought is told, with the reason where nobody can tell", () => {
  const explained = (verification: Judgement) => {
    const explained: Explanation = {
      program: "/usr/bin/dd",
      label: "base",
      base: true,
      random: false,
      rule: "base",
      origin: "dpkg",
      exists: true,
      verification,
      flags: [],
      elements: [],
    };
    const json = JSON.parse(explanationJson(explained, USERS));
    return [/^ +file .*$/m.exec(explanationText(explained, USERS))?.[0], json.verification, json.doubt];
  };
  assert.deepEqual(explained({ verdict: Verdict.Unchanged }), [
    "  file    unchanged: what its package brought",
    "unchanged",
    undefined,
  ]);
  assert.deepEqual(explained({ verdict: Verdict.Modified })[1], "modified");
  assert.deepEqual(explained({ verdict: Verdict.Unverified, doubt: "the file can't be read" }), [
    "  file    unverified: the file can't be read",
    "unverified",
    "the file can't be read",
  ]);
});

Deno.test("a command line behind -- is explained as it would be executed here", async () => {
  const cases: [argv: string[], program: string, label: string, exists: boolean][] = [
    [["python3", "/tmp/ZW50cm9weQo/top.py", "--help"], "/tmp/ZW50cm9weQo/top.py", "top.py", true],
    [["python3", "-m", "http.server"], "http.server", "http.server", true],
    [["python3", "gone.py"], "/srv/gone.py", "gone.py", false],
    [["report", "-c"], "/usr/local/bin/report", "report", true],
    [["./own.py"], "/srv/own.py", "own.py", true],
    [["dd", "if=/dev/zero"], "/usr/bin/dd", "base", true],
    [["/opt/none/tool", "x"], "/opt/none/tool", "tool", false],
  ];
  for (const [argv, program, label, exists] of cases) {
    const { status, text, complaints } = await run("json", [], "", 1, argv);
    const explained = JSON.parse(text);
    assert.deepEqual([status, complaints], [0, []]);
    assert.deepEqual([explained.program, explained.label, explained.exists], [program, label, exists], argv.join(" "));
  }
  const { text } = await run("json", ["/bin/dd"], "", 1, ["python3", "own.py"]);
  assert.deepEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line).label), ["base", "own.py"]);
});

Deno.test("lines of JSON are command lines; what can't be read is named by its line, and the rest is explained", async () => {
  const input = [
    '{"exe":"/usr/bin/dd","argv":["dd"],"cwd":null,"more":1}',
    "",
    "{",
    '{"argv":["x"]}',
    '{"exe":"/usr/bin/dd","argv":"dd"}',
    '{"exe":"/usr/bin/dd","argv":["dd"],"cwd":7}',
    "/srv/plain.sh",
    '{"exe":"/usr/bin/python3.11","argv":["python3","own.py"],"cwd":"/srv"}',
    '{"exe":"/memfd:x (deleted)"}',
  ].join("\n");
  for (const piece of [3, 65_536]) {
    const { status, text, complaints } = await run("json", ["-"], input, piece);
    assert.equal(status, 1);
    const labels = text.trimEnd().split("\n").map((line) => JSON.parse(line).label);
    assert.deepEqual(labels, ["base", "plain.sh", "own.py", "memfd:x"]);
    assert.deepEqual(complaints, [
      'Cannot explain line 3 of standard input: it is no JSON, want {"exe":"/path","argv":["…"],"cwd":"/path"}',
      "Cannot explain line 4 of standard input: it has no exe, want the path of an executable",
      "Cannot explain line 5 of standard input: its argv is no list of texts",
      "Cannot explain line 6 of standard input: its cwd is no text, want the path of a folder, or none",
    ]);
  }
  assert.deepEqual(await run("json", ["-"]), { status: 0, text: "", complaints: [] });
});

Deno.test("a command line may be as long as the kernel allows", async () => {
  const line = JSON.stringify({
    exe: "/usr/bin/java",
    argv: ["java", "-cp", "x".repeat(1_000_001), "org.example.Main"],
  });
  const { status, text } = await run("json", ["-"], `${line}\n/srv/next\n`);
  assert.equal(status, 0);
  assert.deepEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line).label), ["org.example.Main", "next"]);
});

Deno.test("of a file that this machine hasn't it isn't known whether it is of the base system", async () => {
  const line = '{"exe":"/usr/bin/busybox.nosuid","argv":["/sbin/syslogd","-n"]}';
  const doubt = "not known: this machine doesn't have the file";
  const explained = JSON.parse((await run("json", ["-"], line)).text);
  assert.deepEqual([explained.exists, explained.base, explained.doubt], [false, false, doubt]);
  assert.match((await run("text", ["-"], line)).text, /\n {2}base {4}not known: this machine doesn't have the file\n/);
  assert.equal(JSON.parse((await run("json", ["-"], '{"exe":"/usr/bin/mawk"}')).text).exists, false);
});

/**
 * Command lines, each with the label that a reader expects: one JSON object a line, with `exe` as /proc/PID/exe shows it.
 * `reported` are from public reports of bugs in programs that name processes, with other names of users and hosts. `manuals` are
 * made by the manual pages that the tables of interpreters name, with the files' names and places of many distributions.
 */
for (const corpus of ["reported", "manuals"]) {
  Deno.test(`every program of the command lines has its own name: ${corpus}`, async () => {
    const input = await Deno.readTextFile(new URL(`../../../fixtures/programs/${corpus}.jsonl`, import.meta.url));
    const wanted = input.trimEnd().split("\n").map((line) => JSON.parse(line));
    const { status, text } = await run("json", ["-"], input);
    assert.equal(status, 0);
    const found = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      found.map(({ label, random }, i) => [wanted[i].exe, wanted[i].argv, label, random]),
      wanted.map(({ exe, argv, label, random = false }) => [exe, argv, label, random]),
    );
  });
}
