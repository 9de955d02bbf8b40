import assert from "node:assert/strict";
import { NO_USER } from "../../../netlink/linux/mod.ts";
import { decodeTaskRecord, TaskRecord } from "../../../netlink/taskstats.ts";
import {
  attribute,
  genericMessage,
  layoutOf,
  recorded,
  type Run,
  run,
  runs,
  taskRecord,
  taskstats,
  textAt,
  type Values,
} from "./datagrams.ts";

const AFORK = 1, AGROUP = 32;

function decode(bytes: Uint8Array<ArrayBuffer>): TaskRecord {
  const record = new TaskRecord();
  assert.ok(decodeTaskRecord(new DataView(bytes.buffer), 0, bytes.length, record));
  return record;
}

function refuse(bytes: Uint8Array<ArrayBuffer>, why: string): void {
  assert.equal(decodeTaskRecord(new DataView(bytes.buffer), 0, bytes.length, new TaskRecord()), false, why);
}

const comm = (bytes: Uint8Array, record: TaskRecord) => textAt(bytes, record.commOffset, 32);
const near = (have: number, want: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(have - want) <= tolerance, `${what}: ${have}, expected ${want} ± ${tolerance}`);

/** The record of the process's end and the CPU time that all its records add up to, seconds. */
function last({ records }: Run): { record: TaskRecord; bytes: Uint8Array<ArrayBuffer>; cpuSeconds: number } {
  const decoded = records.map(decode), record = decoded.at(-1)!;
  const tails = decoded.reduce((sum, { tailSeconds }) => sum + tailSeconds, 0);
  return { record, bytes: records.at(-1)!, cpuSeconds: record.userSeconds + record.systemSeconds + tails };
}

const EXECUTES = new Set(["exec", "script", "thread-exec"]);
const COMM: Readonly<Record<string, string>> = {
  "exec": "true",
  "script": "actions.sh",
  "comm": "new name (a)",
  "thread-exec": "true",
};

for (const one of runs) {
  const { action, truth } = one;
  Deno.test(`recorded ${action}: the record agrees with what wait4(2) and stat(2) say`, () => {
    const { record, bytes, cpuSeconds } = last(one);
    assert.equal(record.version, 16);
    assert.equal(record.tgid, truth.pid);
    assert.equal(record.pid, action === "leader-first" ? truth.threads[0] : truth.pid);
    assert.equal(record.last, true);
    assert.equal(record.exitCode, truth.status);
    assert.equal(record.user, action === "uid" ? 1001 : 0);
    assert.equal(record.hasProcessSums, truth.threads.length > 0);
    if (action !== "leader-first") assert.equal(record.neverExecuted, !EXECUTES.has(action));
    assert.equal(comm(bytes, record), COMM[action] ?? "actions");
    const [major, minor] = truth.exeDevice;
    assert.equal(record.exeDevice, ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0);
    assert.equal(record.exeInodeLow + record.exeInodeHigh * 2 ** 32, truth.exeInode);

    // What the kernel does after the record is in wait4(2)'s figures only: the last switch, and the teardown of the memory,
    // which takes an eighth of the time of a process that does nothing but fill 64 MiB.
    const rusage = (truth.userMicroseconds + truth.systemMicroseconds) / 1e6;
    near(cpuSeconds, rusage, 1e-3 + (action === "memory" ? 0.25 : 0.1) * rusage, "CPU time");
    assert.ok(cpuSeconds > 0.25 * rusage, `CPU time ${cpuSeconds} of ${rusage}`);
    near(record.voluntarySwitches, truth.voluntarySwitches, 2, "voluntary switches");
    near(record.involuntarySwitches, truth.involuntarySwitches, 20, "involuntary switches");
    assert.ok(record.maxResidentBytes <= truth.maxResidentKilobytes * 1024);
    assert.ok(record.maxResidentBytes >= 0.9 * truth.maxResidentKilobytes * 1024);
    assert.ok(record.processSeconds <= (truth.endedNs - truth.beganNs) / 1e9);
    assert.ok(record.processSeconds > 0);
    const faults = one.records.map(decode).reduce((sum, { majorFaults }) => sum + majorFaults, 0);
    assert.equal(faults, truth.majorFaults);
  });
}

