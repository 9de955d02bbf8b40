/**
 * An own child, started to see whether its events arrive.
 *
 * @module
 */
import { cString, type Libc } from "./libc.ts";
import { LITTLE } from "./byte_order.ts";

/** Programs that do nothing, in the order they are tried. */
const IDLE_PROGRAMS = ["/bin/true", "/usr/bin/true", "/bin/busybox true", "/bin/sh -c :", "/proc/self/exe --version"];

/** Runs a program that does nothing with an empty environment, and waits for its end: its process id, or 0 where none could be started. */
export function runIdleChild(libc: Libc): number {
  const result = new Uint8Array(4);
  for (const program of IDLE_PROGRAMS) {
    const strings = program.split(" ").map(cString);
    const argv = pointers(libc, strings);
    const error = libc.call.posix_spawn(result, strings[0]!, null, null, argv, pointers(libc, []));
    for (const string of strings) string.fill(0); // used after the call: an address in a struct doesn't keep its buffer alive
    if (error !== 0) continue;
    const pid = new DataView(result.buffer).getInt32(0, LITTLE);
    libc.call.waitpid(pid, result, 0);
    return pid;
  }
  return 0;
}

/** An array of `char *` that ends with a null pointer. The caller keeps the strings alive as long as C reads the array. */
export function pointers(libc: Libc, strings: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * (strings.length + 1));
  const view = new DataView(bytes.buffer);
  strings.forEach((string, index) => view.setBigUint64(index * 8, libc.address(string), LITTLE));
  return bytes;
}
