/**
 * Scheduling of the calling thread (sched(7), sched_setattr(2)): the earlier the reader runs after an exec, the more
 * short-lived processes can still be looked at.
 *
 * @module
 */
import * as c from "./constants.ts";
import type { Libc } from "./libc.ts";
import { LITTLE } from "./byte_order.ts";

/** SCHED_FIFO with the lowest real-time priority, for this thread only; children start without it. Needs CAP_SYS_NICE. */
export function setFifo(libc: Libc): boolean {
  const priority = Uint8Array.of(1, 0, 0, 0); // struct sched_param: sched_priority i32
  return libc.call.sched_setscheduler(0, c.SCHED_FIFO | c.SCHED_RESET_ON_FORK, priority) >= 0;
}

/** The default policy, nice 0 and the default time slice. */
export function setOther(libc: Libc): boolean {
  return setAttributes(libc, 0);
}

/**
 * A time slice of 0.1 ms under the default policy and nice 0, which makes the thread run sooner after a wake-up. Needs no
 * right, but Linux 6.12.
 */
export function setShortSlice(libc: Libc): boolean {
  return setAttributes(libc, 100_000);
}

/** Nice -20 for this thread. Needs CAP_SYS_NICE. */
export function setNice(libc: Libc): boolean {
  const thread = libc.call.gettid(libc.number.gettid);
  return libc.call.setpriority(c.PRIO_PROCESS, thread, -20) >= 0;
}

/** The default policy with nice 0 and a time slice in nanoseconds, 0 for the default one. */
function setAttributes(libc: Libc, sliceNs: number): boolean {
  // struct sched_attr: size u32@0, policy u32@4, flags u64@8, nice i32@16, priority u32@20, runtime u64@24, deadline u64@32, period u64@40.
  const attributes = new Uint8Array(48);
  const view = new DataView(attributes.buffer);
  view.setUint32(0, attributes.length, LITTLE);
  view.setUint32(4, c.SCHED_OTHER, LITTLE);
  view.setBigUint64(24, BigInt(sliceNs), LITTLE);
  return libc.call.sched_setattr(libc.number.sched_setattr, 0, attributes, 0) >= 0;
}
