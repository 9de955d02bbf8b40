import assert from "node:assert/strict";
import { animatedWebp } from "../../../scripts/webp.ts";

/** A still of one pixel, as `cwebp -lossless` writes it, with a byte to tell it from others. */
function still(mark: number): Uint8Array {
  const picture = [0x2f, 0, 0, 0, 0x10, 7, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 7, mark];
  return new Uint8Array([
    ...new TextEncoder().encode("RIFF"),
    26,
    0,
    0,
    0,
    ...new TextEncoder().encode("WEBPVP8L"),
    picture.length,
    0,
    0,
    0,
    ...picture,
  ]);
}

Deno.test("stills become frames, and equal ones one frame of their time together", () => {
  const bytes = animatedWebp(
    [
      { still: still(1), ms: 500 },
      { still: still(1), ms: 250 },
      { still: still(2), ms: 70_000 },
    ],
    1000,
    300,
  );
  const view = new DataView(bytes.buffer), name = (at: number) => new TextDecoder().decode(bytes.subarray(at, at + 4));
  const size = (at: number) => [0, 3].map((more) => view.getUint32(at + more, true) % 2 ** 24 + 1);
  assert.deepEqual([name(0), view.getUint32(4, true), name(8)], ["RIFF", bytes.length - 8, "WEBP"]);
  assert.deepEqual([name(12), view.getUint32(16, true), bytes[20]], ["VP8X", 10, 2]);
  assert.deepEqual([view.getUint16(24, true) + 1, view.getUint16(27, true) + 1], [1000, 300]);
  assert.deepEqual([name(30), view.getUint32(34, true)], ["ANIM", 6]);
  const frames: [ms: number, mark: number][] = [];
  let at = 44;
  for (; at < bytes.length; at += 8 + view.getUint32(at + 4, true)) {
    assert.equal(name(at), "ANMF");
    assert.deepEqual(size(at + 14), [1000, 300]);
    assert.equal(name(at + 24), "VP8L");
    frames.push([view.getUint32(at + 20, true) % 2 ** 24, bytes[at + 24 + 8 + 13]!]);
  }
  assert.equal(at, bytes.length);
  assert.deepEqual(frames, [[750, 1], [70_000, 2]]);
});

Deno.test("what is no WebP is refused", () => {
  const refused: [Uint8Array, RegExp][] = [
    [new Uint8Array(4), /no WebP/],
    [still(1).subarray(0, 24), /within a chunk/],
    [still(1).subarray(0, 12), /no picture/],
  ];
  for (const [bytes, want] of refused) assert.throws(() => animatedWebp([{ still: bytes, ms: 1 }], 1, 1), want);
});

Deno.test("README's moving picture has twenty seconds in less than a megabyte", async () => {
  const bytes = await Deno.readFile(`${import.meta.dirname}/../../../docs/live-page.webp`);
  assert.ok(bytes.length < 1e6, `${bytes.length}`);
  const view = new DataView(bytes.buffer);
  let ms = 0;
  for (let at = 12; at < bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (new TextDecoder().decode(bytes.subarray(at, at + 4)) === "ANMF") ms += view.getUint32(at + 20, true) % 2 ** 24;
    at += 8 + length + length % 2;
  }
  assert.ok(ms >= 20_000 && ms < 25_000, `${ms}`);
});
