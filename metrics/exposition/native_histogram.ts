/**
 * Writes a native histogram: the fields that a message Histogram has beside the classic buckets.
 *
 * @module
 */

import type { Bytes } from "../text/mod.ts";
import { Tag } from "./protobuf.ts";
import type { RunTimeHistogram } from "../registry/mod.ts";

/** A whole number that may be negative, as sint32 and sint64 have it. */
const zigzag = (value: number) => value < 0 ? -2 * value - 1 : 2 * value;

/** Most bytes of {@link putNative}: of each bucket a span of its own, and a difference of counts of two times 2^53. */
export function nativeBytes({ indexes }: RunTimeHistogram): number {
  return 48 + 24 * indexes.length;
}

/**
 * Writes it. Buckets that follow each other are a span; counts are told as differences to the bucket before. The threshold is
 * never 0, so that one without any run times is known for a native one.
 */
export function putNative(out: Bytes, { schema, zeroThreshold, zeroCount, indexes, counts }: RunTimeHistogram): void {
  const { Histogram, BucketSpan } = Tag;
  out.byte(Histogram.schema);
  out.varint(zigzag(schema));
  out.byte(Histogram.zeroThreshold);
  out.double(zeroThreshold);
  out.byte(Histogram.zeroCount);
  out.varint(zeroCount);
  for (let first = 0, next = 0, end = 0; first < indexes.length; first = next) {
    next = first + 1;
    while (next < indexes.length && indexes[next] === indexes[next - 1]! + 1) next++;
    out.byte(Histogram.positiveSpan);
    const span = out.open(0);
    out.byte(BucketSpan.offset);
    // The first one from index 0, the others from the end of the span before.
    out.varint(zigzag(indexes[first]! - end));
    out.byte(BucketSpan.length);
    out.varint(next - first);
    out.close(span, 0);
    end = indexes[next - 1]! + 1;
  }
  if (counts.length === 0) return;
  out.byte(Histogram.positiveDelta);
  const deltas = out.open(counts.length);
  for (let i = 0, before = 0; i < counts.length; i++) {
    out.varint(zigzag(counts[i]! - before));
    before = counts[i]!;
  }
  out.close(deltas, counts.length);
}