Deno.test("recorded threads: each has its record and name, the last one the sums", () => {
  const { truth, records } = run("threads");
  const decoded = records.map(decode);
  assert.deepEqual(decoded.map(({ pid }) => pid), [...truth.threads, truth.pid]);
  assert.deepEqual(decoded.map(({ tgid }) => tgid), [truth.pid, truth.pid, truth.pid]);
  assert.deepEqual(decoded.map(({ last }) => last), [false, false, true]);
  assert.deepEqual(decoded.map(({ hasProcessSums }) => hasProcessSums), [false, false, true]);
  assert.deepEqual(decoded.map((record, index) => comm(records[index]!, record)), ["worker-1", "worker-2", "actions"]);
  const [first, second, all] = decoded.map(({ userSeconds, systemSeconds }) => userSeconds + systemSeconds);
  near(first!, 0.06, 0.002, "first thread");
  near(second!, 0.06, 0.002, "second thread");
  near(all!, 0.15, 0.005, "all threads");
});

Deno.test("sums without modes and switches, as Linux 6.1 has them, leave those of the task", () => {
  const version = 10, exact = { cpu_run_virtual_total: 4_000_000_000, ac_utime: 0, ac_stime: 0, nvcsw: 0, nivcsw: 0 };
  const own = { ac_utime: 1_000_000, ac_stime: 3_000_000, nvcsw: 5, nivcsw: 7, cpu_run_virtual_total: 1_000_000_000 };
  const sums = (values: Values) =>
    decode(
      taskRecord(4711, taskstats(version, own), { tgid: 4711, stats: taskstats(version, { ...exact, ...values }) }),
    );
  const partial = sums({});
  assert.deepEqual([partial.hasProcessSums, partial.arePartialSums], [true, true]);
  assert.deepEqual([partial.userSeconds, partial.systemSeconds], [1, 3]);
  assert.deepEqual([partial.voluntarySwitches, partial.involuntarySwitches], [5, 7]);
  const whole = sums({ ac_utime: 2_000_000, ac_stime: 2_000_000, nvcsw: 50 });
  assert.deepEqual([whole.hasProcessSums, whole.arePartialSums], [true, false]);
  assert.deepEqual([whole.userSeconds, whole.systemSeconds], [2, 2]);
  assert.deepEqual([whole.voluntarySwitches, whole.involuntarySwitches], [50, 0]);
  assert.equal(decode(taskRecord(4711, taskstats(version, own))).arePartialSums, false);
});

Deno.test("recorded exec from another thread: the first thread's record isn't the process's end", () => {
  const [first, end] = run("thread-exec").records.map(decode);
  assert.deepEqual([first!.last, end!.last], [false, true]);
  assert.deepEqual([first!.neverExecuted, end!.neverExecuted], [true, false]);
});

Deno.test("recorded write: bytes that went to the disk", () => {
  assert.ok(last(run("write")).record.writtenBytes >= 1 << 20);
  assert.equal(last(run("burn")).record.writtenBytes, 0);
});

Deno.test("answers of the kernel that aren't records are refused", () => {
  for (const { answers } of [recorded.family, recorded.unknownFamily]) {
    for (const answer of answers) {
      refuse(Uint8Array.from(answer.match(/../g)!, (pair) => parseInt(pair, 16)), answer);
    }
  }
});

