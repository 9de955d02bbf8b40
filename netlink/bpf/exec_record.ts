/**
 * The record of one exec, as the program in the kernel writes it ({@link execProgram}): its own wire format, so that the two
 * always change together; a table of offsets and a field for each make more than 300 lines. Little endian, read in place.
 *
 * Behind the header, in this order, without gaps: the executable's path, the name as it was given to execve(2), the arguments,
 * {@link OPTION_VARIABLES}, the working directory, and up to the record's end the control group, where that wasn't told a while ago. A path
 * is its names from the last to the first, each with a zero byte; the
 * name and each variable end with one, and so does each argument unless it was cut.
 *
 * @module
 */
import { DELETED, DETACHED, PATH_FLAGS } from "./record_path.ts";
import { LITTLE, NO_USER, USER_NS_INIT_INO } from "../linux/mod.ts";

/** Offsets in the record. */
export const EXEC_RECORD = {
  /** u64, CLOCK_MONOTONIC in nanoseconds: earlier than that of the connector's event. */
  time: 0,
  /** u64, CLOCK_BOOTTIME in nanoseconds: when the process (its first thread) began. */
  start: 8,
  /** u64, number of the inode that runs: the interpreter's for a script. */
  inode: 16,
  /** i64 and u32: change time of the inode. */
  changeSeconds: 24,
  /** u64, number of the inode of the process's root folder. */
  rootInode: 32,
  /** u64, id in the unified hierarchy. */
  cgroup: 40,
  changeNanoseconds: 48,
  /** u32, the kernel's own device number: major << 20 | minor. */
  device: 52,
  rootDevice: 56,
  /** u32 each: process id, id of the thread that called exec, process id of the parent; in the initial namespace. */
  tgid: 60,
  tid: 64,
  parent: 68,
  /** u32 each. The real user, whom an exec never changes, and the effective one after it: another where the file is set-uid. */
  uid: 72,
  euid: 76,
  /** u32: owner of the file. */
  owner: 80,
  links: 84,
  /** u32 each: numbers of the namespaces, as in /proc/PID/ns. */
  mountNs: 88,
  userNs: 92,
  /** u32: bytes that the arguments have, all of them. */
  argumentTotal: 96,
  /** u16: of standard input that is a character device, its major number; of a socket, its address family; else 0. */
  inputDetail: 100,
  /** u16 each: bytes in the record. */
  optionBytes: 102,
  pathBytes: 104,
  nameBytes: 106,
  argumentBytes: 108,
  folderBytes: 110,
  /** u16: type and permissions of the file, as st_mode. */
  mode: 112,
  /** u16: {@link VARIABLES} that the environment has with a value, a bit each, and {@link MORE_VARIABLES} and the like. */
  environment: 114,
  /** u16: st_mode of standard input; 0 where it is closed, {@link UNREAD_INPUT} where it could not be read. */
  inputMode: 116,
  /** u8: bits {@link SCRIPT} and the like, and the path flags of the working directory, shifted by {@link FOLDER_SHIFT}. */
  flags: 118,
  /** u8: path flags of the executable. Directly before the path, so that the two are compared and hashed as one piece. */
  pathFlags: 119,
  header: 120,
} as const;

/** The file that was asked for is run by an interpreter, which it names (`#!`, binfmt_misc): the executable is that. */
export const SCRIPT = 1;
/** The arguments could not be read. */
export const NO_ARGUMENTS = 2;
/** The process has another root than its parent. */
export const ENTERED_ROOT = 4;
export const FOLDER_SHIFT = 4;

/**
 * Variables of the environment by which a program is told to load other code first, in the order of their bits: ld.so(8),
 * bash(1), sh(1), perlrun(1), python(1), node(1), ruby(1), JVM TI and java(1), lua(1), .NET's host-startup-hook.md, HotSpot's
 * arguments.cpp. One without a value isn't told.
 */
