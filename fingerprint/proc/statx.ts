/**
 * struct statx (statx(2), include/uapi/linux/stat.h): what is used of its 256 bytes.
 *
 * | where | type | field |
 * |---|---|---|
 * | 16 | u32 | `stx_nlink` |
 * | 20 | u32 | `stx_uid` |
 * | 28 | u16 | `stx_mode` |
 * | 32 | u64 | `stx_ino` |
 * | 40 | u64 | `stx_size` |
 * | 96 | i64 | `stx_ctime.tv_sec` |
 * | 104 | u32 | `stx_ctime.tv_nsec` |
 * | 112 | i64 | `stx_mtime.tv_sec` |
 * | 120 | u32 | `stx_mtime.tv_nsec` |
 * | 128 | u32 | `stx_rdev_major` |
 * | 136 | u32 | `stx_dev_major` |
 * | 140 | u32 | `stx_dev_minor` |
 * | 144 | u64 | `stx_mnt_id` (Linux 5.8) |
 *
 * @module
 */
import type { Libc } from "../../netlink/mod.ts";

/** What may be asked for alone. */
export const STATX_INO = 0x100, STATX_SIZE = 0x200;
/** STATX_TYPE, _MODE, _NLINK, _UID, _MTIME, _CTIME, _INO, _SIZE, _MNT_ID. */
const MASK = 0x1 | 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | STATX_INO | STATX_SIZE | 0x1000;
const BYTES = 256;
const S_IFMT = 0o170000, S_IFREG = 0o100000, S_IFDIR = 0o040000, S_IXALL = 0o111;

/** Which file it is, and in which state: what no path can say. */
export interface FileIdentity {
  /** As accounting records have it, and stat(2) on most file systems: new_encode_dev() (include/linux/kdev_t.h). */
  readonly device: number;
  /** The inode's number. */
  readonly inodeLow: number;
  readonly inodeHigh: number;
  /** When the file or what is said about it changed last: Unix time, its seconds modulo 2^32. */
  readonly changedSeconds: number;
  readonly changedNanoseconds: number;
  /** Type and permissions, as st_mode. */
  readonly mode: number;
  /** User id. */
  readonly owner: number;
  /** Its names; 0 for a file that was unlinked. */
  readonly links: number;
}

/** What tells files apart that are there at the same time. */
export type FilePlace = Pick<FileIdentity, "device" | "inodeLow" | "inodeHigh">;

/** What statx(2) says about one file after the other. */
export class FileStatus implements FileIdentity {
  readonly #libc: Libc;
  readonly #bytes = new Uint8Array(BYTES);
  readonly #view = new DataView(this.#bytes.buffer);

  constructor(libc: Libc) {
    this.#libc = libc;
  }

  /**
   * Asks for the file at `path`, a C string, below the open folder `folder`; false where that fails, with `errno` set. What is not in
   * `mask` may be 0.
   */
  read(folder: number, path: Uint8Array<ArrayBuffer>, flags = 0, mask = MASK): boolean {
    return this.#libc.call.statx(this.#libc.number.statx, folder, path, flags, mask, this.#bytes) >= 0;
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

  get device(): number {
    return encodeDevice(this.#view.getUint32(136, true), this.#view.getUint32(140, true));
  }

  /** The major number of a device that it is. */
  get specialMajor(): number {
    return this.#view.getUint32(128, true);
  }

  get inodeLow(): number {
    return this.#view.getUint32(32, true);
  }

  get inodeHigh(): number {
    return this.#view.getUint32(36, true);
  }

  /** The inode's number, exact up to 2^53. */
  get inode(): number {
    return this.inodeHigh * 2 ** 32 + this.inodeLow;
  }

  /** Bytes. */
  get size(): number {
    return Number(this.#view.getBigUint64(40, true));
  }

  /** When it was last written: milliseconds since 1970. */
  get modified(): number {
    return Number(this.#view.getBigInt64(112, true)) * 1000 + this.#view.getUint32(120, true) / 1e6;
  }

  get changedSeconds(): number {
    return this.#view.getUint32(96, true);
  }

  get changedNanoseconds(): number {
    return this.#view.getUint32(104, true);
  }

  get mode(): number {
    return this.#view.getUint16(28, true);
  }

  get owner(): number {
    return this.#view.getUint32(20, true);
  }

  get links(): number {
    return this.#view.getUint32(16, true);
  }

  /** The mount that it was found in, as /proc/PID/mountinfo numbers it: 32 bits. */
  get mount(): number {
    return this.#view.getUint32(144, true);
  }
}

/** A device's number as accounting records have it: the kernel's new_encode_dev() (include/linux/kdev_t.h). */
export function encodeDevice(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** Whether two are one file, whatever its state. */
export function isOneFile(one: FilePlace, other: FilePlace): boolean {
  return one.device === other.device && one.inodeLow === other.inodeLow && one.inodeHigh === other.inodeHigh;
}
