/**
 * Small files and folders of /proc and /sys, read at once.
 *
 * @module
 */
import { constants as c, cString, Descriptor, type Libc } from "../../netlink/mod.ts";

const TEXT_BYTES = 65536, DIRECTORY_BYTES = 32768;
/** PATH_MAX: no link is longer. */
const PATH_BYTES = 4096;

const UTF8 = new TextDecoder();

/** A folder that should be procfs and holds no process. */
export class ProcfsError extends Error {
  override readonly name = "ProcfsError";
  constructor(readonly root: string) {
    super(`Cannot list processes: there are none in ${root}; mount procfs there`);
  }
}

/**
 * The text of a small file (64 KiB at most), below an open folder or anywhere; undefined when it can't be read. `room` is used for
 * it, where many are read and it is enough.
 */
export function readTextFile(
  libc: Libc,
  path: string,
  folder: number = c.AT_FDCWD,
  room = new Uint8Array(PATH_BYTES),
): string | undefined {
  const name = cString(path);
  let buffer = room, length = readPieces(libc, folder, name, buffer);
  if (length === buffer.length) {
    buffer = new Uint8Array(TEXT_BYTES);
    length = readPieces(libc, folder, name, buffer);
  }
  return length < 0 ? undefined : UTF8.decode(buffer.subarray(0, length));
}

/** Reads a file that comes in pieces, as much as there is room for: its length; negative where it can't be opened. */
export function readPieces(
  libc: Libc,
  folder: number,
  name: Uint8Array<ArrayBuffer>,
  into: Uint8Array<ArrayBuffer>,
): number {
  using file = Descriptor.of(libc, libc.call.openat(folder, name, c.O_RDONLY | c.O_CLOEXEC));
  if (file === undefined) return -1;
  let length = 0;
  for (let got = 1; got > 0; length += Math.max(0, got)) {
    got = libc.call.read(file.fd, into.subarray(length), into.length - length);
  }
  return length;
}

/** The text of a link; undefined for what is none. `room` is used for it, where many are read. */
export function readLink(libc: Libc, path: string, room = new Uint8Array(PATH_BYTES)): string | undefined {
  const length = libc.call.readlinkat(c.AT_FDCWD, cString(path), room, room.length);
  return length < 0 ? undefined : UTF8.decode(room.subarray(0, length));
}

/**
 * The names in a folder that are positive numbers, in the order of the directory. Throws where they can't be listed: `path` and
 * `remedy` are for the message.
 */
export function numbersIn(libc: Libc, folder: number, name: string, path: string, remedy?: string): Int32Array {
  const opened = libc.call.openat(folder, cString(name), c.O_RDONLY | c.O_CLOEXEC);
  using directory = new Descriptor(libc, libc.check(opened, `read ${path}`, remedy));
  let ids = new Int32Array(256), count = 0;
  const buffer = new Uint8Array(DIRECTORY_BYTES), view = new DataView(buffer.buffer);
  for (;;) {
    const listed = libc.call.getdents64(libc.number.getdents64, directory.fd, buffer, buffer.length);
    const length = libc.check(listed, `list ${path}`);
    if (length === 0) return ids.slice(0, count);
    // struct linux_dirent64 (getdents64(2)): d_ino u64@0, d_off i64@8, d_reclen u16@16, d_type u8@18, d_name@19
    for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
      const id = parseDigits(buffer, at + 19);
      if (id <= 0) continue;
      if (count === ids.length) {
        const larger = new Int32Array(count * 2);
        larger.set(ids);
        ids = larger;
      }
      ids[count++] = id;
    }
  }
}

/** The number that a zero-terminated name is made of, or -1. */
function parseDigits(bytes: Uint8Array, at: number): number {
  let value = 0, digits = 0;
  for (; bytes[at] !== 0; at++, digits++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9 || digits > 9) return -1;
    value = value * 10 + digit;
  }
  return digits === 0 ? -1 : value;
}
