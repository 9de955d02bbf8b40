/** Accounting records of kernels from 5.10 to the newest, recorded by tests/fixtures/netlink/record_taskstats.py. */

import assert from "node:assert/strict";
import { ProcessResources } from "../../../fingerprint/processes/resources.ts";
import { RecordField, RecordQueue } from "../../../netlink/records.ts";
import { decodeTaskRecord, TaskRecord } from "../../../netlink/taskstats.ts";
import { fromHex, textAt } from "./datagrams.ts";

interface Truth {
  readonly pid: number;
  readonly threads: readonly number[];
  readonly status: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

interface Recorded {
  readonly kernel: string;
  readonly runs: Readonly<Record<"exec" | "threads", { readonly truth: Truth; readonly records: readonly string[] }>>;
}

/**
 * Version and length of the struct by the fixture, which is named after the kernel's release: uapi/linux/taskstats.h. Version 15 is
 * in no kernel of a distribution's; its fixture tells which kernel was made for it.
 */
const VERSIONS: Readonly<Record<string, readonly [version: number, bytes: number]>> = {
  "5.10": [10, 352],
  "6.1": [13, 416],
  "6.12": [14, 432],
  "6.12-taskstats15": [15, 560],
  "6.18": [16, 560],
  "7.2": [17, 688],
};
/** Of the datagram, what lies before the struct. */
const BEFORE = 36;

const folder = new URL("../../fixtures/netlink/kernels/", import.meta.url);

for (const { name } of Deno.readDirSync(folder)) {
  const { kernel, runs } = JSON.parse(Deno.readTextFileSync(new URL(name, folder))) as Recorded;
  const [version, bytes] = VERSIONS[name.replace(".json", "")]!;

  Deno.test(`${kernel}: a program's record`, () => {
    const { truth, records } = runs.exec, record = new TaskRecord();
    assert.equal(records.length, 1);
    const datagram = fromHex(records[0]!);
    assert.ok(decodeTaskRecord(new DataView(datagram.buffer), 0, datagram.length, record));
    assert.deepEqual([record.version, datagram.length - BEFORE], [version, bytes]);
    assert.deepEqual([record.pid, record.exitCode, record.neverExecuted], [truth.pid, truth.status, false]);
    assert.equal(textAt(datagram, record.commOffset, 32), "true");
    // The last task of a process, its id and its executable are told since 5.19.
    assert.deepEqual([record.tgid, record.last], version < 12 ? [0, false] : [truth.pid, true]);
    assert.equal(record.exeInodeLow > 0, version >= 12);
    assert.ok(record.maxResidentBytes > 1 << 18 && record.maxResidentBytes < 1 << 26, `${record.maxResidentBytes}`);
  });

  Deno.test(`${kernel}: user and system time, and switches, of a process with three threads`, () => {
    const { truth, records } = runs.threads, queue = new RecordQueue(), resources = new ProcessResources(queue);
    assert.equal(records.length, 3);
    records.forEach((text, index) => {
      const datagram = fromHex(text), view = new DataView(datagram.buffer), record = new TaskRecord();
      assert.ok(decodeTaskRecord(view, 0, datagram.length, record));
      assert.equal(record.version, version);
      const isLast = index === records.length - 1;
      assert.deepEqual([record.hasProcessSums, record.arePartialSums], [isLast, isLast && version < 14]);
      record.tgid = truth.pid;
      queue.push(record, view, 0, 0);
      if (!isLast) {
        resources.addThread(0, queue.first(truth.pid));
        queue.shift(truth.pid);
      }
    });
    const sum = resources.total(0, queue.first(truth.pid), 0);
    const near = (field: keyof typeof RecordField, want: number, tolerance: number) =>
      assert.ok(
        Math.abs(sum[RecordField[field]]! - want) <= tolerance,
        `${field} ${sum[RecordField[field]]}, not ${want}`,
      );
    const all = truth.userSeconds + truth.systemSeconds;
    assert.ok(all > 0.45 && truth.userSeconds > 0.05 && truth.systemSeconds > 0.05, "a process that uses both");
    // Each is split by its ticks, and their sum by those of all.
    near("UserSeconds", truth.userSeconds, 0.15 * all);
    near("SystemSeconds", truth.systemSeconds, 0.15 * all);
    // wait4(2) counts those behind the record too, in which the task gives its memory back: some, on a busy machine.
    near("VoluntarySwitches", truth.voluntarySwitches, 5);
    near("InvoluntarySwitches", truth.involuntarySwitches, 5 + 0.05 * truth.involuntarySwitches);
  });
}