/** Field of struct taskstats, property of a record, and how many of the former make one of the latter. */
const NUMBERS: readonly (readonly [field: string, property: keyof TaskRecord, per: number])[] = [
  ["ac_exitcode", "exitCode", 1],
  ["nvcsw", "voluntarySwitches", 1],
  ["nivcsw", "involuntarySwitches", 1],
  ["cpu_delay_total", "cpuDelaySeconds", 1e9],
  ["blkio_delay_total", "blockIoDelaySeconds", 1e9],
  ["swapin_delay_total", "swapDelaySeconds", 1e9],
  ["freepages_delay_total", "reclaimDelaySeconds", 1e9],
  ["read_bytes", "readBytes", 1],
  ["write_bytes", "writtenBytes", 1],
  ["ac_majflt", "majorFaults", 1],
  ["hiwater_rss", "maxResidentBytes", 1 / 1024],
  ["ac_tgetime", "processSeconds", 1e6],
  ["ac_tgid", "tgid", 1],
  ["ac_exe_dev", "exeDevice", 1],
  ["ac_exe_inode", "exeInodeLow", 1],
];

/** A value for each field that no other field has. */
const VALUES: Values = {
  ...Object.fromEntries([...layoutOf(17).offsets.keys()].map((name, index) => [name, 1000 + index])),
  ac_flag: AFORK | AGROUP,
  ac_comm: "a-program-name",
};

/** Checks a record against {@link VALUES}: `has` says whether the record is long enough for a field. */
function assertRecord(bytes: Uint8Array<ArrayBuffer>, has: (field: string) => boolean, what: string): void {
  const record = decode(bytes);
  for (const [field, property, per] of NUMBERS) {
    assert.equal(record[property], has(field) ? Number(VALUES[field]) / per : 0, `${what}: ${field}`);
  }
  assert.equal(record.pid, 4711);
  assert.equal(record.exeInodeHigh, 0);
  assert.equal(record.user, has("ac_uid") ? VALUES["ac_uid"] : NO_USER, `${what}: ac_uid`);
  assert.equal(record.neverExecuted, true);
  assert.equal(record.last, has("ac_tgid"), `${what}: last`);
  assert.equal(record.commOffset < 0 ? "" : comm(bytes, record), has("ac_comm") ? VALUES["ac_comm"] : "", what);
  // The exact run time, in the proportion of the two that go by ticks; all to user where none of them is there.
  const user = has("ac_utime") ? Number(VALUES["ac_utime"]) : 0;
  const system = has("ac_stime") ? Number(VALUES["ac_stime"]) : 0;
  const exact = Number(VALUES["cpu_run_virtual_total"]) / 1e9;
  const share = system === 0 ? 0 : system / (user + system);
  near(record.systemSeconds, exact * share, 1e-15, `${what}: system`);
  near(record.userSeconds, exact * (1 - share), 1e-15, `${what}: user`);
}

const LENGTHS: Readonly<Record<number, number>> = {
  4: 272,
  5: 288,
  6: 312,
  7: 328,
  8: 328,
  9: 344,
  10: 352,
  11: 368,
  12: 400,
  13: 416,
  14: 432,
  15: 560,
  16: 560,
};

for (const [text, length] of Object.entries(LENGTHS)) {
  const version = Number(text);
  Deno.test(`version ${version} has ${length} bytes, and each field at its place`, () => {
    const { offsets, size } = layoutOf(version);
    assert.equal(size, length);
    assertRecord(taskRecord(4711, taskstats(version, VALUES)), (field) => offsets.has(field), `version ${version}`);
  });
}

Deno.test("a later version, longer, is read as far as it is known", () => {
  const longer = new Uint8Array(700).fill(0xee);
  longer.set(taskstats(16, VALUES));
  longer[0] = 17;
  assertRecord(taskRecord(4711, longer), () => true, "version 17");
});

Deno.test("versions before 2.6.22, which have other offsets, are refused", () => {
  for (const [version, length] of [[1, 72], [2, 240], [3, 264]] as const) {
    const stats = taskstats(version, VALUES);
    assert.equal(stats.length, length);
    refuse(taskRecord(4711, stats), `version ${version}`);
  }
});

