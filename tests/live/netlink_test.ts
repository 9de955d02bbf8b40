/** The proc connector and taskstats of the running kernel, through netlink/. */

import assert from "node:assert/strict";
import { Accounting } from "../../netlink/accounting.ts";
import type { ExecRecord } from "../../netlink/bpf/mod.ts";
import { runIdleChild } from "../../netlink/linux/spawn.ts";
import { Connector } from "../../netlink/connector.ts";
import * as c from "../../netlink/linux/constants.ts";
import { Libc } from "../../netlink/linux/libc.ts";
import { DECODED, decodeProcEvent, ProcEvent, UNKNOWN_TYPE } from "../../netlink/proc_event.ts";
import { type EventHandler, Reader } from "../../netlink/reader.ts";
import { LAST, PROCESS_SUMS, RecordField } from "../../netlink/records.ts";
import { NetlinkSocket } from "../../netlink/socket.ts";
import { openWake, wake } from "../../netlink/linux/wake.ts";
import { encodeSubscription } from "../../netlink/wire.ts";
import { requireRoot, requireTool } from "../require.ts";
import { textAt, type Truth } from "../unit/netlink/datagrams.ts";
import type { Report } from "./netlink_child.ts";

// The C library stays open, as it does in the exporter.
const live = { ignore: requireRoot() || requireTool("cc", "gcc libc6-dev"), sanitizeResources: false };
const BUFFER = 8 << 20;

let opened: Libc | undefined;
const library = () => opened ??= new Libc();

/** Calls `look` until it gives something, ten seconds at most. */
async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`${what} did not come within 10 s`);
}

