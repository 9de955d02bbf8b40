import assert from "node:assert/strict";
import { ProcessResources } from "../../../../fingerprint/processes/resources.ts";
import { RecordField, RecordQueue } from "../../../../netlink/records.ts";
import { TaskRecord } from "../../../../netlink/taskstats.ts";

const SLOT = 3;

/** What a process used: user and system seconds, voluntary and involuntary switches, bytes written. */
function totalOf(end: Partial<TaskRecord>, ...threads: readonly Partial<TaskRecord>[]): number[] {
  const records = new RecordQueue(),
    resources = new ProcessResources(records),
    bytes = new DataView(new ArrayBuffer(64));
  for (const record of [...threads, end]) {
    records.push(Object.assign(new TaskRecord(), { pid: 7, tgid: 7, last: record === end, ...record }), bytes, 0, 0);
    if (record === end) break;
    resources.addThread(SLOT, records.first(7));
    records.shift(7);
  }
  const sum = resources.total(SLOT, records.first(7), 1);
  const { UserSeconds, SystemSeconds, VoluntarySwitches, InvoluntarySwitches, WrittenBytes } = RecordField;
  return [UserSeconds, SystemSeconds, VoluntarySwitches, InvoluntarySwitches, WrittenBytes].map((field) => sum[field]!);
}

const THREAD = { userSeconds: 1, systemSeconds: 3, voluntarySwitches: 5, involuntarySwitches: 7, writtenBytes: 11 };

Deno.test("a process of one thread used what its record says", () => {
  assert.deepEqual(totalOf(THREAD), [1, 3, 5, 7, 11]);
});

Deno.test("sums of the kernel count for all threads, but for what it doesn't sum", () => {
  const end = { hasProcessSums: true, userSeconds: 8, systemSeconds: 4, voluntarySwitches: 20, writtenBytes: 1 };
  assert.deepEqual(totalOf(end, THREAD, THREAD), [8, 4, 20, 0, 23]);
});

Deno.test("without sums the threads are added up", () => {
  assert.deepEqual(totalOf({ userSeconds: 1, voluntarySwitches: 1 }, THREAD, THREAD), [3, 6, 11, 14, 22]);
});

Deno.test("partial sums are split by the threads' own modes, the rest as the last thread, and switches are added up", () => {
  const sums = { hasProcessSums: true, arePartialSums: true };
  // 8 of 10 seconds are of two threads that ended before, a quarter of them user's; the last one's two are half and half.
  const end = { ...sums, userSeconds: 5, systemSeconds: 5, voluntarySwitches: 1, writtenBytes: 1 };
  assert.deepEqual(totalOf(end, THREAD, THREAD), [3, 7, 11, 14, 23]);
  assert.deepEqual(totalOf({ ...sums, userSeconds: 2, systemSeconds: 0 }, THREAD), [0, 2, 5, 7, 11]); // never more than the whole
  assert.deepEqual(totalOf({ ...sums, userSeconds: 0, systemSeconds: 0 }, THREAD).slice(0, 2), [0, 0]);
  assert.deepEqual(totalOf({ ...sums, userSeconds: 6, systemSeconds: 2 }).slice(0, 2), [6, 2]); // its threads weren't seen
});
