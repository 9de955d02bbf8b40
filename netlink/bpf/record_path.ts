/**
 * A path in a record: its names from the last to the first, each with a zero byte, and what is said of it.
 *
 * @module
 */

/** Path flags. The file was unlinked before its exec, or never had a name in a mounted file system (memfd_create(2)). */
export const DELETED = 1;
export const DETACHED = 2;
/** The path is deeper than the walk goes, or longer: only its end is there. */
export const CUT = 4;
/** Part of it could not be read. */
export const BROKEN = 8;
/** All of them. */
export const PATH_FLAGS = 15;

/**
 * Writes a path of a record, whose names are in `bytes` from `at` to `end`, into `into` from the root on, without a mark for a file
 * that was unlinked. Returns its length; -1 where it doesn't fit, or isn't whole by its `flags`.
 */
export function writePath(bytes: Uint8Array, at: number, end: number, flags: number, into: Uint8Array): number {
  const length = Math.max(1, end - at);
  if ((flags & (CUT | BROKEN)) !== 0 || length > into.length) return -1;
  into[0] = 0x2f;
  let to = length;
  for (let from = at; from < end;) {
    let next = from;
    while (next < end && bytes[next] !== 0) next++;
    if (next === end) return -1; // a name without its end
    to -= next - from;
    for (let i = from; i < next; i++) into[to + i - from] = bytes[i]!;
    into[--to] = 0x2f;
    from = next + 1;
  }
  return length;
}
