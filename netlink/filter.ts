/**
 * Classic BPF programs (bpf(4), uapi/linux/filter.h) that leave events out in the kernel, before they are queued: a filtered
 * message wakes nobody, takes no buffer space and is not counted as a drop.
 *
 * Word loads are big endian while messages are little endian, so constants are byte-swapped; comparisons of two loaded
 * words need no swap.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { type Libc, LITTLE } from "./linux/mod.ts";
import { PROC_EVENT } from "./proc_event.ts";

/** `struct sock_filter`: code u16, jt u8, jf u8, k u32. */
export type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];

const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const TO_X = 0x07; // BPF_MISC | BPF_TAX
const JUMP = 0x05; // BPF_JMP | BPF_JA
const EQUAL_K = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const EQUAL_X = 0x1d; // BPF_JMP | BPF_JEQ | BPF_X
const RETURN = 0x06; // BPF_RET | BPF_K
const KEEP = [RETURN, 0, 0, 0xffffffff] as const;
const DROP = [RETURN, 0, 0, 0] as const;

/** The value that a big-endian load of a little-endian word gives. */
function swapped(value: number): number {
  return ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24)) >>> 0;
}

/** Of sockets that share an address, the second to listen takes the connections (socket(7), SO_ATTACH_REUSEPORT_CBPF). */
export const SECOND_SOCKET: readonly Instruction[] = [[RETURN, 0, 0, 1]];

/** Keeps exec events and acknowledgements. */
export const EXECS_ONLY: readonly Instruction[] = [
  [LOAD, 0, 0, PROC_EVENT.what],
  [EQUAL_K, 1, 0, swapped(c.PROC_EVENT_EXEC)],
  [EQUAL_K, 0, 1, c.PROC_EVENT_NONE],
  KEEP,
  DROP,
];

/** Keeps forks and exits of processes, not of their further threads, and acknowledgements. */
export const PROCESS_FORKS_AND_EXITS: readonly Instruction[] = [
  [LOAD, 0, 0, PROC_EVENT.what],
  [EQUAL_K, 2, 0, swapped(c.PROC_EVENT_FORK)],
  [EQUAL_K, 5, 0, swapped(c.PROC_EVENT_EXIT)],
  [EQUAL_K, 8, 9, c.PROC_EVENT_NONE],
  [LOAD, 0, 0, PROC_EVENT.fork.child_pid], // fork: of a process where child_pid = child_tgid
  [TO_X, 0, 0, 0],
  [LOAD, 0, 0, PROC_EVENT.fork.child_tgid],
  [JUMP, 0, 0, 3],
  [LOAD, 0, 0, PROC_EVENT.exit.process_pid], // exit: of a process's first thread where process_pid = process_tgid
  [TO_X, 0, 0, 0],
  [LOAD, 0, 0, PROC_EVENT.exit.process_tgid],
  [EQUAL_X, 0, 1, 0],
  KEEP,
  DROP,
];

/**
 * Attaches a program to a socket: as its filter, or by another option of setsockopt(2). Throws {@link SystemCallError}. The
 * kernel copies the program before it returns.
 */
export function attachFilter(
  libc: Libc,
  fd: number,
  program: readonly Instruction[],
  option: number = c.SO_ATTACH_FILTER,
): void {
  const code = new Uint8Array(program.length * 8);
  const view = new DataView(code.buffer);
  program.forEach(([op, jumpTrue, jumpFalse, k], index) => {
    view.setUint16(index * 8, op, LITTLE);
    view.setUint8(index * 8 + 2, jumpTrue);
    view.setUint8(index * 8 + 3, jumpFalse);
    view.setUint32(index * 8 + 4, k, LITTLE);
  });
  // struct sock_fprog: len u16@0, filter pointer@8.
  const description = new Uint8Array(16);
  const header = new DataView(description.buffer);
  header.setUint16(0, program.length, LITTLE);
  header.setBigUint64(8, libc.address(code), LITTLE);
  const result = libc.call.setsockopt(fd, c.SOL_SOCKET, option, description, description.length);
  libc.check(result, `attach a program to a socket (option ${option} of setsockopt)`);
  code.fill(0); // used here, after the call: an address in a struct doesn't keep its buffer alive
}
