/**
 * Files as the machine itself has them, whatever a process's own mounts show: the truth that paths are held against.
 *
 * Nothing here waits for a file system. A file that runs is in the kernel's caches, and so is the way to it: what isn't there
 * isn't that file (openat2(2), RESOLVE_CACHED, Linux 5.12). Where the kernel can't be asked so, only folders that no ordinary
 * user mounts anything in are looked at.
 *
 * @module
 */
import { CachedPlaces, constants as c, cString, Descriptor, type Libc, NOT_CACHED } from "../../netlink/mod.ts";
import { encodeDevice, type FileIdentity, FileStatus, isOneFile, type Procfs } from "../proc/mod.ts";

/** What lies at a path. */
export const Found = {
  /** The file that was asked about. */
  Same: 0,
  /** Another. */
  Other: 1,
  /** None. */
  Nothing: 2,
  /** It can't be told without waiting, or isn't allowed. */
  Unknown: 3,
} as const;
export type Found = (typeof Found)[keyof typeof Found];

/** Every link stays below the folder, and none of the kernel's own is followed. */
const INSIDE = c.RESOLVE_IN_ROOT | c.RESOLVE_NO_MAGICLINKS;
const PATH_BYTES = 4097;
/** Where only root mounts anything. */
const SYSTEM = /^\/(?:usr|bin|sbin|lib\w*|opt|etc)\//;
const EMPTY = cString("");
const UTF8 = new TextDecoder();

export type MachineReader = Pick<Procfs, "openRoot" | "readText" | "readRoot">;

export class MachineFiles {
  readonly #libc: Libc;
  readonly #procfs: MachineReader;
  readonly #root: Descriptor;
  /** Whose mounts {@link #root} is in. */
  readonly #owner: "1" | "self";
  readonly #status: FileStatus;
  /** Places without a link on the way, and with links. */
  readonly #plain: CachedPlaces;
  readonly #linked: CachedPlaces;
  readonly #path = new Uint8Array(PATH_BYTES);
  readonly #devices = new Map<number, number>();

  /** The machine's root is that of its first process where that is the exporter's own folder too: a service may have mounts of its own. */
  constructor(libc: Libc, procfs: MachineReader) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#plain = new CachedPlaces(libc, INSIDE | c.RESOLVE_NO_SYMLINKS);
    this.#linked = new CachedPlaces(libc, INSIDE);
    const own = new FileStatus(libc), first = this.#status = new FileStatus(libc);
    const isOwn = own.read(c.AT_FDCWD, cString("/")) && procfs.readRoot(1, first) && isOneFile(own, first);
    const root = isOwn ? procfs.openRoot(1) : undefined;
    this.#owner = root === undefined ? "self" : "1";
    this.#root = root ?? new Descriptor(
      libc,
      libc.check(libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC), "open /", "allow this process to read it"),
    );
  }

  /** Whether the machine's mounts are those of its first process, not only the exporter's own. */
  get hasFirst(): boolean {
    return this.#owner === "1";
  }

  close(): void {
    this.#root.close();
  }

  /** What lies at a path, the first `length` bytes, that leads over no link: the file, or another. */
  find(path: Uint8Array, length: number, file: FileIdentity): Found {
    return this.#find(this.#root.fd, path, length, this.#plain, file);
  }

  /** Whether a regular file lies at a path, whose links are followed. */
  hasFile(path: string): boolean {
    const bytes = cString(path), status = this.#status;
    return this.#look(this.#root.fd, bytes, bytes.length - 1, this.#linked, status) === Found.Same && status.isRegular;
  }

  /** When the file that {@link find} found last changed: Unix time. */
  get changedSeconds(): number {
    return this.#status.changedSeconds;
  }

  /** Whether a path, whose links are followed, leads to a file below a process's root. */
  leadsTo(folder: Descriptor, path: string, file: FileIdentity): Found {
    const bytes = cString(path);
    return this.#find(folder.fd, bytes, bytes.length - 1, this.#linked, file);
  }

  /** Whether a path, whose links are followed, leads to the same file below another folder: a process's root. */
  leadsAlike(folder: Descriptor, path: string): Found {
    const bytes = cString(path), length = bytes.length - 1, there = new FileStatus(this.#libc);
    const found = this.#look(folder.fd, bytes, length, this.#linked, there);
    if (found !== Found.Same) return found;
    return this.#find(this.#root.fd, bytes, length, this.#linked, there, there.mount);
  }

  #find(
    folder: number,
    path: Uint8Array,
    length: number,
    places: CachedPlaces,
    file: FileIdentity,
    mount = -1,
  ): Found {
    const status = this.#status, found = this.#look(folder, path, length, places, status);
    if (found !== Found.Same) return found;
    if (status.inodeLow !== file.inodeLow || status.inodeHigh !== file.inodeHigh) return Found.Other;
    if (status.device === file.device || status.mount === mount) return Found.Same;
    // Files of overlay and btrfs have another device for stat(2) than for the kernel, whose record it may be.
    return this.#deviceOf(status.mount) === file.device ? Found.Same : Found.Other;
  }

  /** Fills a status; `Same` where there is something. */
  #look(folder: number, path: Uint8Array, length: number, places: CachedPlaces, into: FileStatus): Found {
    if (length >= PATH_BYTES) return Found.Unknown;
    this.#path.set(path.subarray(0, length));
    this.#path[length] = 0;
    let fd = places.find(folder, this.#path);
    if (fd === NOT_CACHED) {
      if (!SYSTEM.test(UTF8.decode(path.subarray(0, length)))) return Found.Unknown;
      fd = places.wait(folder, this.#path);
    }
    if (fd < 0) {
      const { errno } = this.#libc;
      return errno === c.ENOENT || errno === c.ENOTDIR || errno === c.ELOOP ? Found.Nothing : Found.Unknown;
    }
    const isThere = into.read(fd, EMPTY, c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC);
    this.#libc.call.close(fd);
    return isThere ? Found.Same : Found.Unknown;
  }

  /** The kernel's device of the file system of a mount: the third word of its line in /proc/PID/mountinfo. */
  #deviceOf(mount: number): number {
    const known = this.#devices.get(mount);
    if (known !== undefined) return known;
    const lines = this.#procfs.readText(`${this.#owner}/mountinfo`) ?? "";
    const [, major, minor] = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, "m").exec(lines) ?? [];
    if (major === undefined) return -1;
    const device = encodeDevice(Number(major), Number(minor));
    this.#devices.set(mount, device);
    return device;
  }
}