/** The program of the fixtures, built anew. */
class Actions {
  readonly #folder = Deno.makeTempDirSync();
  constructor() {
    const source = new URL("../fixtures/netlink/actions.c", import.meta.url).pathname;
    const { success, stderr } = new Deno.Command("cc", {
      args: ["-O1", "-pthread", "-o", `${this.#folder}/actions`, source],
    }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
    Deno.writeTextFileSync(`${this.#folder}/actions.sh`, "#!/bin/sh\nexit 4\n", { mode: 0o755 });
  }
  run(action: string): Truth {
    const { stdout, stderr } = new Deno.Command(`${this.#folder}/actions`, { args: [action], cwd: this.#folder })
      .outputSync();
    assert.equal(new TextDecoder().decode(stderr), "");
    return JSON.parse(new TextDecoder().decode(stdout)) as Truth;
  }
  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

interface Seen {
  readonly what: "fork" | "exec" | "exit";
  readonly ns: number;
  readonly pid: number;
  readonly detail: number;
}

/** Everything a reader hands over; an exec's detail is what its capture returned, here the process id. */
class Journal implements EventHandler {
  readonly seen: Seen[] = [];
  capture(pid: number): number {
    return pid;
  }
  captureRecord(record: ExecRecord): number {
    return record.tgid;
  }
  fork(ns: number, parent: number, pid: number): void {
    this.seen.push({ what: "fork", ns, pid, detail: parent });
  }
  exec(ns: number, pid: number, detail: number): void {
    this.seen.push({ what: "exec", ns, pid, detail });
  }
  exit(ns: number, pid: number, detail: number): void {
    this.seen.push({ what: "exit", ns, pid, detail });
  }
  of(pid: number): Seen[] {
    return this.seen.filter((event) => event.pid === pid);
  }
}

/** A subscription to the running kernel. */
class Subscription {
  readonly libc = library();
  readonly connector: Connector;
  readonly accounting: Accounting;
  readonly reader: Reader;
  readonly journal = new Journal();
  readonly #wake = openWake(this.libc);
  readonly wakeFd = this.#wake.fd;
  constructor(buffer = BUFFER) {
    this.connector = new Connector(this.libc, { execBytes: buffer, lifecycleBytes: buffer });
    const cpus = Deno.readTextFileSync("/sys/devices/system/cpu/possible").trim();
    this.accounting = new Accounting(this.libc, cpus, BUFFER);
    this.reader = new Reader(this.libc, this.connector, this.accounting, this.wakeFd);
  }
  /** Drains until the last exit of a process has come: `exits` of them. */
  async eventsOf(pid: number, exits = 1): Promise<Seen[]> {
    return await until(`exit of ${pid}`, () => {
      this.reader.drain(this.journal);
      const events = this.journal.of(pid);
      return events.filter(({ what }) => what === "exit").length >= exits && events;
    });
  }
  /** Events of an own child, started again while a small buffer overflows with those of other programs. */
  async eventsOfMarker(): Promise<Seen[]> {
    return await until("a child's whole life", () => {
      const pid = runIdleChild(this.libc);
      this.reader.drain(this.journal);
      const events = this.journal.of(pid);
      return events.length === 3 && events;
    });
  }
  /** The accounting records of a process, read by column. */
  recordsOf(pid: number) {
    const { records } = this.reader, all = [];
    for (let index = records.first(pid); index >= 0; index = records.next(index)) {
      const f = records.rows.values, at = records.rows.at(index);
      all.push({
        cpu: f[at + RecordField.UserSeconds]! + f[at + RecordField.SystemSeconds]!,
        tail: f[at + RecordField.TailSeconds]!,
        flags: f[at + RecordField.Flags]!,
        status: f[at + RecordField.ExitCode]!,
        maxResidentBytes: f[at + RecordField.MaxResidentBytes]!,
        exeDevice: f[at + RecordField.ExeDevice]!,
        exeInode: f[at + RecordField.ExeInodeLow]! + f[at + RecordField.ExeInodeHigh]! * 2 ** 32,
        comm: textAt(records.comm, index * 16, 16),
      });
    }
    return all;
  }
  [Symbol.dispose](): void {
    this.connector.close();
    this.accounting.close();
    this.#wake.close();
  }
}

const kinds = (events: readonly Seen[]) => events.map(({ what }) => what);

Deno.test({ name: "live: an own child's fork, exec and exit come", ...live }, async () => {
  using subscription = new Subscription();
  const { libc } = subscription, before = libc.clock(c.CLOCK_MONOTONIC);
  const pid = runIdleChild(libc);
  const after = libc.clock(c.CLOCK_MONOTONIC);
  assert.ok(pid > 0);
  const events = await subscription.eventsOf(pid);
  assert.deepEqual(kinds(events), ["fork", "exec", "exit"]);
  assert.deepEqual(events.map(({ detail }) => detail), [Deno.pid, pid, 0]);
  for (const { ns } of events) assert.ok(ns >= before && ns <= after, "the clock is CLOCK_MONOTONIC");
});

Deno.test({ name: "live: every way to live and end is told as it was, threads not at all", ...live }, async () => {
  using actions = new Actions();
  using subscription = new Subscription();
  const ways: Readonly<Record<string, readonly string[]>> = {
    "fork": ["fork", "exit"],
    "exec": ["fork", "exec", "exit"],
    "script": ["fork", "exec", "exit"],
    "exit-code": ["fork", "exit"],
    "signal": ["fork", "exit"],
    "core-dump": ["fork", "exit"],
    "threads": ["fork", "exit"],
    "thread-exec": ["fork", "exit", "exec", "exit"],
    "leader-first": ["fork", "exit"],
  };
  for (const [action, expected] of Object.entries(ways)) {
    const truth = actions.run(action);
    const events = await subscription.eventsOf(truth.pid, action === "thread-exec" ? 2 : 1);
    assert.deepEqual(kinds(events), expected, action);
    assert.equal(events[0]!.detail, truth.parent, action);
    // The first thread's status, which isn't the process's where that thread ended first.
    assert.equal(events.at(-1)!.detail, action === "leader-first" ? 0 : truth.status, action);
    const times = [truth.beganNs, ...events.map(({ ns }) => ns), truth.endedNs];
    assert.deepEqual(times, times.toSorted((a, b) => a - b), action);
    for (const thread of truth.threads) assert.deepEqual(subscription.journal.of(thread), [], action);
  }
  const { counts } = subscription.reader;
  assert.deepEqual([counts.threadEvents, counts.malformed], [0, 0]);
});

Deno.test({ name: "live: accounting records say what wait4(2) says", ...live }, async () => {
  using actions = new Actions();
  using subscription = new Subscription();
  for (const action of ["burn", "memory", "threads", "script", "exit-code", "sleep"]) {
    // A hypervisor that takes the processor away at the wrong moment shows up in wait4(2)'s figure and not in the record.
    const misses: string[] = [];
    for (;;) {
      const truth = actions.run(action);
      await subscription.eventsOf(truth.pid);
      const records = subscription.recordsOf(truth.pid), last = records.at(-1)!;
      assert.equal(records.length, 1 + truth.threads.length, action);
      assert.deepEqual(records.map(({ flags }) => (flags & LAST) !== 0), [...truth.threads.map(() => false), true]);
      assert.equal((last.flags & PROCESS_SUMS) !== 0, truth.threads.length > 0, action);
      assert.equal(last.status, truth.status, action);
      assert.equal(last.comm, action === "script" ? "actions.sh" : "actions");
      assert.equal(last.exeInode, truth.exeInode, action);
      assert.ok(last.maxResidentBytes <= truth.maxResidentKilobytes * 1024);
      if (action === "memory") assert.ok(last.maxResidentBytes > 64 << 20);

      // What a task did since its last tick is estimated, to at most 4 ms at 250 ticks a second; what the kernel does after
      // the record is in wait4(2)'s figure only, and the teardown of 64 MiB takes a while.
      const cpu = last.cpu + records.reduce((sum, { tail }) => sum + tail, 0);
      const rusage = (truth.userMicroseconds + truth.systemMicroseconds) / 1e6;
      if (action === "burn") assert.ok(cpu >= 0.195, `${cpu} s of CPU time`);
      if (Math.abs(cpu - rusage) < (action === "memory" ? 0.02 : 0.005 * records.length)) break;
      misses.push(`${cpu} s of CPU time, wait4(2) says ${rusage}`);
      assert.ok(misses.length < 5, `${action}: ${misses.join("; ")}`);
    }
  }
  assert.equal(subscription.reader.hasAllRecords, true);
});

Deno.test({ name: "live: the record of an exit is there before the exit is applied", ...live }, () => {
  using subscription = new Subscription();
  const { reader, libc } = subscription;
  const own = new Set<number>(), missing: number[] = [];
  const journal = new class extends Journal {
    override exit(_ns: number, pid: number): void {
      if (own.delete(pid) && reader.records.first(pid) < 0) missing.push(pid);
    }
  }();
  for (let i = 0; i < 300; i++) {
    own.add(runIdleChild(libc));
    if (i % 7 === 0) reader.drain(journal);
  }
  reader.drain(journal);
  assert.deepEqual([...own, ...missing], []);
});

Deno.test({ name: "live: a busy reader takes execs one by one, and a pause ends it", ...live }, () => {
  using subscription = new Subscription();
  const { reader, journal, libc } = subscription;
  const own = Array.from({ length: 50 }, () => runIdleChild(libc));
  const captured: number[] = [];
  journal.capture = (pid) => captured.push(pid);
  // The kernel's answers to subscriptions, which go to all sockets, come first.
  for (let calls = 0; !reader.isBusy && calls < 100; calls++) reader.wait(1000, journal);
  assert.ok(reader.isBusy);
  for (let calls = 0; reader.isBusy && calls < 1000; calls++) reader.waitBusy(journal);
  assert.deepEqual(captured.filter((pid) => own.includes(pid)), own);
  reader.drain(journal);
  assert.deepEqual(own.map((pid) => kinds(journal.of(pid)).join()), own.map(() => "fork,exec,exit"));
});

Deno.test({ name: "live: another thread's wake ends a wait at once", ...live }, async () => {
  using subscription = new Subscription();
  const { reader, journal, libc, wakeFd } = subscription;
  wake(libc, wakeFd);
  const began = performance.now();
  await until("the wake", () => reader.wait(10_000, journal));
  assert.ok(performance.now() - began < 5000);
  assert.equal(reader.wait(0, journal), false, "a wake counts once");
});

/** A socket without a filter, which hears of everything that the connector of the whole machine sends. */
function listenToAll(buffer: number): NetlinkSocket {
  const socket = new NetlinkSocket(library(), {
    protocol: c.NETLINK_CONNECTOR,
    groups: c.CN_IDX_PROC,
    batch: 64,
    datagramBytes: 128,
    receiveBuffer: buffer,
  });
  socket.send(encodeSubscription(c.PROC_CN_MCAST_LISTEN, 1));
  return socket;
}

function stopListening(...sockets: NetlinkSocket[]): void {
  for (const socket of sockets) {
    socket.send(encodeSubscription(c.PROC_CN_MCAST_IGNORE, 1));
    socket.close();
  }
}

/** Types of proc_event (uapi/linux/cn_proc.h) that are not decoded: uid, gid, sid, ptrace, comm, coredump. */
const OTHER_TYPES: ReadonlySet<number> = new Set([0x4, 0x40, 0x80, 0x100, 0x200, 0x40000000]);

/** Reads all that waits: type, processor, number, time and ids of each event. */
function readAll(socket: NetlinkSocket) {
  const event = new ProcEvent(), all = [];
  for (let received; (received = socket.receive()) > 0;) {
    for (let i = 0; i < received; i++) {
      const start = i * socket.datagramBytes;
      const decoded = decodeProcEvent(socket.view, start, socket.lengthOf(i), event);
      assert.equal(decoded, OTHER_TYPES.has(event.what) ? UNKNOWN_TYPE : DECODED);
      const { what, cpu, timestampNs: ns, pid, isThread, ack } = event;
      all.push({ what, cpu, ns, pid, isThread, ack, seq: socket.view.getUint32(start + 24, true) });
    }
  }
  return all;
}

/** Gives a socket a smaller or larger buffer, so that only what happens in between can be dropped. */
function resize(socket: NetlinkSocket, bytes: number): void {
  const value = new Uint8Array(new Int32Array([bytes]).buffer);
  assert.equal(library().call.setsockopt(socket.fd, c.SOL_SOCKET, c.SO_RCVBUFFORCE, value, value.length), 0);
}

/** Launches and waits for children, without reading an event. */
function launch(count: number): void {
  for (let i = 0; i < count; i++) assert.ok(runIdleChild(library()) > 0);
}

/** Runs a child on each processor, so that each has a number before and behind what is counted. */
function markProcessors(): void {
  for (let cpu = 0; cpu < navigator.hardwareConcurrency; cpu++) {
    const { success } = new Deno.Command("taskset", { args: ["-c", String(cpu), "/bin/true"] }).outputSync();
    assert.ok(success, `taskset -c ${cpu}`);
  }
}

Deno.test({
  name: "live: the drop counter is exactly what is missing in the numbers of each processor",
  ...live,
  ignore: live.ignore || requireTool("taskset", "util-linux"),
}, () => {
  const socket = listenToAll(BUFFER);
  try {
    markProcessors();
    const received = readAll(socket);
    assert.equal(socket.drops(), 0);
    resize(socket, 64 << 10);
    launch(400);
    resize(socket, BUFFER);
    received.push(...readAll(socket));
    markProcessors();
    received.push(...readAll(socket));
    const drops = socket.drops();
    assert.ok(drops > 500, `only ${drops} were dropped`);

    const numbers = new Map<number, number[]>();
    for (const { cpu, seq } of received) numbers.set(cpu, [...numbers.get(cpu) ?? [], seq]);
    let missing = 0;
    for (const [cpu, seqs] of numbers) {
      assert.deepEqual(seqs, seqs.toSorted((a, b) => a - b), `processor ${cpu}`);
      missing += seqs.at(-1)! - seqs[0]! + 1 - seqs.length;
    }
    assert.equal(missing, drops);
  } finally {
    stopListening(socket);
  }
});

Deno.test({ name: "live: what a full reader lost is exactly what another one got more", ...live }, async () => {
  const reference = listenToAll(64 << 20);
  try {
    using subscription = new Subscription();
    const { connector, reader, journal, libc } = subscription;
    const from = libc.clock(c.CLOCK_MONOTONIC);
    assert.deepEqual(reader.drops(), { execs: 0, lifecycle: 0, records: 0, ring: 0 });
    for (const socket of [connector.execs, connector.lifecycle]) resize(socket, 32 << 10);
    launch(500);
    for (const socket of [connector.execs, connector.lifecycle]) resize(socket, BUFFER);
    const to = (await subscription.eventsOfMarker()).at(-1)!.ns;
    const drops = reader.drops();
    const all = readAll(reference).filter(({ ns, isThread }) => ns >= from && ns <= to && !isThread);
    assert.equal(reference.drops(), 0);
    const seen = journal.seen.filter(({ ns }) => ns >= from && ns <= to);

    const count = (what: number) => all.filter((event) => event.what === what).length;
    const got = (what: string) => seen.filter((event) => event.what === what).length;
    assert.ok(drops.execs > 300 && drops.lifecycle > 600, JSON.stringify(drops));
    // When another program subscribes meanwhile, the kernel's answers come to all, and may be among what is dropped.
    const answers = count(c.PROC_EVENT_NONE);
    const lostExecs = count(c.PROC_EVENT_EXEC) - got("exec");
    const lostLifecycle = count(c.PROC_EVENT_FORK) + count(c.PROC_EVENT_EXIT) - got("fork") - got("exit");
    for (const [dropped, lost] of [[drops.execs, lostExecs], [drops.lifecycle, lostLifecycle]] as const) {
      assert.ok(dropped >= lost && dropped <= lost + answers, `${dropped} dropped, ${lost} lost, ${answers} answers`);
    }
    assert.equal(drops.records, 0);
  } finally {
    stopListening(reference);
  }
});

Deno.test({ name: "live: after a loss new events come, without an error in between", ...live }, async () => {
  using subscription = new Subscription(4096);
  launch(100);
  assert.ok(subscription.reader.drops().execs > 0);
  subscription.reader.drain(subscription.journal);
  assert.deepEqual(kinds(await subscription.eventsOfMarker()), ["fork", "exec", "exit"]);
});

Deno.test(
  { name: "live: two readers hear everything, and a second subscription doubles nothing", ...live },
  async () => {
    using first = new Subscription();
    using second = new Subscription();
    const before = runIdleChild(first.libc);
    for (const one of [first, second]) assert.deepEqual(kinds(await one.eventsOf(before)), ["fork", "exec", "exit"]);
    first.connector.subscribe();
    const after = runIdleChild(first.libc);
    for (const one of [first, second]) {
      const events = await one.eventsOf(after);
      one.reader.drain(one.journal);
      assert.deepEqual(kinds(events), ["fork", "exec", "exit"]);
      assert.deepEqual(kinds(one.journal.of(after)), ["fork", "exec", "exit"]);
    }
  },
);

Deno.test(
  { name: "live: a reader that ends doesn't silence another, and takes its own subscription back", ...live },
  async () => {
    // A socket that is bound but doesn't listen hears of events as long as anybody listens.
    const idle = new NetlinkSocket(library(), {
      protocol: 11,
      groups: 1,
      batch: 64,
      datagramBytes: 128,
      receiveBuffer: BUFFER,
    });
    const hears = () => {
      readAll(idle);
      const pid = runIdleChild(library());
      return readAll(idle).some((event) => event.pid === pid);
    };
    const othersListen = hears();
    try {
      {
        using staying = new Subscription();
        {
          using leaving = new Subscription();
          leaving.connector.subscribe();
          assert.ok(hears());
        }
        const pid = runIdleChild(staying.libc);
        assert.deepEqual(kinds(await staying.eventsOf(pid)), ["fork", "exec", "exit"]);
      }
      // Each LISTEN and each IGNORE is acknowledged to everybody, with numbers that follow one another.
      const watching = listenToAll(BUFFER);
      readAll(watching);
      const connector = new Connector(library(), { execBytes: BUFFER, lifecycleBytes: BUFFER });
      connector.close();
      const acknowledged = readAll(watching).filter(({ what }) => what === c.PROC_EVENT_NONE).map(({ ack }) => ack);
      stopListening(watching);
      const runs = acknowledged.filter((ack) => [1, 2, 3].every((more) => acknowledged.includes(ack + more)));
      assert.equal(runs.length, 1, `LISTEN, LISTEN, IGNORE, IGNORE in ${acknowledged}`);
      if (othersListen) {
        console.log(
          "another program listens to the proc connector: whether the kernel fell silent can't be seen",
        );
      } else assert.equal(hears(), false, "the kernel still builds events for nobody");
    } finally {
      idle.close();
    }
  },
);

/** Runs netlink_child.ts below another program. */
function report(program: string, ...args: string[]): Report {
  const script = new URL("netlink_child.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = new Deno.Command(program, {
    args: [...args, Deno.execPath(), "run", "--quiet", "-A", "--no-check", script],
  }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as Report;
}

/** Whether the kernel is at least of a version. */
function kernelIs(major: number, minor: number): boolean {
  const [a, b] = Deno.osRelease().split(".").map((part) => parseInt(part));
  return a! > major || (a === major && b! >= minor);
}

const inNamespace = { ...live, ignore: live.ignore || requireTool("unshare", "util-linux") };
const withoutRights = { ...live, ignore: live.ignore || requireTool("setpriv", "util-linux") };

function assertUnavailable({ reason, message, milliseconds }: Report["connector"], want: string, remedy: RegExp): void {
  assert.equal(reason, want, message);
  assert.match(message!, remedy);
  assert.ok(milliseconds < 2000, `it took ${milliseconds} ms`);
}

Deno.test({ name: "live: with all rights both sources open at once", ...live }, () => {
  const { connector, taskstats } = report("env");
  for (const { reason, milliseconds } of [connector, taskstats]) {
    assert.equal(reason, undefined);
    assert.ok(milliseconds < 500, `it took ${milliseconds} ms`);
  }
});

Deno.test(
  { name: "live: without CAP_NET_ADMIN there is no accounting, and before 6.6 no connector", ...withoutRights },
  () => {
    const { connector, taskstats } = report("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin");
    assertUnavailable(taskstats, "not-permitted", /EPERM.*CAP_NET_ADMIN/);
    if (kernelIs(6, 6)) assert.equal(connector.reason, undefined);
    else assertUnavailable(connector, "not-permitted", /EPERM.*CAP_NET_ADMIN.*--source=poll/);
  },
);

Deno.test({ name: "live: in another network namespace the connector is refused", ...inNamespace }, () => {
  assertUnavailable(report("unshare", "--net").connector, "namespace", /ECONNREFUSED.*--network=host.*--source=poll/);
});

Deno.test({ name: "live: in another pid namespace both sources are refused", ...inNamespace }, () => {
  const { connector, taskstats } = report("unshare", "--pid", "--fork");
  assertUnavailable(connector, "namespace", /not acknowledge.*--pid=host.*--source=poll/);
  assertUnavailable(taskstats, "namespace", /EINVAL.*host's pid namespace/);
});

Deno.test({ name: "live: in another user namespace both sources are refused", ...inNamespace }, () => {
  const { connector, taskstats } = report("unshare", "--user", "--map-root-user");
  assertUnavailable(connector, "namespace", /not acknowledge.*user namespace.*--source=poll/);
  assertUnavailable(taskstats, "not-permitted", /EPERM.*CAP_NET_ADMIN/);
});

const FIFO = 1, OTHER = 0;

Deno.test({ name: "live: the scheduling of a thread is what was granted", ...live }, () => {
  const { fifo, other, slice, nice } = report("env").scheduling;
  assert.deepEqual(other, { ...other, granted: true, policy: OTHER, priority: 0, nice: 0 });
  // A cgroup v1 can forbid SCHED_FIFO even to root (cpu.rt_runtime_us); then the answer must say so.
  assert.deepEqual([fifo.policy, fifo.priority], fifo.granted ? [FIFO, 1] : [OTHER, 0]);
  assert.deepEqual([nice.granted, nice.nice], [true, -20]);
  assert.equal(slice.granted, true);
  if (kernelIs(6, 12) && slice.sliceNs !== undefined) {
    assert.deepEqual([slice.sliceNs, nice.sliceNs], [100_000, 100_000]);
  }
});

Deno.test(
  { name: "live: without CAP_SYS_NICE a thread keeps its scheduling but for its slice", ...withoutRights },
  () => {
    const { fifo, slice, nice } = report("setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice").scheduling;
    assert.deepEqual([fifo.granted, fifo.policy, nice.granted, nice.nice], [false, OTHER, false, 0]);
    assert.equal(slice.granted, true);
  },
);
