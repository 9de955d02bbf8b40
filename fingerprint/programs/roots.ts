/**
 * The roots that processes run in: the machine's own, and those of containers and chroots, each with its own base system.
 *
 * A root is a folder, known by its device and inode. The base system of one that is met for the first time is read through
 * /proc/PID/root, at once as far as a short time goes; its programs are told by the built-in list until it is read.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import { type BaseOverrides, BasePaths, BaseWatch } from "../base/mod.ts";
import { Labeller, type Renames } from "../labels/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";
import { RootFiles } from "./root_files.ts";

/** The machine's own root, which is the exporter's. */
export const HOST = 0;
/** It can't be told. */
export const NO_ROOT = -1;

/** Roots held at most, the machine's own among them; the last stands for all further ones. */
const MAX_ROOTS = 64;
const FURTHER = MAX_ROOTS - 1;
/** Time that the first reading of a root's base system may take at once, nanoseconds. */
const FIRST_READING_NS = 3e7;
/** Time between two looks whether the base system of another root changed; one root at a time. */
const CHECK_NS = 5e9;

const EMPTY = cString("");

/** What an operator says about programs. */
export type OperatorsWord = BaseOverrides & Renames;

/** What is read of /proc about roots. */
export type RootReader = Pick<Procfs, "readRoot" | "readRootPath" | "openRoot" | "reopen">;

class Root {
  /** Whether a program of it was labelled. */
  isAsked = false;
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
  /** A living process in a root, or -1: whom to ask for the root again, and whether anybody is there. */
  findProcess: (root: number) => number = () => -1;
  readonly #libc: Libc;
  readonly #procfs: RootReader;
  readonly #host: Labeller;
  readonly #relabel: () => void;
  readonly #status: FileStatus;
  readonly #own: readonly [device: number, inodeLow: number, inodeHigh: number];
  /** By number; the machine's own has none. */
  readonly #roots: (Root | undefined)[] = [undefined];
  readonly #further: Labeller;
  readonly #builtIn: BasePaths;
  #nextCheckNs = 0;
  #nextChecked = 1;

  #rules: OperatorsWord | undefined;

  /** `relabel` is called when labels may have changed; `rules` hold in every root. */
  constructor(libc: Libc, procfs: RootReader, host: Labeller, relabel: () => void, rules?: OperatorsWord) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#host = host;
    this.#relabel = relabel;
    this.#rules = rules;
    this.#builtIn = BasePaths.builtIn(rules);
    this.#further = new Labeller(this.#builtIn, "", rules);
    const status = this.#status = new FileStatus(libc);
    const known = status.read(c.AT_FDCWD, cString("/"));
    this.#own = known ? [status.device, status.inodeLow, status.inodeHigh] : [NaN, NaN, NaN];
  }

  /** Whether any other root than the machine's own is known. */
  get hasOthers(): boolean {
    return this.#roots.length > 1;
  }

  /** The number of the root that a process runs in, or {@link NO_ROOT}. */
  of(pid: number): number {
    const status = this.#status, [device, inodeLow, inodeHigh] = this.#own;
    if (!this.#procfs.readRoot(pid, status)) return NO_ROOT;
    if (status.inodeLow === inodeLow && status.inodeHigh === inodeHigh && status.device === device) return HOST;
    for (let number = 1; number < this.#roots.length; number++) {
      if (this.#roots[number]?.isAt(status)) return number;
    }
    return this.#add(pid);
  }

  /** Who names the programs of a root. */
  labeller(number: number): Labeller {
    if (number === HOST) return this.#host;
    const root = this.#roots[number];
    if (root === undefined) return this.#further;
    if (!root.isAsked) {
      this.#step(root, this.#now() + FIRST_READING_NS);
      root.isAsked = true;
    }
    return root.labeller;
  }

  /** Whether {@link step} has work to do. */
  get isReading(): boolean {
    for (let number = 1; number < this.#roots.length; number++) if (this.#roots[number]?.watch.isReading) return true;
    return false;
  }

  /** Looks whether the base system of the next root changed, if it is time for it. */
  check(nowNs: number): void {
    if (this.#roots.length === 1 || nowNs < this.#nextCheckNs) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    const number = this.#nextChecked < this.#roots.length ? this.#nextChecked : 1;
    this.#nextChecked = number + 1;
    const root = this.#roots[number];
    if (root === undefined || root.watch.isReading) return;
    const pid = this.findProcess(number), folder = pid < 0 ? -1 : this.#procfs.openRoot(pid);
    if (folder < 0) return;
    root.files.attach(folder);
    if (this.#isSame(root, folder)) root.watch.check(nowNs);
    if (!root.watch.isReading) root.files.detach();
  }

  /** Reads on in the first root that has something to read, until `endNs`. */
  step(endNs: number): void {
    const root = this.#roots.find((root) => root?.watch.isReading);
    if (root !== undefined) this.#step(root, endNs);
  }

  /** Takes an operator's other word. */
  override(rules: OperatorsWord): void {
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
    if (!root.watch.isReading) root.files.detach();
  }

  /** A root that is new, by a process in it whose root was just read. */
  #add(pid: number): number {
    const { device, inodeLow, inodeHigh } = this.#status;
    const number = this.#freeNumber();
    if (number === FURTHER) return FURTHER;
    const path = this.#procfs.readRootPath(pid), folder = this.#procfs.openRoot(pid);
    if (path === undefined || folder < 0) return NO_ROOT;
    const files = new RootFiles(this.#libc, this.#procfs);
    files.attach(folder);
    const labeller = new Labeller(this.#further.base, path === "/" ? "" : path, this.#rules);
    // What was labelled before the reading ended gets another label.
    const watch = new BaseWatch(files, labeller, () => root.isAsked && this.#relabel());
    const root = new Root(device, inodeLow, inodeHigh, labeller, files, watch);
    if (!this.#isSame(root, folder)) { // the process has gone, or its root, between the two looks
      files.detach();
      return NO_ROOT;
    }
    watch.read();
    const previous = this.#roots[number];
    this.#roots[number] = root;
    if (previous !== undefined) {
      previous.files.detach();
      this.#relabel(); // programs of that root are remembered by the same number
    }
    return number;
  }

  /** A number that nobody has, that of a root without processes, or {@link FURTHER}. */
  #freeNumber(): number {
    if (this.#roots.length < FURTHER) return this.#roots.length;
    for (let number = 1; number < FURTHER; number++) if (this.findProcess(number) < 0) return number;
    return FURTHER;
  }

  #isSame(root: Root, folder: number): boolean {
    return this.#status.read(folder, EMPTY, c.AT_EMPTY_PATH) && root.isAt(this.#status);
  }

  #now(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }
}
