/**
 * Reading a BPF ring buffer (kernel/bpf/ringbuf.c): no system call, no copy.
 *
 * Two mappings: a page with the consumer's position, which the reader writes; and a page with the producer's position, then the
 * data twice in a row, so that a record never wraps. Positions are 64-bit counts of bytes that only grow. A record has a header
 * of 8 bytes, of which the first u32 is its length with the bits BUSY (still written) and DISCARD, and is padded to 8.
 *
 * @module
 */
import { BPF_RINGBUF_DISCARD_BIT, BPF_RINGBUF_HDR_SZ } from "./constants.ts";

/** Who gets the records: the place of each in {@link RingReader.view}, valid during the call. */
export interface RingHandler {
  record(at: number, length: number): void;
}

const LENGTH_BITS = 0x3fffffff;

export class RingReader {
  /** The data, twice. */
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Headers that can't be: what follows them up to the producer's position was left out. */
  malformed = 0;
  /** Whether the last drain stopped before a record that was still being written. */
  isHeldUp = false;
  readonly #consumer: BigInt64Array;
  readonly #producer: Int32Array;
  readonly #words: Int32Array;
  readonly #mask: number;
  #position: bigint;

  /** `consumer` and `producer` are the two mappings; `dataAt` is a page's size, `size` the ring's. */
  constructor(consumer: ArrayBuffer, producer: ArrayBuffer, dataAt: number, size: number) {
    this.#consumer = new BigInt64Array(consumer, 0, 1);
    this.#producer = new Int32Array(producer, 0, 1);
    this.#words = new Int32Array(producer, dataAt);
    this.view = new DataView(producer, dataAt);
    this.bytes = new Uint8Array(producer, dataAt);
    this.#mask = size - 1;
    this.#position = this.#consumer[0]!;
  }

  /**
   * Hands over all records that are complete; how many. Stops before one that is still being written: those behind it wait for
   * the next time. Positions are compared in their lower 32 bits, which a ring below 2 GiB allows.
   */
  drain(handler: RingHandler): number {
    const words = this.#words, mask = this.#mask, begin = Number(BigInt.asIntN(32, this.#position));
    // Up to what is there now: a storm would keep the reader here.
    const end = Atomics.load(this.#producer, 0);
    let at = begin, count = 0;
    while (at !== end) {
      const place = at & mask, header = Atomics.load(words, place >> 2);
      if (header < 0) break; // the busy bit
      const length = header & LENGTH_BITS, step = (length + BPF_RINGBUF_HDR_SZ + 7) & ~7;
      if (step > ((end - at) | 0)) {
        this.malformed++;
        at = end;
        break;
      }
      if ((header & BPF_RINGBUF_DISCARD_BIT) === 0) {
        handler.record(place + BPF_RINGBUF_HDR_SZ, length);
        count++;
      }
      at = (at + step) | 0;
    }
    this.isHeldUp = at !== end;
    if (at !== begin) {
      this.#position += BigInt((at - begin) >>> 0);
      Atomics.store(this.#consumer, 0, this.#position); // the kernel may write over them from now on
    }
    return count;
  }
}
