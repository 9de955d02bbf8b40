import assert from "node:assert/strict";
import { Flag } from "../../../../fingerprint/labels/flags.ts";
import { Identities } from "../../../../fingerprint/programs/identities.ts";
import { fileAt } from "../fake_proc.ts";

Deno.test("a file is the same as long as nothing about it changed", () => {
  const identities = new Identities(), ls = identities.of(fileAt("/usr/bin/ls"));
  assert.equal(identities.of(fileAt("/usr/bin/ls")), ls);
  assert.notEqual(identities.of(fileAt("/usr/bin/dd")), ls);
  const written = identities.of({ ...fileAt("/usr/bin/ls"), changedNanoseconds: 6 });
  assert.notEqual(written, ls);
  assert.equal(identities.of({ ...fileAt("/usr/bin/ls"), changedNanoseconds: 6 }), written);
  assert.ok(identities.isFile(ls, fileAt("/usr/bin/ls").inodeLow, 0));
  assert.deepEqual(identities.get(ls), fileAt("/usr/bin/ls"));
});

Deno.test("many files are told apart, and their number is bounded", () => {
  const identities = new Identities(), numbers = new Set<number>();
  for (let i = 0; !identities.isFull; i++) {
    numbers.add(identities.of({ ...fileAt("/x"), inodeLow: i, inodeHigh: i >> 3 }));
  }
  assert.ok(numbers.size >= 1 << 15);
  identities.clear();
  assert.ok(!identities.isFull);
});

Deno.test("a file with one name is known by it, one with several isn't", () => {
  const identities = new Identities();
  const [one, two] = [1, 2].map((links) => identities.of({ ...fileAt(`/x${links}`), links }));
  for (const identity of [one!, two!]) identities.confirm(identity, 9);
  assert.deepEqual([identities.executableOf(one!), identities.executableOf(two!)], [9, -1]);
});

Deno.test("a launch of a file that changed in the last minute is flagged, later ones aren't", () => {
  const identities = new Identities(), now = Math.floor(Date.now() / 1000);
  const young = identities.of({ ...fileAt("/a"), changedSeconds: now - 30 });
  const old = identities.of({ ...fileAt("/b"), changedSeconds: now - 90 });
  assert.deepEqual([identities.flagsOf(young, 0, 0), identities.flagsOf(old, 0, 0)], [Flag.New, 0]);
  assert.deepEqual([identities.isSpecial(young), identities.isSpecial(old)], [true, false], "nobody looks again");
});

Deno.test("a launch is flagged where the file changes the user", () => {
  const identities = new Identities(), mode = 0o104755;
  const file = identities.of({ ...fileAt("/a"), mode, owner: 5 });
  assert.equal(identities.flagsOf(file, 1000, 5), Flag.Setuid);
  assert.equal(identities.flagsOf(file, 5, 5), 0, "its owner's own");
  assert.equal(identities.flagsOf(file, 1000, 1000), 0, "mounted nosuid");
  assert.ok(identities.isSpecial(file));
  const plain = identities.of({ ...fileAt("/b"), owner: 5 });
  assert.equal(identities.flagsOf(plain, 1000, 5), 0);
});
