import assert from "node:assert/strict";
import fc from "fast-check";
import { acknowledgement, attributeLength, findAttribute } from "../../netlink/genetlink.ts";
import { DECODED, decodeProcEvent, MALFORMED, ProcEvent, UNKNOWN_TYPE } from "../../netlink/proc_event.ts";
import { decodeTaskRecord, TaskRecord } from "../../netlink/taskstats.ts";
import { allEvents, allRecords, layoutOf, recorded, taskRecord, taskstats } from "../unit/netlink/datagrams.ts";
import { runs } from "./runs.ts";

/** Bytes before and behind a datagram in its view. */
const GUARD = 64;

/** A view that has the datagram between bytes which a decoder must not look at. */
function guarded(bytes: Uint8Array, guard: number): DataView<ArrayBuffer> {
  const buffer = new Uint8Array(GUARD + bytes.length + GUARD).fill(guard);
  for (let i = 0; i < GUARD; i++) buffer[GUARD + bytes.length + i]! ^= i * (guard & 3);
  buffer.set(bytes, GUARD);
  return new DataView(buffer.buffer);
}

/** What a decoder made of a datagram: its answer and, unless it refused, the fields and the name it points to. */
function eventOf(bytes: Uint8Array, guard: number) {
  const event = new ProcEvent();
  const code = decodeProcEvent(guarded(bytes, guard), GUARD, bytes.length, event);
  assert.ok(code === DECODED || code === UNKNOWN_TYPE || code === MALFORMED);
  return code === DECODED ? { code, ...event } : { code };
}

function recordOf(bytes: Uint8Array, guard: number) {
  const record = new TaskRecord(), view = guarded(bytes, guard);
  if (!decodeTaskRecord(view, GUARD, bytes.length, record)) return {};
  const { commOffset } = record;
  assert.ok(commOffset === -1 || (commOffset >= GUARD && commOffset + 32 <= GUARD + bytes.length));
  assert.ok(record.pid > 0 && record.pid < 2 ** 31);
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === "number" && name !== "commOffset") {
      assert.ok(value >= 0 && value < Infinity, `${name} ${value}`);
    }
  }
  return { ...record, comm: commOffset < 0 ? [] : [...new Uint8Array(view.buffer, commOffset, 32)] };
}

/** Whether a decoder's answer depends on bytes outside the datagram. */
function assertBlind(of: (bytes: Uint8Array, guard: number) => unknown, bytes: Uint8Array): void {
  const first = of(bytes, 0x00);
  for (const guard of [0x01, 0x5b, 0xff]) assert.deepEqual(of(bytes, guard), first);
}

/** The first `length` bytes; the second form says so in its header, so that the decoder goes on to what is inside. */
function cuts(bytes: Uint8Array, length: number): Uint8Array[] {
  const cut = bytes.slice(0, length);
  if (length < 4) return [cut];
  const honest = cut.slice();
  new DataView(honest.buffer).setUint32(0, length, true);
  return [cut, honest];
}

Deno.test("every cut of every recorded event is decoded or refused by its own bytes alone", () => {
  for (const event of allEvents) {
    for (let length = 0; length <= event.length; length++) {
      for (const cut of cuts(event, length)) assertBlind(eventOf, cut);
      if (length < event.length) assert.equal(eventOf(event.slice(0, length), 0).code, MALFORMED);
    }
  }
});

Deno.test("every cut of every recorded record is decoded or refused by its own bytes alone", () => {
  for (const record of allRecords) {
    for (let length = 0; length <= record.length; length++) {
      for (const cut of cuts(record, length)) assertBlind(recordOf, cut);
      if (length < record.length) assert.deepEqual(recordOf(record.slice(0, length), 0), {});
    }
  }
});

/** Changes to some bytes of a datagram. */
const damage = fc.array(fc.tuple(fc.nat(1200), fc.nat(255)), { minLength: 1, maxLength: 12 });

function damaged(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const changed = bytes.slice();
  for (const [at, value] of changes) changed[at % changed.length] = value;
  return changed;
}

