/**
 * An animated WebP from stills, put together as its container wants it: Chromium compresses the stills, and what moves is made
 * of the same bytes. https://developers.google.com/speed/webp/docs/riff_container
 *
 * @module
 */

/** A still, and how long it is shown. */
export interface Frame {
  /** A WebP file of the picture's size. */
  readonly still: Uint8Array;
  readonly ms: number;
}

/** Chunks of a still that its bitstream is in. */
const BITSTREAM = ["ALPH", "VP8 ", "VP8L"];

/** Bits of VP8X and of ANMF. */
const HAS_ANIMATION = 0b10, REPLACES_WHAT_WAS = 0b10;

const text = new TextDecoder("latin1");

/** Little-endian bytes of a number. */
function bytesOf(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => (value >>> (8 * i)) & 0xff);
}

/** A chunk: its name, its length, its content, and a byte more where that is odd. */
function chunk(name: string, ...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(8 + length + length % 2);
  bytes.set([...name].map((letter) => letter.charCodeAt(0)));
  bytes.set(bytesOf(length, 4), 4);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The chunks of a still that make up its picture. Throws for what is no WebP. */
function bitstreamOf(still: Uint8Array): Uint8Array[] {
  const view = new DataView(still.buffer, still.byteOffset, still.byteLength);
  if (
    still.length < 12 || text.decode(still.subarray(0, 4)) !== "RIFF" || text.decode(still.subarray(8, 12)) !== "WEBP"
  ) {
    throw new Error("Cannot use a still: it is no WebP");
  }
  const chunks: Uint8Array[] = [];
  for (let at = 12; at + 8 <= still.length;) {
    const length = view.getUint32(at + 4, true), end = at + 8 + length + length % 2;
    if (end > still.length) throw new Error("Cannot use a still: it ends within a chunk");
    if (BITSTREAM.includes(text.decode(still.subarray(at, at + 4)))) chunks.push(still.subarray(at, end));
    at = end;
  }
  if (chunks.length === 0) throw new Error("Cannot use a still: it has no picture");
  return chunks;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The picture, of `width` × `height` pixels, which begins again after its end. Stills that follow their like take no room. */
export function animatedWebp(frames: readonly Frame[], width: number, height: number): Uint8Array<ArrayBuffer> {
  const distinct: { still: Uint8Array; ms: number }[] = [];
  for (const { still, ms } of frames) {
    const last = distinct.at(-1);
    if (last !== undefined && isSame(last.still, still)) last.ms += ms;
    else distinct.push({ still, ms });
  }
  const size = [...bytesOf(width - 1, 3), ...bytesOf(height - 1, 3)], nowhere = [0, 0, 0, 0, 0, 0];
  return chunk(
    "RIFF",
    [..."WEBP"].map((letter) => letter.charCodeAt(0)),
    chunk("VP8X", bytesOf(HAS_ANIMATION, 4), size),
    chunk("ANIM", [0xff, 0xff, 0xff, 0xff], bytesOf(0, 2)), // a white ground, without end
    ...distinct.map(({ still, ms }) =>
      chunk("ANMF", nowhere, size, bytesOf(Math.round(ms), 3), [REPLACES_WHAT_WAS], ...bitstreamOf(still))
    ),
  );
}