export const VARIABLES = [
  "LD_PRELOAD",
  "LD_AUDIT",
  "BASH_ENV",
  "ENV",
  "PERL5OPT",
  "PYTHONSTARTUP",
  "NODE_OPTIONS",
  "RUBYOPT",
  "JAVA_TOOL_OPTIONS",
  "JDK_JAVA_OPTIONS",
  "LUA_INIT",
  "DOTNET_STARTUP_HOOKS",
  "_JAVA_OPTIONS",
  "PS4",
] as const;
export type VariableName = (typeof VARIABLES)[number];
/** Those that go on with `_` and a version, too: `LUA_INIT_5_4` comes before `LUA_INIT`, lua(1). */
export const VERSIONED_VARIABLES: readonly VariableName[] = ["LUA_INIT"];
/** The environment has more than was looked at, or a part of it could not be read. */
export const MORE_VARIABLES = 1 << 14;
export const UNREAD_VARIABLES = 1 << 15;

/** Of these the values are in the record: options, of which some load code, and a prompt that may have commands in it. Each as `NAME=value`, cut at so many bytes. */
export const OPTION_VARIABLES: readonly VariableName[] = [
  "PERL5OPT",
  "NODE_OPTIONS",
  "RUBYOPT",
  "JAVA_TOOL_OPTIONS",
  "JDK_JAVA_OPTIONS",
  "_JAVA_OPTIONS",
  "PS4",
];
export const OPTION_BYTES = 256;

export const UNREAD_INPUT = 0xffff;

/** Bytes of a name as it was given, with its zero byte; one of this length was cut. */
export const NAME_LIMIT = 256;

/** One record after the other, read where it lies: {@link read} first. */
export class ExecRecord {
  /** The buffer, and where in it the record begins. */
  view: DataView = new DataView(new ArrayBuffer(0));
  at = 0;
  /** Where each part begins, and where the last ends. The path's flags stand at `pathAt - 1`. */
  pathAt = 0;
  nameAt = 0;
  argumentsAt = 0;
  optionsAt = 0;
  folderAt = 0;
  groupAt = 0;
  end = 0;

  /** Takes the record of `length` bytes at `at`; false where its parts don't fit in it. Never reads past `length`. */
  read(view: DataView, at: number, length: number): boolean {
    if (length < EXEC_RECORD.header || at < 0 || at + length > view.byteLength) return false;
    this.view = view;
    this.at = at;
    this.pathAt = at + EXEC_RECORD.header;
    this.nameAt = this.pathAt + (view.getInt16(at + EXEC_RECORD.pathBytes, LITTLE) & 0xffff);
    this.argumentsAt = this.nameAt + (view.getInt16(at + EXEC_RECORD.nameBytes, LITTLE) & 0xffff);
    this.optionsAt = this.argumentsAt + (view.getInt16(at + EXEC_RECORD.argumentBytes, LITTLE) & 0xffff);
    this.folderAt = this.optionsAt + (view.getInt16(at + EXEC_RECORD.optionBytes, LITTLE) & 0xffff);
    this.groupAt = this.folderAt + (view.getInt16(at + EXEC_RECORD.folderBytes, LITTLE) & 0xffff);
    this.end = at + length;
    return this.groupAt <= this.end;
  }

  /** CLOCK_MONOTONIC, nanoseconds. */
  get timeNs(): number {
    return this.#u64(EXEC_RECORD.time);
  }

  /** CLOCK_BOOTTIME, nanoseconds. */
  get startNs(): number {
    return this.#u64(EXEC_RECORD.start);
  }

  get tgid(): number {
    return this.view.getInt32(this.at + EXEC_RECORD.tgid, LITTLE);
  }

  /** A field of 32 bits, by its offset. */
  u32(offset: number): number {
    return this.view.getInt32(this.at + offset, LITTLE) >>> 0;
  }

  /**
   * The user that runs it; NO_USER in a user namespace of its own, where an ordinary user has 65,536 of them: that is whoever made
   * the namespace.
   */
  get user(): number {
    return this.u32(EXEC_RECORD.userNs) === USER_NS_INIT_INO ? this.u32(EXEC_RECORD.uid) : NO_USER;
  }

  /** Id of its control group in the unified hierarchy; 0 for one that a number can't hold, which would take millions of years. */
  get controlGroup(): number {
    const id = this.#u64(EXEC_RECORD.cgroup);
    return id <= Number.MAX_SAFE_INTEGER ? id : 0;
  }

