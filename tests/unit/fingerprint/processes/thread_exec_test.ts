/** A process whose second thread execs /bin/true, as kernels told of it: recorded by tests/fixtures/netlink/record_taskstats.py. */

import assert from "node:assert/strict";
import * as c from "../../../../netlink/linux/mod.ts";
import { decodeProcEvent, ProcEvent } from "../../../../netlink/proc_event.ts";
import { decodeTaskRecord, TaskRecord } from "../../../../netlink/taskstats.ts";
import { fromHex } from "../../netlink/datagrams.ts";
import { Scene } from "../fake_proc.ts";

interface Recorded {
  readonly kernel: string;
  readonly runs: { readonly threadExec?: { readonly records: readonly string[]; readonly events: readonly string[] } };
}

const folder = new URL("../../../fixtures/netlink/kernels/", import.meta.url);

/** A decoded datagram of either kind, and its bytes. */
function decode<T>(text: string, into: T, decoder: (view: DataView, at: number, length: number, into: T) => unknown) {
  const view = new DataView(fromHex(text).buffer);
  assert.ok(decoder(view, 0, view.byteLength, into));
  return { decoded: into, view };
}

for (const { name } of Deno.readDirSync(folder)) {
  const { kernel, runs: { threadExec } } = JSON.parse(Deno.readTextFileSync(new URL(name, folder))) as Recorded;
  if (threadExec === undefined) continue;

  Deno.test(`${kernel}: a thread's exec is below its process, wherever a drain cuts the events`, () => {
    const events = threadExec.events.map((text) => decode(text, new ProcEvent(), decodeProcEvent).decoded);
    const records = threadExec.records.map((text) => decode(text, new TaskRecord(), decodeTaskRecord));
    const { PROC_EVENT_FORK: fork, PROC_EVENT_EXEC: exec, PROC_EVENT_EXIT: exit } = c;
    assert.deepEqual(events.map(({ what }) => what), [fork, exit, exec, exit]);
    assert.equal(records.length, 2);
    // Records are read last: those of all that has ended can have come, whatever was cut off.
    for (let cut = 1; cut <= events.length; cut++) {
      const scene = new Scene(), pid = events[0]!.tgid;
      scene.hasAllRecords = true;
      scene.nowNs = events[0]!.timestampNs - 1e9;
      scene.proc.set(1, { parent: 0, exe: "/opt/init", startTicks: 1 });
      scene.scanner.scan();
      for (const [from, to] of [[0, cut], [cut, events.length]]) {
        if (from === 0) {
          for (const { decoded, view } of records) {
            scene.records.push(decoded, view, scene.generation, events.at(-1)!.timestampNs);
          }
        }
        for (const { what, timestampNs, exitCode } of events.slice(from, to)) {
          scene.nowNs = timestampNs;
          if (what === fork) scene.intake.fork(timestampNs, 1, pid);
          if (what === exit) scene.intake.exit(timestampNs, pid, exitCode);
          if (what !== exec) continue;
          // It was looked at in time, and has gone when its events are applied.
          scene.proc.set(pid, { exe: "/opt/true" });
          const program = scene.programs.look(pid);
          scene.proc.processes.delete(pid);
          scene.intake.exec(timestampNs, pid, program);
        }
        scene.settle();
      }
      scene.settle();
      const ended = { launches: 1, running: 0, processes: 0, exits: [1, 0, 0, 0, 0, 0] };
      assert.deepEqual(scene.row("/init/true"), ended, `${cut} events in the first drain`);
      assert.deepEqual([scene.table.has(pid), scene.records.size, scene.row("/init")!.processes], [false, 0, 1]);
    }
  });
}
