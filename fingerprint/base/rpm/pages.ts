/**
 * A database's file in pages of one size, and the memory that its readers share: both bounded, whatever a damaged or hostile
 * file says.
 *
 * @module
 */

import type { Files } from "../database/mod.ts";

/** Larger than any package's header (rpm's own limit is 256 MiB; the largest in practice is some MiB). */
const MAX_HEADER = 32 << 20;
/**
 * What all headers together may take; a system with 5,000 packages has a fifth of it. They are read twice. In a damaged file
 * all may claim the same bytes.
 */
const MAX_TOTAL = 1 << 30;
/** The file is read in pieces of this size, of which a few are kept: chains of pages lie mostly in one. */
const CHUNK_BYTES = 256 << 10;
const MAX_CHUNKS = 8;

/** Reads pages by their number, from 0; `undefined` beyond the file's end. A page's bytes last for a few further ones. */
export type PageReader = (number: number) => Uint8Array<ArrayBuffer> | undefined;

/** The pages of a file; their size is a power of two of at most a piece, so that none lies across two. */
export function pagesOf(files: Files, path: string, pageBytes: number): PageReader {
  // Number of a piece → its bytes. The buffers are used again and again, as a large database would leave much garbage.
  const chunks = new Map<number, Uint8Array<ArrayBuffer>>();
  return (number) => {
    const index = Math.floor(number * pageBytes / CHUNK_BYTES), start = number * pageBytes % CHUNK_BYTES;
    let chunk = chunks.get(index);
    if (chunk === undefined) {
      const [oldest] = chunks.size < MAX_CHUNKS ? [] : chunks.keys();
      const memory = oldest === undefined ? new ArrayBuffer(CHUNK_BYTES) : chunks.get(oldest)!.buffer;
      if (oldest !== undefined) chunks.delete(oldest);
      chunk = new Uint8Array(memory, 0, files.readInto(path, index * CHUNK_BYTES, new Uint8Array(memory)) ?? 0);
      chunks.set(index, chunk);
    }
    return start + pageBytes > chunk.length ? undefined : chunk.subarray(start, start + pageBytes);
  };
}

/** Gives room for a header of so many bytes, until the next; `undefined` for one that is too large, or where all are. */
export type HeaderRoom = (length: number) => Uint8Array<ArrayBuffer> | undefined;

/** Memory for one header after another. */
export function headerRoom(): HeaderRoom {
  let bytes = new Uint8Array(CHUNK_BYTES), left = MAX_TOTAL;
  return (length) => {
    left -= length;
    if (length > MAX_HEADER || left < 0) return undefined;
    if (bytes.length < length) bytes = new Uint8Array(2 * length);
    return bytes.subarray(0, length);
  };
}
