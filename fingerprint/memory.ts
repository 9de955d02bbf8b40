/**
 * Giving memory back after the start and after storms: the start makes garbage of a few megabytes, and a process that does
 * little afterwards would keep it for hours.
 *
 * @module
 */
import type { Libc } from "../netlink/mod.ts";

/** V8's collector, where it was started with `--expose-gc`, as the compiled file is. */
type Collect = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

/** Collects this thread's garbage and returns the C library's free pages. Takes about 15 ms. */
export function giveMemoryBack(libc: Libc): void {
  (globalThis as { gc?: Collect }).gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  libc.call.malloc_trim(0);
}
