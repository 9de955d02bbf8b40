/**
 * Files that run, by what no path can say of them: device, inode and change time. A file that is written to, or whose rights
 * change, is another from then on.
 *
 * @module
 */
import { columns, IntTable } from "../../netlink/mod.ts";
import { Flag } from "../labels/mod.ts";
import type { FileIdentity } from "../proc/mod.ts";

/** Files held at most; a program that is built again and again is another file each time. */
const LIMIT = 1 << 15;
const INITIAL_CAPACITY = 512;
/** S_ISUID (inode(7)). */
const SET_USER = 0o4000;
/** A file that changed so many seconds ago or less is new. */
const NEW_SECONDS = 60;

const Files = columns({
  device: Uint32Array,
  inodeLow: Uint32Array,
  inodeHigh: Uint32Array,
  changedSeconds: Uint32Array,
  changedNanoseconds: Uint32Array,
  mode: Uint16Array,
  owner: Uint32Array,
  /** 1 where it has several names. */
  isLinked: Uint8Array,
  /** 1 while it may be new. */
  isYoung: Uint8Array,
  /** The executable that it is under the machine's own root; -1. */
  executable: Int32Array,
  /** Of the last record that had it: its path's number plus 1, and the executable. */
  recordedPath: Int32Array,
  recorded: Int32Array,
});

export class Identities {
  readonly #index = new IntTable();
  #files = new Files(INITIAL_CAPACITY);
  #length = 0;

  get isFull(): boolean {
    return this.#length >= LIMIT;
  }

  /** The number of a file as it is now. */
  of(file: FileIdentity): number {
    const { device, inodeLow, inodeHigh, changedSeconds, changedNanoseconds } = file;
    const found = this.#index.get(device, inodeLow, inodeHigh), files = this.#files;
    return found >= 0 && files.changedSeconds[found] === changedSeconds &&
        files.changedNanoseconds[found] === changedNanoseconds
      ? found
      : this.#add(file);
  }

  /** Whether a number is that of a file, whatever its state. */
  isFile(identity: number, inodeLow: number, inodeHigh: number): boolean {
    return this.#files.inodeLow[identity] === inodeLow && this.#files.inodeHigh[identity] === inodeHigh;
  }

  /** What a number stands for. */
  get(identity: number): FileIdentity {
    const f = this.#files;
    return {
      device: f.device[identity]!,
      inodeLow: f.inodeLow[identity]!,
      inodeHigh: f.inodeHigh[identity]!,
      changedSeconds: f.changedSeconds[identity]!,
      changedNanoseconds: f.changedNanoseconds[identity]!,
      mode: f.mode[identity]!,
      owner: f.owner[identity]!,
      links: 1 + f.isLinked[identity]!,
    };
  }

  /** Whether launches of a file may need flags of their own: it may be new, or changes the user. */
  isSpecial(identity: number): boolean {
    return this.#files.isYoung[identity] === 1 || this.setsUser(identity);
  }

  /** Whether a file gives whoever executes it the rights of its owner. */
  setsUser(identity: number): boolean {
    return (this.#files.mode[identity]! & SET_USER) !== 0;
  }

  /** The flags of a launch of a file, now, by a user, whose rights are those of `euid` since. */
  flagsOf(identity: number, uid: number, euid: number): number {
    const files = this.#files, isSet = this.setsUser(identity) && euid !== uid && euid === files.owner[identity];
    if (files.isYoung[identity] === 1) {
      if (Date.now() / 1000 - files.changedSeconds[identity]! <= NEW_SECONDS) {
        return isSet ? Flag.New | Flag.Setuid : Flag.New;
      }
      files.isYoung[identity] = 0;
    }
    return isSet ? Flag.Setuid : 0;
  }

  /** The executable by which a file is known, where it has one name only; -1. */
  executableOf(identity: number): number {
    return this.#files.executable[identity]!;
  }

  /** A file has been found at the path of an executable. */
  confirm(identity: number, executable: number): void {
    if (this.#files.isLinked[identity] === 0) this.#files.executable[identity] = executable;
  }

  /** The executable of the last record that had a file. */
  recorded(identity: number): number {
    return this.#files.recorded[identity]!;
  }

  /** The number of that record's path; -1 where none had it. */
  recordedPath(identity: number): number {
    return this.#files.recordedPath[identity]! - 1;
  }

  record(identity: number, path: number, executable: number): void {
    this.#files.recordedPath[identity] = path + 1;
    this.#files.recorded[identity] = executable;
  }

  clear(): void {
    this.#index.clear();
    this.#files = new Files(INITIAL_CAPACITY);
    this.#length = 0;
  }

  #add(file: FileIdentity): number {
    if (this.#length === this.#files.capacity) this.#files.resize(2 * this.#length, this.#length);
    const number = this.#length++, files = this.#files;
    files.device[number] = file.device;
    files.inodeLow[number] = file.inodeLow;
    files.inodeHigh[number] = file.inodeHigh;
    files.changedSeconds[number] = file.changedSeconds;
    files.changedNanoseconds[number] = file.changedNanoseconds;
    files.mode[number] = file.mode;
    files.owner[number] = file.owner;
    files.isLinked[number] = file.links > 1 ? 1 : 0;
    files.isYoung[number] = 1;
    files.executable[number] = -1;
    files.recordedPath[number] = 0;
    this.#index.set(number, file.device, file.inodeLow, file.inodeHigh);
    return number;
  }
}
