import assert from "node:assert/strict";
import { warnOfMissingRights } from "../../../../fingerprint/worker/missing_rights.ts";
import type { WorkerConfig } from "../../../../fingerprint/worker/protocol.ts";
import { constants as c } from "../../../../netlink/mod.ts";

/** The capabilities that are named as missing. */
function missing(held: readonly number[], config: Pick<WorkerConfig, "boost" | "source">): unknown[] {
  const named: unknown[] = [];
  const set = held.reduce((set, number) => set | 1n << BigInt(number), 0n);
  warnOfMissingRights(set, config, (level, message, fields) => {
    assert.equal(level, "warn");
    assert.ok(message.includes(`CAP_${String(fields!.capability).toUpperCase()}`), message);
    named.push(fields!.capability);
  });
  return named;
}

Deno.test("a missing capability is named where it would be used", () => {
  const auto = { boost: "auto", source: "auto" } as const;
  assert.deepEqual(missing([c.CAP_SYS_PTRACE, c.CAP_SYS_NICE], auto), []);
  assert.deepEqual(missing([], auto), ["sys_ptrace", "sys_nice"]);
  assert.deepEqual(missing([c.CAP_SYS_NICE], auto), ["sys_ptrace"]);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], { boost: "fifo", source: "connector" }), ["sys_nice"]);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], { boost: "none", source: "auto" }), []);
  assert.deepEqual(missing([c.CAP_SYS_PTRACE], { boost: "auto", source: "poll" }), []);
});
