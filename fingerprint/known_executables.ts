/**
 * Executables that are known by device and inode before they run: those in the usual folders.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../netlink/mod.ts";
import type { Files } from "./packages.ts";
import type { Programs } from "./programs.ts";
import { FileStatus } from "./statx.ts";

const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];

/** Fills the table of inodes. A folder that can't be listed is passed over. */
export function learnKnownExecutables(libc: Libc, files: Files, programs: Programs): void {
  const status = new FileStatus(libc);
  for (const folder of FOLDERS) {
    for (const name of files.list(folder) ?? []) {
      const path = cString(`${folder}/${name}`);
      // /proc/PID/exe names the file itself, never a link to it, so links are passed over.
      if (!status.read(c.AT_FDCWD, path, c.AT_SYMLINK_NOFOLLOW)) continue;
      if (!status.isRegular || !status.isExecutable) continue;
      const executable = programs.know(path.subarray(0, path.length - 1));
      programs.learnInode(status.device, status.inodeLow, status.inodeHigh, executable);
    }
  }
}