Deno.test("a record is read as far as it goes, whatever its version says", () => {
  for (const version of [15, 16]) {
    const stats = taskstats(version, VALUES), { offsets } = layoutOf(version);
    for (let length = 0; length <= stats.length; length++) {
      const bytes = taskRecord(4711, stats.subarray(0, length));
      const ends = (field: string) => offsets.get(field)![0] + offsets.get(field)![1];
      if (length < 80) refuse(bytes, `${length} bytes`);
      else if (version === 16 || length >= ends("cpu_run_virtual_total")) {
        // The device has 8 bytes, of which the lower 4 are read; the inode's two halves are read one by one.
        const need = (field: string) => field.startsWith("ac_exe") ? ends(field) - 4 : ends(field);
        assertRecord(bytes, (field) => need(field) <= length, `version ${version}, ${length} bytes`);
      }
    }
  }
});

Deno.test("sums of a process replace the task's CPU time, switches and delays, and nothing else", () => {
  const task = taskstats(16, { ...VALUES, cpu_run_virtual_total: 1e9, ac_utime: 5, ac_stime: 0 });
  const sums = taskstats(16, { cpu_run_virtual_total: 8e9, ac_utime: 3e6, ac_stime: 1e6, nvcsw: 11, nivcsw: 12 });
  sums.fill(0, 0, 2); // the kernel leaves the version out
  const bytes = taskRecord(4711, task, { tgid: VALUES["ac_tgid"] as number, stats: sums });
  const record = decode(bytes), alone = decode(taskRecord(4711, task));
  assert.deepEqual(
    [record.userSeconds, record.systemSeconds, record.voluntarySwitches, record.involuntarySwitches],
    [6, 2, 11, 12],
  );
  for (
    const same of ["readBytes", "maxResidentBytes", "exeDevice", "exitCode", "tgid", "last", "tailSeconds"] as const
  ) {
    assert.equal(record[same], alone[same], same);
  }
  assert.deepEqual([record.hasProcessSums, alone.hasProcessSums], [true, false]);

  // Sums that are too short are left out; the task's figures stay.
  const short = decode(taskRecord(4711, task, { tgid: 1, stats: sums.subarray(0, 79) }));
  assert.deepEqual([short.hasProcessSums, short.userSeconds], [false, 1]);
});

Deno.test("CPU time goes by ticks where the kernel has no exact one, and is split as wait4(2) splits it", () => {
  const cases: [exact: number, user: number, system: number, want: [number, number]][] = [
    [0, 3e6, 1e6, [3, 1]],
    [8e9, 3e6, 1e6, [6, 2]],
    [8e9, 3e6, 0, [8, 0]],
    [8e9, 0, 1e6, [0, 8]],
    [8e9, 0, 0, [8, 0]],
    [0, 0, 0, [0, 0]],
  ];
  for (const [exact, user, system, want] of cases) {
    const stats = taskstats(16, { cpu_run_virtual_total: exact, ac_utime: user, ac_stime: system });
    const { userSeconds, systemSeconds } = decode(taskRecord(1, stats));
    assert.deepEqual([userSeconds, systemSeconds], want);
  }
});

