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

/** The tags that are read. */
export const Tag = {
  Name: 1000,
  FileModes: 1030,
  ProvideName: 1047,
  RequireName: 1049,
  DirIndexes: 1116,
  BaseNames: 1117,
  DirNames: 1118,
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

export class RpmHeader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #entries: number;

  private constructor(bytes: Uint8Array, view: DataView, entries: number) {
    this.#bytes = bytes;
    this.#view = view;
    this.#entries = entries;
  }

  /** `undefined` when the bytes are no header. */
  static parse(bytes: Uint8Array | undefined): RpmHeader | undefined {
    if (bytes === undefined || bytes.length < PREAMBLE_BYTES) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = view.getUint32(0);
    if (entries > MAX_ENTRIES || PREAMBLE_BYTES + entries * ENTRY_BYTES > bytes.length) return undefined;
    return new RpmHeader(bytes, view, entries);
  }

  /** The texts of a tag; none when the header doesn't have it, or it is of another type. */
  strings(tag: number): string[] {
    const found = this.#find(tag);
    if (found === undefined || (found.type !== STRING && found.type !== STRING_ARRAY)) return [];
    const texts: string[] = [];
    const decoder = new TextDecoder();
    for (let at = found.start; texts.length < found.count && at < this.#bytes.length;) {
      const end = this.#bytes.indexOf(0, at);
      if (end < 0) break;
      texts.push(decoder.decode(this.#bytes.subarray(at, end)));
      at = end + 1;
    }
    return texts;
  }

  /** The numbers of a tag, without sign; none when the header doesn't have it, or it is of another type. */
  integers(tag: number): number[] {
    const found = this.#find(tag);
    if (found === undefined || (found.type !== INT16 && found.type !== INT32)) return [];
    const width = found.type === INT16 ? 2 : 4;
    const numbers: number[] = [];
    for (let at = found.start; numbers.length < found.count && at + width <= this.#bytes.length; at += width) {
      numbers.push(width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at));
    }
    return numbers;
  }

  #find(tag: number): { type: number; start: number; count: number } | undefined {
    const data = PREAMBLE_BYTES + this.#entries * ENTRY_BYTES;
    for (let at = PREAMBLE_BYTES; at < data; at += ENTRY_BYTES) {
      if (this.#view.getUint32(at) !== tag) continue;
      return {
        type: this.#view.getUint32(at + 4),
        start: data + this.#view.getUint32(at + 8),
        count: this.#view.getUint32(at + 12),
      };
    }
    return undefined;
  }
}
