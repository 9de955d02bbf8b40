/**
 * The packages of rpm's SQLite database: the column `blob` of the table `Packages`, read from the file without SQLite.
 *
 * Only what that takes is here: the schema, table b-trees and overflow pages. A write-ahead log is not read: rpm moves it into the
 * file when it closes the database, so that at most a transaction under way is missing, and the file's time changes with it.
 *
 * Source: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (b-tree pages), 1.7 (overflow), 2.1 (records).
 *
 * @module
 */

import type { Files } from "../database/mod.ts";
import type { BlobReader } from "./header.ts";
import { headerRoom, type PageReader, pagesOf } from "./pages.ts";

const MAGIC = "SQLite format 3\0";
const FILE_HEADER_BYTES = 100;
const LEAF = 0x0d;
const INTERIOR = 0x05;
/** Levels of a tree: enough for more rows than the format can count. */
const MAX_DEPTH = 40;

/** A reader for each package of the database; none when the file is of another format. What one returns lasts until the next. */
export function* sqliteBlobs(files: Files, path: string): Generator<BlobReader> {
  const database = SqliteFile.open(files, path);
  if (database === undefined) return;
  const root = findTable(database, "Packages");
  if (root === undefined) return;
  for (const cell of database.rows(root)) {
    yield () => {
      const record = database.payload(cell);
      return record && columns(record)[1];
    };
  }
}

/** Page of the root of a table's tree; the schema is the table at page 1: type, name, tbl_name, rootpage, sql. */
function findTable(database: SqliteFile, name: string): number | undefined {
  const decoder = new TextDecoder();
  for (const cell of database.rows(1)) {
    const record = database.payload(cell);
    if (record === undefined) continue;
    const [type, title, , root] = columns(record);
    if (type === undefined || title === undefined || root === undefined) continue;
    if (decoder.decode(type) !== "table" || decoder.decode(title) !== name) continue;
    return root.reduce((number, byte) => number * 256 + byte, 0);
  }
  return undefined;
}

function columns(record: Uint8Array): Uint8Array[] {
  const head = readVarint(record, 0);
  const found: Uint8Array[] = [];
  for (let at = head.next, start = head.value; at < head.value && at < record.length;) {
    const type = readVarint(record, at), end = start + columnBytes(type.value);
    found.push(record.subarray(start, end));
    start = end;
    at = type.next;
  }
  return found;
}

/** Bytes of a value by its serial type. */
function columnBytes(type: number): number {
  if (type >= 12) return (type - 12 - type % 2) / 2;
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0;
}

/** A number of seven bits a byte, the highest first; the ninth byte counts whole. */
function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), next: at + 9 };
}

/** Where a row lies: its page, and the place in it. */
interface Cell {
  readonly page: number;
  readonly at: number;
}

class SqliteFile {
  readonly #pages: PageReader;
  readonly #usableBytes: number;
  readonly #room = headerRoom();
  /** Pages of trees that were walked: in a damaged file they may lead in a circle. */
  readonly #walked = new Set<number>();

  private constructor(pages: PageReader, usableBytes: number) {
    this.#pages = pages;
    this.#usableBytes = usableBytes;
  }

  static open(files: Files, path: string): SqliteFile | undefined {
    const header = new Uint8Array(FILE_HEADER_BYTES);
    if (files.readInto(path, 0, header) !== FILE_HEADER_BYTES) return undefined;
    if (String.fromCharCode(...header.subarray(0, MAGIC.length)) !== MAGIC) return undefined;
    const size = header[16]! << 8 | header[17]!;
    const pageBytes = size === 1 ? 65536 : size;
    const reserved = header[20]!;
    if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || pageBytes - reserved < 480) return undefined;
    return new SqliteFile(pagesOf(files, path, pageBytes), pageBytes - reserved);
  }

  /** The rows of the table whose tree has its root at `page`. */
  *rows(page: number, depth = 0): Generator<Cell> {
    const bytes = this.#page(page);
    if (bytes === undefined || depth > MAX_DEPTH || this.#walked.has(page)) return;
    this.#walked.add(page);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const head = page === 1 ? FILE_HEADER_BYTES : 0;
    const kind = bytes[head];
    if (kind !== LEAF && kind !== INTERIOR) return;
    const pointers = head + (kind === LEAF ? 8 : 12);
    const count = Math.min(view.getUint16(head + 3), (bytes.length - pointers) >> 1);
    // The page's buffer may be another's by the time that the caller comes back: all is read first.
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = view.getUint16(pointers + 2 * i);
      if (at + 4 <= bytes.length) found.push(kind === LEAF ? at : view.getUint32(at));
    }
    if (kind === INTERIOR) found.push(view.getUint32(head + 8));
    for (const one of found) {
      if (kind === LEAF) yield { page, at: one };
      else yield* this.rows(one, depth + 1);
    }
  }

  /** The bytes of a row: what its own page holds, then a chain of overflow pages. */
  payload({ page, at }: Cell): Uint8Array | undefined {
    const bytes = this.#page(page);
    if (bytes === undefined) return undefined;
    const size = readVarint(bytes, at);
    const start = readVarint(bytes, size.next).next;
    const local = this.#localBytes(size.value);
    const payload = this.#room(size.value);
    if (payload === undefined || start + local > bytes.length) return undefined;
    payload.set(bytes.subarray(start, start + local));
    let next = readUint32(bytes, start + local);
    for (let filled = local; filled < payload.length;) {
      const overflow = next === 0 ? undefined : this.#page(next);
      if (overflow === undefined) return undefined;
      const part = overflow.subarray(4, Math.min(this.#usableBytes, 4 + payload.length - filled));
      payload.set(part, filled);
      filled += part.length;
      next = readUint32(overflow, 0);
    }
    return payload;
  }

  /** How many bytes of a payload lie in the leaf itself. */
  #localBytes(payload: number): number {
    const most = this.#usableBytes - 35;
    if (payload <= most) return payload;
    const least = Math.floor((this.#usableBytes - 12) * 32 / 255) - 23;
    const fitting = least + (payload - least) % (this.#usableBytes - 4);
    return fitting <= most ? fitting : least;
  }

  /** A page by its number, from 1; `undefined` beyond the file's end. */
  #page(number: number): Uint8Array | undefined {
    return number < 1 ? undefined : this.#pages(number - 1);
  }
}

function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) * 0x1000000) +
    ((bytes[at + 1] ?? 0) << 16 | (bytes[at + 2] ?? 0) << 8 | (bytes[at + 3] ?? 0));
}
