/**
 * The run times of a tree as a native histogram of Prometheus: as fine as its bound on buckets allows.
 *
 * @module
 */

import { FINEST_SCHEMA, ZERO_INDEX, ZERO_SECONDS } from "../../fingerprint/mod.ts";

/** Most buckets beside the one of zero: what client libraries recommend and servers accept. */
export const MOST_BUCKETS = 160;

/** Buckets are no wider than those of this schema, whose bounds are 9 % apart. */
export const COARSEST_SCHEMA = 3;

/**
 * Counts by bucket, only those that aren't 0. Where there are more than {@link MOST_BUCKETS} each two become one, and where that
 * would make them wider than those of {@link COARSEST_SCHEMA} the shortest run times join the zero.
 */
export class RunTimeHistogram {
  schema: number = FINEST_SCHEMA;
  /** What is no longer than this, seconds, counts as zero. */
  zeroThreshold: number = ZERO_SECONDS;
  zeroCount = 0;
  count = 0;
  /** Indexes of the buckets by the schema, in their order, and their counts. */
  readonly indexes: number[] = [];
  readonly counts: number[] = [];
  /** The bucket that would end at the threshold. */
  #zeroIndex = ZERO_INDEX;

  /** Counts `count` more run times of a bucket, as `runTimeBucket` numbers them. */
  add(bucket: number, count: number): void {
    this.count += count;
    let index = ZERO_INDEX + bucket;
    for (let schema = FINEST_SCHEMA; schema > this.schema; schema--) index = halved(index);
    if (index <= this.#zeroIndex) {
      this.zeroCount += count;
      return;
    }
    const { indexes, counts } = this;
    let at = indexes.length;
    while (at > 0 && indexes[at - 1]! >= index) at--;
    if (indexes[at] === index) {
      counts[at]! += count;
      return;
    }
    indexes.splice(at, 0, index);
    counts.splice(at, 0, count);
    while (indexes.length > MOST_BUCKETS) {
      if (this.schema > COARSEST_SCHEMA) this.#coarsen();
      else this.#widenZero();
    }
  }

  #coarsen(): void {
    const { indexes, counts } = this;
    let last = -1;
    for (let i = 0; i < indexes.length; i++) {
      const index = halved(indexes[i]!), count = counts[i]!;
      if (last >= 0 && indexes[last] === index) {
        counts[last]! += count;
        continue;
      }
      last++;
      indexes[last] = index;
      counts[last] = count;
    }
    indexes.length = counts.length = last + 1;
    this.#zeroIndex = halved(this.#zeroIndex);
    this.schema--;
  }

  #widenZero(): void {
    this.#zeroIndex = this.indexes.shift()!;
    this.zeroCount += this.counts.shift()!;
    this.zeroThreshold = 2 ** (this.#zeroIndex / 2 ** this.schema);
  }
}

/** Index of the bucket of the next coarser schema that holds the one of this index. */
function halved(index: number): number {
  return index + 1 >> 1;
}
