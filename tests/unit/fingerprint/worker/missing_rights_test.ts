import assert from "node:assert/strict";
import { warnOfMissingRights } from "../../../../fingerprint/worker/missing_rights.ts";
import type { WorkerConfig } from "../../../../fingerprint/worker/protocol.ts";
import { constants as c } from "../../../../netlink/mod.ts";

/** The capabilities that are named as missing. */
function missing(held: readonly number[], boost: WorkerConfig["boost"], isRaced: boolean): unknown[] {
  const named: unknown[] = [];
  const set = held.reduce((set, number) => set | 1n << BigInt(number), 0n);
  warnOfMissingRights(set, boost, isRaced, (level, message, fields) => {
    assert.equal(level, "warn");
    assert.ok(message.includes(`CAP_${String(fields!.capability).toUpperCase()}`), message);
    named.push(fields!.capability);
  });
  return named;
}

Deno.test("a missing capability is named where it would be used", () => {
  assert.deepEqual(missing([c.CAP_SYS_PTRACE, c.CAP_SYS_NICE], "auto", true), []);
  assert.deepEqual(missing([], "auto", true), ["sys_ptrace", "sys_nice"]);
  assert.deepEqual(missing([c.CAP_SYS_NICE], "auto", true), ["sys_ptrace"]);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], "fifo", true), ["sys_nice"]);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], "none", true), []);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], "auto", false), []);
});
