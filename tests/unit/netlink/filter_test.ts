import assert from "node:assert/strict";
import { EXECS_ONLY, PROCESS_FORKS_AND_EXITS } from "../../../netlink/filter.ts";
import { check, filter } from "./bpf.ts";
import { acknowledgement, allEvents, execEvent, exitEvent, forkEvent, procEvent, run, runs } from "./datagrams.ts";

const FORK = 1, EXEC = 2, EXIT = 0x80000000;

/** What the fields say, read here by hand. */
function about(bytes: Uint8Array<ArrayBuffer>) {
  const view = new DataView(bytes.buffer);
  const what = view.getUint32(36, true), ids = what === FORK ? 60 : 52;
  return { what, isThread: view.getUint32(ids, true) !== view.getUint32(ids + 4, true) };
}

const passes = (program: typeof EXECS_ONLY, bytes: Uint8Array<ArrayBuffer>) => {
  const kept = filter(program, bytes);
  assert.ok(kept === 0 || kept === bytes.length, "a datagram is kept whole or not at all");
  return kept > 0;
};

Deno.test("the kernel takes both programs", () => {
  check(EXECS_ONLY);
  check(PROCESS_FORKS_AND_EXITS);
});

Deno.test("recorded events: execs pass one filter, forks and exits of processes the other, acknowledgements both", () => {
  for (const bytes of allEvents) {
    const { what, isThread } = about(bytes);
    assert.equal(passes(EXECS_ONLY, bytes), what === EXEC || what === 0, `type ${what}`);
    const lifecycle = (what === FORK || what === EXIT) && !isThread;
    assert.equal(passes(PROCESS_FORKS_AND_EXITS, bytes), lifecycle || what === 0, `type ${what}, thread ${isThread}`);
  }
});

Deno.test("recorded events: what passes tells the whole life of each process", () => {
  for (const { action, truth, events } of runs) {
    const kept = events.filter((bytes) => passes(PROCESS_FORKS_AND_EXITS, bytes)).map((bytes) => about(bytes).what);
    assert.deepEqual(kept, action === "thread-exec" ? [FORK, EXIT, EXIT] : [FORK, EXIT], action);
    const execs = events.filter((bytes) => passes(EXECS_ONLY, bytes));
    assert.equal(execs.length, ["exec", "script", "thread-exec"].includes(action) ? 1 : 0, action);
    for (const bytes of execs) assert.equal(new DataView(bytes.buffer).getUint32(56, true), truth.pid);
  }
  assert.ok(passes(EXECS_ONLY, acknowledgement) && passes(PROCESS_FORKS_AND_EXITS, acknowledgement));
});

Deno.test("500 threads pass neither filter", () => {
  for (let thread = 1001; thread < 1501; thread++) {
    for (const bytes of [forkEvent(1, 1, 1000, thread), exitEvent(2, 1000, 0, thread)]) {
      assert.ok(!passes(EXECS_ONLY, bytes) && !passes(PROCESS_FORKS_AND_EXITS, bytes));
    }
  }
});

Deno.test("ids that differ in one byte only are those of a thread", () => {
  for (const bit of [0, 7, 8, 15, 16, 21, 30]) {
    const pid = 0x12345678, thread = pid ^ (1 << bit);
    assert.ok(!passes(PROCESS_FORKS_AND_EXITS, forkEvent(1, 1, pid, thread)), `fork, bit ${bit}`);
    assert.ok(!passes(PROCESS_FORKS_AND_EXITS, exitEvent(1, pid, 0, thread)), `exit, bit ${bit}`);
  }
  assert.ok(passes(PROCESS_FORKS_AND_EXITS, forkEvent(1, 1, 0x12345678)));
});

Deno.test("types that a later kernel may bring pass neither filter", () => {
  for (const what of [4, 8, 16, 0x40, 0x80, 0x100, 0x200, 0x400, 0x20000000, 0x40000000, 0x01000000, 0x02000000]) {
    const bytes = procEvent(what, 1, [5, 5, 6, 6]);
    assert.ok(!passes(EXECS_ONLY, bytes) && !passes(PROCESS_FORKS_AND_EXITS, bytes), `type ${what}`);
  }
});

Deno.test("an exit of a kernel before 4.18 passes; a datagram too short to judge is dropped", () => {
  assert.ok(passes(PROCESS_FORKS_AND_EXITS, procEvent(EXIT, 1, [5, 5, 0, 17], { dataBytes: 16 })));
  assert.equal(filter(PROCESS_FORKS_AND_EXITS, run("exit-code").events[1]!.subarray(0, 59)), 0);
  assert.equal(filter(EXECS_ONLY, execEvent(1, 2).subarray(0, 39)), 0);
});
