/**
 * /proc/self: what the kernel tells this process of itself. Asked by that name, since in a pid namespace its number may be another
 * one's in /proc.
 *
 * @module
 */
import { constants as c, cString, Descriptor, type Libc } from "../../netlink/mod.ts";
import { numbersIn, readLink, readTextFile } from "./files.ts";
import { type MemoryRange, unchangedMappings } from "./maps.ts";
import { CMDLINE_BYTES } from "./procfs.ts";
import { type FileStatus, STATX_SIZE } from "./statx.ts";

/** The link to the executable of the process that follows it. */
export const OWN_EXECUTABLE = "/proc/self/exe";

/** What this process was executed as. */
export interface OwnExecution {
  /** Paths from the root. */
  readonly executable: string;
  readonly folder: string;
  /** The whole command line: each argument ends with a zero byte. */
  readonly cmdline: Uint8Array<ArrayBuffer>;
}

/** What this process was executed as; undefined where it can't be read, or is longer than is read. */
export function readOwnExecution(libc: Libc): OwnExecution | undefined {
  const executable = readLink(libc, OWN_EXECUTABLE), folder = readLink(libc, "/proc/self/cwd");
  using file = Descriptor.of(libc, libc.call.open(cString("/proc/self/cmdline"), c.O_RDONLY | c.O_CLOEXEC));
  if (file === undefined) return undefined;
  const cmdline = new Uint8Array(CMDLINE_BYTES), length = libc.call.read(file.fd, cmdline, CMDLINE_BYTES);
  if (executable === undefined || folder === undefined || length <= 0 || length === CMDLINE_BYTES) return undefined;
  return { executable, folder, cmdline: cmdline.slice(0, length) };
}

/** Where the memory of this process shows its executable as the file is: {@link unchangedMappings}. */
export function ownExecutableMappings(libc: Libc): MemoryRange[] {
  const executable = readLink(libc, OWN_EXECUTABLE), maps = readTextFile(libc, "/proc/self/maps");
  return executable === undefined || maps === undefined ? [] : unchangedMappings(maps, executable);
}

/** Open file descriptors of this process but 0, and one more, that they were listed with; none when they can't be listed. */
export function ownFiles(libc: Libc): Int32Array {
  try {
    return numbersIn(libc, c.AT_FDCWD, "/proc/self/fd", "/proc/self/fd");
  } catch {
    return new Int32Array(0);
  }
}

const OWN_FILES = cString("/proc/self/fd");

/** How many files this process has open, 0 among them: the folder's size since Linux 6.2 (fs/proc/fd.c, proc_fd_getattr), before 0. */
export function countOwnFiles(status: FileStatus): number {
  return status.read(c.AT_FDCWD, OWN_FILES, 0, STATX_SIZE) ? status.size : 0;
}
