import assert from "node:assert/strict";
import fc from "fast-check";
import { EXEC_RECORD, ExecRecord } from "../../netlink/bpf/exec_record.ts";
import { CUT, DELETED } from "../../netlink/bpf/record_path.ts";
import { madeRecord } from "../unit/netlink/bpf/made_records.ts";
import { Scene } from "../unit/fingerprint/fake_proc.ts";
import { runs } from "./runs.ts";

/** Bytes before and behind a record in its ring. */
const GUARD = 1024;
const PID = 7;

const RECORDS = [
  { path: "/usr/bin/ls" },
  { path: "/opt/gone", pathFlags: DELETED, root: 99 },
  { path: "/usr/bin/dash", argv: ["sh", "ls"], folder: "/usr/bin" },
  { path: "/usr/bin/python3.11", argv: ["python3", "-W", "error", "/srv/job.py"], room: 24, folderFlags: CUT },
].map((exec) => madeRecord({ pid: PID, ...exec }));

/** What a new machine makes of a record between other bytes, twice; undefined where the record is refused. */
function told(bytes: Uint8Array, guard: number): unknown {
  const { programs, proc, labels, roots } = new Scene(), record = new ExecRecord();
  proc.set(PID, { exe: "/usr/bin/python3.11", argv: ["python3", "-W", "error", "/srv/job.py", "x"] });
  roots.byProcess.set(PID, bytes[EXEC_RECORD.rootInode]! & 1);
  const ring = new Uint8Array(GUARD + bytes.length + GUARD).fill(guard);
  ring.set(bytes, GUARD);
  if (!record.read(new DataView(ring.buffer), GUARD, bytes.length)) return undefined;
  const [first, second] = [0, 1].map(() => programs.read(record, ring));
  assert.equal(first, second);
  return { program: first, label: labels.textOf(programs.labelOf(first!)), root: programs.rootOf(first!) };
}

const NUMBERS = [EXEC_RECORD.argumentTotal, EXEC_RECORD.pathBytes, EXEC_RECORD.nameBytes, EXEC_RECORD.argumentBytes];
const place = fc.oneof(
  fc.constantFrom(...NUMBERS, EXEC_RECORD.folderBytes, EXEC_RECORD.flags, EXEC_RECORD.pathFlags),
  fc.nat(400),
);
const value = fc.oneof(fc.constantFrom(0, 1, 2, 0x2f, 0xff), fc.nat(80));

/** Records that are tried. */
const RUNS = runs(500);

Deno.test("property: whatever a record holds, it is told by its own bytes alone, and without an error", () => {
  let count = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...RECORDS),
      fc.array(fc.tuple(place, value), { maxLength: 8 }),
      fc.nat(20),
      (whole, changes, cut) => {
        const bytes = whole.slice(0, cut < 10 ? whole.length : whole.length - cut + 10);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const first = told(bytes, 0);
        if (first !== undefined) count++;
        assert.deepEqual(told(bytes, 0xff), first);
      },
    ),
    { numRuns: RUNS },
  );
  assert.ok(count > RUNS / 10, `only ${count} were no refusals`);
});
