import assert from "node:assert/strict";
import fc from "fast-check";
import { COMM_BYTES, LAST, LEADER, PROCESS_SUMS, RecordField, RecordQueue, UNDECIDED } from "../../netlink/records.ts";
import { TaskRecord } from "../../netlink/taskstats.ts";
import { runs } from "./runs.ts";

/** A record that waits, as the model has it. */
interface Waiting {
  readonly tgid: number;
  readonly serial: number;
  readonly generation: number;
}

/** A name of which no byte is 0, so that what another record left would be seen. */
const commOf = (serial: number) => Array.from({ length: COMM_BYTES }, (_, i) => 1 + ((serial + i) % 250));

function push(queue: RecordQueue, { tgid, serial, generation }: Waiting): void {
  const record = new TaskRecord();
  record.tgid = tgid;
  record.pid = serial % 7 === 0 ? tgid + 1 : tgid;
  record.exitCode = serial;
  record.userSeconds = serial + 0.5;
  record.last = serial % 2 === 0;
  record.hasProcessSums = serial % 3 === 0;
  record.commOffset = serial % 5 === 0 ? -1 : 3;
  const bytes = new Uint8Array(3 + 32).fill(0xff);
  bytes.set(commOf(serial), 3);
  queue.push(record, new DataView(bytes.buffer), generation, 1e9);
}

function assertRecord(queue: RecordQueue, index: number, want: Waiting): void {
  const at = queue.rows.at(index), f = queue.rows.values, { serial } = want;
  assert.equal(queue.tgidOf(index), want.tgid);
  assert.deepEqual(
    [f[at + RecordField.ExitCode], f[at + RecordField.UserSeconds], f[at + RecordField.Generation]],
    [serial, serial + 0.5, want.generation],
  );
  const flags = (serial % 2 === 0 ? LAST : 0) | (serial % 3 === 0 ? PROCESS_SUMS : 0) | (serial % 7 === 0 ? 0 : LEADER);
  assert.equal(f[at + RecordField.Flags], flags);
  const comm = [...queue.comm.subarray(index * COMM_BYTES, (index + 1) * COMM_BYTES)];
  assert.deepEqual(comm, serial % 5 === 0 ? new Array(COMM_BYTES).fill(0) : commOf(serial));
}

/** Compares all queues with those of the model. */
function assertSame(queue: RecordQueue, model: ReadonlyMap<number, Waiting[]>, ids: Iterable<number>): void {
  let size = 0;
  for (const tgid of new Set(ids)) {
    const want = model.get(tgid) ?? [];
    let index = queue.first(tgid);
    for (const waiting of want) {
      assert.ok(index >= 0, `a record of ${tgid} is missing`);
      assertRecord(queue, index, waiting);
      index = queue.next(index);
    }
    assert.equal(index, -1, `${tgid} has a record too many`);
    size += want.length;
  }
  assert.equal(queue.size, size);
}

type Operation =
  | { readonly do: "push"; readonly tgid: number }
  | { readonly do: "shift"; readonly tgid: number }
  | { readonly do: "drain" }
  | { readonly do: "settle"; readonly back: number; readonly shifts: number };

function operations(tgid: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Operation[]> {
  return fc.array(
    fc.oneof(
      { weight: 10, arbitrary: fc.record({ do: fc.constant("push" as const), tgid }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant("shift" as const), tgid }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const), back: fc.nat(3), shifts: fc.nat(4) }) },
    ),
    { maxLength, size: "max" },
  );
}

function play(list: readonly Operation[]): void {
  const queue = new RecordQueue(), model = new Map<number, Waiting[]>(), ids = new Set<number>();
  let generation = 1, serial = 0;
  const shift = (tgid: number) => {
    queue.shift(tgid);
    const waiting = model.get(tgid);
    waiting?.shift();
    if (waiting?.length === 0) model.delete(tgid);
  };
  for (const operation of list) {
    switch (operation.do) {
      case "push": {
        const waiting = { tgid: operation.tgid, serial: ++serial, generation };
        ids.add(waiting.tgid);
        push(queue, waiting);
        model.set(waiting.tgid, [...model.get(waiting.tgid) ?? [], waiting]);
        break;
      }
      case "shift":
        shift(operation.tgid);
        break;
      case "drain":
        generation++;
        break;
      case "settle": {
        // Every record that is old and still there when its turn comes is visited once; a visit may take some away.
        const old = generation - operation.back, { shifts } = operation;
        const before = [...model.values()].flat().filter((waiting) => waiting.generation <= old);
        const visited = new Set<number>(), gone = new Set<number>();
        queue.visitOld(old, (index, tgid) => {
          const serial = queue.field(index, RecordField.ExitCode);
          assert.ok(model.get(tgid)?.some((waiting) => waiting.serial === serial), "a record that isn't there");
          assert.ok(!visited.has(serial), "a record is visited twice");
          visited.add(serial);
          for (let i = 0; i < (serial + shifts) % 3; i++) {
            const first = model.get(tgid)?.[0];
            if (first !== undefined) gone.add(first.serial);
            shift(tgid);
          }
        });
        for (const { serial } of before) assert.ok(visited.has(serial) || gone.has(serial), "a record is passed over");
        for (const serial of visited) assert.ok(before.some((waiting) => waiting.serial === serial), "too young");
        break;
      }
    }
    assert.equal(queue.size, [...model.values()].reduce((sum, { length }) => sum + length, 0));
  }
  assertSame(queue, model, ids);
}

Deno.test("a RecordQueue is a queue for each process: few ids", () => {
  fc.assert(fc.property(operations(fc.integer({ min: 1, max: 6 }), 300), play), { numRuns: runs(200) });
});

Deno.test("a RecordQueue is a queue for each process: many ids", () => {
  fc.assert(fc.property(operations(fc.integer({ min: 1, max: 32768 }), 900), play), { numRuns: 50 });
});

Deno.test("before Linux 5.19 a record names no process: each task counts as one, which may live on", () => {
  const queue = new RecordQueue(), record = new TaskRecord();
  record.pid = 77;
  queue.push(record, new DataView(new ArrayBuffer(64)), 1, 1e9);
  const index = queue.first(77);
  assert.equal(queue.tgidOf(index), 77);
  assert.equal(queue.field(index, RecordField.Flags), LAST | LEADER | UNDECIDED);
});

Deno.test("a RecordQueue that a storm has filled gives its memory back, and works on", () => {
  const queue = new RecordQueue(), small = queue.comm.length;
  for (let i = 1; i <= 20_000; i++) push(queue, { tgid: i, serial: i, generation: 1 });
  assert.ok(queue.comm.length >= 20_000 * COMM_BYTES);
  for (let i = 1; i <= 20_000; i++) queue.shift(i);
  assert.equal(queue.size, 0);
  assert.equal(queue.comm.length, small);
  assert.equal(queue.rows.capacity * COMM_BYTES, small);
  for (let i = 1; i <= 600; i++) push(queue, { tgid: 1 + i % 3, serial: i, generation: 2 });
  const model = new Map<number, Waiting[]>();
  for (let i = 1; i <= 600; i++) {
    const tgid = 1 + i % 3;
    model.set(tgid, [...model.get(tgid) ?? [], { tgid, serial: i, generation: 2 }]);
  }
  assertSame(queue, model, [1, 2, 3, 4]);
});
