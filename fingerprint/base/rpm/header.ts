/**
 * The header of an rpm package, as its database holds it.
 *
 * | offset | type | meaning |
 * |---|---|---|
 * | 0 | u32 | number of index entries |
 * | 4 | u32 | bytes of data |
 * | 8 | 16 each | index entry: tag, type, offset into the data, number of values; u32 each |
 * | 8 + 16 × entries | | data |
 *
 * All of it is big-endian. Source: https://rpm.org/docs/4.20.x/manual/format_header.html, rpmtag.h.
 *
 * @module
 */
import { mergePath } from "../database/mod.ts";

/** The tags that are read. */
export const Tag = {
  Name: 1000,
  FileSizes: 1028,
  FileModes: 1030,
  FileTimes: 1034,
  FileDigests: 1035,
  FileFlags: 1037,
  ProvideName: 1047,
  RequireName: 1049,
  DirIndexes: 1116,
  BaseNames: 1117,
  DirNames: 1118,
  FileDigestAlgorithm: 5011,
} as const;

const PREAMBLE_BYTES = 8;
const ENTRY_BYTES = 16;
/** More than any package has; a larger number is damage. */
const MAX_ENTRIES = 0xffff;

/** Types of values. */
const INT16 = 3;
const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;

/** Reads one package's header; `undefined` when it can't be read. The bytes last until the next is read. */
export type BlobReader = () => Uint8Array | undefined;

export type RpmHeader = NonNullable<ReturnType<typeof parseHeader>>;

/** `undefined` when the bytes are no header. */
export function parseHeader(bytes: Uint8Array | undefined) {
  if (bytes === undefined || bytes.length < PREAMBLE_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = view.getUint32(0), data = PREAMBLE_BYTES + entries * ENTRY_BYTES;
  if (entries > MAX_ENTRIES || data > bytes.length) return undefined;

  /** Where a tag's values are; without a type where the header doesn't have it. */
  const find = (tag: number): { type?: number; start: number; count: number } => {
    for (let at = PREAMBLE_BYTES; at < data; at += ENTRY_BYTES) {
      if (view.getUint32(at) !== tag) continue;
      const field = (offset: number) => view.getUint32(at + offset);
      return { type: field(4), start: data + field(8), count: field(12) };
    }
    return { start: 0, count: 0 };
  };

  return {
    /** The texts of a tag; none when the header doesn't have it, or it is of another type. */
    strings(tag: number): string[] {
      const { type, start, count } = find(tag);
      if (type !== STRING && type !== STRING_ARRAY) return [];
      const texts: string[] = [], decoder = new TextDecoder();
      for (let at = start; texts.length < count && at < bytes.length;) {
        const end = bytes.indexOf(0, at);
        if (end < 0) break;
        texts.push(decoder.decode(bytes.subarray(at, end)));
        at = end + 1;
      }
      return texts;
    },

    /** The numbers of a tag, without sign; none when the header doesn't have it, or it is of another type. */
    integers(tag: number): number[] {
      const { type, start, count } = find(tag), width = type === INT16 ? 2 : 4, numbers: number[] = [];
      if (type !== INT16 && type !== INT32) return [];
      for (let at = start; numbers.length < count && at + width <= bytes.length; at += width) {
        numbers.push(width === 2 ? view.getUint16(at) : view.getUint32(at));
      }
      return numbers;
    },
  };
}

/**
 * Visits the files of a header whose type and permissions are wanted, with their places in its lists. Where /usr/sbin is a link to
 * /usr/bin (Fedora 42), a package built for either is found by the other name.
 */
export function visitFiles(
  header: RpmHeader,
  isWanted: (mode: number) => boolean,
  visit: (path: string, index: number) => void,
): void {
  const folders = header.strings(Tag.DirNames), indexes = header.integers(Tag.DirIndexes);
  const modes = header.integers(Tag.FileModes);
  header.strings(Tag.BaseNames).forEach((name, i) => {
    if (!isWanted(modes[i] ?? 0)) return;
    const path = mergePath((folders[indexes[i] ?? -1] ?? "") + name);
    visit(path, i);
    if (path.startsWith("/usr/sbin/")) visit(`/usr/bin/${name}`, i);
  });
}

/** Whether a file is regular and may be run, by its type and permissions. */
export function isProgram(mode: number): boolean {
  return (mode & 0o170000) === 0o100000 && (mode & 0o111) !== 0;
}

/** Whether it is a symbolic link. */
export function isLink(mode: number): boolean {
  return (mode & 0o170000) === 0o120000;
}
