/**
 * The package file of rpm's older database, `Packages`: a hash of Berkeley DB (until rpm 4.15: RHEL 8, CentOS 7, SLES 12). Only what
 * it takes to find the values is here, not the hash: every page is looked at.
 *
 * A page begins with 26 bytes, in the byte order of the machine that made the file:
 *
 * | where | bytes | meaning |
 * |---|---|---|
 * | 8 | 4 | number of the page |
 * | 12 | 4 | page before; of the first page: magic `0x061561` |
 * | 16 | 4 | page after, of an overflow page the next of its chain, 0 at its end |
 * | 20 | 2 | number of entries; of the first page, u32: size of a page |
 * | 22 | 2 | where free space ends; of an overflow page: bytes of it that are used |
 * | 24 | 2 | level, type of the page: 2 and 13 hash, 7 overflow, 8 the first page of a hash |
 *
 * The offsets of the entries follow, u16 each: key, value, key, value. An entry is a type and its content: 1 the bytes
 * themselves, 3 three bytes of nothing, u32 page and u32 length of a value in overflow pages.
 *
 * Source: Berkeley DB 5.3, src/dbinc/db_page.h.
 *
 * @module
 */

import type { Files } from "../database/mod.ts";
import type { BlobReader } from "./header.ts";
import { headerRoom, pagesOf } from "./pages.ts";

const PAGE_HEAD_BYTES = 26;
const MAGIC = 0x061561;
const HASH_META = 8, HASH_UNSORTED = 2, HASH = 13, OVERFLOW = 7;
const ENTRY_OVERFLOW = 3, OVERFLOW_ENTRY_BYTES = 12;
/** Pages that are looked at: 2 GiB of pages of 4 KiB. */
const MAX_PAGES = 1 << 19;

/** A reader for each package of the database; none when the file is of another format. What one returns lasts until the next. */
export function* bdbBlobs(files: Files, path: string): Generator<BlobReader | undefined> {
  const head = new DataView(new ArrayBuffer(PAGE_HEAD_BYTES + 16));
  if (files.readInto(path, 0, new Uint8Array(head.buffer)) !== head.byteLength) return;
  const little = head.getUint32(12, true) === MAGIC;
  if (head.getUint32(12, little) !== MAGIC || head.getUint8(25) !== HASH_META) return;
  const pageBytes = head.getUint32(20, little);
  if (pageBytes < 512 || pageBytes > 65536 || (pageBytes & (pageBytes - 1)) !== 0) return;
  const lastPage = Math.min(head.getUint32(32, little), MAX_PAGES);
  const pages = pagesOf(files, path, pageBytes), room = headerRoom();

  const pageAt = (number: number): DataView<ArrayBuffer> | undefined => {
    const page = pages(number);
    return page && new DataView(page.buffer, page.byteOffset, pageBytes);
  };

  /** A value in overflow pages, whole or not at all. */
  const read = (first: number, length: number): Uint8Array | undefined => {
    const value = room(length);
    if (value === undefined) return undefined;
    let filled = 0;
    for (let number = first; number !== 0 && filled < length;) {
      const page = pageAt(number);
      if (page?.getUint8(25) !== OVERFLOW) return undefined;
      const next = page.getUint32(16, little);
      const used = Math.min(next === 0 ? page.getUint16(22, little) : pageBytes, pageBytes - PAGE_HEAD_BYTES);
      const part = new Uint8Array(page.buffer, page.byteOffset + PAGE_HEAD_BYTES, Math.min(used, length - filled));
      if (part.length === 0) return undefined; // a chain that leads nowhere
      value.set(part, filled);
      filled += part.length;
      number = next;
    }
    return filled === length ? value : undefined;
  };

  for (let number = 1; number <= lastPage; number++) {
    yield undefined;
    const page = pageAt(number);
    if (page === undefined) return;
    const type = page.getUint8(25);
    if (type !== HASH && type !== HASH_UNSORTED) continue;
    const count = Math.min(page.getUint16(20, little), (pageBytes - PAGE_HEAD_BYTES) >> 1);
    // The page's buffer may be another's by the time that the caller comes back: all is read first.
    const readers: BlobReader[] = [];
    // A header is never as short as to lie in the page itself.
    for (let i = 1; i < count; i += 2) {
      const at = page.getUint16(PAGE_HEAD_BYTES + 2 * i, little);
      if (at + OVERFLOW_ENTRY_BYTES > pageBytes || page.getUint8(at) !== ENTRY_OVERFLOW) continue;
      const first = page.getUint32(at + 4, little), length = page.getUint32(at + 8, little);
      readers.push(() => read(first, length));
    }
    yield* readers;
  }
}
