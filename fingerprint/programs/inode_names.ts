/**
 * Which executable a file is, by the device and the inode that accounting records have of it.
 *
 * @module
 */
import { IntTable, RecordField, type RecordQueue } from "../../netlink/mod.ts";
import { Claim } from "../labels/mod.ts";
import type { FileIdentity } from "../proc/mod.ts";
import type { Claims } from "./claims.ts";
import type { Identities } from "./identities.ts";
import type { LabelledExecutables } from "./labelled.ts";
import { staysThere } from "./looked.ts";
import { decodeComm, isOwnName } from "./reading.ts";
import { HOST } from "./roots.ts";

/** Inodes held at most: a program that is built again and again has the same path and another inode each time. */
const LIMIT = 1 << 15;

export class InodeNames {
  /** Records of ends that named another file than was seen. */
  contradicted = 0;
  readonly #executables: LabelledExecutables;
  readonly #identities: Identities;
  readonly #claims: Pick<Claims, "isThere">;
  /**
   * (device, inode) → executable. Learned from the accounting record of every process whose executable was read, which is
   * right on every file system (stat(2) gives other device numbers on overlayfs and btrfs), and filled at the start. Only a file
   * whose path was proved is in it. An inode may be used again for another file: then it is learned anew.
   */
  readonly #inodes = new IntTable();
  /** Executable → how many others had its inode before. Where that is more than one, they are one file with many names (link(2)). */
  readonly #turns = new Map<number, number>();

  constructor(executables: LabelledExecutables, identities: Identities, claims: Pick<Claims, "isThere">) {
    this.#executables = executables;
    this.#identities = identities;
    this.#claims = claims;
  }

  get size(): number {
    return this.#inodes.size;
  }

  get isFull(): boolean {
    return this.#inodes.size >= LIMIT;
  }

  /** The executable that lies at an inode, where it still does: its number may be another file's now. */
  executableOf(device: number, inodeLow: number, inodeHigh: number): number {
    const executable = this.#inodes.get(device, inodeLow, inodeHigh), executables = this.#executables;
    // What lies in another root isn't looked at.
    if (executable < 0 || executables.rootOf(executable) !== HOST) return executable;
    const file = this.#identities.get(executables.identityOf(executable));
    return this.#claims.isThere(executables.pathBytes(executable), file) ? executable : -1;
  }

  /** Whether the process ran a file by another of its names: the last that ran under one is what the inode tells. */
  hasAnotherName(executable: number, comm: Uint8Array): boolean {
    if ((this.#turns.get(executable) ?? 0) < 2) return false;
    const known = this.#executables.known(executable), name = decodeComm(comm);
    return !known.base && name !== "" && !isOwnName(known, name);
  }

  /** Whether a process's record says that it ran another file than the one that was seen. */
  isContradicted(executable: number, records: RecordQueue, record: number): boolean {
    const at = records.rows.at(record), f = records.rows.values;
    const low = f[at + RecordField.ExeInodeLow]!, high = f[at + RecordField.ExeInodeHigh]!;
    if (low === 0 && high === 0) return false; // a record without it
    return !this.#identities.isFile(this.#executables.identityOf(executable), low, high);
  }

  /**
   * Learns where an executable lies from the accounting record of a process that ran it: the device that the kernel knows it by.
   * Only one whose path was proved. A record that names another file teaches nothing: an exec was lost, or the process had its
   * link lead elsewhere (prctl(2), PR_SET_MM_MAP).
   */
  learn(executable: number, records: RecordQueue, record: number): void {
    if (this.isContradicted(executable, records, record)) {
      this.contradicted++;
      return;
    }
    const executables = this.#executables;
    if (executables.claimOf(executable) !== Claim.Confirmed) return;
    const at = records.rows.at(record), f = records.rows.values;
    const device = f[at + RecordField.ExeDevice]!;
    const inodeLow = f[at + RecordField.ExeInodeLow]!, inodeHigh = f[at + RecordField.ExeInodeHigh]!;
    if (inodeLow === 0 && inodeHigh === 0) return; // a record without it
    const known = this.#inodes.get(device, inodeLow, inodeHigh);
    if (known === executable) return;
    if (known >= 0 && !executables.haveOnePath(known, executable)) {
      this.#turns.set(executable, (this.#turns.get(known) ?? 0) + 1);
    }
    this.#inodes.set(executable, device, inodeLow, inodeHigh);
  }

  /**
   * An executable that is known before it runs, by its path in the machine's own root and the file that lies there. Returns its
   * number.
   */
  know(path: Uint8Array, file: FileIdentity): number {
    const executables = this.#executables, identity = this.#identities.of(file);
    const executable = executables.number(path, path.length, HOST, identity, Claim.Confirmed);
    if (file.links === 1 && staysThere(executables.pathOf(executable))) this.#identities.confirm(identity, executable);
    this.#inodes.set(executable, file.device, file.inodeLow, file.inodeHigh);
    return executable;
  }

  clear(): void {
    this.#inodes.clear();
    this.#turns.clear();
  }
}
