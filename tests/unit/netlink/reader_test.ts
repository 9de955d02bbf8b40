import assert from "node:assert/strict";
import { Accounting } from "../../../netlink/accounting.ts";
import { Connector } from "../../../netlink/connector.ts";
import { type EventHandler, Reader } from "../../../netlink/reader.ts";
import { RecordField } from "../../../netlink/records.ts";
import {
  acknowledgement,
  attribute,
  execEvent,
  exitEvent,
  forkEvent,
  fromHex,
  genericMessage,
  procEvent,
  runs,
  taskRecord,
  taskstats,
} from "./datagrams.ts";
import { FakeKernel, subscription } from "./fake_kernel.ts";

const EVENTFD = 999;

/** What a handler was told, as text; captures answer with the number of their call. */
class Journal implements EventHandler {
  readonly lines: string[] = [];
  readonly captured: { pid: number; isLate: boolean }[] = [];
  captureRecord(): number {
    assert.fail("there is no ring");
  }

  capture(pid: number, isLate: boolean): number {
    return this.captured.push({ pid, isLate });
  }
  fork(timestampNs: number, parent: number, child: number): void {
    this.lines.push(`${timestampNs} fork ${parent} ${child}`);
  }
  exec(timestampNs: number, pid: number, captured: number): void {
    this.lines.push(`${timestampNs} exec ${pid} #${captured}`);
  }
  exit(timestampNs: number, pid: number, status: number): void {
    this.lines.push(`${timestampNs} exit ${pid} ${status}`);
  }
  take(): string[] {
    return this.lines.splice(0);
  }
}

/** A reader over a made-up kernel that has subscribed it to everything. */
function reading({ accounting = true } = {}) {
  const kernel = new FakeKernel();
  kernel.onSend = (socket, message) => {
    if (socket.protocol === 11) {
      kernel.deliver(socket, procEvent(0, 1, [0], { ack: subscription(message).token + 1 }));
    } else {
      kernel.deliver(socket, genericMessage(16, 1, attribute(1, [31, 0])));
      kernel.deliver(socket, fromHex("2400000002000000" + "00".repeat(28)));
    }
  };
  const connector = new Connector(kernel.libc, { execBytes: 1, lifecycleBytes: 1 });
  const records = accounting ? new Accounting(kernel.libc, "0", 1) : undefined;
  const reader = new Reader(kernel.libc, connector, records, EVENTFD), journal = new Journal();
  for (const socket of kernel.sockets) socket.queue.length = 0;
  const [a, b, taskstats] = kernel.sockets;
  kernel.nowNs = 1000;
  return {
    kernel,
    reader,
    journal,
    execs: a!,
    lifecycle: b!,
    taskstats: taskstats!,
    /** Sends an event to both sockets of the connector; their filters see to the rest. */
    send(...events: Uint8Array[]) {
      for (const event of events) for (const socket of [a!, b!]) kernel.deliver(socket, event);
    },
    drain(nowNs = kernel.nowNs) {
      kernel.nowNs = nowNs;
      reader.drain(journal);
      return journal.take();
    },
  };
}

const record = (tgid: number, exitCode = 0, pid = tgid) =>
  taskRecord(pid, taskstats(16, { ac_tgid: tgid, ac_exitcode: exitCode, ac_flag: 0x20 }));

Deno.test("events are applied in the order of their times, from both sockets", () => {
  const { send, drain } = reading();
  send(forkEvent(10, 1, 50), execEvent(20, 50), forkEvent(30, 50, 51), execEvent(40, 51));
  send(exitEvent(60, 50, 0x100), exitEvent(50, 51, 9)); // two processors: the second was the earlier one
  assert.deepEqual(drain(), [
    "10 fork 1 50",
    "20 exec 50 #1",
    "30 fork 50 51",
    "40 exec 51 #2",
    "50 exit 51 9",
    "60 exit 50 256",
  ]);
  assert.deepEqual(drain(), []);
});

Deno.test("what is younger than the drain waits for the next", () => {
  const { send, drain, reader } = reading();
  send(forkEvent(10, 1, 50), execEvent(1001, 50), exitEvent(1002, 50, 0));
  assert.deepEqual(drain(1000), ["10 fork 1 50"]);
  assert.equal(reader.backlog, 1);
  send(forkEvent(1000, 1, 60));
  assert.deepEqual(drain(1001), ["1000 fork 1 60", "1001 exec 50 #1"]);
  assert.equal(reader.backlog, 0);
  assert.deepEqual(drain(1002), ["1002 exit 50 0"]);
  assert.deepEqual([reader.generation, reader.previousDrainNs, reader.drainNs], [3, 1001, 1002]);
});

