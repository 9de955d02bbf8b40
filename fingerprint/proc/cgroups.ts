/**
 * Control groups of version 2 in their file system (cgroups(7)): the inode of a group's folder is the group's id (`kernfs_ino()` in
 * include/linux/kernfs.h).
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import { FileStatus, STATX_INO } from "./statx.ts";

/** Where a service manager mounts them, if there are no others (systemd(1), "Control groups"). */
const MOUNT = "/sys/fs/cgroup";

export class CgroupFolders {
  readonly #status: FileStatus;
  readonly #mount: string;

  constructor(libc: Libc, mount = MOUNT) {
    this.#status = new FileStatus(libc);
    this.#mount = mount;
  }

  /** The id of the group at a path below the root of the hierarchy, such as `/system.slice`; 0 where it can't be told. */
  idOf(path: string): number {
    const status = this.#status;
    if (!status.read(c.AT_FDCWD, cString(this.#mount + path), c.AT_STATX_DONT_SYNC, STATX_INO)) return 0;
    return status.inode <= Number.MAX_SAFE_INTEGER ? status.inode : 0;
  }
}
