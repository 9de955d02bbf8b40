/**
 * The part of the exec's program that tells what standard input is: descriptor 0 of the new image, after those with
 * FD_CLOEXEC were closed.
 *
 * @module
 */
import { type Assembler, FP, R0, R1, R2, R3, R7, R8 } from "./assembler.ts";
import * as b from "./constants.ts";
import { EXEC_RECORD as at, UNREAD_INPUT } from "./exec_record.ts";
import type { Layout } from "./layout.ts";

/** Of st_mode (include/uapi/linux/stat.h). */
const S_IFMT = 0o170000, S_IFCHR = 0o020000, S_IFSOCK = 0o140000;
/** Of the kernel's own number of a device (include/linux/kdev_t.h). */
const MINOR_BITS = 20;

/** Appends it, for the task in R8. Eight bytes of the stack at `file`, and eight at `pointer`, are used, and R0 to R3. */
export function writeStandardInput(p: Assembler, layout: Layout, file: number, pointer: number): void {
  /** Reads `bytes` bytes at `offset` from the address in R3 to place `at` of the stack, or of the record. */
  const read = (base: typeof FP | typeof R7, at: number, bytes: number, offset: number) => {
    p.move(R1, { register: base }).add(R1, at).move(R2, bytes).add(R3, offset);
    p.call(b.BPF_FUNC_probe_read_kernel).jumpIf(b.BPF_JNE, R0, 0, "unread input");
  };
  p.store(2, R7, at.inputMode, 0).store(2, R7, at.inputDetail, 0);
  p.load(8, R1, R8, layout.task_struct.files.offset).jumpIf(b.BPF_JEQ, R1, 0, "unread input");
  p.load(8, R1, R1, layout.files_struct.table.offset).jumpIf(b.BPF_JEQ, R1, 0, "unread input");
  p.load(8, R3, R1, layout.fdtable.files.offset);
  read(FP, file, 8, 0); // the table has room for 64 at least
  p.load(8, R3, FP, file).jumpIf(b.BPF_JEQ, R3, 0, "end of input"); // closed
  read(FP, pointer, 8, layout.file.inode.offset);
  p.load(8, R3, FP, pointer);
  read(R7, at.inputMode, 2, layout.inode.mode.offset);
  p.load(2, R1, R7, at.inputMode).and(R1, S_IFMT).load(8, R3, FP, pointer);
  p.jumpIf(b.BPF_JEQ, R1, S_IFSOCK, "socket").jumpIf(b.BPF_JNE, R1, S_IFCHR, "end of input");
  read(FP, pointer, 4, layout.inode.specialDevice.offset);
  p.load(4, R1, FP, pointer).shiftRight(R1, MINOR_BITS).store(2, R7, at.inputDetail, { register: R1 });
  p.jump("end of input");

  // The file of a socket is its own; one with only a name (O_PATH) has none, and no family.
  p.label("socket").load(8, R3, FP, file);
  read(FP, pointer, 8, layout.file.privateData.offset);
  p.load(8, R3, FP, pointer).jumpIf(b.BPF_JEQ, R3, 0, "end of input");
  read(FP, pointer, 8, layout.socket.sock.offset);
  p.load(8, R3, FP, pointer).jumpIf(b.BPF_JEQ, R3, 0, "end of input");
  read(R7, at.inputDetail, 2, layout.sock.family.offset);
  p.jump("end of input");

  p.label("unread input").store(2, R7, at.inputMode, UNREAD_INPUT);
  p.label("end of input");
}
