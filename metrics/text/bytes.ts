/**
 * Bytes of a scrape, text in UTF-8 or fields of protobuf, written without garbage.
 *
 * @module
 */

/** Longest text of a number: `-1.2345678901234567e-100` has 24 characters. */
export const NUMBER_BYTES = 25;

const ENCODER = new TextEncoder();
const ZERO = 0x30;
/** Up to this length writing characters is cheaper than a view and a call: 0.1 µs instead of 0.3 for 20 of them, even at 70. */
const SHORT = 64;

/** UTF-8 of a text; a lone surrogate becomes U+FFFD. */
export function encode(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** How both formats write a number: the shortest decimal that reads back as the same one, or `+Inf`, `-Inf`, `NaN`. */
export function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}

/** Bytes that a length below 2^31 takes as a varint of protobuf: seven bits each. */
export function varintBytes(length: number): number {
  let count = 1;
  for (let rest = length; rest >= 128; rest >>>= 7) count++;
  return count;
}

/**
 * The text being written, and the one before it, of which parts can be copied. Both lie in one buffer, a half each, that is
 * kept from text to text: a copy within one buffer needs no view, and a scrape makes thousands of them.
 */
export class Bytes {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #half = 0;
  /** Where the present text starts (one of the halves) and ends. */
  #start = 0;
  #end = 0;
  /** Length of the text before, which is in the other half. */
  #lastLength = 0;

  /** Length of the present text. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The present text, once it is complete: where it lies, until the text after the next is begun. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Begins a new text. The present one becomes the one before. */
  begin(): void {
    this.#lastLength = this.length;
    this.#start = this.#end = this.#otherHalf();
    // Room that was needed once and is far too much now is given back.
    if (this.#half > 8 * this.#lastLength + 65_536) this.#resize(this.#lastLength);
  }

  /** Makes room for `count` more bytes. The methods below don't, if they don't say so. */
  reserve(count: number): void {
    const need = this.length + count;
    if (need > this.#half) this.#resize(Math.max(need, this.#lastLength));
  }

  #otherHalf(): number {
    return this.#start === 0 ? this.#half : 0;
  }

  /** Moves both texts to a new buffer. */
  #resize(need: number): void {
    const present = this.view();
    const other = this.#otherHalf();
    const last = this.#bytes.subarray(other, other + this.#lastLength);
    const first = this.#start === 0;
    this.#half = Math.ceil(need * 1.125 / 4096) * 4096;
    this.#bytes = new Uint8Array(2 * this.#half);
    this.#view = new DataView(this.#bytes.buffer);
    this.#start = first ? 0 : this.#half;
    this.#end = this.#start + present.length;
    this.#bytes.set(present, this.#start);
    this.#bytes.set(last, this.#otherHalf());
  }

  byte(value: number): void {
    this.#bytes[this.#end++] = value;
  }

  /** Writes bytes. Short ones go one by one: a view and a call cost more. */
  put(source: Uint8Array): void {
    const bytes = this.#bytes;
    const count = source.length;
    let at = this.#end;
    if (count <= 16) { for (let i = 0; i < count; i++) bytes[at++] = source[i] as number; }
    else bytes.set(source, at);
    this.#end += count;
  }

  /** Writes what the text before has from `start` up to `end`. */
  copy(start: number, end: number): void {
    const other = this.#otherHalf();
    this.#bytes.copyWithin(this.#end, other + start, other + end);
    this.#end += end - start;
  }

  /** Writes a text of any length; makes its own room. A short one of ASCII goes one by one: see {@link put}. */
  text(text: string): void {
    this.reserve(3 * text.length);
    if (text.length <= SHORT && this.#ascii(text)) return;
    this.#end += ENCODER.encodeInto(text, this.#bytes.subarray(this.#end)).written;
  }

  /** Writes a number, at most {@link NUMBER_BYTES} long. */
  number(value: number): void {
    const whole = value | 0;
    if (whole === value && whole >= 0) this.#digits(whole);
    else this.#ascii(numberText(value));
  }

  /** Writes eight bytes: a double of protobuf. */
  double(value: number): void {
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  /** Writes a whole number of at most 2^53 as a varint of protobuf: at most eight bytes. */
  varint(value: number): void {
    const bytes = this.#bytes;
    let at = this.#end, rest = value;
    while (rest >= 2 ** 31) {
      bytes[at++] = rest % 128 | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      bytes[at++] = rest & 127 | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#end = at;
  }

  /**
   * Begins what has its length before it, about `expected` bytes: gives the place of the length, for {@link close}. Four bytes
   * more must be reserved than it has.
   */
  open(expected: number): number {
    const at = this.length;
    this.#end += varintBytes(expected);
    return at;
  }

  /** Ends what {@link open} began; moves it where the length takes other room than that of `expected`. Gives by how far. */
  close(at: number, expected: number): number {
    const place = this.#start + at, from = place + varintBytes(expected), length = this.#end - from;
    const moved = place + varintBytes(length) - from;
    if (moved !== 0) this.#bytes.copyWithin(from + moved, from, this.#end);
    this.#end = place;
    this.varint(length);
    this.#end += length;
    return moved;
  }

  /** Takes back what was written since the text had this length. */
  truncate(length: number): void {
    this.#end = this.#start + length;
  }

  #digits(value: number): void {
    const bytes = this.#bytes;
    let count = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count++;
    let at = this.#end += count;
    do {
      const rest = (value / 10) | 0;
      bytes[--at] = ZERO + value - rest * 10;
      value = rest;
    } while (value > 0);
  }

  /** Writes a text if it is one of ASCII; says whether it is. */
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    let at = this.#end, all = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bytes[at++] = unit;
    }
    if (all > 0x7f) return false;
    this.#end = at;
    return true;
  }
}
