/**
 * The roots that processes run in: the machine's own, and those of containers and chroots, each with its own base system.
 *
 * A root is a folder, known by its device and inode. Where whoever set it up is trusted, its base system is read by another thread;
 * its programs are told by the built-in list until it is. In a root that any user may have made nothing is of the base system.
 * Nothing here asks the file system of another root anything.
 *
 * One class of more than 300 lines: a root's number, its trust and its reading change together.
 *
 * @module
 */
import { constants as c, cString, IntTable, type Libc } from "../../netlink/mod.ts";
import { type BaseOverrides, BasePaths } from "../base/mod.ts";
import { type LabelChanges, Labeller, type Renames, type RootRule } from "../labels/mod.ts";
import { FileStatus, type Procfs } from "../proc/mod.ts";
import { administratorFiles } from "./administrator_files.ts";
import { writableLayer } from "./overlay.ts";
import { PendingReadings, type RootReadings } from "./pending_readings.ts";
import { type Population, Root, type RootLog } from "./root.ts";
import type { RootRequest } from "./root_readings.ts";
import { rootTrust, type TrustReader } from "./root_trust.ts";
import { SharedBases } from "./shared_bases.ts";

/** The machine's own root, which is the exporter's. */
export const HOST = 0;
/** It can't be told. */
export const NO_ROOT = -1;

/** Roots held at most, the machine's own among them; the last stands for all further ones. */
export const MAX_ROOTS = 1 << 11;
/** The machine's own root as mounts show it that any user may have made: whatever lies there, nobody vouches for what it loads. */
export const USERS_VIEW = MAX_ROOTS;
/** After a wait for a base system, none for so many times as long. */
const PAUSE_PER_WAIT = 3;
/** Time for which the start does for all that are there. */
const START_READING_NS = 3e8;
/** Time between two looks whether the base system of another root changed; one root at a time. */
const CHECK_NS = 5e9;
/** Time between two looks for a root without processes, once all numbers are given. */
const FREE_NS = 1e9;

/** What is configured about programs: which are base, and which have another name. */
export type ProgramRules = BaseOverrides & Renames;

export type RootReader = Pick<Procfs, "readRoot" | "readRootPath" | "openRoot"> & TrustReader;

/** The rule of roots that aren't the machine's own. */
const NOWHERE: RootRule = () => false;

const NO_LOG: RootLog = { full: () => {}, stalled: () => {} };

