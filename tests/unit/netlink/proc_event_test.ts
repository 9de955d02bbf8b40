import assert from "node:assert/strict";
import * as c from "../../../netlink/linux/constants.ts";
import { DECODED, decodeProcEvent, MALFORMED, ProcEvent, UNKNOWN_TYPE } from "../../../netlink/proc_event.ts";
import { acknowledgement, procEvent, recorded, run, runs } from "./datagrams.ts";

/** The fields of an event but for its time and processor. */
type Fields = Partial<Omit<ProcEvent, "isThread" | "cpu" | "timestampNs">>;

const NOTHING: Fields = {
  what: 0,
  pid: 0,
  tgid: 0,
  parentPid: 0,
  parentTgid: 0,
  exitCode: 0,
  exitSignal: 0,
  error: 0,
  ack: 0,
};

/** Types of proc_event (uapi/linux/cn_proc.h) that are recorded and not decoded. */
const UID = 0x4, GID = 0x40, SID = 0x80, PTRACE = 0x100, COMM = 0x200, COREDUMP = 0x40000000;
const OTHERS: ReadonlySet<number> = new Set([UID, GID, SID, PTRACE, COMM, COREDUMP]);

function decode(bytes: Uint8Array<ArrayBuffer>, event = new ProcEvent()): ProcEvent {
  const decoded = decodeProcEvent(new DataView(bytes.buffer), 0, bytes.length, event);
  assert.equal(decoded, OTHERS.has(event.what) ? UNKNOWN_TYPE : DECODED);
  return event;
}

function assertEvent(event: ProcEvent, fields: Fields): void {
  const { cpu: _cpu, timestampNs: _timestampNs, ...rest } = { ...event };
  assert.deepEqual(rest, { ...NOTHING, ...fields });
}

const SIGCHLD = 17;

/** The type of each action's events, beside the fork and exit of its process. */
const EXTRA: Readonly<Record<string, number>> = {
  "exec": c.PROC_EVENT_EXEC,
  "script": c.PROC_EVENT_EXEC,
  "core-dump": COREDUMP,
  "comm": COMM,
  "uid": UID,
  "gid": GID,
  "sid": SID,
  "ptrace": PTRACE,
};

for (const { action, truth, events } of runs.filter(({ truth }) => truth.threads.length === 0)) {
  Deno.test(`recorded ${action}: fork, what it did, and exit`, () => {
    const { pid, parent, status } = truth;
    const what = EXTRA[action], one = { pid, tgid: pid };
    const fork = { ...one, what: c.PROC_EVENT_FORK, parentPid: parent, parentTgid: parent };
    const exit = { ...fork, what: c.PROC_EVENT_EXIT, exitCode: status, exitSignal: SIGCHLD };
    const extra = what === undefined ? [] : [OTHERS.has(what) ? { what } : { ...one, what }];
    const expected = [fork, ...extra, exit];
    const decoded = events.map((bytes) => decode(bytes));
    assert.equal(decoded.length, expected.length);
    decoded.forEach((event, index) => assertEvent(event, expected[index]!));

    const times = [truth.beganNs, ...decoded.map((event) => event.timestampNs), truth.endedNs];
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    for (const event of decoded) assert.ok(event.cpu < 64);
  });
}

Deno.test("recorded thread: its fork names the parent of the process, its exit nobody", () => {
  const { truth: { pid, parent, threads }, events } = run("thread");
  const [fork, threadFork, comm, threadExit, exit] = events.map((bytes) => decode(bytes));
  const thread = { pid: threads[0]!, tgid: pid };
  assert.deepEqual([fork, threadFork, threadExit, exit].map((event) => event!.isThread), [false, true, true, false]);
  assertEvent(threadFork!, { ...thread, what: c.PROC_EVENT_FORK, parentPid: parent, parentTgid: parent });
  assertEvent(comm!, { what: COMM });
  assertEvent(threadExit!, { ...thread, what: c.PROC_EVENT_EXIT, exitSignal: 0xffffffff });
});

Deno.test("recorded exec from another thread: the first thread's exit comes before the exec, the thread's never", () => {
  const { truth: { pid, threads }, events } = run("thread-exec");
  const seen = events.map((bytes) => decode(bytes)).map(({ what, pid, tgid }) => [what, pid, tgid]);
  const { PROC_EVENT_FORK: fork, PROC_EVENT_EXEC: exec, PROC_EVENT_EXIT: exit } = c;
  assert.deepEqual(seen, [[fork, pid, pid], [fork, threads[0], pid], [exit, pid, pid], [exec, pid, pid], [
    exit,
    pid,
    pid,
  ]]);
});

