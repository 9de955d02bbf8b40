/**
 * The roots that processes run in: the machine's own, and those of containers and chroots, each with its own base system.
 *
 * A root is a folder, known by its device and inode. The base system of a new one is read through /proc/PID/root, at once as
 * far as a short time goes; its programs are told by the built-in list until it is read.
 *
 * @module
 */
import { constants as c, cString, type Descriptor, IntTable, type Libc } from "../../netlink/mod.ts";
import { type BaseOverrides, BasePaths, BaseWatch } from "../base/mod.ts";
import { type LabelChanges, Labeller, type Renames } from "../labels/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";
import { RootFiles } from "./root_files.ts";
import { SharedBases } from "./shared_bases.ts";

/** The machine's own root, which is the exporter's. */
export const HOST = 0;
/** It can't be told. */
export const NO_ROOT = -1;

/** Roots held at most, the machine's own among them; the last stands for all further ones. */
export const MAX_ROOTS = 1 << 11;
/** Roots whose folders are open at a time, because their base systems are read: each takes a descriptor. */
const MAX_OPEN = 8;
/** Time that the first reading of a root's base system may take at once, nanoseconds. */
const FIRST_READING_NS = 3e7;
/** Time between two looks whether the base system of another root changed; one root at a time. */
const CHECK_NS = 5e9;
/** Time between two looks for a root without processes, once all numbers are given. */
const FREE_NS = 1e9;

const EMPTY = cString("");

/** What is configured about programs: which are base, and which have another name. */
export type ProgramRules = BaseOverrides & Renames;

/** What is read of /proc about roots. */
export type RootReader = Pick<Procfs, "readRoot" | "readRootPath" | "openRoot" | "reopen">;

/** Who runs in which root. */
export interface Population {
  /** A living process in a root, or -1: whom to ask for the root again. */
  pidIn(root: number): number;
  /** The numbers of roots in which somebody runs. */
  rootsInUse(): ReadonlySet<number>;
}

/** Told when there are more roots than numbers, once. */
export type RootLimitLog = (roots: number) => void;

class Root {
  /** Whether a program of it was labelled. */
  isAsked = false;
  /** Whether its base system is still to be read. */
  isUnread = true;
  constructor(
    readonly device: number,
    readonly inodeLow: number,
    readonly inodeHigh: number,
    readonly labeller: Labeller,
    readonly files: RootFiles,
    readonly watch: BaseWatch,
  ) {}

  isAt(status: FileStatus): boolean {
    return status.device === this.device && status.inodeLow === this.inodeLow && status.inodeHigh === this.inodeHigh;
  }
}

export class Roots {
  readonly #libc: Libc;
  readonly #procfs: RootReader;
  readonly #host: Labeller;
  readonly #changes: LabelChanges;
  readonly #population: Population;
  readonly #limit: number;
  readonly #tell: RootLimitLog;
  readonly #status: FileStatus;
  /** By number; the machine's own has none. */
  readonly #roots: (Root | undefined)[] = [undefined];
  /** Device and inode → number. */
  readonly #numbers = new IntTable();
  readonly #shared = new SharedBases();
  readonly #further: Labeller;
  readonly #builtIn: BasePaths;
  #rules: ProgramRules | undefined;
  /** Roots whose folders are open, and those that wait for it. */
  #open = 0;
  #unread = 0;
  #refused = 0;
  #nextFreeNs = 0;
  #nextCheckNs = 0;
  #nextChecked = 1;