export class Roots {
  /** Time for which the first program of a trusted root may wait for its base system to be read, nanoseconds. */
  patienceNs = 0;
  readonly #libc: Libc;
  readonly #procfs: RootReader;
  readonly #host: Labeller;
  readonly #changes: LabelChanges;
  readonly #population: Population;
  readonly #limit: number;
  readonly #log: RootLog;
  readonly #status: FileStatus;
  readonly #ownersOf: ReturnType<typeof rootTrust>;
  readonly #readings: PendingReadings<Root>;
  /** By number; the machine's own has none. */
  readonly #roots: (Root | undefined)[] = [undefined];
  /** Device and inode → number. */
  readonly #numbers = new IntTable();
  readonly #shared = new SharedBases();
  readonly #further: Labeller;
  readonly #usersView: Labeller;
  #builtIn: BasePaths;
  #rules: ProgramRules | undefined;
  /** Those whose base system is to be read, and by which process; whose files count in it is asked then, where it isn't known. */
  readonly #unread = new Map<Root, { readonly pid: number; readonly owners?: readonly number[] }>();
  #refused = 0;
  #hasStalled = false;
  #nextWaitNs = 0;
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
    readings: RootReadings,
    rules?: ProgramRules,
    log = NO_LOG,
    limit = MAX_ROOTS,
  ) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#host = host;
    this.#changes = changes;
    this.#population = population;
    this.#rules = rules;
    this.#log = log;
    this.#limit = limit;
    this.#ownersOf = rootTrust(procfs);
    this.#readings = new PendingReadings(readings, () => this.#now());
    this.#builtIn = BasePaths.builtIn(rules);
    this.#further = new Labeller(this.#builtIn, "", rules);
    this.#further.rootRule = NOWHERE;
    this.#usersView = new Labeller(host.base, "", rules);
    this.#usersView.rootRule = NOWHERE;
    this.#usersView.users = "mounts";
    const status = this.#status = new FileStatus(libc);
    if (status.read(c.AT_FDCWD, cString("/"))) {
      this.#numbers.set(HOST, status.device, status.inodeLow, status.inodeHigh);
    }
    // Where this is a container that watches the machine, the machine's own root is that of its first process.
    const isAdministrators = administratorFiles(libc, procfs), machine = this.of(1);
    host.rootRule = machine <= HOST ? isAdministrators : NOWHERE;
    if (machine > HOST) this.#roots[machine]!.labeller.rootRule = isAdministrators;
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

  /** Roots whose packages aren't known, because a file system doesn't answer: their own, or those of all that are being read. */
  get unreadable(): number {
    const { stalled, isFull } = this.#readings;
    return stalled + (isFull && stalled > 0 ? this.#unread.size : 0);
  }

  /** The number of the root that a process runs in, or {@link NO_ROOT}. */
  of(pid: number): number {
    const status = this.#status;
    if (!this.#procfs.readRoot(pid, status)) return NO_ROOT;
    const known = this.#numbers.get(status.device, status.inodeLow, status.inodeHigh);
    return known >= 0 ? known : this.#add(pid);
  }

  /** The number of the user namespace of the process by which a root was found; 0 for the machine's own, and where it can't be told. */
  userNamespaceOf(number: number): number {
    return this.#roots[number]?.userNs ?? 0;
  }

  /** The folder that takes what is written in a container; undefined where there is none, or its owner isn't trusted. */
  layerOf(number: number): string | undefined {
    return this.#roots[number]?.layer;
  }

  /** How another thread reaches a root: by a process in it; undefined where none is left, or its owner isn't trusted. */
  accessTo(number: number): Omit<RootRequest, "watched"> | undefined {
    const root = this.#roots[number], pid = this.#population.pidIn(number);
    const owners = root === undefined || pid < 0 ? undefined : this.#ownersOf(pid);
    if (root === undefined || owners === undefined) return undefined;
    const { device, inodeLow, inodeHigh } = root;
    return { pid, device, inodeLow, inodeHigh, owners };
  }

  /** Who names the programs of a root. */
  labeller(number: number): Labeller {
    if (number === HOST) return this.#host;
    if (number === USERS_VIEW) {
      const view = this.#usersView, { base } = this.#host;
      if (view.base !== base) view.base = base;
      return view;
    }
    const root = this.#roots[number];
    if (root === undefined) return this.#further;
    if (!root.isAsked) {
      const nowNs = this.#now();
      if (nowNs >= this.#nextWaitNs && this.#readings.has(root)) {
        this.#settle(() => this.#readings.has(root), this.patienceNs);
        const endNs = this.#now();
        this.#nextWaitNs = endNs + PAUSE_PER_WAIT * (endNs - nowNs);
      }
      root.isAsked = true;
    }
    return root.labeller;
  }

  /** Learns the roots of the processes that are there at the start, and has them read, as far as a short time goes. */
  prepare(pids: Iterable<number>): void {
    for (const pid of pids) this.of(pid);
    this.#settle(() => this.isPending, START_READING_NS);
  }

  /** Whether {@link step} has work to do. */
  get isReading(): boolean {
    return this.#readings.hasAnswer;
  }

  /** Whether the base system of a root is being read, or waits for that. */
  get isPending(): boolean {
    return this.#unread.size > 0 || this.#readings.size > 0;
  }

  /** Notices file systems that don't answer, and whether the base system of the next root changed, if it is time for it. */
  check(nowNs: number): void {
    if (!this.hasOthers) return;
    const stalled = this.#readings.noticeStalled();
    if (stalled !== undefined && !this.#hasStalled) this.#log.stalled(stalled.path);
    this.#hasStalled = this.#readings.stalled > 0;
    if (nowNs < this.#nextCheckNs) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    const number = this.#nextChecked < this.#roots.length ? this.#nextChecked : 1;
    this.#nextChecked = number + 1;
    const root = this.#roots[number];
    if (root === undefined || this.#unread.has(root) || this.#readings.has(root)) return;
    this.#unread.set(root, { pid: this.#population.pidIn(number) });
    this.#begin();
  }

  /** Takes over what was read, until `endNs`, and has further roots read. */
  step(endNs: number): void {
    this.#readings.take(endNs, (root, base) => {
      if (!this.#roots.includes(root)) return; // its number was given to another
      root.isRead = true;
      root.labeller.base = this.#shared.share(base.withOverrides(this.#builtIn.overrides));
      if (root.isAsked) this.#changes.note(); // what was labelled before gets another label
    });
    this.#begin();
  }

  override(rules: ProgramRules): void {
    this.#rules = rules;
    this.#builtIn = this.#builtIn.withOverrides(rules);
    this.#further.renames = rules;
    this.#further.base = this.#builtIn;
    this.#usersView.renames = rules;
    for (const root of this.#roots) {
      if (root === undefined) continue;
      root.labeller.renames = rules;
      root.labeller.base = root.labeller.base.withOverrides(rules);
    }
  }

  /** Waits while a reading is under way and none is stalled, so many nanoseconds at most. */
  #settle(isUnderWay: () => boolean, nanoseconds: number): void {
    const endNs = this.#now() + nanoseconds;
    this.#begin();
    while (isUnderWay() && this.#readings.stalled === 0) {
      const leftNs = endNs - this.#now();
      if (leftNs <= 0) return;
      this.#readings.wait(leftNs);
      this.step(endNs);
    }
  }

  /** A root that is new, by a process in it whose root was just read. */
  #add(pid: number): number {
    const { device, inodeLow, inodeHigh } = this.#status;
    // A path that is longer than readlink(2) tells is that of no container.
    const path = this.#procfs.readRootPath(pid);
    if (path === undefined) return NO_ROOT;
    const number = this.#freeNumber();
    if (number === this.#limit - 1) {
      if (this.#refused++ === 0) this.#log.full(this.#limit - 1);
      return number;
    }
    const userNs = this.#procfs.readNamespace(pid, "user");
    const labeller = new Labeller(this.#builtIn, path === "/" ? "" : path, this.#rules);
    labeller.rootRule = NOWHERE;
    // In a root that any user may have made, the overlay's options are that user's word; the machine's own is no container.
    const owners = this.#ownersOf(pid), isTrusted = owners !== undefined;
    labeller.users = isTrusted ? undefined : "root";
    const isContainer = isTrusted && pid !== 1;
    const layer = isContainer ? writableLayer(this.#procfs.readText(`${pid}/mountinfo`) ?? "") : undefined;
    const root = new Root(device, inodeLow, inodeHigh, path, userNs, layer, labeller);
    const previous = this.#roots[number];
    if (previous !== undefined) {
      this.#unread.delete(previous);
      this.#numbers.delete(previous.device, previous.inodeLow, previous.inodeHigh);
      this.#changes.noteRenumbered();
    }
    this.#roots[number] = root;
    this.#numbers.set(number, device, inodeLow, inodeHigh);
    if (isTrusted) {
      this.#unread.set(root, { pid, owners });
      this.#begin();
    }
    return number;
  }

  /** Has roots read, through a process in each, as many as may be at a time; not those that any user may have set up. */
  #begin(): void {
    for (const [root, found] of this.#unread) {
      if (this.#readings.isFull) return;
      this.#unread.delete(root); // where nobody is left in it, nobody asks for it either
      const { pid } = found, { labeller } = root;
      if (pid < 0) continue;
      const owners = found.owners ?? this.#ownersOf(pid);
      if (labeller.users !== undefined && owners !== undefined) {
        labeller.users = undefined; // the administrator's own, whoever was found in it first
        if (root.isAsked) this.#changes.note();
      }
      if (owners === undefined) continue;
      const { device, inodeLow, inodeHigh } = root, watched = root.isRead ? root.labeller.base.watched : [];
      this.#readings.ask(root, { pid, device, inodeLow, inodeHigh, owners, watched });
    }
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
