/**
 * Executables that are known by device and inode before they run: those in the usual folders.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../netlink/mod.ts";
import type { Files } from "./packages.ts";
import type { Programs } from "./programs.ts";

const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];

/** struct statx (statx(2), uapi/linux/stat.h): what is used of its 256 bytes. */
const STATX = { stx_mode: 28, stx_ino: 32, stx_dev_major: 136, stx_dev_minor: 140, size: 256 } as const;
const STATX_TYPE_MODE_INO = 0x1 | 0x2 | 0x100;
const S_IFMT = 0o170000, S_IFREG = 0o100000, S_IXALL = 0o111;

/** Fills the table of inodes. A folder that can't be listed is passed over. */
export function learnKnownExecutables(libc: Libc, files: Files, programs: Programs): void {
  const buffer = new Uint8Array(STATX.size), view = new DataView(buffer.buffer);
  for (const folder of FOLDERS) {
    for (const name of files.list(folder) ?? []) {
      const path = cString(`${folder}/${name}`);
      // /proc/PID/exe names the file itself, never a link to it, so links are passed over.
      const flags = c.AT_SYMLINK_NOFOLLOW;
      if (libc.call.statx(libc.number.statx, c.AT_FDCWD, path, flags, STATX_TYPE_MODE_INO, buffer) < 0) continue;
      const mode = view.getUint16(STATX.stx_mode, true);
      if ((mode & S_IFMT) !== S_IFREG || (mode & S_IXALL) === 0) continue;
      const major = view.getUint32(STATX.stx_dev_major, true), minor = view.getUint32(STATX.stx_dev_minor, true);
      // The kernel's new_encode_dev() (include/linux/kdev_t.h), as accounting records have it.
      const device = ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
      const executable = programs.know(path.subarray(0, path.length - 1));
      programs.learnInode(
        device,
        view.getUint32(STATX.stx_ino, true),
        view.getUint32(STATX.stx_ino + 4, true),
        executable,
      );
    }
  }
}