Deno.test("an exec is captured once, when it is received, and applied by a later drain", () => {
  const { send, drain, reader, journal, kernel } = reading();
  send(forkEvent(10, 1, 50), execEvent(20, 50));
  assert.equal(reader.wait(200, journal), false);
  assert.deepEqual(journal.captured, [{ pid: 50, isLate: false }]);
  assert.deepEqual(journal.take(), []);
  send(execEvent(kernel.nowNs - 1, 50));
  assert.deepEqual(drain(), ["10 fork 1 50", "20 exec 50 #1", `${kernel.nowNs - 1} exec 50 #2`]);
  assert.equal(journal.captured.length, 2);
});

Deno.test("waiting takes what comes, without looking at the other sockets", () => {
  const { send, reader, journal, lifecycle, kernel } = reading();
  for (let i = 1; i <= 500; i++) send(forkEvent(i, 1, i), execEvent(i, i));
  for (let calls = 0; journal.captured.length < 500; calls++) {
    assert.ok(calls < 100, "each call takes some");
    reader.wait(0, journal);
  }
  assert.deepEqual(journal.captured.map(({ pid }) => pid), Array.from({ length: 500 }, (_, i) => i + 1));
  assert.equal(lifecycle.queue.length, 500);
  const began = kernel.nowNs;
  reader.wait(200, journal);
  assert.equal(kernel.nowNs - began, 200e6);
  assert.equal(reader.nowNs, kernel.nowNs);
});

Deno.test("while execs come thick and fast, each is waited for by itself", () => {
  const { send, drain, reader, journal, kernel } = reading();
  assert.equal(reader.isBusy, false);
  send(execEvent(1, 50));
  reader.wait(200, journal);
  assert.equal(reader.isBusy, true);

  send(forkEvent(2, 1, 51), execEvent(3, 51), execEvent(4, 52));
  reader.waitBusy(journal);
  assert.deepEqual(journal.captured.map(({ pid }) => pid), [50, 51]);
  kernel.onWait = () => send(execEvent(kernel.nowNs, 53));
  for (let i = 0; i < 2; i++) reader.waitBusy(journal);
  assert.deepEqual(journal.captured.map(({ pid }) => pid), [50, 51, 52, 53]);
  assert.equal(reader.isBusy, true);

  kernel.onWait = () => {};
  const began = kernel.nowNs;
  while (reader.isBusy) reader.waitBusy(journal);
  assert.ok(kernel.nowNs - began <= 80e6, "a pause ends it");
  assert.equal(reader.nowNs, kernel.nowNs);
  const kinds = drain().map((line) => line.split(" ").slice(1).join(" "));
  assert.deepEqual(kinds, ["exec 50 #1", "fork 1 51", "exec 51 #2", "exec 52 #3", "exec 53 #4"]);
});

Deno.test("what comes while busy and can't be read is counted", () => {
  const { reader, journal, kernel, execs, send } = reading();
  send(execEvent(1, 50));
  reader.waitBusy(journal);
  execs.program = undefined;
  kernel.deliver(execs, execEvent(2, 51), 4711);
  kernel.deliver(execs, new Uint8Array(200));
  kernel.deliver(execs, acknowledgement);
  for (let i = 0; i < 3; i++) reader.waitBusy(journal);
  assert.deepEqual(journal.captured.map(({ pid }) => pid), [50]);
  assert.deepEqual([reader.counts.malformed, reader.counts.otherEvents, reader.counts.execs], [2, 1, 1]);
});

Deno.test("execs that are read long after they happened are late, until the reader has caught up", () => {
  const { send, drain, journal, kernel } = reading();
  kernel.nowNs = 1e12;
  // Milliseconds between an exec and its reading, and whether it is late.
  const execs: readonly (readonly [age: number, isLate: boolean])[] = [
    [10, false],
    [0.1, false],
    [1000, true],
    [10, true],
    [0.1, false],
    [10, false],
  ];
  for (const [age, isLate] of execs) {
    send(execEvent(kernel.nowNs - age * 1e6, 50));
    drain(kernel.nowNs);
    assert.equal(journal.captured.at(-1)!.isLate, isLate, `${age} ms`);
  }
});

Deno.test("a drain takes all that waits, however many batches that is", () => {
  const { send, drain, kernel, taskstats, reader } = reading();
  const lines: string[] = [];
  for (let i = 1; i <= 1500; i++) {
    send(forkEvent(3 * i, 1, i), execEvent(3 * i + 1, i), exitEvent(3 * i + 2, i, i));
    kernel.deliver(taskstats, record(i, i));
    lines.push(`${3 * i} fork 1 ${i}`, `${3 * i + 1} exec ${i} #${i}`, `${3 * i + 2} exit ${i} ${i}`);
  }
  assert.deepEqual(drain(1e6), lines);
  assert.equal(reader.records.size, 1500);
  const { counts } = reader;
  assert.deepEqual([counts.forks, counts.execs, counts.exits, counts.records], [1500, 1500, 1500, 1500]);
  assert.deepEqual([counts.otherEvents, counts.threadEvents, counts.malformed], [0, 0, 0]);
});

