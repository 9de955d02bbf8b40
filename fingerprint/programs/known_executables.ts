/**
 * Executables that are known by device and inode before they run: those in the usual folders, and the base system's.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import type { BasePaths, Files } from "../base/mod.ts";
import type { Programs } from "./naming.ts";
import { FileStatus } from "../proc/mod.ts";

const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];

/** Fills the table of inodes. A folder that can't be listed is passed over, and so is what isn't there. */
export function learnKnownExecutables(libc: Libc, files: Files, base: BasePaths, programs: Programs): void {
  const status = new FileStatus(libc);
  const learn = (executable: string) => {
    const path = cString(executable);
    // /proc/PID/exe names the file itself, never a link to it, so links are passed over.
    if (!status.read(c.AT_FDCWD, path, c.AT_SYMLINK_NOFOLLOW)) return;
    if (!status.isRegular || !status.isExecutable) return;
    programs.know(path.subarray(0, path.length - 1), status);
  };
  for (const folder of FOLDERS) for (const name of files.list(folder) ?? []) learn(`${folder}/${name}`);
  for (const path of base.paths) if (!FOLDERS.includes(path.slice(0, path.lastIndexOf("/")))) learn(path);
}
