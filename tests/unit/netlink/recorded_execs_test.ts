import assert from "node:assert/strict";
import type { ExecRecord } from "../../../netlink/bpf/mod.ts";
import { EventDecoder } from "../../../netlink/event_decoder.ts";
import type { ExecNamer } from "../../../netlink/exec_source.ts";
import { RecordedExecs } from "../../../netlink/recorded_execs.ts";
import { NetlinkSocket } from "../../../netlink/socket.ts";
import { FakeRing, madeRecord } from "./bpf/made_records.ts";
import { execEvent, forkEvent } from "./datagrams.ts";
import { FakeKernel } from "./fake_kernel.ts";

const EPOLL = 500;

/** Names a record by its process and time. */
const namer: ExecNamer = {
  capture: () => assert.fail("nobody looks at a process"),
  captureRecord: (record: ExecRecord) => 1000 * record.tgid + record.timeNs,
};

function scene() {
  const kernel = new FakeKernel(), ring = new FakeRing(), decoder = new EventDecoder();
  /** What happened to the epoll instance. */
  const calls: string[] = [];
  const close = kernel.libc.call.close;
  Object.assign(kernel.libc.call, {
    epoll_create1: () => EPOLL,
    epoll_ctl: (epoll: number, _operation: number, fd: number) => (calls.push(`${epoll} watches ${fd}`), 0),
    epoll_wait: (epoll: number) => (calls.push(`${epoll} is taken`), 1),
    close: (fd: number) => fd === EPOLL ? (calls.push(`${fd} is closed`), 0) : close(fd),
  });
  const socket = new NetlinkSocket(kernel.libc, {
    protocol: 11,
    groups: 1,
    batch: 4,
    datagramBytes: 128,
    receiveBuffer: 1,
  });
  const execs = new RecordedExecs(kernel.libc, socket, ring.asRing, decoder);
  return {
    kernel,
    ring,
    decoder,
    execs,
    calls,
    event: (timeNs: number, pid: number) => kernel.deliver(kernel.sockets[0]!, execEvent(timeNs, pid)),
    record: (timeNs: number, pid: number, held = false, group = 0) =>
      ring.push(madeRecord({ timeNs, pid, path: "/bin/true", group }), held),
    /** What every exec that waits was named, after a drain. */
    drain(): string[] {
      execs.drain(namer);
      const { events } = execs;
      return Array.from(
        { length: events.length },
        (_, i) => `${events.timestampNs[i]} ${events.pid[i]} ${events.detail[i]}`,
      );
    },
  };
}

Deno.test("recorded execs: an event and its record are matched by process and time", () => {
  const { event, record, drain, decoder, execs } = scene();
  record(10, 50);
  record(12, 51);
  event(13, 51); // from another processor
  event(11, 50);
  record(20, 50);
  event(21, 50);
  assert.deepEqual(drain(), ["11 50 50010", "13 51 51012", "21 50 50020"]);
  assert.equal(execs.backlog, 3);
  assert.deepEqual([decoder.counts.execs, decoder.counts.malformed], [3, 0]);
});

Deno.test("recorded execs: an event has the control group of its record, and the next one its own", () => {
  const { event, record, drain, execs } = scene();
  record(10, 50, false, 7 * 2 ** 32 + 3);
  event(11, 50);
  record(12, 51);
  event(13, 51);
  drain();
  assert.deepEqual([...execs.events.group.subarray(0, 2)], [7 * 2 ** 32 + 3, 0]);
});

Deno.test("recorded execs: a drain takes all that waits, however many batches that is, and other events are no execs", () => {
  const { event, record, drain, kernel, execs } = scene();
  for (let i = 1; i <= 100; i++) {
    record(2 * i, i);
    event(2 * i + 1, i);
    kernel.deliver(kernel.sockets[0]!, forkEvent(2 * i, 1, i));
  }
  assert.deepEqual(drain(), Array.from({ length: 100 }, (_, i) => `${2 * i + 3} ${i + 1} ${1002 * (i + 1)}`));
  assert.ok(execs.bufferedBytes > 100 * 25);
});

Deno.test("recorded execs: an event whose record was lost is named by nobody, and not by another's record", () => {
  const { event, record, drain } = scene();
  record(10, 51);
  record(10, 50);
  event(5, 50);
  event(11, 50);
  event(12, 50);
  assert.deepEqual(drain(), ["5 50 -1", "11 50 50010", "12 50 -1"]);
});

Deno.test("recorded execs: a record waits for its event, for two seconds", () => {
  const { event, record, drain, execs, kernel } = scene();
  kernel.nowNs = 100;
  for (const pid of [50, 51]) record(100, pid);
  assert.deepEqual(drain(), []);
  assert.equal(execs.backlog, 1);
  kernel.nowNs += 2e9;
  event(101, 50);
  assert.deepEqual(drain(), ["101 50 50100"]);
  execs.events.drop(1);
  assert.equal(execs.backlog, 1);
  kernel.nowNs += 1;
  assert.deepEqual(drain(), []);
  assert.equal(execs.backlog, 0);
  event(101, 51);
  assert.deepEqual(drain(), ["101 51 -1"]);
});

Deno.test("recorded execs: a record that can't be is counted, and the others are read", () => {
  const { event, ring, record, drain, decoder } = scene();
  ring.push(new Uint8Array(16));
  record(10, 50);
  event(11, 50);
  assert.deepEqual(drain(), ["11 50 50010"]);
  assert.equal(decoder.counts.malformed, 1);
});

Deno.test("recorded execs: a record behind one that is still being written is waited for, a while", () => {
  const { event, record, drain, kernel } = scene();
  const finish = record(10, 50, true);
  record(11, 51);
  event(12, 51);
  const began = kernel.nowNs, { clock } = kernel.libc;
  kernel.libc.clock = () => kernel.nowNs += 1e6;
  assert.deepEqual(drain(), ["12 51 -1"]);
  assert.ok(kernel.nowNs - began < 2e7, "not for ever");
  kernel.libc.clock = (number) => (finish(), clock(number));
  assert.deepEqual(drain(), ["12 51 51011"]);
});

Deno.test("recorded execs: a wake-up of the ring is taken, and wants a drain", () => {
  const { execs, calls, drain, kernel } = scene();
  assert.deepEqual([execs.fd, execs.wantsDrain, execs.isBusy()], [EPOLL, false, false]);
  assert.equal(execs.receive(), kernel.nowNs);
  assert.equal(execs.wantsDrain, true);
  drain();
  assert.equal(execs.wantsDrain, false);
  execs[Symbol.dispose]();
  assert.deepEqual(calls, ["500 watches 77", "500 is taken", "500 is closed"]);
});