Deno.test("records wait in the queue of their process, with the drain in which they came", () => {
  const { drain, kernel, taskstats, reader } = reading();
  kernel.deliver(taskstats, record(50, 1, 51));
  drain();
  kernel.deliver(taskstats, record(50, 2));
  drain();
  const { records } = reader;
  const at = (index: number, field: number) => records.field(index, field);
  const first = records.first(50), second = records.next(first);
  assert.deepEqual([at(first, RecordField.ExitCode), at(first, RecordField.Generation)], [1, 1]);
  assert.deepEqual([at(second, RecordField.ExitCode), at(second, RecordField.Generation)], [2, 2]);
  assert.equal(records.next(second), -1);
});

Deno.test("what isn't of interest is counted, never applied", () => {
  const { drain, execs, lifecycle, taskstats, kernel, reader, send } = reading();
  // A socket that is bound hears of everything until its filter is attached, if another program listens.
  for (const socket of [execs, lifecycle]) socket.program = undefined;
  send(acknowledgement, procEvent(4, 5, [50, 50, 1, 2]), procEvent(0x400, 6, []));
  assert.deepEqual(drain(), []);
  assert.equal(reader.counts.otherEvents, 6);
  kernel.deliver(lifecycle, forkEvent(7, 1, 50, 51));
  kernel.deliver(lifecycle, exitEvent(8, 50, 0, 51));
  assert.deepEqual(drain(), []);
  assert.equal(reader.counts.threadEvents, 2);
  assert.equal(reader.counts.malformed, 0);
  kernel.deliver(execs, execEvent(9, 50).subarray(0, 40));
  kernel.deliver(lifecycle, forkEvent(9, 1, 50), 4711); // sent by a process
  kernel.deliver(lifecycle, new Uint8Array(129));
  kernel.deliver(taskstats, record(50).subarray(0, 100));
  kernel.deliver(taskstats, new Uint8Array(3000));
  assert.deepEqual(drain(), []);
  assert.equal(reader.counts.malformed, 5);
  assert.deepEqual([reader.counts.forks, reader.counts.execs, reader.records.size], [0, 0, 0]);
});

Deno.test("drops are those of each socket; after a lost record no exit can count on its own for two drains", () => {
  const { drain, execs, lifecycle, taskstats, reader, kernel } = reading();
  drain();
  assert.equal(reader.hasAllRecords, true);
  [execs.drops, lifecycle.drops, taskstats.drops] = [1, 2, 3];
  assert.deepEqual(reader.drops(), { execs: 1, lifecycle: 2, records: 3, ring: 0 });
  const seen: boolean[] = [];
  for (let i = 0; i < 4; i++) {
    drain(kernel.nowNs + 1);
    seen.push(reader.hasAllRecords);
  }
  assert.deepEqual(seen, [false, false, true, true]);
});

Deno.test("without accounting there are no records, and none is lost", () => {
  const { drain, send, reader } = reading({ accounting: false });
  send(forkEvent(1, 1, 50), exitEvent(2, 50, 0));
  assert.deepEqual(drain(), ["1 fork 1 50", "2 exit 50 0"]);
  assert.deepEqual([reader.hasAllRecords, reader.drops().records, reader.records.size], [false, 0, 0]);
});

Deno.test("recorded runs come out as they happened", () => {
  for (const { action, truth, events, records } of runs) {
    const { drain, send, reader, kernel, taskstats, journal } = reading();
    send(...events);
    for (const bytes of records) kernel.deliver(taskstats, bytes);
    const kinds = drain(1e18).map((line) => line.split(" ").slice(1, -1).join(" "));
    const { pid, parent } = truth, fork = `fork ${parent}`, exec = `exec ${pid}`, exit = `exit ${pid}`;
    const expected = action === "thread-exec"
      ? [fork, exit, exec, exit]
      : ["exec", "script"].includes(action)
      ? [fork, exec, exit]
      : [fork, exit];
    assert.deepEqual(kinds, expected, action);
    assert.deepEqual(journal.captured.map(({ pid }) => pid), expected.includes(exec) ? [pid] : [], action);
    assert.equal(reader.records.size, records.length);
    assert.ok(reader.records.first(pid) >= 0);
    assert.equal(reader.counts.malformed, 0);
  }
});
