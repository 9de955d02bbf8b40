/**
 * Giving memory back after the start and after storms: the start makes garbage of a few megabytes, and a process that does
 * little afterwards would keep it for hours.
 *
 * @module
 */
import { constants as c, Libc } from "../../netlink/mod.ts";
import { type MemoryRange, ownExecutableMappings } from "../proc/mod.ts";

/** Arenas of the C library for all threads: V8's would each keep what compiling took for a moment, 2 MB. */
const ARENAS = 1;
/**
 * Pieces from this size on are mapped one by one, and the kernel's again as they are freed. It is what V8's compiler takes at a time
 * (kMaximumSegmentSize in src/zone/zone.h), megabytes a function, between which others' small pieces come to lie. Left alone the
 * library raises this bound whenever a larger one is freed: to 8 MB, once the kernel's types have been read.
 */
const MAPPED_BYTES = 32 << 10;

/** Tells the C library how to share memory among the threads that are started from now on, and when to give it back (mallopt(3)). */
export function shareHeap(libc: Libc): void {
  libc.call.mallopt(c.M_ARENA_MAX, ARENAS);
  libc.call.mallopt(c.M_MMAP_THRESHOLD, MAPPED_BYTES);
}

/** The same as variables, which the library reads as a program begins: before anything lies in its way (mallopt(3)). */
export const HEAP_VARIABLES: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: String(ARENAS),
  MALLOC_MMAP_THRESHOLD_: String(MAPPED_BYTES),
};

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

/** The pages of the executable that this process has in memory, but those that the dynamic linker wrote to. */
export class ExecutablePages {
  readonly #libc: Libc;
  #mappings: readonly MemoryRange[] | undefined;

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /**
   * Gives back what only the start needed: the rest is read from the file again when it is used. The kernel takes this from the
   * file's owner and from whoever may write it (madvise(2): MADV_PAGEOUT, since Linux 5.4); for others, such as a service with a
   * user of its own, and for pages that another process uses too, it does nothing.
   */
  giveBack(): void {
    this.#advise(c.MADV_PAGEOUT);
  }

  /**
   * Lets go of all of them, which any user may (madvise(2): MADV_DONTNEED): the kernel keeps the file as long as nobody else needs
   * memory. What runs is mapped again 16 pages at a time, some 300 times until all that the exporter does has been done: 0.2 ms.
   */
  release(): void {
    this.#advise(c.MADV_DONTNEED);
  }

  #advise(advice: number): void {
    this.#mappings ??= ownExecutableMappings(this.#libc);
    for (const { address, length } of this.#mappings) this.#libc.advise(address, length, advice);
  }
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
