import assert from "node:assert/strict";
import { BasePaths } from "../../../../fingerprint/base/programs.ts";
import { Labeller } from "../../../../fingerprint/labels/labeller.ts";
import { Explainer } from "../../../../fingerprint/explanation/explainer.ts";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import { Verdict } from "../../../../fingerprint/verification/mod.ts";
import { FakeFiles, FakeProc, FORKED_NEVER_EXECUTED, KERNEL_THREAD } from "../fake_proc.ts";
import { MapFiles } from "../map_files.ts";

/** Files that are there: programs of the usual folders, a link among them. */
const FILES: Readonly<Record<string, string>> = {
  "/usr/bin/dd": "/usr/bin/dd",
  "/usr/bin/awk": "/usr/bin/mawk",
  "/tmp/ZW50cm9weQo/top.py": "/tmp/ZW50cm9weQo/top.py",
};
const realPath = (path: string): string | undefined => FILES[path];

const EACCES = 13;

/** An explainer on a machine without a package database. */
function explainer(proc = new FakeProc()): Explainer {
  return new Explainer(undefined, {
    files: new MapFiles(),
    procfs: proc,
    claims: () => new Claims(new FakeFiles(), proc),
    realPath,
  });
}

Deno.test("a program is explained by its path alone", () => {
  const cases: [program: string, label: string, rule: string, base: boolean, random: boolean][] = [
    ["/bin/dd", "base", "base", true, false],
    ["/usr/sbin/cron", "cron", "service", false, false],
    ["/tmp/ZW50cm9weQo/top.py", "top.py", "file", false, true],
    ["prom_cnproc-0883569a23a4bd16", "prom_cnproc-*", "file", false, true],
    ["/opt/venv/bin/python3.13", "python", "interpreter", false, false],
    ["/etc/rc2.d/S01cron", "cron", "init-script", false, false],
    ["/memfd:x (deleted)", "memfd:x", "memfd", false, false],
    ["base", "\\base", "file", false, false],
  ];
  for (const [program, label, rule, base, random] of cases) {
    const explained = explainer().program(program);
    assert.equal(explained.label, label, program);
    assert.equal(explained.rule, rule, program);
    assert.equal(explained.base, base, program);
    assert.equal(explained.random, random, program);
  }
  assert.deepEqual(
    explainer().program("/tmp/ZW50cm9weQo/top.py").elements.map(({ name, random, collapsed }) => [
      name,
      random,
      collapsed,
    ]),
    [["tmp", false, "tmp"], ["ZW50cm9weQo", true, "*"], ["top.py", false, "top.py"]],
  );
});

Deno.test("a process is explained with the ancestors that it comes from", async () => {
  const proc = new FakeProc();
  proc.set(1, { parent: 0, exe: "/usr/lib/systemd/systemd" });
  proc.set(10, { parent: 1, exe: "/usr/sbin/cron" });
  proc.set(20, { parent: 10, exe: "/usr/sbin/cron", flags: FORKED_NEVER_EXECUTED });
  proc.set(30, { parent: 20, exe: "/usr/bin/python3.11", argv: ["python3", "job.py"], cwd: "/tmp/ZW50cm9weQo" });
  const explained = (await explainer(proc).process(30))!;
  assert.equal(explained.tree, "/random/cron/job.py");
  assert.equal(explained.program, "/tmp/ZW50cm9weQo/job.py");
  assert.deepEqual(explained.elements.map(({ name }) => name), ["tmp", "ZW50cm9weQo", "job.py"]);
  assert.deepEqual(explained.ancestors.map(({ pid, label, rule }) => [pid, label, rule]), [
    [1, "systemd", "service"],
    [10, "cron", "service"],
    [20, "cron", "service"],
    [30, "job.py", "file"],
  ]);
});

Deno.test("a worker with a title of its own is explained as what it was forked from", async () => {
  const proc = new FakeProc(), perl = { exe: "/usr/bin/perl", layout: "1 2 3" } as const;
  proc.set(1, { parent: 0, exe: "/usr/sbin/cron" });
  proc.set(20, { ...perl, parent: 1, argv: ["perl", "/srv/app.pl"] });
  proc.set(21, { ...perl, parent: 20, argv: ["app: worker"], flags: FORKED_NEVER_EXECUTED });
  const explained = (await explainer(proc).process(21))!;
  assert.deepEqual([explained.label, explained.program, explained.tree], ["app.pl", "/srv/app.pl", "/cron/app.pl"]);
  assert.deepEqual(explained.ancestors.map(({ pid, label }) => [pid, label]), [[1, "cron"], [20, "app.pl"], [
    21,
    "app.pl",
  ]]);
});

Deno.test("an executable that can't be read is named by its thread; the kernel's threads are in no tree", async () => {
  const proc = new FakeProc();
  proc.set(1, { parent: 0, exe: EACCES, comm: "runit" });
  proc.set(2, { parent: 0, exe: 2, comm: "kthreadd", flags: KERNEL_THREAD });
  proc.set(30, { parent: 1, exe: "/usr/bin/dd" });
  const explained = (await explainer(proc).process(30))!;
  assert.equal(explained.tree, "/runit/base");
  assert.equal(explained.ancestors[0]!.rule, "comm");
  assert.equal((await explainer(proc).process(2))!.rule, "kernel");
  assert.equal((await explainer(proc).process(2))!.tree, "/");
});

Deno.test("a process that isn't there has no explanation; one whose ancestors vanish has a shorter line", async () => {
  const proc = new FakeProc();
  proc.set(30, { parent: 20, exe: "/usr/bin/dd" });
  assert.equal(await explainer(proc).process(31), undefined);
  assert.deepEqual((await explainer(proc).process(30))!.ancestors.map(({ pid }) => pid), [30]);
});

