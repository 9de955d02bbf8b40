/**
 * Giving memory back after the start and after storms: the start makes garbage of a few megabytes, and a process that does
 * little afterwards would keep it for hours.
 *
 * @module
 */
import { constants as c, Libc } from "../../netlink/mod.ts";
import { ownExecutableMappings } from "../proc/mod.ts";

/**
 * Lets all threads that are started from now on share the C library's arenas (mallopt(3)): each of its own would keep what
 * its thread needed for a moment, as V8's do for compiling.
 */
export function shareArenas(libc: Libc): void {
  libc.call.mallopt(c.M_ARENA_MAX, 1);
}

/** V8's collector, where it was started with `--expose-gc`, as the compiled file is. */
type Collect = (options: { type: "major" | "minor"; execution: "sync"; flavor?: "regular" | "last-resort" }) => void;

function collector(): Collect | undefined {
  return (globalThis as { gc?: Collect }).gc;
}

/**
 * Collects this thread's garbage and returns the C library's free pages. Takes about 8 ms, and twice that as the last resort,
 * which drops compiled code as well: right after the start, whose code isn't what runs from then on. Later, compiling it again
 * costs as much as some ten thousand launches.
 */
export function giveMemoryBack(libc: Libc, flavor: "regular" | "last-resort" = "regular"): void {
  collector()?.({ type: "major", execution: "sync", flavor });
  libc.call.malloc_trim(0);
}

/**
 * Gives the pages of the executable back that only the start needed: the rest is read from the file again when it is used. The
 * kernel takes this from the file's owner and from whoever may write it (madvise(2): MADV_PAGEOUT, since Linux 5.4); for
 * others, such as a service with a user of its own, and for pages that another process uses too, it does nothing.
 */
export function giveExecutableBack(libc: Libc): void {
  for (const { address, length } of ownExecutableMappings(libc)) libc.advise(address, length, c.MADV_PAGEOUT);
}

/** So many collections of young garbage are followed by one of everything. */
const YOUNG_PER_FULL = 4;

/**
 * What collects what this thread made and threw away lately, in about a millisecond; every so often it gives back everything
 * that isn't used any more: what was young for too long, and what the runtime freed and kept.
 */
export function garbageCollection(): () => void {
  const libc = new Libc();
  let count = 0;
  return () => {
    if (++count % YOUNG_PER_FULL === 0) giveMemoryBack(libc);
    else collector()?.({ type: "minor", execution: "sync" });
  };
}
