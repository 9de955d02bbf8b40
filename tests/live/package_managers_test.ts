/**
 * In roots of other distributions a program that its package brought is base, stays so when the package is upgraded, and is told
 * from it when somebody changes it: as dpkg's are in base_verify_test.ts.
 */

import assert from "node:assert/strict";
import { requireBpf } from "./bpf.ts";
import { requireRoot, requireTool, skipUnless } from "../require.ts";
import { run } from "./command.ts";
import { Exporter, poll } from "./exporter.ts";
import { Forest } from "./forest.ts";
import { buildProgram, HeldRoot, missingTool, PACKAGE_MANAGERS, type PackageManager } from "./package_managers.ts";

/** So much is added to a program, to be cut off. */
const PADDING = 4096;
/** How long it may take until all is known of a root: reading waits until nothing has been installed for three seconds. */
const PATIENCE_MS = 60_000;

/** How a program is changed, one way for each manager in turn. */
const CHANGES: readonly ((path: string) => Promise<void>)[] = [
  async (path) => {
    const { mtime } = await Deno.stat(path), file = await Deno.open(path, { write: true });
    await file.seek(-8, Deno.SeekMode.End);
    await file.write(new Uint8Array(8));
    file.close();
    await Deno.utime(path, mtime!, mtime!);
  },
  async (path) => {
    await Deno.copyFile(path, `${path}.new`);
    await Deno.writeFile(`${path}.new`, new Uint8Array(8), { append: true });
    await Deno.rename(`${path}.new`, path);
  },
  (path) => Deno.truncate(path, Deno.statSync(path).size - PADDING),
];

/** A root that a manager keeps. */
class Subject {
  /** What no other manager's program is called. */
  readonly name: string;
  readonly program: string;

  constructor(readonly kind: string, readonly manager: PackageManager, readonly root: string) {
    this.name = `cnproc-test-by-${kind}`;
    this.program = `/usr/bin/${this.name}`;
  }

  launch(): Promise<void> {
    return run("chroot", this.root, this.program);
  }

  /** Launches it, and says how often it was counted under its own name until then, and with which flag. */
  async launched(exporter: Exporter): Promise<{ own: number; modified: number }> {
    const before = await exporter.scrape(), all = before.value("cnproc_events_total", { type: "exec" });
    await this.launch();
    const after = await exporter.scrapeUntil(
      "the launch",
      (scrape) => scrape.value("cnproc_events_total", { type: "exec" }) > all + 1, // chroot, and the program
    );
    const trees = after.treesThrough(this.name);
    return {
      own: trees.reduce((sum, { launches }) => sum + launches, 0),
      modified: trees.reduce((sum, { path }) => {
        const count = after.value("cnproc_tree_flagged_launches_total", { tree: path, flag: "modified" });
        return sum + (Number.isNaN(count) ? 0 : count);
      }, 0),
    };
  }
}

const tried = Object.entries(PACKAGE_MANAGERS).filter(([kind, manager]) => {
  const missing = missingTool(manager);
  return !skipUnless(missing === undefined, `${kind} needs ${missing?.[0]}: install the package ${missing?.[1]}`);
});

Deno.test({
  name: `live: what ${tried.map(([kind]) => kind).join(", ")} brought is base, until it is changed`,
  ignore: requireRoot() || requireBpf() || requireTool("cc", "gcc"),
}, async () => {
  await using forest = await Forest.build();
  await using roots = new AsyncDisposableStack();
  const subjects: Subject[] = [];
  const folderOf = ({ kind }: Subject, version: number) => forest.path(`${kind}-${version}`);
  const install = (subject: Subject, version: number) =>
    subject.manager.install(subject.root, folderOf(subject, version), version);
  for (const [kind, manager] of tried) {
    const { path } = roots.use(await HeldRoot.make(forest, `root-${kind}`)), subject = new Subject(kind, manager, path);
    subjects.push(subject);
    for (const version of [1, 2]) {
      await buildProgram(forest, folderOf(subject, version) + subject.program, version, PADDING);
    }
    await install(subject, 1);
  }
  await using exporter = await Exporter.start({ flags: ["--trees.max=10000"] });
  const verified = async (result: string) =>
    (await exporter.scrape()).value("cnproc_base_verifications_total", { result });
  /** Waits until the programs of all roots are base, and each is known to be what its package brought, since so many were. */
  const proven = async (before: number) => {
    for (const subject of subjects) {
      await poll(`${subject.kind}: the program as base`, async () => {
        const { own } = await subject.launched(exporter);
        return (await subject.launched(exporter)).own === own;
      }, PATIENCE_MS);
    }
    await poll("all of them unchanged", async () => {
      for (const subject of subjects) await subject.launch();
      return await verified("unchanged") >= before + subjects.length;
    }, PATIENCE_MS);
  };

  await proven(await verified("unchanged"));
  const before = await verified("unchanged");
  for (const subject of subjects) {
    const upgrade = install(subject, 2);
    await subject.launch();
    await upgrade;
  }
  await proven(before);
  assert.equal(
    (await exporter.scrape()).text.match(/^cnproc_tree_flagged_launches_total.*cnproc-test-by-.*modified/m),
    null,
  );

  for (const [i, subject] of subjects.entries()) await CHANGES[i % CHANGES.length]!(subject.root + subject.program);
  for (const subject of subjects) {
    await poll(`${subject.kind}: the flag`, async () => (await subject.launched(exporter)).modified > 0, PATIENCE_MS);
  }
});
