import assert from "node:assert/strict";
import { ExecRecord, type ExecRing, EXIT_RECORD, FORK_RECORD, type RingHandler } from "../../../netlink/bpf/mod.ts";
import type { ReaderCounts } from "../../../netlink/event_decoder.ts";
import type { Libc } from "../../../netlink/linux/mod.ts";
import { type EventHandler, Reader } from "../../../netlink/reader.ts";
import { LIFECYCLE, LIFECYCLE_DATA, ringWith } from "./bpf/recorded_ring.ts";

const NONE: ReaderCounts = {
  forks: 0,
  execs: 0,
  exits: 0,
  otherEvents: 0,
  threadEvents: 0,
  records: 0,
  malformed: 0,
};

/** A reader whose events all come from a ring with this data. */
function reading(data = LIFECYCLE_DATA, lost = 0) {
  const { reader: ring, produce } = ringWith(data), closed: number[] = [];
  const libc = {
    call: { epoll_create1: () => 7, epoll_ctl: () => 0, epoll_wait: () => 1, close: (fd: number) => closed.push(fd) },
    check: (result: number) => result,
    clock: () => 0, // every event is younger: one queue has no gaps, so none waits for that
    resolution: () => 4e6,
  } as unknown as Libc;
  const execRing = { ring, fd: 5, lost: () => lost, drain: (handler: RingHandler) => ring.drain(handler) };
  const reader = new Reader(libc, undefined, undefined, -1, execRing as unknown as ExecRing);
  const lines: string[] = [], times: number[] = [];
  const note = (timestampNs: number, line: string) => {
    times.push(timestampNs);
    lines.push(line);
  };
  const handler: EventHandler = {
    capture: () => assert.fail("nobody looks at /proc"),
    captureRecord: (record) => record.tgid + 1000,
    fork: (timestampNs, parent, child) => note(timestampNs, `fork ${parent} ${child}`),
    exec: (timestampNs, pid, captured, readNs) => {
      assert.equal(readNs, timestampNs);
      note(timestampNs, `exec ${pid} #${captured}`);
    },
    exit: (timestampNs, pid, status) => note(timestampNs, `exit ${pid} ${status}`),
  };
  return {
    reader,
    closed,
    times,
    drain(produced: number): string[] {
      produce(produced);
      reader.drain(handler);
      return lines.splice(0);
    },
  };
}

/** What the recorded ring must tell: of threads nothing, and one fork and one exit a process, whichever thread ends last. */
const TOLD = LIFECYCLE.processes.flatMap(({ pid, parent, status, execs }) => [
  `fork ${parent} ${pid}`,
  ...new Array<string>(execs).fill(`exec ${pid} #${pid + 1000}`),
  `exit ${pid} ${status}`,
]);

Deno.test("ring events: forks, execs and exits of a recorded ring come at once, in the order in which they happened", () => {
  const { reader, drain, times, closed } = reading(undefined, 3);
  assert.deepEqual(drain(LIFECYCLE.produced), TOLD);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.deepEqual(reader.counts, { ...NONE, forks: 5, execs: 6, exits: 5 });
  assert.deepEqual(drain(LIFECYCLE.produced), []);
  assert.equal(reader.backlog, 0);
  assert.deepEqual(reader.drops(), { execs: 0, lifecycle: 0, records: 0, ring: 3 });
  assert.deepEqual([reader.hasWholeExits, reader.hasAllRecords], [true, false]);
  reader[Symbol.dispose]();
  assert.deepEqual(closed, [7]);
});

Deno.test("ring events: a drain takes what has come, the next the rest", () => {
  const view = new DataView(LIFECYCLE_DATA.buffer);
  for (let end = 0, told = 0; end < LIFECYCLE.produced;) {
    const { drain } = reading();
    assert.deepEqual(drain(end), TOLD.slice(0, told));
    assert.deepEqual(drain(LIFECYCLE.produced), TOLD.slice(told));
    end += (view.getUint32(end, true) + 15) & ~7;
    told++;
  }
});

Deno.test("ring events: every truncation of a record that isn't the length of another kind is malformed, and no event", () => {
  const kinds: readonly number[] = [FORK_RECORD.length, EXIT_RECORD.length], record = new ExecRecord();
  const view = new DataView(LIFECYCLE_DATA.buffer);
  for (let at = 0, length = 0; at < LIFECYCLE.produced; at += (length + 15) & ~7) {
    length = view.getUint32(at, true);
    // An exec's has up to three bytes behind its parts.
    const whole = record.read(view, at + 8, length) ? record.end - at - 8 : length;
    for (let cut = 0; cut < whole; cut++) {
      if (kinds.includes(cut)) continue;
      const data = new Uint8Array(4096);
      data.set(LIFECYCLE_DATA.subarray(at, at + 8 + cut));
      new DataView(data.buffer).setUint32(0, cut, true);
      const { reader, drain } = reading(data);
      assert.deepEqual(drain((cut + 15) & ~7), [], `the record at ${at}, ${cut} bytes`);
      assert.deepEqual(reader.counts, { ...NONE, malformed: 1 });
    }
  }
});

/** A ring of exits only. */
function exits(
  ...of: readonly (readonly [time: number, start: number, pid: number, status: number])[]
): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(4096), view = new DataView(data.buffer), step = 8 + EXIT_RECORD.length;
  of.forEach(([time, start, pid, status], index) => {
    const at = index * step + 8;
    view.setUint32(at - 8, EXIT_RECORD.length, true);
    view.setBigUint64(at + EXIT_RECORD.time, BigInt(time), true);
    view.setBigUint64(at + EXIT_RECORD.start, BigInt(start), true);
    view.setUint32(at + EXIT_RECORD.tgid, pid, true);
    view.setUint32(at + EXIT_RECORD.status, status, true);
  });
  return data;
}

Deno.test("ring events: a process that two threads take for ended has ended once; one with its id later is another", () => {
  const first = 2 ** 40 + 1, later = 2 ** 40 + 2;
  const data = exits([10, first, 50, 9], [11, first, 60, 0], [12, first, 50, 9], [20, later, 50, 256], [
    21,
    later,
    50,
    256,
  ]);
  const { reader, drain } = reading(data);
  assert.deepEqual(drain(5 * 32), ["exit 50 9", "exit 60 0", "exit 50 256"]);
  assert.equal(reader.counts.exits, 3);
});

Deno.test("ring events: a reader wants a connector or a ring", () => {
  assert.throws(() => new Reader({} as Libc, undefined, undefined, -1), /neither a connector nor a ring/);
});
