/**
 * The files of another root, a container's say, for the readers of package databases.
 *
 * A file counts only where nobody but the root's owner can have written it: so must it be with every folder on the way. Links stay
 * inside the root (openat2(2), RESOLVE_IN_ROOT, Linux 5.6), only regular files are opened, and only so many bytes are read
 * altogether. Its file system may take as long as it likes, or never answer: every call that asks it is made in another thread.
 *
 * @module
 */
import { constants as c, cString, type Descriptor, findPlace, type Libc } from "../../netlink/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";

/** Bytes of one reading: larger than the database of any system in a container. All are in memory at once. */
const MAX_TOTAL_BYTES = 64 << 20;
/** Bytes that a file is read by. */
const PIECE_BYTES = 256 << 10;
/** Names in a folder. */
const MAX_NAMES = 1 << 16;
const DIRECTORY_BYTES = 32768;

/** Write permission of the group, and of others. */
const WRITABLE_BY_OTHERS = 0o022;

const UTF8 = new TextDecoder();
const EMPTY = cString("");

/** Files below an open folder. Every method answers `undefined` for what is missing, can't be read or doesn't count. */
export class RootFiles implements Disposable {
  readonly #libc: Libc;
  readonly #procfs: Pick<Procfs, "reopen">;
  readonly #folder: Descriptor;
  readonly #owners: readonly number[];
  readonly #status: FileStatus;
  /** Whether a folder is the owner's alone, by its path. */
  readonly #folders = new Map<string, boolean>();
  #left = MAX_TOTAL_BYTES;

  /** Takes over the open `folder`. `owners` are the ids of the users whose files count. One call at a time. */
  constructor(libc: Libc, procfs: Pick<Procfs, "reopen">, folder: Descriptor, owners: readonly number[]) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#folder = folder;
    this.#owners = owners;
    this.#status = new FileStatus(libc);
  }

  /** The whole of a regular file, of `most` bytes at most. */
  async read(path: string, most = this.#left): Promise<Uint8Array<ArrayBuffer> | undefined> {
    using place = await this.#place(path);
    const { isRegular, size } = this.#status;
    if (place === undefined || !isRegular || size > Math.min(most, this.#left)) return undefined;
    const bytes = new Uint8Array(size);
    this.#left -= size;
    return await this.#withOpen(place, async (fd) => bytes.subarray(0, await this.#fill(fd, bytes)));
  }

  /** The names in a folder, in any order. */
  async list(path: string): Promise<string[] | undefined> {
    using place = await this.#place(path);
    if (place === undefined || !this.#status.isFolder) return undefined;
    return await this.#withOpen(place, (fd) => this.#names(fd));
  }

  /** When a file or folder was last written: milliseconds since 1970. */
  async modified(path: string): Promise<number | undefined> {
    const place = await this.#place(path);
    place?.close();
    return place && this.#status.modified;
  }

  /** Closes the folder: while it is open its file system can't be unmounted. */
  [Symbol.dispose](): void {
    this.#folder.close();
  }

  /** The place of a file whose status was read, not opened; only where it and the way to it are the owner's alone. */
  async #place(path: string): Promise<Descriptor | undefined> {
    for (let end = 0; end >= 0; end = path.indexOf("/", end + 1)) {
      const folder = path.slice(0, end) || "/";
      if (!this.#folders.has(folder)) {
        using place = await this.#known(folder);
        this.#folders.set(folder, place !== undefined && this.#isOwn);
      }
      if (this.#folders.get(folder) !== true) return undefined;
    }
    const place = await this.#known(path);
    if (place === undefined || this.#isOwn) return place;
    place.close();
    return undefined;
  }

  /** Whether nobody but the owner can write what {@link #status} is about. */
  get #isOwn(): boolean {
    return this.#owners.includes(this.#status.owner) && (this.#status.mode & WRITABLE_BY_OTHERS) === 0;
  }

  /** The place of a path from the root, every link on the way taken as the root's own; its status is read. */
  async #known(path: string): Promise<Descriptor | undefined> {
    const place = await findPlace(this.#libc, this.#folder, path, c.RESOLVE_IN_ROOT); // to close it asks nobody
    // The way there has just been walked: what the kernel knows of it is new, and nobody has to be asked.
    const flags = c.AT_EMPTY_PATH | c.AT_STATX_DONT_SYNC;
    if (place === undefined || this.#status.read(place.fd, EMPTY, flags)) return place;
    place.close();
    return undefined;
  }

  /** Opens a place for reading: only one whose type is known, as to open a device or a pipe may do something. */
  async #withOpen<T>(place: Descriptor, read: (fd: number) => Promise<T>): Promise<T | undefined> {
    const fd = await this.#procfs.reopen(place);
    if (fd < 0) return undefined;
    try {
      return await read(fd);
    } finally {
      await this.#libc.background.close(fd); // which has some file systems tell their server
    }
  }

  /** How many bytes there were. */
  async #fill(fd: number, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const libc = this.#libc;
    let length = 0;
    while (length < bytes.length) {
      const rest = bytes.subarray(length, length + PIECE_BYTES);
      const got = await libc.returned(libc.background.pread(fd, rest, rest.length, BigInt(length)), rest);
      if (got <= 0) break;
      length += got;
    }
    return length;
  }

  async #names(fd: number): Promise<string[]> {
    const libc = this.#libc, names: string[] = [];
    const buffer = new Uint8Array(DIRECTORY_BYTES), view = new DataView(buffer.buffer);
    for (let length = 1; length > 0 && names.length < MAX_NAMES;) {
      const listed = libc.background.getdents64(libc.number.getdents64, fd, buffer, buffer.length);
      length = await libc.returned(listed, buffer);
      // struct linux_dirent64 (getdents64(2)): d_ino u64@0, d_off i64@8, d_reclen u16@16, d_type u8@18, d_name@19
      for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
        const name = UTF8.decode(buffer.subarray(at + 19, buffer.indexOf(0, at + 19)));
        if (name !== "." && name !== "..") names.push(name);
      }
    }
    return names;
  }
}
