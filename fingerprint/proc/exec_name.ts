/**
 * The name that a program was executed by, where the kernel put it: at the end of the process's stack, behind the environment, to
 * which an entry of the auxiliary vector leads (getauxval(3), AT_EXECFN). Of a file that begins with `#!` it is that file's, not the
 * interpreter's. What writes over its command line to set a title leaves it as it was.
 *
 * @module
 */
import { constants as c } from "../../netlink/mod.ts";

/** Bytes of /proc/PID/auxv that are read: some 25 entries of 16 bytes. */
export const AUXV_BYTES = 1024;

/** Where the name lies; undefined in a vector without it. Its words have 8 bytes, and 4 for a program of 32 bits. */
export function execNameAddress(auxv: Uint8Array, length: number): number | undefined {
  const view = new DataView(auxv.buffer, auxv.byteOffset, length);
  for (let at = 0; at + 16 <= length; at += 16) {
    if (view.getBigUint64(at, LITTLE) === BigInt(c.AT_EXECFN)) return Number(view.getBigUint64(at + 8, LITTLE));
  }
  for (let at = 0; at + 8 <= length; at += 8) {
    if (view.getUint32(at, LITTLE) === c.AT_EXECFN) return view.getUint32(at + 4, LITTLE);
  }
  return undefined;
}

const LITTLE = true;
