/**
 * struct statx (statx(2), include/uapi/linux/stat.h): what is used of its 256 bytes.
 *
 * | where | type | field |
 * |---|---|---|
 * | 20 | u32 | `stx_uid` |
 * | 28 | u16 | `stx_mode` |
 * | 32 | u64 | `stx_ino` |
 * | 40 | u64 | `stx_size` |
 * | 112 | i64 | `stx_mtime.tv_sec` |
 * | 120 | u32 | `stx_mtime.tv_nsec` |
 * | 136 | u32 | `stx_dev_major` |
 * | 140 | u32 | `stx_dev_minor` |
 *
 * @module
 */
import type { Libc } from "../../netlink/mod.ts";

/** STATX_TYPE, _MODE, _UID, _MTIME, _INO, _SIZE. */
const MASK = 0x1 | 0x2 | 0x8 | 0x40 | 0x100 | 0x200;
const BYTES = 256;
const S_IFMT = 0o170000, S_IFREG = 0o100000, S_IFDIR = 0o040000, S_IXALL = 0o111;

/** What statx(2) says about one file after the other. */
export class FileStatus {
  readonly #libc: Libc;
  readonly #bytes = new Uint8Array(BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /** Asks for the file at `path`, a C string, below the open folder `folder`; false where that fails, with `errno` set. */
  read(folder: number, path: Uint8Array<ArrayBuffer>, flags = 0): boolean {
    return this.#libc.call.statx(this.#libc.number.statx, folder, path, flags, MASK, this.#bytes) >= 0;
  }

  /** As {@link read}, in another thread: the file system may take as long as it likes to answer. */
  async readInBackground(folder: number, path: Uint8Array<ArrayBuffer>, flags = 0): Promise<boolean> {
    const libc = this.#libc, bytes = this.#bytes;
    return await libc.returned(
      libc.background.statx(libc.number.statx, folder, path, flags, MASK, bytes),
      path,
      bytes,
    ) >= 0;
  }

  get isRegular(): boolean {
    return (this.mode & S_IFMT) === S_IFREG;
  }

  get isFolder(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }

  /** Whether somebody may execute it. */
  get isExecutable(): boolean {
    return (this.mode & S_IXALL) !== 0;
  }

  /** The device, as accounting records have it: the kernel's new_encode_dev() (include/linux/kdev_t.h). */
  get device(): number {
    const major = this.#view.getUint32(136, true), minor = this.#view.getUint32(140, true);
    return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
  }

  get inodeLow(): number {
    return this.#view.getUint32(32, true);
  }

  get inodeHigh(): number {
    return this.#view.getUint32(36, true);
  }

  /** Bytes. */
  get size(): number {
    return Number(this.#view.getBigUint64(40, true));
  }

  /** When it was last written: milliseconds since 1970. */
  get modified(): number {
    return Number(this.#view.getBigInt64(112, true)) * 1000 + this.#view.getUint32(120, true) / 1e6;
  }

  /** Type and permissions, as st_mode. */
  get mode(): number {
    return this.#view.getUint16(28, true);
  }

  /** User id. */
  get owner(): number {
    return this.#view.getUint32(20, true);
  }
}
