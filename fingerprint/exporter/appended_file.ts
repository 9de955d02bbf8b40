/**
 * A file, pipe or device that lines are appended to.
 *
 * It is opened and written through the C library: the runtime's right to write files is given up by then, all of it, because
 * it can't be narrowed to one file. Nothing here waits for a reader or a file system in the calling thread, beside open(2).
 *
 * @module
 */
import { constants as c, cString, errnoName, Libc } from "../../netlink/mod.ts";

const STANDARD_OUTPUT = 1;

/** Not for everybody: what runs on a machine is its users' business. The umask takes more away. */
const MODE = 0o640;

/** Time until a reader that is slow is looked at again. */
const RETRY_MS = 50;

/** What open(2) says about a path that can't be appended to → what helps. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [c.EACCES, "its folder or the file isn't this user's to write; a unit has LogsDirectory="],
  [c.EROFS, "it is on a file system without writing; a unit with ProtectSystem=strict has LogsDirectory="],
  [c.ENOENT, "its folder must be there"],
  [c.EISDIR, "want a file"],
  [c.ENXIO, "nobody reads from this pipe: start the reader first"],
]);

/** Where lines go. */
export class AppendedFile {
  readonly #libc: Libc;
  readonly #fd: number;
  #problem = "";

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /**
   * Opens a file for appending, and makes it where there is none, readable for its group at most. A pipe must have a reader.
   * Throws an error whose message is one line, with a remedy.
   */
  static open(path: string): AppendedFile {
    const libc = new Libc();
    // Without O_NONBLOCK open(2) waits for the reader of a pipe, and write(2) for one that is slow; files don't care.
    const flags = c.O_WRONLY | c.O_APPEND | c.O_CREAT | c.O_NOCTTY | c.O_NONBLOCK | c.O_CLOEXEC;
    const fd = libc.call.create(cString(path), flags, MODE);
    if (fd >= 0) return new AppendedFile(libc, fd);
    const { errno } = libc, remedy = REMEDIES.get(errno);
    throw new Error(`Cannot append to ${path}: ${errnoName(errno)}${remedy === undefined ? "" : `; ${remedy}`}`);
  }

  static standardOutput(): AppendedFile {
    return new AppendedFile(new Libc(), STANDARD_OUTPUT);
  }

  /** One that an earlier image of this program opened; undefined where this descriptor isn't open for appending. */
  static inherited(fd: number): AppendedFile | undefined {
    const libc = new Libc(), flags = libc.call.fcntl(fd, c.F_GETFL, 0), wanted = c.O_WRONLY | c.O_APPEND;
    if (flags < 0 || (flags & wanted) !== wanted) return undefined;
    libc.call.fcntl(fd, c.F_SETFD, c.FD_CLOEXEC);
    return new AppendedFile(libc, fd);
  }

  /** Lets the program that this process executes next inherit it; gives its number. */
  handOver(): number {
    this.#libc.check(this.#libc.call.fcntl(this.#fd, c.F_SETFD, 0), "hand an open file over");
    return this.#fd;
  }

  /** Why the last {@link write} wrote less than all, such as `ENOSPC`. */
  get problem(): string {
    return this.#problem;
  }

  /**
   * Writes bytes, in a thread of the runtime's pool; gives how many were written. They are fewer where that fails: a full disk,
   * a reader that is gone. It takes as long as a slow reader, or file system, does. One call at a time.
   */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const libc = this.#libc, fd = this.#fd;
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.subarray(written);
      let got = await libc.returned(libc.background.write(fd, rest, rest.length), rest);
      // Why it failed only that thread knows: the same call here fails for the same reason, if it still does.
      if (got < 0) got = libc.call.write(fd, rest, rest.length);
      if (got < 0 && libc.errno === c.EAGAIN) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      if (got <= 0) {
        this.#problem = got < 0 ? errnoName(libc.errno) : "nothing was written";
        break;
      }
      written += got;
    }
    return written;
  }

  /** Closes it, in a thread of the runtime's pool: some file systems tell their server. Standard output stays open. */
  async close(): Promise<void> {
    if (this.#fd !== STANDARD_OUTPUT) await this.#libc.background.close(this.#fd);
  }
}
