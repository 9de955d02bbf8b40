import assert from "node:assert/strict";
import { OwnChild } from "../../../../fingerprint/worker/own_child.ts";
import type { Libc } from "../../../../netlink/mod.ts";

/** A machine where children get these ids, one after the other; 0: it has no program to start. */
function children(...pids: number[]): Libc {
  return {
    address: () => 0n,
    call: {
      posix_spawn(pid: Uint8Array<ArrayBuffer>) {
        const next = pids[0]!;
        new DataView(pid.buffer).setInt32(0, next, true);
        return next === 0 ? 2 : 0;
      },
      waitpid: () => pids.shift(),
    },
  } as unknown as Libc;
}

const EVENTS = ["forked", "recorded", "execed", "exited"] as const;

for (const isRecorded of [false, true]) {
  Deno.test(`own child: is heard when all its events have come, ${isRecorded ? "and its record" : "without a record"}`, () => {
    for (const missing of EVENTS) {
      const child = new OwnChild(children(50), isRecorded);
      assert.equal(child.start(), true);
      for (const event of EVENTS) if (event !== missing) child[event](50);
      const isHeard = !isRecorded && missing === "recorded";
      assert.equal(child.isHeard, isHeard, missing);
      assert.equal(child.isUnrecorded, isRecorded && missing === "recorded", missing);
      child[missing](50);
      assert.equal(child.isHeard, true, missing);
      assert.equal(child.isUnrecorded, false, missing);
    }
  });
}

Deno.test("own child: the events of others, and of the child before, aren't its own", () => {
  const child = new OwnChild(children(50, 51), true);
  child.start();
  for (const event of EVENTS) child[event](51);
  assert.equal(child.recorded(51), false);
  assert.equal(child.recorded(50), true);
  assert.equal(child.isHeard, false);
  for (const event of EVENTS) child[event](50);
  assert.equal(child.isHeard, true);
  child.start();
  for (const event of EVENTS) child[event](50);
  assert.deepEqual([child.isHeard, child.isUnrecorded], [false, false]);
  for (const event of EVENTS) child[event](51);
  assert.equal(child.isHeard, true);
});

Deno.test("own child: says where no program for it is there", () => {
  assert.equal(new OwnChild(children(0), true).start(), false);
});
