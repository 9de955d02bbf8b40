/**
 * Files below the folder of a root, opened where no link leads elsewhere. Every call that may ask a file system is made in another
 * thread: one that never answers is waited for by its promise only.
 *
 * @module
 */
import { constants as c, cString, Descriptor, findPlace, type Libc } from "../../netlink/mod.ts";
import { FileStatus, isOneFile, type Procfs } from "../proc/mod.ts";
import type { Identity, RootAccess } from "./request.ts";

const EMPTY = cString("");
/** What the kernel knows of an open file is enough. */
const KNOWN = c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC;

export type Opener = Pick<Procfs, "openRoot" | "reopen" | "readText">;

/** An open file, and which it was when it was opened. */
export interface OpenFile {
  readonly fd: number;
  readonly identity: Identity;
  /** Bytes. */
  readonly size: number;
  /** When it was last written: Unix time, whole seconds. */
  readonly modifiedSeconds: number;
}

export class RootFolder implements Disposable {
  readonly #libc: Libc;
  readonly #procfs: Opener;
  readonly #folder: Descriptor;

  private constructor(libc: Libc, procfs: Opener, folder: Descriptor) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#folder = folder;
  }

  /** Opens the place of a root; of the machine's own without `access`. Undefined where it has gone. */
  static open(libc: Libc, procfs: Opener, access: RootAccess | undefined): RootFolder | undefined {
    const folder = access === undefined
      ? Descriptor.of(libc, libc.call.open(cString("/"), c.O_PATH | c.O_CLOEXEC))
      : procfs.openRoot(access.pid);
    if (folder === undefined) return undefined;
    if (access !== undefined) {
      const status = new FileStatus(libc);
      if (!status.read(folder.fd, EMPTY, KNOWN) || !isOneFile(status, access)) {
        folder.close(); // the process has gone, and another has its id
        return undefined;
      }
    }
    return new RootFolder(libc, procfs, folder);
  }

  /** Opens a regular file for reading, by a path without links; undefined where there is none, or it can't be read. */
  async openFile(path: string): Promise<OpenFile | undefined> {
    using place = await this.#place(path, c.RESOLVE_IN_ROOT | c.RESOLVE_NO_SYMLINKS);
    const status = new FileStatus(this.#libc);
    // To open a device or a pipe may do something.
    if (place === undefined || !this.#read(status, place.fd) || !status.isRegular) return undefined;
    const fd = await this.#procfs.reopen(place);
    if (fd < 0) return undefined;
    return { fd, identity: identityOf(status), size: status.size, modifiedSeconds: Math.floor(status.modified / 1000) };
  }

  /** Which file an open one is now. */
  identity({ fd }: OpenFile): Identity | undefined {
    const status = new FileStatus(this.#libc);
    return this.#read(status, fd) ? identityOf(status) : undefined;
  }

  /** Reads from an open file into `buffer`; 0 at its end, less where that fails. */
  async readInto({ fd }: OpenFile, buffer: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    return await this.#libc.returned(
      this.#libc.background.pread(fd, buffer, buffer.length, BigInt(offset)),
      buffer,
    );
  }

  async close({ fd }: OpenFile): Promise<void> {
    await this.#libc.background.close(fd);
  }

  /** Whether a file is locked (fcntl(2), flock(2)) by a process that is visible; one that isn't there isn't. */
  async isLocked(path: string): Promise<boolean> {
    using place = await this.#place(path, c.RESOLVE_IN_ROOT);
    const status = new FileStatus(this.#libc);
    if (place === undefined || !this.#read(status, place.fd)) return false;
    // proc_locks(5): `1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF`; the device is another one on some file systems.
    return this.#procfs.readText("locks")?.includes(`:${status.inode} `) === true;
  }

  async exists(path: string): Promise<boolean> {
    const place = await this.#place(path, c.RESOLVE_IN_ROOT);
    place?.close();
    return place !== undefined;
  }

  [Symbol.dispose](): void {
    this.#folder.close();
  }

  /** What the kernel knows of an open file; its file system isn't asked. */
  #read(status: FileStatus, fd: number): boolean {
    return status.read(fd, EMPTY, KNOWN);
  }

  async #place(path: string, resolve: number): Promise<Descriptor | undefined> {
    return await findPlace(this.#libc, this.#folder, path, resolve);
  }
}

export function identityOf(status: FileStatus): Identity {
  const { device, inodeLow, inodeHigh, changedSeconds, changedNanoseconds } = status;
  return { device, inodeLow, inodeHigh, changedSeconds, changedNanoseconds };
}

/** Whether two files are one, with the same content. */
export function isSame(one: Identity, other: Identity): boolean {
  return isOneFile(one, other) && one.changedSeconds === other.changedSeconds &&
    one.changedNanoseconds === other.changedNanoseconds;
}