Deno.test("CPU time that the record misses", () => {
  const MS = 1e6;
  const cases: [what: string, values: Values, want: number][] = [
    ["no scheduler statistics", { cpu_count: 0, ac_etime: 9000, nvcsw: 0 }, 0],
    ["never slept", { ac_etime: 1000, cpu_delay_total: 0.2 * MS, cpu_run_virtual_total: 0.5 * MS, nvcsw: 0 }, 0.0003],
    ["never slept: the rest was stolen", { ac_etime: 60_000, cpu_run_virtual_total: 50 * MS, nvcsw: 0 }, 0.004],
    ["more explained than lived", { ac_etime: 1000, cpu_run_virtual_total: 2 * MS, nvcsw: 0 }, 0],
    ["slept: an average stretch", { ac_etime: 1e6, cpu_run_virtual_total: 4 * MS, nvcsw: 3, nivcsw: 1 }, 0.001],
    ["slept: half a tick", { ac_etime: 1e6, cpu_run_virtual_total: 40 * MS, nvcsw: 3, nivcsw: 1 }, 0.002],
    [
      "slept: no more than is unexplained",
      { ac_etime: 4500, cpu_run_virtual_total: 4 * MS, nvcsw: 1, nivcsw: 0 },
      5e-4,
    ],
  ];
  for (const [what, values, want] of cases) {
    const record = decode(taskRecord(1, taskstats(16, { cpu_count: 1, cpu_delay_total: 0, ...values })));
    near(record.tailSeconds, want, 1e-12, what);
  }
  const record = new TaskRecord();
  record.tickSeconds = 0.001;
  const bytes = taskRecord(1, taskstats(16, { ac_etime: 1e6, cpu_run_virtual_total: 40 * MS, nvcsw: 3, nivcsw: 1 }));
  assert.ok(decodeTaskRecord(new DataView(bytes.buffer), 0, bytes.length, record));
  near(record.tailSeconds, 0.0005, 1e-12, "a shorter tick");
});

Deno.test("inodes and devices of 64 and 32 bits are whole", () => {
  const record = decode(taskRecord(1, taskstats(16, { ac_exe_inode: 0xfedcba9876543210n, ac_exe_dev: 0xfff000ffn })));
  assert.deepEqual([record.exeInodeHigh, record.exeInodeLow, record.exeDevice], [0xfedcba98, 0x76543210, 0xfff000ff]);
});

Deno.test("attributes come in any order, with unknown ones and flags between them", () => {
  const stats = taskstats(16, VALUES), pid = [0x67, 0x12, 0, 0], NESTED = 0x8000;
  const task = attribute(4 | NESTED, [
    ...attribute(6, []),
    ...attribute(3, stats),
    ...attribute(9, [1]),
    ...attribute(1, pid),
  ]);
  const sums = attribute(5, [...attribute(3, taskstats(16, { cpu_run_virtual_total: 5e9 }))]);
  assertRecord(genericMessage(31, 2, [...attribute(77, [1, 2, 3]), ...task]), () => true, "order");
  assert.equal(decode(genericMessage(31, 2, [...sums, ...task])).hasProcessSums, true);
});

Deno.test("what isn't a whole record is refused", () => {
  const stats = taskstats(16, VALUES), pid = attribute(1, [1, 0, 0, 0]), body = attribute(3, stats);
  const good = taskRecord(1, stats);
  refuse(genericMessage(31, 1, attribute(4, [...pid, ...body])), "another command");
  refuse(genericMessage(31, 2, attribute(5, [...pid, ...body])), "no AGGR_PID");
  refuse(genericMessage(31, 2, attribute(4, pid)), "no stats");
  refuse(genericMessage(31, 2, attribute(4, body)), "no process id");
  refuse(genericMessage(31, 2, attribute(4, [...attribute(1, [1, 0]), ...body])), "half a process id");
  refuse(taskRecord(0, stats), "process id 0");
  refuse(taskRecord(0x80000000, stats), "a negative process id");
  refuse(genericMessage(31, 2, []), "no attribute");
  refuse(good.slice(0, good.length - 1), "shorter than it claims");
  refuse(good.slice(0, 0), "cut by the socket");
  const view = new DataView(good.buffer);
  assert.equal(decodeTaskRecord(view, 1, good.length, new TaskRecord()), false, "beyond the view");
  assert.equal(decodeTaskRecord(view, -1, good.length, new TaskRecord()), false, "before the view");
  view.setUint32(0, good.length - 8, true);
  refuse(good, "an attribute that is longer than the message");
});
