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

export class AdministratorFiles {
  readonly #libc: Libc;
  readonly #procfs: Pick<Procfs, "openRoot">;
  readonly #status: FileStatus;
  readonly #places: CachedPlaces;

  constructor(libc: Libc, procfs: Pick<Procfs, "openRoot">) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#status = new FileStatus(libc);
    this.#places = new CachedPlaces(libc, c.RESOLVE_IN_ROOT);
  }

  /** Whether the file at an absolute path is the administrator's alone to write, and every folder on the way: as the first process sees them. */
  owns(path: string): boolean {
    if (!path.startsWith("/")) return false;
    const libc = this.#libc;
    using root = this.#procfs.openRoot(1) ??
      Descriptor.of(libc, libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC));
    if (root === undefined) return false;
    for (let end = 0; end >= 0; end = path.indexOf("/", end + 1)) {
      if (!this.#isOwn(root, path.slice(0, end) || "/")) return false;
    }
    return this.#isOwn(root, path);
  }

  #isOwn(root: Descriptor, path: string): boolean {
    using place = Descriptor.of(this.#libc, this.#open(root, cString(path)));
    if (place === undefined) return false;
    const status = this.#status, flags = c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC;
    return status.read(place.fd, EMPTY, flags) && status.owner === ADMINISTRATOR &&
      (status.mode & WRITABLE_BY_OTHERS) === 0;
  }

  /** The number of the descriptor; negative where there is none. */
  #open(root: Descriptor, path: Uint8Array<ArrayBuffer>): number {
    const places = this.#places, fd = places.find(root.fd, path);
    return fd === NOT_CACHED && !places.isSupported ? places.wait(root.fd, path) : fd;
  }
}
