import assert from "node:assert/strict";
import fc from "fast-check";
import { Btf, BtfError } from "../../netlink/bpf/btf.ts";
import { EXEC_RECORD, ExecRecord } from "../../netlink/bpf/exec_record.ts";
import { writePath } from "../../netlink/bpf/record_path.ts";
import { layoutOf, TYPE_NAMES } from "../../netlink/bpf/layout.ts";
import { SourceUnavailableError } from "../../netlink/linux/errors.ts";
import { RING_DATA, ringWith } from "../unit/netlink/bpf/recorded_ring.ts";
import { RECORDED_TYPES } from "../unit/netlink/bpf/types.ts";
import { runs } from "./runs.ts";

Deno.test("property: any change of a kernel's types gives a layout or a typed error, and ends", () => {
  const { btf } = RECORDED_TYPES[0]!;
  const change = fc.tuple(fc.nat(btf.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = btf.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        layoutOf(new Btf(bytes, TYPE_NAMES));
      } catch (error) {
        assert.ok(error instanceof BtfError || error instanceof SourceUnavailableError, String(error));
      }
    }),
    { numRuns: runs(2000) },
  );
});

Deno.test("property: any ring is read to its end, and no record goes over it", () => {
  const word = fc.oneof(fc.nat(0xffffffff), fc.nat(300), fc.constant(0));
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 64, maxLength: 64 }),
      fc.nat(32),
      fc.bigInt(0n, 1n << 40n),
      (words, slots, at) => {
        const size = 256, begin = at & ~7n, data = new Uint8Array(new Uint32Array(words).buffer);
        const { reader, produce, consumed } = ringWith(data, begin);
        const end = begin + BigInt(8 * slots);
        produce(Number(end & 0xffffffffn));
        reader.drain({
          record(place, length) {
            assert.ok(place >= 8 && place + length <= 2 * size && length <= 8 * slots - 8, `${place} ${length}`);
          },
        });
        assert.ok(consumed() <= end && consumed() >= begin);
      },
    ),
    { numRuns: runs(2000) },
  );
});

Deno.test("property: a record out of any bytes is refused or lies within its length", () => {
  const record = new ExecRecord(), path = new Uint8Array(4200);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 600 }), fc.nat(4096), (noise, from) => {
      // A recorded record with noise over it: pure noise seldom gets past the lengths.
      const bytes = RING_DATA.slice(from % 1000, from % 1000 + 600);
      bytes.set(noise.subarray(0, Math.min(noise.length, EXEC_RECORD.header)));
      const view = new DataView(bytes.buffer);
      for (const length of [bytes.length, noise.length]) {
        if (!record.read(view, 0, Math.min(length, bytes.length))) continue;
        assert.ok(record.folderAt <= record.groupAt && record.groupAt <= record.end && record.end <= length);
        for (const flags of [record.pathFlags, 0]) {
          const written = writePath(bytes, record.pathAt, record.nameAt, flags, path);
          assert.ok(written === -1 || written > 0 && written <= path.length);
        }
      }
    }),
    { numRuns: runs(2000) },
  );
});
