/**
 * Whether a path names the file that runs. A path is a claim: whoever may mount something shows a program of the system's under
 * any file. It counts where the machine itself, or the owner of the process's root, finds that file there.
 *
 * @module
 */
import type { ExecRecord } from "../../netlink/mod.ts";
import { Claim } from "../labels/mod.ts";
import type { FileIdentity, Procfs } from "../proc/mod.ts";
import { Found, type MachineFiles } from "./machine_files.ts";
import { rootTrust, type TrustReader } from "./root_trust.ts";
import { HOST, NO_ROOT, type Roots, USERS_VIEW } from "./roots.ts";

/** What is read of a process to prove its claims. */
export type ClaimReader = Pick<Procfs, "readNamespace" | "openRoot" | "readIdentity"> & TrustReader;
export type ClaimFiles = Pick<
  MachineFiles,
  "find" | "changedSeconds" | "leadsAlike" | "leadsTo" | "hasFirst" | "hasFile"
>;
export type ClaimRoots = Pick<Roots, "userNamespaceOf" | "layerOf">;

/** Whom a claim is about. */
export interface Claimant {
  readonly pid: number;
  /** Its parent, or 0. */
  readonly parent: number;
  /** Number of its root, or {@link NO_ROOT}. */
  readonly root: number;
  /** Numbers of its namespaces; 0: they are read when they matter. */
  readonly mountNs: number;
  readonly userNs: number;
}

const DELETED = new TextEncoder().encode(" (deleted)");
/** A file that lies at the path of another, and changed so recently, may have taken its place after the exec. */
const REPLACED_SECONDS = 10;
/** For how long a user namespace is believed to have the same owner: its number may be given to another. */
const OWNER_MS = 1000;
const MEMFD = new TextEncoder().encode("/memfd:");

export class Claims {
  /** Paths that led to another file: each once for every file that claimed it, a script's at each launch. */
  contradicted = 0;
  readonly #files: ClaimFiles;
  readonly #procfs: ClaimReader;
  readonly #roots: ClaimRoots | undefined;
  /** Mount namespaces in which paths are as the machine has them: the exporter's own, and the first process's. */
  readonly #mountNs = new Set<number>();
  readonly #userNs: number;
  readonly #ownersOf: ReturnType<typeof rootTrust>;
  /** The user namespace that was asked for its owner last, when, and whether anybody may have made it. */
  #askedNs = 0;
  #askedMs = 0;
  #isUsersNs = false;

  constructor(files: ClaimFiles, procfs: ClaimReader, roots?: ClaimRoots) {
    this.#files = files;
    this.#procfs = procfs;
    this.#roots = roots;
    this.#userNs = procfs.readNamespace(0, "user");
    this.#ownersOf = rootTrust(procfs);
    this.#mountNs.add(procfs.readNamespace(0, "mnt"));
    if (files.hasFirst) this.#mountNs.add(procfs.readNamespace(1, "mnt"));
    this.#mountNs.delete(0);
  }

  /** Whether in this mount namespace paths are as the machine has them. */
  isOwnMount(mountNs: number): boolean {
    return this.#mountNs.has(mountNs);
  }