  /** The device of the file, and of the root folder, as accounting records and stat(2) have it: new_encode_dev(). */
  get device(): number {
    return encodeDevice(this.u32(EXEC_RECORD.device));
  }

  get rootDevice(): number {
    return encodeDevice(this.u32(EXEC_RECORD.rootDevice));
  }

  get rootInodeLow(): number {
    return this.u32(EXEC_RECORD.rootInode);
  }

  get rootInodeHigh(): number {
    return this.u32(EXEC_RECORD.rootInode + 4);
  }

  get inodeLow(): number {
    return this.u32(EXEC_RECORD.inode);
  }

  get inodeHigh(): number {
    return this.u32(EXEC_RECORD.inode + 4);
  }

  /** The change time of the file: Unix time, its seconds modulo 2^32. */
  get changedSeconds(): number {
    return this.u32(EXEC_RECORD.changeSeconds);
  }

  get changedNanoseconds(): number {
    return this.u32(EXEC_RECORD.changeNanoseconds);
  }

  get owner(): number {
    return this.u32(EXEC_RECORD.owner);
  }

  get links(): number {
    return this.u32(EXEC_RECORD.links);
  }

  get mode(): number {
    return this.view.getUint16(this.at + EXEC_RECORD.mode, LITTLE);
  }

  /** Number of the process's mount namespace, as in /proc/PID/ns; and of its user namespace. */
  get mountNs(): number {
    return this.u32(EXEC_RECORD.mountNs);
  }

  get userNs(): number {
    return this.u32(EXEC_RECORD.userNs);
  }

  get parent(): number {
    return this.view.getInt32(this.at + EXEC_RECORD.parent, LITTLE);
  }

  /** The real user, whom an exec never changes, and the effective one after it. */
  get uid(): number {
    return this.u32(EXEC_RECORD.uid);
  }

  get euid(): number {
    return this.u32(EXEC_RECORD.euid);
  }

  /** Whether the file had been unlinked before its exec; and whether it never had a name in a mounted file system. */
  get isDeleted(): boolean {
    return (this.pathFlags & DELETED) !== 0;
  }

  get isDetached(): boolean {
    return (this.pathFlags & DETACHED) !== 0;
  }

  /** Bits of {@link VARIABLES}, {@link MORE_VARIABLES} and {@link UNREAD_VARIABLES}. */
  get environment(): number {
    return this.view.getInt16(this.at + EXEC_RECORD.environment, LITTLE) & 0xffff;
  }

  /** Standard input: its st_mode, 0 or {@link UNREAD_INPUT}. */
  get inputMode(): number {
    return this.view.getUint16(this.at + EXEC_RECORD.inputMode, LITTLE);
  }

  /** Its device's major number where it is a character device, its address family where it is a socket. */
  get inputDetail(): number {
    return this.view.getUint16(this.at + EXEC_RECORD.inputDetail, LITTLE);
  }

  get isScript(): boolean {
    return (this.#flags & SCRIPT) !== 0;
  }

  /** Whether the process has another root than its parent. */
  get enteredRoot(): boolean {
    return (this.#flags & ENTERED_ROOT) !== 0;
  }

  /** {@link DELETED} and the like, of the executable. */
  get pathFlags(): number {
    return this.view.getUint8(this.at + EXEC_RECORD.pathFlags);
  }

  /** The same of the working directory. */
  get folderFlags(): number {
    return this.#flags >> FOLDER_SHIFT & PATH_FLAGS;
  }

  /** Whether all arguments are in the record. */
  get hasAllArguments(): boolean {
    return (this.#flags & NO_ARGUMENTS) === 0 &&
      this.optionsAt - this.argumentsAt === this.u32(EXEC_RECORD.argumentTotal);
  }

  get #flags(): number {
    return this.view.getUint8(this.at + EXEC_RECORD.flags);
  }

  #u64(offset: number): number {
    return this.u32(offset) + this.u32(offset + 4) * 4294967296;
  }
}

/** The kernel's new_encode_dev() of its own number (include/linux/kdev_t.h). */
function encodeDevice(device: number): number {
  const major = device >>> 20, minor = device & 0xfffff;
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