  /** `rules` hold in every root. `limit` is the number of roots that are told apart. */
  constructor(
    libc: Libc,
    procfs: RootReader,
    host: Labeller,
    changes: LabelChanges,
    population: Population,
    rules?: ProgramRules,
    tell: RootLimitLog = () => {},
    limit = MAX_ROOTS,
  ) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#host = host;
    this.#changes = changes;
    this.#population = population;
    this.#rules = rules;
    this.#tell = tell;
    this.#limit = limit;
    this.#builtIn = BasePaths.builtIn(rules);
    this.#further = new Labeller(this.#builtIn, "", rules);
    const status = this.#status = new FileStatus(libc);
    if (status.read(c.AT_FDCWD, cString("/"))) {
      this.#numbers.set(HOST, status.device, status.inodeLow, status.inodeHigh);
    }
  }

  /** Whether any other root than the machine's own is known. */
  get hasOthers(): boolean {
    return this.#roots.length > 1;
  }

  /** Roots that are told apart, the machine's own among them. */
  get size(): number {
    return this.#roots.length;
  }

  /** Processes that were found in a root for which no number was left. */
  get refused(): number {
    return this.#refused;
  }

  /** The number of the root that a process runs in, or {@link NO_ROOT}. */
  of(pid: number): number {
    const status = this.#status;
    if (!this.#procfs.readRoot(pid, status)) return NO_ROOT;
    const known = this.#numbers.get(status.device, status.inodeLow, status.inodeHigh);
    return known >= 0 ? known : this.#add(pid);
  }

  /** Who names the programs of a root. */
  labeller(number: number): Labeller {
    if (number === HOST) return this.#host;
    const root = this.#roots[number];
    if (root === undefined) return this.#further;
    if (!root.isAsked) {
      if (root.isUnread) this.#begin(number, root);
      this.#step(root, this.#now() + FIRST_READING_NS);
      root.isAsked = true;
    }
    return root.labeller;
  }

  /** Whether {@link step} has work to do. */
  get isReading(): boolean {
    return this.#open > 0 || this.#unread > 0;
  }

  /** Looks whether the base system of the next root changed, if it is time for it. */
  check(nowNs: number): void {
    if (!this.hasOthers || nowNs < this.#nextCheckNs) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    const number = this.#nextChecked < this.#roots.length ? this.#nextChecked : 1;
    this.#nextChecked = number + 1;
    const root = this.#roots[number];
    if (root === undefined || root.isUnread || root.watch.isReading || !this.#attach(root, this.#reopen(number))) {
      return;
    }
    root.watch.check(nowNs);
    if (!root.watch.isReading) this.#detach(root);
  }

  /** Reads on in the first root that has something to read, until `endNs`. */
  step(endNs: number): void {
    let root = this.#roots.find((root) => root?.watch.isReading);
    if (root === undefined) {
      const number = this.#roots.findIndex((root) => root?.isUnread === true);
      root = this.#roots[number];
      if (root !== undefined) this.#begin(number, root);
    }
    if (root !== undefined) this.#step(root, endNs);
  }

  /** Takes other rules. */
  override(rules: ProgramRules): void {
    this.#rules = rules;
    this.#further.renames = rules;
    this.#further.base = this.#builtIn.withOverrides(rules);
    for (const root of this.#roots) {
      if (root === undefined) continue;
      root.labeller.renames = rules;
      root.watch.override(rules);
    }
  }

  #step(root: Root, endNs: number): void {
    root.watch.step(() => this.#now(), endNs);
    if (!root.watch.isReading) this.#detach(root);
  }

  /** A root that is new, by a process in it whose root was just read. */
  #add(pid: number): number {
    const { device, inodeLow, inodeHigh } = this.#status;
    // A path that is longer than readlink(2) tells is that of no container.
    const path = this.#procfs.readRootPath(pid);
    if (path === undefined) return NO_ROOT;
    const number = this.#freeNumber();
    if (number === this.#limit - 1) {
      if (this.#refused++ === 0) this.#tell(this.#limit - 1);
      return number;
    }
    const files = new RootFiles(this.#libc, this.#procfs);
    const labeller = new Labeller(this.#further.base, path === "/" ? "" : path, this.#rules);
    // What was labelled before the reading ended gets another label.
    const watch = new BaseWatch(files, labeller, () => {
      labeller.base = this.#shared.share(labeller.base);
      if (root.isAsked) this.#changes.note();
    });
    const root = new Root(device, inodeLow, inodeHigh, labeller, files, watch);
    const previous = this.#roots[number];
    if (previous !== undefined) {
      this.#detach(previous);
      if (previous.isUnread) this.#unread--;
      this.#numbers.delete(previous.device, previous.inodeLow, previous.inodeHigh);
      this.#changes.note(); // programs of that root are remembered by the same number
    }
    this.#roots[number] = root;
    this.#unread++;
    this.#numbers.set(number, device, inodeLow, inodeHigh);
    this.#begin(number, root, pid);
    return number;
  }

  /** Begins to read a root's base system, through a process in it. Later, where many are read. */
  #begin(number: number, root: Root, pid = this.#population.pidIn(number)): void {
    if (this.#open >= MAX_OPEN) return;
    root.isUnread = false; // where nobody is left in it, nobody asks for it either
    this.#unread--;
    if (pid >= 0 && this.#attach(root, this.#procfs.openRoot(pid))) root.watch.read();
  }

  #reopen(number: number): Descriptor | undefined {
    const pid = this.#population.pidIn(number);
    return pid < 0 || this.#open >= MAX_OPEN ? undefined : this.#procfs.openRoot(pid);
  }

  /** Opens a root for reading; false, and the folder is closed, where it is not that root's: the process may have gone. */
  #attach(root: Root, folder: Descriptor | undefined): boolean {
    if (folder === undefined) return false;
    if (this.#status.read(folder.fd, EMPTY, c.AT_EMPTY_PATH) && root.isAt(this.#status)) {
      if (!root.files.isAttached) this.#open++;
      root.files.attach(folder);
      return true;
    }
    folder.close();
    return false;
  }

  #detach(root: Root): void {
    if (root.files.isAttached) this.#open--;
    root.files.detach();
  }

  /** A number that nobody has, that of a root without processes, or the last, which stands for all further ones. */
  #freeNumber(): number {
    const last = this.#limit - 1;
    if (this.#roots.length < last) return this.#roots.length;
    const nowNs = this.#now();
    if (nowNs < this.#nextFreeNs) return last;
    this.#nextFreeNs = nowNs + FREE_NS;
    const used = this.#population.rootsInUse();
    for (let number = 1; number < last; number++) {
      if (used.has(number)) continue;
      this.#nextFreeNs = nowNs; // there may be more
      return number;
    }
    return last;
  }

  #now(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }
}
