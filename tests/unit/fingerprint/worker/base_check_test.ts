import assert from "node:assert/strict";
import { BasePaths } from "../../../../fingerprint/base/mod.ts";
import { Flag, LabelChanges, Labeller } from "../../../../fingerprint/labels/mod.ts";
import type { BaseProgram } from "../../../../fingerprint/programs/mod.ts";
import { Stat, STAT_WIDTH } from "../../../../fingerprint/trees/mod.ts";
import { Verdict } from "../../../../fingerprint/verification/mod.ts";
import { BaseCheck } from "../../../../fingerprint/worker/base_check.ts";
import { Libc } from "../../../../netlink/mod.ts";
import { MapFiles } from "../map_files.ts";

const libc = new Libc();
const ACCESS = { pid: 7, device: 1, inodeLow: 2, inodeHigh: 0, owners: [0] };
const EXECUTABLE = 3, OTHER = 4, NODE = 5;

class Fixture implements Disposable {
  readonly folder = Deno.realPathSync(Deno.makeTempDirSync());
  readonly path = `${this.folder}/tool`;
  readonly flagged: [number, number, number][] = [];
  readonly logged: string[] = [];
  readonly stats = new Float64Array(STAT_WIDTH);
  readonly changes = new LabelChanges(libc);
  readonly labeller: Labeller;
  readonly check: BaseCheck;
  ids = new Map([[NODE, 50]]);
  access: typeof ACCESS | undefined = ACCESS;

  constructor(root = 0) {
    Deno.writeTextFileSync(this.path, "content");
    const files = new MapFiles({
      "/var/lib/dpkg/status": "Package: tools\nStatus: install ok installed\nPriority: required\n\n",
      "/var/lib/dpkg/info/tools.list": `${this.path}\n${this.folder}/helper.sh\n`,
    });
    this.labeller = new Labeller(BasePaths.load(files));
    const program: BaseProgram = { root, path: this.path, file: this.path, package: "tools", origin: "dpkg" };
    this.check = new BaseCheck({
      libc,
      programs: {
        baseProgramOf: (executable) => executable === EXECUTABLE ? program : undefined,
        labellerOf: () => this.labeller,
      },
      roots: { accessTo: () => this.access },
      host: this.labeller,
      trie: { idOf: (node) => this.ids.get(node) ?? 0 },
      trees: { flagLaunched: (...flagged) => void this.flagged.push(flagged) },
      labelChanges: this.changes,
      stats: this.stats,
      log: (_, message) => void this.logged.push(message),
    });
  }

