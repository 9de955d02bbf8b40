import assert from "node:assert/strict";
import { Claim } from "../../../../fingerprint/labels/mod.ts";
import { Identities } from "../../../../fingerprint/programs/identities.ts";
import { InodeNames } from "../../../../fingerprint/programs/inode_names.ts";
import type { LabelledExecutables } from "../../../../fingerprint/programs/labelled.ts";
import { RecordQueue } from "../../../../netlink/mod.ts";
import { TaskRecord } from "../../../../netlink/taskstats.ts";

/** Executables whose number is that of their file, all of them proved, in another root than the machine's. */
const EXECUTABLES = {
  claimOf: () => Claim.Confirmed,
  identityOf: (executable: number) => executable,
  haveOnePath: () => true,
  rootOf: () => 1,
} as unknown as LabelledExecutables;

const FILE = { device: 0, inodeHigh: 0, changedSeconds: 1, changedNanoseconds: 0, mode: 0o755, owner: 0, links: 1 };

function setUp() {
  const identities = new Identities(), records = new RecordQueue();
  const names = new InodeNames(EXECUTABLES, identities, { isThere: () => true });
  const learn = (executable: number, exeDevice: number, exeInodeLow: number, exeInodeHigh = 0) => {
    const record = Object.assign(new TaskRecord(), { pid: 7, tgid: 7, exeDevice, exeInodeLow, exeInodeHigh });
    record.commOffset = -1;
    records.push(record, new DataView(new ArrayBuffer(0)), 1, 0);
    names.learn(executable, records, records.first(7));
    records.shift(7);
  };
  return {
    names,
    learn,
    fileOf: (inodeLow: number, changed = 1) => identities.of({ ...FILE, inodeLow, changedSeconds: changed }),
  };
}

Deno.test("an inode is known by all of its number, and its device", () => {
  const { names, learn, fileOf } = setUp(), executable = fileOf(2);
  learn(executable, 1, 2);
  assert.equal(names.executableOf(1, 2, 0), executable);
  for (const [device, low, high] of [[2, 2, 0], [1, 3, 0], [1, 2, 4]] as const) {
    assert.equal(names.executableOf(device, low, high), -1);
  }
});

Deno.test("an inode is learned anew; a record that names none, or another file, teaches nothing", () => {
  const { names, learn, fileOf } = setUp(), one = fileOf(2), other = fileOf(2, 9);
  learn(one, 1, 2);
  learn(other, 1, 2);
  learn(one, 0, 0);
  learn(one, 1, 3);
  assert.deepEqual([names.executableOf(1, 2, 0), names.executableOf(0, 0, 0), names.size], [other, -1, 1]);
  assert.equal(names.contradicted, 1);
  names.clear();
  assert.deepEqual([names.size, names.isFull, names.executableOf(1, 2, 0)], [0, false, -1]);
});
