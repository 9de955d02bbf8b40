/**
 * The place of a path below an open folder, name by name: what openat2(2) does in one call, for where that call isn't had. Kernels
 * before 5.6 don't have it, and a service that may not make set-user-id files is told so (systemd.exec(5), `RestrictSUIDSGID=`,
 * which `DynamicUser=` brings): a filter of system calls can't look into its arguments.
 *
 * Links are followed by their texts, from the folder: none leads out of it, and none of the kernel's own is one.
 *
 * @module
 */
import * as c from "./constants.ts";
import type { Libc } from "./libc.ts";

/** A call of the C library by its name and arguments; whoever makes it gives back its result. */
export type Call =
  | readonly ["openat", folder: number, name: Uint8Array<ArrayBuffer>, flags: number]
  | readonly ["readlinkat", folder: number, name: Uint8Array<ArrayBuffer>, into: Uint8Array<ArrayBuffer>, size: number];

const PLACE = c.O_PATH | c.O_CLOEXEC;
const HERE = Uint8Array.of(46, 0);
const EMPTY = Uint8Array.of(0);
const SLASH = 47;
/** PATH_MAX, and the most links of a way: path_resolution(7). */
const PATH_BYTES = 4096;
const MAX_LINKS = 40;

/** The names in a path, each as a C string. */
function namesIn(path: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const names: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < path.length;) {
    const slash = path.indexOf(SLASH, at), end = slash < 0 ? path.length : slash;
    if (end > at) {
      const name = new Uint8Array(end - at + 1);
      name.set(path.subarray(at, end));
      names.push(name);
    }
    at = end + 1;
  }
  return names;
}

function isName(name: Uint8Array, text: string): boolean {
  return name.length === text.length + 1 && [...text].every((letter, index) => name[index] === letter.charCodeAt(0));
}

/**
 * The calls that find the place of a path, without a zero at its end, one after the other; at last its descriptor, which the caller
 * closes, or -1 with the last call's error. `resolve` are RESOLVE_ flags.
 */
export function* walk(libc: Libc, folder: number, path: Uint8Array, resolve: number): Generator<Call, number, number> {
  const names = namesIn(path), opened: number[] = [], text = new Uint8Array(PATH_BYTES);
  const close = (count: number) => opened.splice(opened.length - count).forEach((fd) => libc.call.close(fd));
  const here = () => opened.at(-1) ?? folder;
  try {
    for (let links = 0, name = names.shift(); name !== undefined; name = names.shift()) {
      if (isName(name, ".")) continue;
      if (isName(name, "..")) {
        close(Math.min(1, opened.length)); // nothing is above the folder
        continue;
      }
      const fd = yield ["openat", here(), name, PLACE | c.O_NOFOLLOW];
      if (fd < 0) return -1;
      opened.push(fd);
      const length = yield ["readlinkat", fd, EMPTY, text, text.length];
      if (length < 0) continue; // no link
      // Nothing is below a link: the call says so.
      if ((resolve & c.RESOLVE_NO_SYMLINKS) !== 0 || ++links > MAX_LINKS) return yield ["openat", fd, HERE, PLACE];
      close(text[0] === SLASH ? opened.length : 1);
      names.unshift(...namesIn(text.subarray(0, length)));
    }
    return opened.pop() ?? (yield ["openat", folder, HERE, PLACE]);
  } finally {
    close(opened.length);
  }
}
