/**
 * Run times in the buckets of a native histogram of Prometheus: counted here between two reports, kept by the main thread.
 *
 * Bucket 0 has what is no longer than {@link ZERO_SECONDS}; the ones after it are those of the schema, in their order. Index i
 * of schema s has what is above 2^((i−1)/2^s) and up to 2^(i/2^s) seconds (prometheus.io/docs/specs/native_histograms).
 *
 * @module
 */
import { columns, IntTable } from "../../netlink/mod.ts";

/** The finest schema in use: a bucket's bound is 2.2 % above the last one's. */
export const FINEST_SCHEMA = 5;
const PER_OCTAVE = 2 ** FINEST_SCHEMA;

/** Nothing that was executed is so fast: 61 µs. */
const ZERO_EXPONENT = -14;
/** Longest run time that has a bucket of its own: 17 years. */
const LAST_EXPONENT = 29;

/** Most seconds of bucket 0. */
export const ZERO_SECONDS: number = 2 ** ZERO_EXPONENT;
/** Index of bucket 0: of the bucket of the schema that would end where it does. */
export const ZERO_INDEX: number = ZERO_EXPONENT * PER_OCTAVE;

/** Longest seconds of each bucket. */
const BOUNDS = Float64Array.from(
  { length: (LAST_EXPONENT - ZERO_EXPONENT) * PER_OCTAVE + 1 },
  (_, bucket) => 2 ** ((ZERO_INDEX + bucket) / PER_OCTAVE),
);

export function runTimeBucket(seconds: number): number {
  if (!(seconds > ZERO_SECONDS)) return 0;
  const bucket = Math.min(Math.ceil(Math.log2(seconds) * PER_OCTAVE) - ZERO_INDEX, BOUNDS.length - 1);
  // A logarithm may be wrong in its last bit: by one bucket for what lies on a bound.
  if (seconds <= BOUNDS[bucket - 1]!) return bucket - 1;
  return seconds > BOUNDS[bucket]! && bucket < BOUNDS.length - 1 ? bucket + 1 : bucket;
}

/** Of {@link Changes.runTimes}, for each bucket of a tree: the tree's id, the bucket, and how many more have ended. */
export const RUN_TIME_WIDTH = 3;

const INITIAL_CAPACITY = 256;
const Counts = columns({ node: Uint32Array, bucket: Uint16Array, count: Uint32Array });

/** Counts endings by tree and bucket until they are taken. */
export class RunTimes {
  readonly #counts = new Counts(INITIAL_CAPACITY);
  /** Tree and bucket → row of the counts. */
  readonly #rows = new IntTable();

  add(node: number, seconds: number): void {
    const counts = this.#counts, bucket = runTimeBucket(seconds);
    let row = this.#rows.get(node, bucket);
    if (row < 0) {
      row = this.#rows.size;
      this.#rows.set(row, node, bucket);
      if (row >= counts.capacity) counts.resize(2 * row, row);
      counts.node[row] = node;
      counts.bucket[row] = bucket;
      counts.count[row] = 0;
    }
    counts.count[row]!++;
  }

  /** What was counted since the last call, {@link RUN_TIME_WIDTH} numbers each. */
  take(idOf: (node: number) => number): Uint32Array<ArrayBuffer> {
    const counts = this.#counts, size = this.#rows.size, taken = new Uint32Array(RUN_TIME_WIDTH * size);
    for (let row = 0; row < size; row++) {
      taken[RUN_TIME_WIDTH * row] = idOf(counts.node[row]!);
      taken[RUN_TIME_WIDTH * row + 1] = counts.bucket[row]!;
      taken[RUN_TIME_WIDTH * row + 2] = counts.count[row]!;
    }
    if (size > 0) this.#rows.clear();
    if (counts.capacity > INITIAL_CAPACITY) counts.resize(INITIAL_CAPACITY, 0);
    return taken;
  }
}
