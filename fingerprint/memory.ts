/**
 * Giving memory back after the start and after storms: the start makes garbage of a few megabytes, and a process that does
 * little afterwards would keep it for hours.
 *
 * @module
 */
import type { Libc } from "../netlink/mod.ts";

/** V8's collector, where it was started with `--expose-gc`, as the compiled file is. */
type Collect = (options: { type: "major" | "minor"; execution: "sync"; flavor?: "last-resort" }) => void;

function collector(): Collect | undefined {
  return (globalThis as { gc?: Collect }).gc;
}

/** Collects this thread's garbage and returns the C library's free pages. Takes about 15 ms. */
export function giveMemoryBack(libc: Libc): void {
  collector()?.({ type: "major", execution: "sync", flavor: "last-resort" });
  libc.call.malloc_trim(0);
}

/** Collects what this thread made and threw away lately. Takes about a millisecond. */
export function collectYoungGarbage(): void {
  collector()?.({ type: "minor", execution: "sync" });
}
