/**
 * The only reader of /proc (proc(5)). It reads through libc with buffers that are used again and again: Deno's own file
 * functions want all permissions for /proc, and allocate.
 *
 * A process that has gone is normal: readers return a negative number, false or undefined. The root folder is a value, so a
 * fixture tree is just another root.
 *
 * More than 300 lines, as each kind of file has a reader of its own: all share the open folder, the buffers and the errors.
 *
 * @module
 */
import { constants as c, cString, Descriptor, type Libc } from "../../netlink/mod.ts";
import { type Environment, parseEnviron } from "./environ.ts";
import { AUXV_BYTES, execNameAddress } from "./exec_name.ts";
import { numbersIn, ProcfsError, readPieces, readTextFile } from "./files.ts";
import * as names from "./names.ts";
import { listsSocket } from "./net_sockets.ts";
import { type FileIdentity, FileStatus } from "./statx.ts";
import { parseLayout, parseStat, type ProcessStat } from "./stat.ts";

/** PATH_MAX: no link is longer. */
const PATH_BYTES = 4096;
/** Bytes of a command line that are read: a script's name stands near its beginning, but behind a class path that may be long. */
export const CMDLINE_BYTES = 32768;
/** Bytes of one that are read where those don't tell what it runs: an argument has up to 131,072 (linux/binfmts.h). */
const LONG_CMDLINE_BYTES = 1_048_576;
/** Bytes of an environment that are read, and of each table of sockets: some 3,400 of them. */
const ENVIRON_BYTES = 32768, SOCKETS_BYTES = 524288;
/** st_mode (inode(7)), and address families (socket(2)). */
const S_IFMT = 0o170000, S_IFSOCK = 0o140000, AF_UNIX = 1, AF_INET = 2;

const UTF8 = new TextDecoder();

export class Procfs {
  /** What {@link readExe} has read: the first bytes are valid. */
  readonly path = new Uint8Array(PATH_BYTES);
  /** What {@link readCmdline} has read. */
  readonly cmdline = new Uint8Array(CMDLINE_BYTES);
  /** Reads that failed for another reason than that the process had gone. */
  errors = 0;
  /** Whether the last read that failed did so for another reason: nothing is known of the process then. */
  isUnreadable = false;
  readonly #libc: Libc;
  readonly #root: string;
  /** The root folder, open: names below it are found without walking there each time. */
  readonly #folder: number;
  readonly #owner?: Descriptor;
  readonly #name = new Uint8Array(names.NAME_BYTES);
  readonly #status: FileStatus;
  readonly #executable: FileStatus;
  #longCmdline: Uint8Array<ArrayBuffer> | undefined;
  #environ: Uint8Array<ArrayBuffer> | undefined;
  #sockets: Uint8Array<ArrayBuffer> | undefined;
  #input: FileStatus | undefined;
  readonly #text = new Uint8Array(PATH_BYTES);

  /** `root` may be one that is open already, whose owner is somebody else. Throws where the root folder can't be opened. */
  constructor(libc: Libc, root: string | number = "/proc") {
    this.#libc = libc;
    this.#executable = new FileStatus(libc);
    this.#status = new FileStatus(libc);
    this.#root = typeof root === "string" ? root : "/proc";
    if (typeof root === "number") {
      this.#folder = root;
      return;
    }
    const flags = c.O_PATH | c.O_CLOEXEC;
    this.#folder = libc.check(libc.call.open(cString(root), flags), `open ${root}`, "mount procfs there");
    this.#owner = new Descriptor(libc, this.#folder);
  }

  /** Closes the root folder; nothing can be read any more. */
  close(): void {
    this.#owner?.close();
  }

  /**
   * Reads the link /proc/PID/exe into {@link path}: the path's length, or the negative error number (-ENOENT, -ESRCH: gone,
   * a zombie or a kernel thread; -EACCES: not allowed). A path of a container is relative to its own root; one of a file
   * that was unlinked ends in ` (deleted)`.
   */
  readExe(pid: number): number {
    return this.#readLink(pid, names.EXE, this.path);
  }

