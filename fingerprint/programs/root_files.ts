/**
 * The files of another root, a container's say, for the readers of package databases.
 *
 * Whoever is root in there may have prepared them: links stay inside the root (openat2(2), RESOLVE_IN_ROOT, Linux 5.6), only
 * regular files are opened, of a bounded size, and only so many bytes are read altogether.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import type { Files } from "../base/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";

/** Larger than the database of any system, except rpm's, which is read in parts. */
const MAX_TEXT_BYTES = 16 << 20;
/** Bytes of one reading: the headers of rpm's database are read twice. */
const MAX_TOTAL_BYTES = 256 << 20;
/** Names in a folder. */
const MAX_NAMES = 1 << 16;
const DIRECTORY_BYTES = 32768;

/** struct open_how (openat2(2)): flags, mode, resolve; u64 each. */
const OPEN_HOW_BYTES = 24;

const UTF8 = new TextDecoder();
const EMPTY = cString("");

/** Files below a folder that is open while they are read. Without one, nothing is there. */
export class RootFiles implements Files {
  readonly #libc: Libc;
  readonly #procfs: Pick<Procfs, "reopen">;
  readonly #status: FileStatus;
  readonly #how = new BigUint64Array(3);
  #folder = -1;
  #left = 0;

  constructor(libc: Libc, procfs: Pick<Procfs, "reopen">) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#status = new FileStatus(libc);
  }

  /** Whether a folder is open. */
  get isAttached(): boolean {
    return this.#folder >= 0;
  }

  /** Takes over an open folder, for one reading. */
  attach(folder: number): void {
    this.detach();
    this.#folder = folder;
    this.#left = MAX_TOTAL_BYTES;
  }

  /** Closes the folder: while it is open its file system can't be unmounted. */
  detach(): void {
    if (this.#folder >= 0) this.#libc.call.close(this.#folder);
    this.#folder = -1;
  }

  readText(path: string): string | undefined {
    const fd = this.#open(path, MAX_TEXT_BYTES);
    if (fd < 0) return undefined;
    const bytes = new Uint8Array(Math.min(this.#status.size, this.#left));
    const length = this.#fill(fd, bytes, 0);
    this.#libc.call.close(fd);
    return UTF8.decode(bytes.subarray(0, length));
  }

  readInto(path: string, offset: number, buffer: Uint8Array<ArrayBuffer>): number | undefined {
    const fd = this.#open(path, Infinity);
    if (fd < 0) return undefined;
    const length = this.#fill(fd, buffer.subarray(0, Math.min(buffer.length, this.#left)), offset);
    this.#libc.call.close(fd);
    return length;
  }

  list(path: string): string[] | undefined {
    const folder = this.#reopen(this.#openPath(path), (status) => status.isFolder);
    if (folder < 0) return undefined;
    const names: string[] = [], { call, number } = this.#libc;
    const buffer = new Uint8Array(DIRECTORY_BYTES), view = new DataView(buffer.buffer);
    for (let length = 1; length > 0 && names.length < MAX_NAMES;) {
      length = call.getdents64(number.getdents64, folder, buffer, buffer.length);
      // struct linux_dirent64 (getdents64(2)): d_ino u64@0, d_off i64@8, d_reclen u16@16, d_type u8@18, d_name@19
      for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
        const name = UTF8.decode(buffer.subarray(at + 19, buffer.indexOf(0, at + 19)));
        if (name !== "." && name !== "..") names.push(name);
      }
    }
    call.close(folder);
    return names;
  }

  modified(path: string): number | undefined {
    const fd = this.#openPath(path);
    if (fd < 0) return undefined;
    const found = this.#status.read(fd, EMPTY, c.AT_EMPTY_PATH);
    this.#libc.call.close(fd);
    return found ? this.#status.modified : undefined;
  }

  /** Opens a regular file of a bounded size, or gives -1. */
  #open(path: string, maxBytes: number): number {
    return this.#reopen(this.#openPath(path), ({ isRegular, size }) => isRegular && size <= maxBytes && this.#left > 0);
  }

  /** Opens for reading what `place` names, and closes that. To open a device or a pipe may do something, so none is. */
  #reopen(place: number, fits: (status: FileStatus) => boolean): number {
    if (place < 0) return -1;
    const fd = this.#status.read(place, EMPTY, c.AT_EMPTY_PATH) && fits(this.#status) ? this.#procfs.reopen(place) : -1;
    this.#libc.call.close(place);
    return fd;
  }

  /** The place of a path from the root, with every link on the way taken as the root's own; not opened. */
  #openPath(path: string): number {
    if (this.#folder < 0) return -1;
    this.#how[0] = BigInt(c.O_PATH | c.O_CLOEXEC);
    this.#how[2] = BigInt(c.RESOLVE_IN_ROOT);
    const { call, number } = this.#libc, how = new Uint8Array(this.#how.buffer);
    return call.openat2(number.openat2, this.#folder, cString(path), how, OPEN_HOW_BYTES);
  }

  #fill(fd: number, buffer: Uint8Array<ArrayBuffer>, offset: number): number {
    let length = 0;
    while (length < buffer.length) {
      const got = this.#libc.call.pread(fd, buffer.subarray(length), buffer.length - length, BigInt(offset + length));
      if (got <= 0) break;
      length += got;
    }
    this.#left -= length;
    return length;
  }
}
