/**
 * The package file of SUSE's rpm database, `Packages.db`. All of it is little-endian.
 *
 * | where | bytes | meaning |
 * |---|---|---|
 * | 0 | 32 | magic `RpmP`, version (0), generation, pages of slots, next package number; u32 each |
 * | 32 | 16 each | slot: magic `Slot`, package number (0: free), offset and length of its blob in units of 16 bytes |
 * | offset | 16 | blob: magic `BlbS`, package number, time, bytes of the header that follows |
 *
 * Source: rpm 4.18, lib/backend/ndb/rpmpkg.c.
 *
 * @module
 */

import type { Files } from "../database/mod.ts";
import type { BlobReader } from "./header.ts";
import { headerRoom } from "./pages.ts";

const HEADER_BYTES = 32;
const SLOT_BYTES = 16;
const BLOB_HEAD_BYTES = 16;
const UNIT_BYTES = 16;
const PAGE_BYTES = 4096;
/** Pages of slots: enough for 130,000 packages; a larger number is damage. */
const MAX_SLOT_PAGES = 512;

const MAGIC = 0x506d7052; // RpmP
const SLOT_MAGIC = 0x746f6c53; // Slot
const BLOB_MAGIC = 0x53626c42; // BlbS

/** A reader for each package of the database; none when the file is of another format. What one returns lasts until the next. */
export function* ndbBlobs(files: Files, path: string): Generator<BlobReader> {
  const header = readPart(files, path, 0, new Uint8Array(HEADER_BYTES));
  if (header.byteLength < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) return;
  const pages = Math.min(header.getUint32(12, true), MAX_SLOT_PAGES);
  const slots = readPart(files, path, 0, new Uint8Array(pages * PAGE_BYTES));
  const room = headerRoom();
  for (let at = HEADER_BYTES; at + SLOT_BYTES <= slots.byteLength; at += SLOT_BYTES) {
    if (slots.getUint32(at, true) !== SLOT_MAGIC || slots.getUint32(at + 4, true) === 0) continue;
    const start = slots.getUint32(at + 8, true) * UNIT_BYTES;
    const length = slots.getUint32(at + 12, true) * UNIT_BYTES;
    yield () => {
      const buffer = room(length);
      if (buffer === undefined) return undefined;
      const blob = readPart(files, path, start, buffer);
      if (blob.byteLength < BLOB_HEAD_BYTES || blob.getUint32(0, true) !== BLOB_MAGIC) return undefined;
      return buffer.subarray(BLOB_HEAD_BYTES, Math.min(blob.byteLength, BLOB_HEAD_BYTES + blob.getUint32(12, true)));
    };
  }
}

/** As much of a file as there is from `offset` on, and fits. */
function readPart(files: Files, path: string, offset: number, buffer: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, files.readInto(path, offset, buffer) ?? 0);
}
