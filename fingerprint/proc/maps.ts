/**
 * /proc/PID/maps (proc_pid_maps(5)): which memory of a process shows which file.
 *
 * A line: `begin-end perms offset device inode   path`, of which the numbers are hexadecimal but the inode's, and a line feed
 * in the path is written as `\\012`.
 *
 * @module
 */

/** Bytes of a process's memory: the address of the first, and how many. */
export interface MemoryRange {
  readonly address: number;
  readonly length: number;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (....) ([0-9a-f]+) \S+ \d+ +(.+)$/;

/**
 * Private mappings of an executable that have its bytes as they are in the file: its head, with the constants that linkers put
 * there, and its code. Another that can only be read now was written by the dynamic linker before (PT_GNU_RELRO), and is no
 * copy of the file. A line that can't be read is left out.
 */
export function unchangedMappings(maps: string, executable: string): MemoryRange[] {
  const path = executable.replaceAll("\n", "\\012");
  return maps.split("\n").flatMap((line) => {
    const [, begin, end, permissions, offset, file] = LINE.exec(line) ?? [];
    const isUnchanged = permissions === "r-xp" || (permissions === "r--p" && Number.parseInt(offset!, 16) === 0);
    if (file !== path || !isUnchanged) return [];
    const address = Number.parseInt(begin!, 16);
    return [{ address, length: Number.parseInt(end!, 16) - address }];
  });
}
