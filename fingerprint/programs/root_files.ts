/**
 * The files of another root, a container's say, for the readers of package databases.
 *
 * Whoever is root in there may have prepared them: links stay inside the root (openat2(2), RESOLVE_IN_ROOT, Linux 5.6), only
 * regular files are opened, of a bounded size, and only so many bytes are read altogether.
 *
 * @module
 */
import { constants as c, cString, Descriptor, type Libc } from "../../netlink/mod.ts";
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
  #folder: Descriptor | undefined;
  #left = 0;

  constructor(libc: Libc, procfs: Pick<Procfs, "reopen">) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#status = new FileStatus(libc);
  }

  /** Whether a folder is open. */
  get isAttached(): boolean {
    return this.#folder !== undefined;
  }

  /** Takes over an open folder, for one reading. */
  attach(folder: Descriptor): void {
    this.detach();
    this.#folder = folder;
    this.#left = MAX_TOTAL_BYTES;
  }

  /** Closes the folder: while it is open its file system can't be unmounted. */
  detach(): void {
    this.#folder?.close();
    this.#folder = undefined;
  }

  readText(path: string): string | undefined {
    using file = this.#open(path, MAX_TEXT_BYTES);
    if (file === undefined) return undefined;
    const bytes = new Uint8Array(Math.min(this.#status.size, this.#left));
    return UTF8.decode(bytes.subarray(0, this.#fill(file.fd, bytes, 0)));
  }

  readInto(path: string, offset: number, buffer: Uint8Array<ArrayBuffer>): number | undefined {
    using file = this.#open(path, Infinity);
    return file && this.#fill(file.fd, buffer.subarray(0, Math.min(buffer.length, this.#left)), offset);
  }

  list(path: string): string[] | undefined {
    using folder = this.#reopen(path, (status) => status.isFolder);
    if (folder === undefined) return undefined;
    const names: string[] = [], { call, number } = this.#libc;
    const buffer = new Uint8Array(DIRECTORY_BYTES), view = new DataView(buffer.buffer);
    for (let length = 1; length > 0 && names.length < MAX_NAMES;) {
      length = call.getdents64(number.getdents64, folder.fd, buffer, buffer.length);
      // struct linux_dirent64 (getdents64(2)): d_ino u64@0, d_off i64@8, d_reclen u16@16, d_type u8@18, d_name@19
      for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
        const name = UTF8.decode(buffer.subarray(at + 19, buffer.indexOf(0, at + 19)));
        if (name !== "." && name !== "..") names.push(name);
      }
    }
    return names;
  }

  modified(path: string): number | undefined {
    using place = this.#openPath(path);
    return place !== undefined && this.#isKnown(place) ? this.#status.modified : undefined;
  }

  /** Opens a regular file of a bounded size. */
  #open(path: string, maxBytes: number): Descriptor | undefined {
    return this.#reopen(path, ({ isRegular, size }) => isRegular && size <= maxBytes && this.#left > 0);
  }

  /** Opens a path for reading, where what it names fits: to open a device or a pipe may do something, so none is. */
  #reopen(path: string, fits: (status: FileStatus) => boolean): Descriptor | undefined {
    using place = this.#openPath(path);
    if (place === undefined || !this.#isKnown(place) || !fits(this.#status)) return undefined;
    return this.#procfs.reopen(place);
  }

  #isKnown(place: Descriptor): boolean {
    return this.#status.read(place.fd, EMPTY, c.AT_EMPTY_PATH);
  }

  /** The place of a path from the root, with every link on the way taken as the root's own; not opened. */
  #openPath(path: string): Descriptor | undefined {
    if (this.#folder === undefined) return undefined;
    this.#how[0] = BigInt(c.O_PATH | c.O_CLOEXEC);
    this.#how[2] = BigInt(c.RESOLVE_IN_ROOT);
    const { call, number } = this.#libc, how = new Uint8Array(this.#how.buffer);
    const result = call.openat2(number.openat2, this.#folder.fd, cString(path), how, OPEN_HOW_BYTES);
    return Descriptor.of(this.#libc, result);
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