Deno.test("a damaged event gives a value or is refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(...allEvents), damage, fc.nat(80), (event, changes, length) => {
      const bytes = damaged(event, changes);
      for (const cut of cuts(bytes, Math.min(length, bytes.length))) assertBlind(eventOf, cut);
      assertBlind(eventOf, bytes);
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("a damaged record gives a value or is refused", () => {
  fc.assert(
    fc.property(fc.constantFrom(...allRecords), damage, fc.nat(1200), (record, changes, length) => {
      const bytes = damaged(record, changes);
      for (const cut of cuts(bytes, Math.min(length, bytes.length))) assertBlind(recordOf, cut);
      assertBlind(recordOf, bytes);
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("a record with a damaged head, where all lengths are, gives a value or is refused", () => {
  const head = fc.array(fc.tuple(fc.constantFrom(0, 1, 16, 20, 21, 22, 24, 25, 26, 28, 32, 33, 34, 36), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.constantFrom(...allRecords), head, (record, changes) => {
      assertBlind(recordOf, damaged(record, changes));
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("any bytes give a value or are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const cut of cuts(bytes, bytes.length)) {
        assertBlind(eventOf, cut);
        assertBlind(recordOf, cut);
      }
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("attributes are found inside their bounds, and the search ends", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(10), fc.nat(5), fc.nat(120), (bytes, type, before, kept) => {
      const start = Math.min(before, bytes.length), end = Math.max(start, Math.min(bytes.length, kept));
      const found = [0x00, 0xff].map((fill) => {
        const masked = bytes.map((byte, at) => at < end ? byte : fill);
        const at = findAttribute(new DataView(masked.buffer), start, end, type);
        if (at >= 0) {
          assert.ok(at >= start + 4 && at + attributeLength(new DataView(masked.buffer), at) <= end);
        }
        return at;
      });
      assert.equal(found[0], found[1]);
    }),
    { numRuns: runs(3000) },
  );
});

Deno.test("an acknowledgement is one or none, whatever the bytes", () => {
  const [answer] = recorded.unknownFamily.answers.map((text) =>
    Uint8Array.from(text.match(/../g)!, (x) => parseInt(x, 16))
  );
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damage.map((d) => damaged(answer!, d))), (bytes) => {
    const errno = acknowledgement(new DataView(bytes.slice().buffer), 0, bytes.length);
    assert.ok(errno >= -1 && errno <= 2 ** 31);
  }));
});

Deno.test("what was written is what is read, in every version of struct taskstats", () => {
  const u64 = fc.bigInt({ min: 0n, max: (1n << 53n) - 1n });
  const values = fc.record({
    ac_exitcode: fc.nat(0xffffffff),
    ac_majflt: u64,
    read_bytes: u64,
    write_bytes: u64,
    nvcsw: u64,
    nivcsw: u64,
    blkio_delay_total: u64,
    swapin_delay_total: u64,
    ac_exe_inode: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    ac_tgid: fc.integer({ min: 1, max: 1 << 22 }),
    ac_flag: fc.nat(255),
  });
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 17 }), fc.integer({ min: 1, max: 1 << 22 }), values, (version, pid, v) => {
      const { offsets } = layoutOf(version), has = (name: string) => offsets.has(name);
      const bytes = taskRecord(pid, taskstats(version, v)), record = new TaskRecord();
      assert.ok(decodeTaskRecord(new DataView(bytes.buffer), 0, bytes.length, record));
      const inode = (BigInt(record.exeInodeHigh) << 32n) | BigInt(record.exeInodeLow);
      assert.deepEqual(
        [record.pid, record.exitCode, record.majorFaults, record.readBytes, record.writtenBytes, inode, record.tgid],
        [
          pid,
          v.ac_exitcode,
          Number(v.ac_majflt),
          Number(v.read_bytes),
          Number(v.write_bytes),
          has("ac_exe_inode") ? v.ac_exe_inode : 0n,
          has("ac_tgid") ? v.ac_tgid : 0,
        ],
      );
      assert.deepEqual(
        [record.voluntarySwitches, record.involuntarySwitches, record.blockIoDelaySeconds, record.swapDelaySeconds],
        [
          has("nvcsw") ? Number(v.nvcsw) : 0,
          has("nivcsw") ? Number(v.nivcsw) : 0,
          Number(v.blkio_delay_total) / 1e9,
          Number(v.swapin_delay_total) / 1e9,
        ],
      );
      assert.equal(record.last, has("ac_tgid") && (v.ac_flag & 0x20) !== 0);
      assert.equal(record.neverExecuted, (v.ac_flag & 1) !== 0);
    }),
  );
});
