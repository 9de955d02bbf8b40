/**
 * What is read of a process to name its image: the same for the worker and for `explain`.
 *
 * @module
 */
import { COMM_BYTES, type RecordQueue } from "../../netlink/mod.ts";
import { findInterpreter } from "../interpreters/mod.ts";
import type { Executable, Labeller, ProgramLabel } from "../labels/mod.ts";
import type { Procfs } from "../proc/mod.ts";

const UTF8 = new TextDecoder();

export type ProcessReader = Pick<
  Procfs,
  | "path"
  | "cmdline"
  | "readExe"
  | "readIdentity"
  | "readUsers"
  | "livingThread"
  | "readCmdline"
  | "readLongCmdline"
  | "readExecName"
  | "readCwd"
  | "readComm"
  | "readStat"
  | "sharesImage"
  | "isUnreadable"
  | "readEnvironment"
  | "readInput"
>;

export interface CommandLine {
  readonly argv: readonly string[];
  /** Whether it goes on behind these, or the last of them does. */
  readonly isCut: boolean;
}

/** The command line of a process; undefined where it can't be read, or has none. */
export function readArguments(procfs: ProcessReader, pid: number): CommandLine | undefined {
  const read = procfs.readCmdline(pid);
  if (read <= 0) return undefined;
  const isCut = read === procfs.cmdline.length;
  return { argv: splitArguments(procfs.cmdline, read, isCut), isCut };
}

/** What is known of a process's paths beside their text. */
export interface ProcessPaths {
  /** Whether a script's path means to the process what it means to the machine, or to the owner of its root. */
  readonly isTrue: (path: string) => boolean;
  /** Whether a path leads the process to the file that it runs. */
  readonly isExecutable: (path: string) => boolean;
}

export interface ReadProgram {
  readonly named: ProgramLabel;
  readonly argv: readonly string[];
}

/** What a process runs as an interpreter; undefined where its command line can't be read. */
export function readProgram(
  procfs: ProcessReader,
  labeller: Labeller,
  executable: Executable,
  pid: number,
  { isTrue, isExecutable }: ProcessPaths,
): ReadProgram | undefined {
  const read = readArguments(procfs, pid);
  if (read === undefined) return undefined;
  const name = ({ argv, isCut }: CommandLine) =>
    labeller.program(executable, argv, () => procfs.readCwd(pid), isCut, isTrue);
  let named = name(read);
  if (read.isCut && named.rule === "unknown") {
    const long = procfs.readLongCmdline(pid);
    if (long !== undefined) {
      named = name({ argv: splitArguments(long.bytes, long.bytes.length, long.isCut), isCut: long.isCut });
    }
  }
  // Told nothing, or written over: the kernel still has the name of a script that was executed itself.
  if (named === executable && executable.interpreter?.applets === undefined) {
    const script = procfs.readExecName(pid);
    if (script !== undefined && findInterpreter(script) === undefined && !isExecutable(script)) {
      named = name({ argv: ["", script], isCut: false });
    }
  }
  return { named, argv: read.argv };
}

/** Whether a thread's name is that of its executable, and not of a script. */
export function isOwnName(executable: Executable, comm: string): boolean {
  const name = executable.program.slice(executable.program.lastIndexOf("/") + 1);
  if (name.slice(0, 15) === comm) return true;
  // `sh` is a link to dash or bash, `python3` one to python3.11: started by such a name, the thread has that.
  const stem = /^[a-z]+/.exec(name)?.[0];
  return stem !== undefined && stem === /^[a-z]+/.exec(comm)?.[0] || /^-?(?:da|ba|a|k|z|mk)?sh$/.test(comm);
}

export function commOf(records: RecordQueue, record: number): Uint8Array {
  return records.comm.subarray(record * COMM_BYTES, (record + 1) * COMM_BYTES);
}

export function decodeComm(comm: Uint8Array): string {
  const zero = comm.indexOf(0);
  return UTF8.decode(zero < 0 ? comm : comm.subarray(0, zero));
}

/** The arguments in the first `length` bytes: each ends in a zero byte. Where they go on behind (`isCut`), the last is a part of one. */
export function splitArguments(bytes: Uint8Array, length: number, isCut = false): string[] {
  const text = UTF8.decode(bytes.subarray(0, !isCut && bytes[length - 1] === 0 ? length - 1 : length));
  return text.split("\0");
}