  /**
   * Whose process it is; undefined where it has gone. Root's is what the kernel lets nobody look into: set-user-ID programs, and
   * those whose file can't be read (proc_pid(5)).
   */
  readOwner(pid: number): number | undefined {
    names.writeName(this.#name, pid, names.END);
    return this.#status.read(this.#folder, this.#name) ? this.#status.owner : undefined;
  }

  /**
   * Which file a process runs, whatever lies at its path: /proc/PID/exe leads to the very file. Valid until the next call;
   * undefined where {@link readExe} would fail.
   */
  readIdentity(pid: number): FileIdentity | undefined {
    names.writeName(this.#name, pid, names.EXE);
    if (this.#executable.read(this.#folder, this.#name, c.AT_STATX_DONT_SYNC)) return this.#executable;
    this.#failed();
    return undefined;
  }

  /** The working directory, relative to the process's own root; undefined when it can't be read. */
  readCwd(pid: number): string | undefined {
    const length = this.#readLink(pid, names.CWD, this.path);
    return length < 0 ? undefined : UTF8.decode(this.path.subarray(0, length));
  }

  /**
   * The number of a namespace of a process, as its link in /proc/PID/ns has it; of the process that asks, where `pid` is 0. 0 where
   * it can't be told.
   */
  readNamespace(pid: number, kind: "mnt" | "user"): number {
    const suffix = kind === "mnt" ? names.MOUNT_NAMESPACE : names.USER_NAMESPACE, status = this.#status;
    if (pid > 0) names.writeName(this.#name, pid, suffix);
    const name = pid > 0 ? this.#name : cString(`self/ns/${kind}`);
    if (status.read(this.#folder, name, c.AT_STATX_DONT_SYNC)) return status.inodeLow;
    this.#failed();
    return 0;
  }

  /** The id of the user who made the user namespace of a process; -1 where that can't be told. */
  readNamespaceOwner(pid: number): number {
    names.writeName(this.#name, pid, names.USER_NAMESPACE);
    const flags = c.O_RDONLY | c.O_CLOEXEC;
    using file = Descriptor.of(this.#libc, this.#libc.call.openat(this.#folder, this.#name, flags));
    if (file === undefined) return -1;
    const uid = new Uint32Array(1);
    const result = this.#libc.call.ioctl(file.fd, BigInt(c.NS_GET_OWNER_UID), new Uint8Array(uid.buffer));
    return result < 0 ? -1 : uid[0]!;
  }

  /**
   * Which folder the process takes for `/`: fills `into` with its device and inode. False where that can't be told. The
   * system's own root in another mount namespace is the same folder, so that a service with private folders is no container.
   * Its file system isn't asked: it may be one that never answers. Of one that a user keeps to himself (FUSE) only the device is told.
   */
  readRoot(pid: number, into: FileStatus): boolean {
    names.writeName(this.#name, pid, names.ROOT);
    if (into.read(this.#folder, this.#name, c.AT_STATX_DONT_SYNC)) return true;
    if (this.#libc.errno === c.EACCES && into.read(this.#folder, this.#name, c.AT_STATX_DONT_SYNC, 0)) return true;
    this.#failed();
    return false;
  }

  /** Where the folder lies that the process takes for `/`: `/` itself in another mount namespace. */
  readRootPath(pid: number): string | undefined {
    const length = this.#readLink(pid, names.ROOT, this.#text);
    return length < 0 ? undefined : UTF8.decode(this.#text.subarray(0, length));
  }

  /** Opens the place of the folder that the process takes for `/`, whose file system isn't asked; undefined where that can't be. */
  openRoot(pid: number): Descriptor | undefined {
    names.writeName(this.#name, pid, names.ROOT);
    return Descriptor.of(this.#libc, this.#libc.call.openat(this.#folder, this.#name, c.O_PATH | c.O_CLOEXEC));
  }

  /**
   * Opens for reading the file or folder whose place is open already, in another thread, as its file system may take as long as it
   * likes: the descriptor's number, negative where that can't be.
   */
  async reopen(place: Descriptor): Promise<number> {
    const name = cString(`self/fd/${place.fd}`), flags = c.O_RDONLY | c.O_CLOEXEC | c.O_NONBLOCK;
    return await this.#libc.returned(this.#libc.background.openat(this.#folder, name, flags), name);
  }

  /**
   * Reads the start of /proc/PID/cmdline into {@link cmdline}: its length (0 for a process without one), or the negative
   * error number. Arguments end in zero bytes; the process can have written over them.
   */
  readCmdline(pid: number): number {
    return this.#readFile(pid, names.CMDLINE, this.cmdline);
  }

  /** The first MiB of /proc/PID/cmdline, until the next call; undefined where it can't be read. */
  readLongCmdline(pid: number): { readonly bytes: Uint8Array; readonly isCut: boolean } | undefined {
    const room = this.#longCmdline ??= new Uint8Array(LONG_CMDLINE_BYTES),
      length = this.#readFile(pid, names.CMDLINE, room);
    return length <= 0 ? undefined : { bytes: room.subarray(0, length), isCut: length === room.length };
  }

  /**
   * The name that the process was executed by: of a script that was executed itself its own, from the working folder that it was
   * executed in. Undefined where it can't be read; the process can have written over it as over its command line. Only of root's
   * processes: others can have the memory there be a file whose file system never answers, for which `mem` waits (`cmdline` and
   * `environ` don't, FOLL_ANON in mm/gup.c).
   */
  readExecName(pid: number): string | undefined {
    if (this.readUsers(pid)?.every((user) => user === 0) !== true) return undefined;
    // One that may not be read so is named without it, which is no error.
    const { errors, isUnreadable } = this, text = this.#text;
    const address = execNameAddress(text, Math.max(0, this.#readFile(pid, names.AUXV, text, AUXV_BYTES)));
    const length = address === undefined ? 0 : this.#readFile(pid, names.MEMORY, text, text.length, address);
    this.errors = errors;
    this.isUnreadable = isUnreadable;
    const end = text.indexOf(0);
    return end <= 0 || end >= length ? undefined : UTF8.decode(text.subarray(0, end));
  }

  /** What the environment has that a process was executed with; undefined when it can't be read. 32 kB of it are looked at. */
  readEnvironment(pid: number): Environment | undefined {
    const bytes = this.#environ ??= new Uint8Array(ENVIRON_BYTES), length = this.#readFile(pid, names.ENVIRON, bytes);
    return length < 0 ? undefined : parseEnviron(bytes, length);
  }

  /**
   * Standard input: st_mode, and the major number of a character device or the address family of a socket; 0 and 0 where it
   * can't be told. A socket that isn't among the first ones of its network namespace is taken for a local one.
   */
  readInput(pid: number): [mode: number, detail: number] {
    const input = this.#input ??= new FileStatus(this.#libc);
    names.writeName(this.#name, pid, names.INPUT);
    if (!input.read(this.#folder, this.#name, c.AT_STATX_DONT_SYNC)) return [0, 0];
    const { mode, inodeLow, specialMajor } = input;
    if ((mode & S_IFMT) !== S_IFSOCK) return [mode, specialMajor];
    const bytes = this.#sockets ??= new Uint8Array(SOCKETS_BYTES);
    const isListed = names.NET_SOCKETS.some((table) =>
      listsSocket(bytes, this.#readTable(pid, table, bytes), inodeLow)
    );
    return [mode, isListed ? AF_INET : AF_UNIX];
  }

  /** Fills `into` from /proc/PID/stat; false when the process has gone. */
  readStat(pid: number, into: ProcessStat): boolean {
    this.isUnreadable = false;
    const length = this.#readFile(pid, names.STAT, this.#text);
    return length > 0 && parseStat(this.#text, length, into);
  }

  /**
   * Whether a process that never exec'd runs the image that its parent runs now, as their memory and their executables tell: the parent
   * has exec'd nothing since the fork. False where that can't be told.
   */
  sharesImage(pid: number, parent: number): boolean {
    const image = this.#imageOf(pid);
    return image !== "" && image === this.#imageOf(parent);
  }

  /** Where a process's image lies, and of which file it is, which counts where layouts aren't random; empty where that isn't told. */
  #imageOf(pid: number): string {
    const layout = parseLayout(this.#text, Math.max(0, this.#readFile(pid, names.STAT, this.#text)));
    const file = layout === "" ? undefined : this.readIdentity(pid);
    return file === undefined ? "" : `${layout} ${file.device} ${file.inodeHigh} ${file.inodeLow}`;
  }

  /** As {@link readExe}, as text; undefined where it can't be read. */
  readExecutable(pid: number): string | undefined {
    const length = this.readExe(pid);
    return length < 0 ? undefined : UTF8.decode(this.path.subarray(0, length));
  }

  /** The text of /proc/PID/cgroup; empty when the process has gone. */
  readCgroup(pid: number): string {
    return this.readText(`${pid}/cgroup`) ?? "";
  }

  /** The real and the effective user of a process; undefined when it has gone. */
  readUsers(pid: number): [uid: number, euid: number] | undefined {
    const length = this.#readFile(pid, names.STATUS, this.#text);
    const match = length > 0 ? /^Uid:\t(\d+)\t(\d+)/m.exec(UTF8.decode(this.#text.subarray(0, length))) : null;
    return match === null ? undefined : [Number(match[1]), Number(match[2])];
  }

  /** A thread that lives of a process whose first has ended: /proc/TID tells of it too. Undefined where there is none. */
  livingThread(pid: number): number | undefined {
    try {
      const name = `${pid}/task`;
      return numbersIn(this.#libc, this.#folder, name, `${this.#root}/${name}`).find((thread) => thread !== pid);
    } catch {
      return undefined; // gone
    }
  }

  /** The thread's name, from /proc/PID/comm, without the line feed; undefined when the process has gone. */
  readComm(pid: number): Uint8Array | undefined {
    const length = this.#readFile(pid, names.COMM, this.#text);
    return length <= 0 ? undefined : this.#text.slice(0, this.#text[length - 1] === 10 ? length - 1 : length);
  }

  /** Ids of all processes, in the order of the directory. Throws when they can't be listed. */
  processIds(): Int32Array {
    const remedy = "mount procfs there, and allow this process to read it";
    const ids = numbersIn(this.#libc, this.#folder, ".", this.#root, remedy);
    if (ids.length === 0) throw new ProcfsError(this.#root);
    return ids;
  }

  /** A small text file such as `sys/kernel/pid_max` or `self/status`, below the root folder; undefined when it can't be read. */
  readText(name: string): string | undefined {
    return readTextFile(this.#libc, name, this.#folder, this.#text);
  }

  #readLink(pid: number, suffix: Uint8Array, into: Uint8Array<ArrayBuffer>): number {
    names.writeName(this.#name, pid, suffix);
    const length = this.#libc.call.readlinkat(this.#folder, this.#name, into, into.length);
    return length < 0 ? this.#failed() : length;
  }

  #readFile(pid: number, suffix: Uint8Array, into: Uint8Array<ArrayBuffer>, most = into.length, at = 0): number {
    names.writeName(this.#name, pid, suffix);
    const { call } = this.#libc;
    const fd = call.openat(this.#folder, this.#name, c.O_RDONLY | c.O_CLOEXEC);
    if (fd < 0) return this.#failed();
    const length = at === 0 ? call.read(fd, into, most) : call.pread(fd, into, most, BigInt(at));
    const result = length < 0 ? this.#failed() : length;
    call.close(fd);
    return result;
  }

  /** As {@link #readFile}, of a file that comes in pieces: as much as there is room for. */
  #readTable(pid: number, suffix: Uint8Array, into: Uint8Array<ArrayBuffer>): number {
    names.writeName(this.#name, pid, suffix);
    const length = readPieces(this.#libc, this.#folder, this.#name, into);
    return length < 0 ? this.#failed() : length;
  }

  #failed(): number {
    const errno = this.#libc.errno;
    this.isUnreadable = errno !== c.ENOENT && errno !== c.ESRCH;
    if (this.isUnreadable) this.errors++;
    return -errno;
  }
}