  /**
   * By whose mounts a process sees the machine's own root: {@link HOST}, or {@link USERS_VIEW} where they are those of a user
   * namespace that any user may have made. There a file may be another for a moment, and a program's libraries others than its own.
   */
  viewOf(root: number, userNs: number, mountNs: number, pid: number, parent: number): number {
    if (root !== HOST || userNs === this.#userNs) return root;
    const mount = mountNs || this.#procfs.readNamespace(pid, "mnt");
    if (mount === 0 || this.isOwnMount(mount)) return root;
    const user = userNs || this.#procfs.readNamespace(pid, "user");
    return user === 0 || user === this.#userNs || !this.#isUsers(user, pid, parent) ? root : USERS_VIEW;
  }

  /** Whether a user namespace is the machine's own. */
  isOwnUser(userNs: number): boolean {
    return userNs === this.#userNs;
  }

  /** Whether any user may have made a user namespace, by a process in it; also where nobody is left in it to be asked. */
  #isUsers(userNs: number, pid: number, parent: number): boolean {
    const nowMs = Date.now();
    if (userNs === this.#askedNs && nowMs - this.#askedMs < OWNER_MS) return this.#isUsersNs;
    for (const who of [pid, parent]) {
      if (who <= 0 || this.#procfs.readNamespace(who, "user") !== userNs) continue;
      this.#askedNs = userNs;
      this.#askedMs = nowMs;
      return this.#isUsersNs = this.#ownersOf(who) === undefined;
    }
    return true;
  }

  /** The claim of a kernel's record, whose path is the first `length` bytes of `path`. */
  ofRecord(record: ExecRecord, root: number, path: Uint8Array, length: number): Claim {
    if (record.isDetached) return Claim.Detached;
    if (record.isDeleted) return Claim.Deleted;
    return this.#claim(
      { pid: record.tgid, parent: 0, root, mountNs: record.mountNs, userNs: record.userNs },
      path,
      length,
      record,
    );
  }

  #ofProcess(pid: number, root: number, path: Uint8Array, length: number, file: FileIdentity): Claim {
    const isMarked = endsWith(path, length, DELETED);
    if (isMarked && file.links === 0) return startsWith(path, length, MEMFD) ? Claim.Detached : Claim.Deleted;
    // A name may end so. One that was unlinked while the file has others does too.
    if (isMarked && this.#files.find(path, length, file) !== Found.Same) return Claim.Deleted;
    return this.#claim({ pid, parent: 0, root, mountNs: 0, userNs: 0 }, path, length, file);
  }

  /**
   * The claim of /proc/PID/exe, whose text is the first `length` bytes of `path`; and the length of the path itself, without the mark
   * of a file that was unlinked. The file of a process that was found running (`isFound`) may have been replaced since it was
   * executed, as an upgrade does.
   */
  ofProcess(
    pid: number,
    root: number,
    path: Uint8Array,
    length: number,
    file: FileIdentity,
    isFound: boolean,
  ): { claim: Claim; pathLength: number } {
    const claim = this.#ofProcess(pid, root, path, length, file), pathLength = unmarked(claim, path, length);
    if (!isFound) return { claim, pathLength };
    const isReplaced = claim === Claim.Deleted && this.#files.find(path, pathLength, file) === Found.Other &&
      this.isOwnMount(this.#procfs.readNamespace(pid, "mnt"));
    return { claim: isReplaced ? Claim.Confirmed : claim, pathLength };
  }

  /** Whether a file lies under its path still. */
  isThere(path: Uint8Array, file: FileIdentity): boolean {
    return this.#files.find(path, path.length, file) === Found.Same;
  }

  /** Whether a script's path means to a process what it means to the machine, or to the owner of its root. */
  isScript(path: string, claimant: Claimant): boolean {
    const { pid, parent, root } = claimant;
    const mountNs = claimant.mountNs || this.#procfs.readNamespace(pid, "mnt");
    // One that has gone before /proc could tell, without a record, is most likely where others are.
    if (mountNs === 0 || this.isOwnMount(mountNs)) return true;
    const userNs = claimant.userNs || this.#procfs.readNamespace(pid, "user");
    if (isOther(root)) return this.#isOwner(root, userNs);
    for (const who of [pid, parent]) {
      if (who <= 0 || this.#procfs.readNamespace(who, "mnt") !== mountNs) continue;
      using folder = this.#procfs.openRoot(who);
      if (folder === undefined) continue;
      const found = this.#files.leadsAlike(folder, path);
      if (found === Found.Unknown) continue;
      if (found === Found.Other) this.contradicted++;
      return found === Found.Same;
    }
    return userNs === this.#userNs; // nobody is left to ask: root's own mounts are believed, nobody else's
  }

  /** Whether a path, whose links are followed, leads a process to the file that it runs. */
  leadsToExecutable(path: string, pid: number): boolean {
    const file = this.#procfs.readIdentity(pid);
    using folder = file === undefined ? undefined : this.#procfs.openRoot(pid);
    return folder !== undefined && this.#files.leadsTo(folder, path, file!) === Found.Same;
  }

  /** Whether a file of a container lies in its writable layer: it isn't of the image. */
  isUpper(root: number, path: string): boolean {
    const layer = isOther(root) && path.startsWith("/") ? this.#roots?.layerOf(root) : undefined;
    return layer !== undefined && this.#files.hasFile(layer + path);
  }

  #claim({ pid, root, mountNs, userNs }: Claimant, path: Uint8Array, length: number, file: FileIdentity): Claim {
    if (isOther(root)) {
      // In the machine's own mounts the kernel went that way itself.
      const isBelieved = this.isOwnMount(mountNs || this.#procfs.readNamespace(pid, "mnt")) ||
        this.#isOwner(root, userNs || this.#procfs.readNamespace(pid, "user"));
      return isBelieved ? Claim.Confirmed : Claim.Unconfirmed;
    }
    const found = this.#files.find(path, length, file);
    if (found === Found.Same) return Claim.Confirmed;
    if (root === NO_ROOT) return Claim.Private; // it is in another root for all that is known
    const mount = mountNs || this.#procfs.readNamespace(pid, "mnt");
    if (found === Found.Other) {
      // Perhaps one has come in its place since, as in an upgrade; asked again at the next launch.
      if (Date.now() / 1000 - this.#files.changedSeconds <= REPLACED_SECONDS) return Claim.Private;
      this.contradicted++;
      return Claim.Unconfirmed;
    }
    if (mount !== 0 && this.isOwnMount(mount)) return Claim.Confirmed; // it was deleted since, or can't be looked at
    if (found === Found.Unknown) return Claim.Private;
    const user = userNs || this.#procfs.readNamespace(pid, "user");
    return user === 0 || user === this.#userNs ? Claim.Private : Claim.Unconfirmed;
  }

  /** Whether a process is in the user namespace of whoever set its root up; also where that can't be told. */
  #isOwner(root: number, userNs: number): boolean {
    const owner = this.#roots?.userNamespaceOf(root) ?? 0;
    return owner === 0 || userNs === 0 || owner === userNs;
  }
}

/** Whether it is another root than the machine's own, however that is seen. */
function isOther(root: number): boolean {
  return root > HOST && root !== USERS_VIEW;
}

/** Bytes of a path without the mark of a file that was unlinked. */
function unmarked(claim: Claim, path: Uint8Array, length: number): number {
  const isUnlinked = claim === Claim.Deleted || claim === Claim.Detached;
  return isUnlinked && endsWith(path, length, DELETED) ? length - DELETED.length : length;
}

function endsWith(path: Uint8Array, length: number, end: Uint8Array): boolean {
  if (length < end.length) return false;
  for (let i = 0; i < end.length; i++) if (path[length - end.length + i] !== end[i]) return false;
  return true;
}

function startsWith(path: Uint8Array, length: number, start: Uint8Array): boolean {
  if (length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (path[i] !== start[i]) return false;
  return true;
}