Deno.test("a circle of parents, as a reused id can show it, ends", async () => {
  const proc = new FakeProc();
  proc.set(30, { parent: 31 });
  proc.set(31, { parent: 30 });
  assert.equal((await explainer(proc).process(30))!.pid, 30);
});

Deno.test("a bare name is looked for in the usual folders, a link leads to its file, and what isn't there is said to be so", async () => {
  const asked = async (name: string) => {
    const { program, label, exists } = await explainer().command(name);
    return [program, label, exists];
  };
  assert.deepEqual(await asked("dd"), ["/usr/bin/dd", "base", true]);
  assert.deepEqual(await asked("awk"), ["/usr/bin/mawk", "base", true]);
  assert.deepEqual(await asked("no-such"), ["no-such", "no-such", false]);
  assert.deepEqual(await asked("/usr/bin/dd"), ["/usr/bin/dd", "base", true]);
  assert.deepEqual(await asked("/usr/bin/ls"), ["/usr/bin/ls", "base", false]);
  assert.deepEqual(await asked("/memfd:x (deleted)"), ["/memfd:x (deleted)", "memfd:x", undefined].with(0, "/memfd:x"));
  assert.equal(explainer().program("dd").exists, undefined, "no file is looked at");
});

Deno.test("a process whose first thread has ended is named by a thread, and that is the reason given", async () => {
  const proc = new FakeProc();
  proc.set(30, { parent: 0, exe: 2, comm: "worker", state: "Z", threads: 3 });
  const { label, rule } = (await explainer(proc).process(30))!;
  assert.deepEqual([label, rule], ["worker", "leaderless"]);
});

Deno.test("a process of another root is explained by the database there, as the worker names it", async () => {
  const proc = new FakeProc();
  proc.set(1, { parent: 0, exe: "/usr/bin/dd" });
  proc.set(30, { parent: 1, exe: "/opt/tool" });
  const files = new MapFiles({
    "/var/lib/dpkg/status": "Package: p\nStatus: install ok installed\nPriority: required\n\n",
    "/var/lib/dpkg/info/p.list": "/opt/tool\n",
  });
  const other = new Labeller(BasePaths.load(files));
  const roots = (host: Labeller) => ({
      of: (pid: number) => pid === 30 ? 1 : 0,
      userNamespaceOf: () => 0,
      accessTo: () => undefined,
      layerOf: () => undefined,
      labeller: (root: number) => Promise.resolve(root === 1 ? other : host),
    }),
    claims = () => new Claims(new FakeFiles(), proc);
  const explained =
    (await new Explainer(undefined, { files: new MapFiles(), procfs: proc, claims, roots, realPath }).process(30))!;
  assert.deepEqual([explained.tree, explained.base, explained.origin], ["/base", true, "dpkg"]);
  const host = (await new Explainer(undefined, { files: new MapFiles(), procfs: proc, claims, realPath }).process(30))!;
  assert.deepEqual([host.tree, host.base, host.origin], ["/base/tool", false, "built-in"]);
});

/** The database of a root with two base programs: an interpreter and a script. */
const DATABASE = {
  "/var/lib/dpkg/status": "Package: p\nStatus: install ok installed\nPriority: required\n\n",
  "/var/lib/dpkg/info/p.list": "/usr/bin/bash\n/usr/bin/ldd\n/usr/bin/dd\n",
};

Deno.test("a base program is compared with its package, and one that differs is called by its name", async () => {
  const proc = new FakeProc();
  proc.set(1, { parent: 0, exe: "/usr/bin/dd" });
  proc.set(30, { parent: 1, exe: "/usr/bin/bash", argv: ["bash", "/usr/bin/ldd"] });
  const explained = async (modified: string[], operand: string | number) => {
    const asked: string[] = [];
    const one = new Explainer(undefined, {
      files: new MapFiles(DATABASE),
      procfs: proc,
      claims: () => new Claims(new FakeFiles(), proc),
      realPath: (path) => path,
      verify: ({ path, package: name, origin, root }) => {
        assert.deepEqual([name, origin, root], ["p", "dpkg", undefined]);
        asked.push(path);
        return Promise.resolve({ verdict: modified.includes(path) ? Verdict.Modified : Verdict.Unchanged });
      },
    });
    const explained = typeof operand === "number" ? (await one.process(operand))! : await one.command(operand);
    const { label, base, flags, verification } = explained;
    return [label, base, flags, verification?.verdict, asked, (explained as { tree?: string }).tree];
  };
  const dd = "/usr/bin/dd", ldd = "/usr/bin/ldd", bash = "/usr/bin/bash", line = [bash, ldd, dd];
  assert.deepEqual(await explained([], dd), ["base", true, [], Verdict.Unchanged, [dd], undefined]);
  assert.deepEqual(await explained([dd], dd), ["dd", false, ["modified"], Verdict.Modified, [dd], undefined]);
  assert.deepEqual(await explained([], "/opt/x"), ["x", false, [], undefined, [], undefined]);
  assert.deepEqual(await explained([], 30), ["base", true, [], Verdict.Unchanged, line, "/base"]);
  assert.deepEqual(await explained([ldd], 30), ["ldd", false, ["modified"], Verdict.Modified, line, "/base/ldd"]);
  // What a changed interpreter says about its script doesn't count; what was changed above it is in the tree.
  assert.deepEqual(await explained([bash], 30), ["bash", false, ["modified"], Verdict.Modified, line, "/base/bash"]);
  assert.deepEqual(await explained([dd], 30), ["base", true, [], Verdict.Unchanged, line, "/dd/base"]);
});
