/**
 * Names of the files of a process below /proc, made without a string.
 *
 * @module
 */

const ENCODER = new TextEncoder();

function name(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** What follows the id in a name: each with the zero byte at its end. */
export const END = Uint8Array.of(0);
export const EXE = name("/exe\0");
export const ROOT = name("/root\0");
export const MOUNT_NAMESPACE = name("/ns/mnt\0");
export const USER_NAMESPACE = name("/ns/user\0");
export const CWD = name("/cwd\0");
export const CMDLINE = name("/cmdline\0");
export const AUXV = name("/auxv\0");
export const MEMORY = name("/mem\0");
export const STAT = name("/stat\0");
export const STATUS = name("/status\0");
export const COMM = name("/comm\0");
export const ENVIRON = name("/environ\0");
export const INPUT = name("/fd/0\0");
export const NET_SOCKETS = ["tcp", "tcp6", "udp", "udp6"].map((table) => name(`/net/${table}\0`));

/** Room for `<pid>/cmdline` and the like. */
export const NAME_BYTES = 32;

/** Puts `<pid><suffix>` into a buffer, ended by a zero byte. */
export function writeName(name: Uint8Array, pid: number, suffix: Uint8Array): void {
  let digits = 1;
  for (let power = 10; power <= pid; power *= 10) digits++;
  for (let rest = pid, i = digits - 1; i >= 0; i--) {
    name[i] = 48 + rest % 10;
    rest = (rest / 10) | 0;
  }
  for (let i = 0; i < suffix.length; i++) name[digits + i] = suffix[i]!;
}
