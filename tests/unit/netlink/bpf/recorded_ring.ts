/**
 * The memory of recorded rings, as the two mappings have it.
 *
 * @module
 */
import { RingReader } from "../../../../netlink/bpf/ring.ts";
import lifecycle from "../../../fixtures/bpf/lifecycle.json" with { type: "json" };
import fixture from "../../../fixtures/bpf/ring.json" with { type: "json" };

export const RECORDED = fixture;
export const RING_DATA = Uint8Array.from(atob(fixture.data), (byte) => byte.charCodeAt(0));

/** One with forks and exits. */
export const LIFECYCLE = lifecycle;
export const LIFECYCLE_DATA = Uint8Array.from(atob(lifecycle.data), (byte) => byte.charCodeAt(0));

/** What a test needs of a ring beside its reader. */
export interface TestRing {
  readonly reader: RingReader;
  /** Sets how much has been written, by the lower 32 bits. */
  produce(position: number): void;
  /** How much has been read, as the kernel sees it. */
  consumed(): bigint;
}

/** A ring with this data from position `at` on, of which nothing has been written yet. */
export function ringWith(data: Uint8Array, at = 0n): TestRing {
  const page = 4096, consumer = new BigInt64Array(page / 8), shared = new Uint8Array(page + 2 * data.length);
  consumer[0] = at;
  shared.set(data, page);
  shared.set(data, page + data.length);
  const reader = new RingReader(consumer.buffer, shared.buffer, page, data.length);
  const view = new DataView(shared.buffer);
  view.setUint32(0, Number(at & 0xffffffffn), true);
  return {
    reader,
    produce: (position) => view.setUint32(0, position, true),
    consumed: () => consumer[0]!,
  };
}
