import assert from "node:assert/strict";
import type { RingReader } from "../../../../netlink/bpf/ring.ts";
import { RECORDED, RING_DATA, ringWith } from "./recorded_ring.ts";

function lengths(reader: RingReader): number[] {
  const all: number[] = [];
  const count = reader.drain({ record: (_at, length) => all.push(length) });
  assert.equal(count, all.length);
  return all;
}

/** A ring of 64 bytes whose headers are these, each at its place. */
function headers(...at: readonly (readonly [place: number, header: number])[]): Uint8Array {
  const data = new Uint8Array(64), view = new DataView(data.buffer);
  for (const [place, header] of at) view.setUint32(place, header, true);
  return data;
}

Deno.test("ring: a recorded ring's records come in their order, once, and are given back", () => {
  const { reader, produce, consumed } = ringWith(RING_DATA);
  assert.deepEqual(lengths(reader), []);
  produce(RECORDED.produced);
  assert.equal(lengths(reader).length, RECORDED.execs.length);
  assert.equal(consumed(), BigInt(RECORDED.produced));
  assert.deepEqual(lengths(reader), []);
  assert.equal(reader.malformed, 0);
});

Deno.test("ring: every truncation of a recorded ring gives its whole records and no other", () => {
  const { reader, produce } = ringWith(RING_DATA);
  produce(RECORDED.produced);
  const whole: number[] = [];
  reader.drain({ record: (at, length) => whole.push(at + (length + 7 & ~7)) });
  for (let end = 8; end < RECORDED.produced; end += 8) {
    const cut = ringWith(RING_DATA);
    cut.produce(end);
    assert.equal(lengths(cut.reader).length, whole.filter((recordEnd) => recordEnd <= end).length, `${end} bytes`);
    assert.equal(cut.reader.malformed, whole.includes(end) ? 0 : 1, `${end} bytes`);
    assert.equal(cut.consumed(), BigInt(end));
  }
});

Deno.test("ring: waits for a record that is being written, leaves out one that was discarded", () => {
  const data = headers([0, 8 | 0x40000000], [16, 8 | 0x80000000], [32, 3]);
  const { reader, produce, consumed } = ringWith(data);
  produce(48);
  assert.deepEqual(lengths(reader), []);
  assert.equal(consumed(), 16n);
  assert.equal(reader.isHeldUp, true);
  new DataView(reader.bytes.buffer).setUint32(4096 + 16, 8, true);
  assert.deepEqual(lengths(reader), [8, 3]);
  assert.equal(reader.isHeldUp, false);
  assert.equal(consumed(), 48n);
});

Deno.test("ring: positions go beyond 32 bits, and a record may go over the end of the data", () => {
  const begin = 0xffffffffn - 7n; // eight bytes before the lower half of the position begins anew
  const data = headers([56, 16], [16, 5]);
  const { reader, produce, consumed } = ringWith(data, begin);
  produce(32);
  const places: number[] = [];
  reader.drain({ record: (at, length) => places.push(at, length) });
  assert.deepEqual(places, [64, 16, 24, 5]);
  assert.equal(consumed(), begin + 40n);
});
