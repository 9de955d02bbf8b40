/** What the evaluation reads from the shipped rules. */

import assert from "node:assert/strict";
import { AlertRules } from "../../../../scripts/detection/rules.ts";
import { flagNames, FLAGS, ORDINARY } from "../../../../fingerprint/mod.ts";

const rules = new AlertRules();

Deno.test("rules: each grave flag has its alert, and no ordinary one", () => {
  const grave = FLAGS.filter((flag) => !flagNames(ORDINARY).includes(flag));
  assert.deepEqual([...rules.byFlag.keys()].sort(), [...grave].sort());
  for (const alert of rules.byFlag.values()) assert.ok(rules.severities.has(alert), alert);
});

Deno.test("rules: the thresholds of the page", () => {
  assert.equal(rules.rareBits, 5);
  assert.equal(rules.recentSeconds, 3600);
  assert.equal(rules.severities.get("CnprocRareSuspect"), "page");
  assert.equal(rules.severities.get("CnprocUnexpectedLaunches"), "ticket");
});

Deno.test("rules: flags count unless they are ordinary, or usual of the program", () => {
  assert.deepEqual(rules.graveFlags("/sshd/base/x", ["inline", "new", "memfd"]), ["memfd"]);
  assert.deepEqual(rules.graveFlags("/sshd/base/sudo", ["setuid"]), []);
  assert.deepEqual(rules.graveFlags("/sshd/base/sudo@tmp", ["setuid", "namesake"]), ["setuid", "namesake"]);
  assert.deepEqual(rules.graveFlags("/x/mount.nfs", ["setuid"]), []);
  assert.deepEqual(rules.graveFlags("/dockerd/runc/memfd:runc_cloned", ["memfd"]), []);
});

Deno.test("rules: a tree and the three above it", () => {
  assert.deepEqual(rules.stepsOf("/a/b/c/d/e"), ["/a/b/c/d/e", "/a/b/c/d", "/a/b/c", "/a/b"]);
  assert.deepEqual(rules.stepsOf("/a/b"), ["/a/b", "/a"]);
});

Deno.test("rules: above a machine-made name are trees that don't begin with /random", () => {
  assert.deepEqual(rules.stepsOf("/random/a/b/x*").sort(), [
    ...["/a", "/a/b", "/random", "/random/a"],
    ...["/random/a/b", "/random/a/b/x*"],
  ]);
});
