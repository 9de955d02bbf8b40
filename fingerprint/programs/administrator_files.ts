/**
 * Files of the machine that nobody but its administrator can have put where they are.
 *
 * Nobody waits here for a file system: the folders of a program that runs are in the kernel's cache (openat2(2), RESOLVE_CACHED,
 * Linux 5.12).
 *
 * @module
 */
import { CachedPlaces, constants as c, cString, Descriptor, type Libc, NOT_CACHED } from "../../netlink/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";

const ADMINISTRATOR = 0;
/** Write permission of the group, and of others. */
const WRITABLE_BY_OTHERS = 0o022;
const EMPTY = cString("");

/** What says whether the file at an absolute path is the administrator's alone to write, and every folder on the way: as the first process sees them. */
export function administratorFiles(libc: Libc, procfs: Pick<Procfs, "openRoot">): (path: string) => boolean {
  const status = new FileStatus(libc), places = new CachedPlaces(libc, c.RESOLVE_IN_ROOT);
  const isOwn = (root: Descriptor, path: string): boolean => {
    const name = cString(path), found = places.find(root.fd, name);
    const fd = found === NOT_CACHED && !places.isSupported ? places.wait(root.fd, name) : found;
    using place = Descriptor.of(libc, fd);
    return place !== undefined && status.read(place.fd, EMPTY, c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC) &&
      status.owner === ADMINISTRATOR && (status.mode & WRITABLE_BY_OTHERS) === 0;
  };
  return (path) => {
    if (!path.startsWith("/")) return false;
    using root = procfs.openRoot(1) ?? Descriptor.of(libc, libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC));
    if (root === undefined) return false;
    for (let end = 0; end >= 0; end = path.indexOf("/", end + 1)) {
      if (!isOwn(root, path.slice(0, end) || "/")) return false;
    }
    return isOwn(root, path);
  };
}