  get label(): string {
    return this.labeller.executable(this.path).label;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

Deno.test("a program is asked about once for each content, and stays base where that is its package's", () => {
  using it = new Fixture();
  it.check.launched(OTHER, NODE, 1);
  assert.deepEqual(it.check.look(0), []);
  it.check.launched(EXECUTABLE, NODE, 1);
  it.check.launched(EXECUTABLE, NODE, 2);
  const [request, ...others] = it.check.look(0);
  assert.deepEqual(others, []);
  assert.equal(request!.path, it.path);
  assert.equal(request!.package, "tools");
  assert.ok(request!.identity!.inodeLow > 0);
  it.check.launched(EXECUTABLE, NODE, 3);
  assert.deepEqual(it.check.look(1e9), []);
  it.check.take(request!.key, Verdict.Unchanged);
  it.check.launched(EXECUTABLE, NODE, 4);
  assert.deepEqual(it.check.look(2e9), []);
  assert.equal(it.label, "base");
  assert.equal(it.stats[Stat.BaseUnchanged], 1);
  assert.deepEqual([it.flagged, it.logged], [[], []]);
});

Deno.test("one that differs has its own name from then on, and its launches since it was first seen so have the flag", () => {
  using it = new Fixture();
  it.check.launched(EXECUTABLE, NODE, 1);
  it.check.take(it.check.look(0)[0]!.key, Verdict.Unchanged);
  it.check.launched(EXECUTABLE, NODE, 2);
  it.check.look(1e9);
  Deno.writeTextFileSync(it.path, "evil");
  it.check.launched(EXECUTABLE, NODE, 3);
  it.check.launched(EXECUTABLE, NODE, 4);
  const [request] = it.check.look(2e9);
  it.check.launched(EXECUTABLE, NODE, 5);
  it.check.look(3e9);
  const changes = it.changes.count;
  it.check.take(request!.key, Verdict.Modified);
  assert.deepEqual(it.flagged, [3, 4, 5].map((pid) => [NODE, pid, Flag.Modified]));
  assert.equal(it.label, "tool");
  assert.ok((it.labeller.executable(it.path).flags & Flag.Modified) !== 0);
  assert.notEqual(it.changes.count, changes);
  assert.equal(it.logged.length, 1);
  assert.equal(it.stats[Stat.BaseModified], 1);
  // Then its launches have the flag by themselves.
  it.check.launched(EXECUTABLE, NODE, 6);
  assert.deepEqual(it.check.look(4e9), []);
  assert.equal(it.flagged.length, 3);

  Deno.writeTextFileSync(it.path, "content");
  it.check.launched(EXECUTABLE, NODE, 7);
  const [again] = it.check.look(5e9);
  assert.equal(it.label, "tool");
  it.check.take(again!.key, Verdict.Unverified);
  assert.equal(it.label, "tool");
  Deno.writeTextFileSync(it.path, "content");
  it.check.launched(EXECUTABLE, NODE, 8);
  it.check.take(it.check.look(6e9)[0]!.key, Verdict.Unchanged);
  assert.equal(it.label, "base");
});

Deno.test("an answer about what was there before says nothing; a tree that has left gets no flag", () => {
  using it = new Fixture();
  it.check.launched(EXECUTABLE, NODE, 1);
  const [first] = it.check.look(0);
  Deno.writeTextFileSync(it.path, "evil");
  it.check.launched(EXECUTABLE, NODE, 2);
  const [second] = it.check.look(1e9);
  it.check.take(first!.key, Verdict.Modified);
  assert.equal(it.label, "base");
  it.ids.set(NODE, 51);
  it.check.take(second!.key, Verdict.Modified);
  assert.equal(it.label, "tool");
  assert.deepEqual(it.flagged, []);
});

Deno.test("in another root no file is looked at here: it is asked about again when it is launched later", () => {
  using it = new Fixture(1);
  it.check.launched(EXECUTABLE, NODE, 1);
  const [request] = it.check.look(0);
  assert.equal(request!.identity, undefined);
  assert.deepEqual(request!.root, ACCESS);
  it.check.take(request!.key, Verdict.Unchanged);
  it.check.launched(EXECUTABLE, NODE, 2);
  assert.deepEqual(it.check.look(1e9), []);
  assert.equal(it.check.look(4e9).length, 1);
  // Between the question and its answer the file may become another: that launch is for the next question.
  it.check.launched(EXECUTABLE, NODE, 3);
  assert.deepEqual(it.check.look(5e9), []);
  it.check.take(2, Verdict.Unchanged);
  const [again] = it.check.look(8e9);
  it.check.take(again!.key, Verdict.Modified);
  assert.deepEqual(it.flagged, [[NODE, 3, Flag.Modified]]);
  it.access = undefined;
  it.check.launched(EXECUTABLE, NODE, 4);
  assert.deepEqual(it.check.look(9e9), []);
});

Deno.test("a script of the base system is asked about too", () => {
  using it = new Fixture();
  const script = `${it.folder}/helper.sh`;
  Deno.writeTextFileSync(script, "#!/bin/sh\n");
  const sh = it.labeller.executable("/usr/bin/sh");
  it.labeller.program(sh, ["sh", script], () => "/");
  it.labeller.program(sh, ["sh", `${it.folder}/other.sh`], () => "/");
  const [request, ...others] = it.check.look(0);
  assert.deepEqual(others, []);
  assert.deepEqual(it.check.look(1e9), [], "one launch is asked about once");
  assert.equal(request!.path, script);
  it.check.take(request!.key, Verdict.Modified);
  assert.equal(it.labeller.byPath(script).label, "helper.sh");
  assert.ok((it.labeller.byPath(script).flags & Flag.Modified) !== 0);
});