Deno.test("recorded first thread that ends first: the process's status comes with the last thread", () => {
  const { truth: { pid, threads, status }, events } = run("leader-first");
  const exits = events.slice(2).map((bytes) => decode(bytes));
  assert.deepEqual(exits.map(({ pid, tgid, exitCode }) => [pid, tgid, exitCode]), [[pid, pid, 0], [
    threads[0],
    pid,
    status,
  ]]);
});

Deno.test("recorded acknowledgement: the request's number and one", () => {
  assertEvent(decode(acknowledgement), { ack: recorded.listen.token + 1 });
});

Deno.test("an acknowledgement carries the kernel's error", () => {
  assertEvent(decode(procEvent(0, 0, [1], { ack: 8 })), { error: 1, ack: 8 });
});

Deno.test("an exit before Linux 4.18 has no parent", () => {
  const bytes = procEvent(c.PROC_EVENT_EXIT, 5, [7, 7, 0x300, 17], { dataBytes: 16 });
  assert.equal(bytes.length, 68);
  assertEvent(decode(bytes), { what: c.PROC_EVENT_EXIT, pid: 7, tgid: 7, exitCode: 0x300, exitSignal: 17 });
});

Deno.test("nothing of an earlier event stays", () => {
  const event = new ProcEvent();
  for (const { events } of runs) for (const bytes of events) decode(bytes, event);
  decode(run("uid").events[1]!, event);
  decode(run("comm").events[1]!, event);
  decode(acknowledgement, event);
  decode(procEvent(c.PROC_EVENT_EXEC, 9, [3, 3]), event);
  assertEvent(event, { what: c.PROC_EVENT_EXEC, pid: 3, tgid: 3 });
});

Deno.test("times beyond 32 bits are whole", () => {
  for (const ns of [0, 4294967295, 4294967296, 2 ** 53 - 1]) {
    assert.equal(decode(procEvent(c.PROC_EVENT_EXEC, ns, [1, 1])).timestampNs, ns);
  }
});

Deno.test("events of types that are not known are told from damaged ones", () => {
  const code = (bytes: Uint8Array<ArrayBuffer>, length = bytes.length) =>
    decodeProcEvent(new DataView(bytes.buffer), 0, length, new ProcEvent());
  const exec = procEvent(c.PROC_EVENT_EXEC, 1, [2, 2]);
  const changed = (offset: number, value: number) => {
    const bytes = exec.slice();
    bytes[offset] = value;
    return bytes;
  };
  for (const what of [8, 16, 32, 0x400, 0x800, 0x20000000, 3, 0xffffffff]) {
    assert.equal(code(procEvent(what, 1, [2, 2])), UNKNOWN_TYPE, `type ${what}`);
  }
  assert.equal(code(exec), DECODED);
  assert.equal(code(changed(16, 2)), MALFORMED, "another index");
  assert.equal(code(changed(20, 2)), MALFORMED, "another value");
  assert.equal(code(changed(0, 77)), MALFORMED, "longer than it is");
  assert.equal(code(changed(0, 51)), MALFORMED, "shorter than its header");
  assert.equal(code(changed(32, 23)), MALFORMED, "connector length below an exec's");
  assert.equal(code(exec, 0), MALFORMED, "cut by the socket");
  assert.equal(code(exec, 77), MALFORMED, "beyond the view");
  assert.equal(decodeProcEvent(new DataView(exec.buffer), -1, 60, new ProcEvent()), MALFORMED, "before the view");
});

Deno.test("an event is decoded at any place of a batch, in a view that begins anywhere", () => {
  const exit = run("exit-code").events[1]!, expected = decode(exit);
  for (const [before, start] of [[0, 128], [3, 129], [8, 1]] as const) {
    const buffer = new Uint8Array(400).fill(0xa5);
    buffer.set(exit, before + start);
    const event = new ProcEvent();
    assert.equal(decodeProcEvent(new DataView(buffer.buffer, before), start, exit.length, event), DECODED);
    assert.deepEqual(event, expected);
  }
});
