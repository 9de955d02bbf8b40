/**
 * The table of processes: from forks, execs and exits to images, and from images to the numbers of their trees.
 *
 * For every tree, always: launches = endings + running. A process runs at most one image. One that forked and never exec'd
 * runs its parent's program without being a launch of it; it counts as a process of the tree, and its resources are the
 * tree's. How a process ends is told by the table in `endings.ts`. One class of more than 300 lines: all that is heard of a process
 * comes in here, and goes to images and ends.
 *
 * @module
 */
import { type Contexts, UNKNOWN_CONTEXT } from "../context/mod.ts";
import { isCollective, type LabelChanges, plain } from "../labels/mod.ts";
import { NO_USER } from "../../netlink/mod.ts";
import { isSameStart } from "../proc/mod.ts";
import { HOST, type Programs } from "../programs/mod.ts";
import { Ending, labelBelow, labelForked, ROOT, type TreeTable, type Trie } from "../trees/mod.ts";
import type { Clocks } from "./clocks.ts";
import type { ProcessColumns } from "./columns.ts";
import { type AccountingSource, EndRecords } from "./end_records.ts";
import { Learned, State } from "./endings.ts";
import { Ends, LIVES_ON } from "./ends.ts";
import type { FoundProcess, RunningProcess } from "./found.ts";
import { type ImageParts, Images } from "./images.ts";

/** What a table is made of. */
export interface ProcessParts {
  readonly columns: ProcessColumns;
  readonly trie: Trie;
  readonly trees: TreeTable;
  readonly programs: Programs;
  readonly accounting: AccountingSource;
  readonly clocks: Clocks;
  readonly contexts: Contexts;
  readonly labelChanges: LabelChanges;
  readonly onLaunch?: ImageParts["onLaunch"];
}

export class ProcessTable {
  readonly #p: ProcessColumns;
  readonly #trie: Trie;
  readonly #trees: TreeTable;
  readonly #programs: Programs;
  readonly #records: EndRecords;
  readonly #contexts: Contexts;
  readonly #labelChanges: LabelChanges;
  readonly #images: Images;
  readonly #ends: Ends;
  /** Tree of processes whose ancestry nobody knows. */
  readonly #unknown: number;

  constructor({ columns, trie, trees, programs, accounting, clocks, contexts, labelChanges, onLaunch }: ProcessParts) {
    this.#p = columns;
    this.#trie = trie;
    this.#trees = trees;
    this.#programs = programs;
    this.#contexts = contexts;
    this.#labelChanges = labelChanges;
    this.#records = new EndRecords(accounting);
    this.#images = new Images({ columns, trie, trees, programs, clocks, contexts, records: this.#records, onLaunch });
    this.#ends = new Ends({ columns, trie, trees, programs, records: this.#records, images: this.#images });
    this.#unknown = trie.child(ROOT, programs.unknownLabel);
    trie.hold(this.#unknown);
  }

  /** How often each row of `TRANSITIONS` was taken. */
  get taken(): Uint32Array {
    return this.#ends.taken;
  }

  /** Processes in the table. */
  get size(): number {
    return this.#p.size;
  }

  has(pid: number): boolean {
    return this.#p.slotOf(pid) >= 0;
  }

  /** Who runs a process, as far as is known: NO_USER where nobody does. */
  userOf(pid: number): number {
    const slot = this.#p.slotOf(pid);
    return slot < 0 ? NO_USER : this.#p.user[slot]!;
  }

  /** Start of a process, nanoseconds of CLOCK_MONOTONIC; undefined when it isn't in the table. */
  startOf(pid: number): number | undefined {
    const slot = this.#p.slotOf(pid);
    return slot < 0 ? undefined : this.#p.startNs[slot];
  }

  /** Tree of a process, or -1. */
  nodeOf(pid: number): number {
    const slot = this.#p.slotOf(pid);
    return slot < 0 ? -1 : this.#p.node[slot]!;
  }

  /** Executable of a process's image, or -1. */
  executableOf(pid: number): number {
    const slot = this.#p.slotOf(pid);
    return slot < 0 ? -1 : this.#p.executable[slot]!;
  }

  /** Whether a process runs an image that is counted. */
  hasImage(pid: number): boolean {
    const slot = this.#p.slotOf(pid);
    return slot >= 0 && this.#images.has(slot);
  }

  /** Ids of all processes in the table. */
  processIds(): Int32Array {
    return this.#p.pid.slice(0, this.#p.used).filter((pid) => pid !== 0);
  }

  /** Processes whose tree is one of those that are asked for: those whose image began last first, `most` at most. */
  runningIn(
    isAsked: (node: number) => boolean,
    most: number,
  ): { readonly count: number; readonly found: RunningProcess[] } {
    const p = this.#p, slots: number[] = [];
    for (let slot = 0; slot < p.used; slot++) if (p.pid[slot] !== 0 && isAsked(p.node[slot]!)) slots.push(slot);
    slots.sort((a, b) => p.imageNs[b]! - p.imageNs[a]!);
    const found = slots.slice(0, most).map((slot) => ({
      pid: p.pid[slot]!,
      user: p.user[slot] === NO_USER ? undefined : p.user[slot],
      imageNs: p.imageNs[slot]!,
      executable: p.executable[slot]!,
      launchFlags: this.#images.has(slot) ? p.launchFlags[slot]! : 0,
    }));
    return { count: slots.length, found };
  }

  /** A process was forked: it runs its parent's program until it execs. One whose parent isn't here has no known ancestry. */
  fork(timestampNs: number, parent: number, child: number): void {
    let parentSlot = this.#p.slotOf(parent);
    if (parentSlot >= 0 && this.#p.startNs[parentSlot]! > timestampNs) parentSlot = -1; // its id is in use again
    const old = this.#p.slotOf(child);
    if (old >= 0) {
      if (this.#p.foundNs[old]! >= 0 && isSameStart(this.#p.startNs[old]!, timestampNs)) {
        this.#p.startNs[old] = timestampNs; // found before its fork was read: /proc knows the start to a tick only
        return;
      }
      if (timestampNs < this.#p.startNs[old]!) return; // of an earlier process with this id
      // The end of the earlier one is known from its record only, or was lost.
      const ends = this.#ends,
        hasEnded = ends.endUndecided(old, Infinity) || ends.applyRecords(old, Infinity, timestampNs);
      if (!hasEnded) ends.learn(old, Learned.Replaced);
    }
    if (parentSlot >= 0) this.#images.nameNow(parentSlot);
    this.#records.dropEarlier(child, timestampNs);
    const slot = this.#add(child, parentSlot < 0 ? this.#unknown : this.#p.node[parentSlot]!, timestampNs);
    this.#p.root[slot] = parentSlot < 0 ? HOST : this.#p.root[parentSlot]!;
    if (parentSlot < 0) return;
    this.#p.user[slot] = this.#p.user[parentSlot]!;
    this.#p.context[slot] = this.#p.context[parentSlot]!;
    this.#p.group[slot] = this.#p.group[parentSlot]!;
  }

  /**
   * A process exec'd; `program` is what was seen of it then, by `readNs`, `user` is who runs it, and `group` the id of its control
   * group, where they are known.
   */
  exec(timestampNs: number, pid: number, program: number, readNs = timestampNs, user = NO_USER, group = 0): void {
    let slot = this.#p.slotOf(pid);
    if (slot < 0) slot = this.#add(pid, this.#unknown, timestampNs);
    if (timestampNs < this.#p.startNs[slot]!) return; // of an earlier process with this id
    this.#ends.learn(slot, Learned.Exec);
    if (timestampNs <= this.#p.foundNs[slot]!) {
      this.#p.imageNs[slot] = timestampNs;
      return;
    }
    this.#images.end(slot, timestampNs, Ending.Exec);
    if (user !== NO_USER) this.#p.user[slot] = user;
    this.#images.enter(slot, group);
    this.#images.exec(slot, timestampNs, program, readNs);
  }

  /** A process ended, or its first thread did: then the process ends with it unless other threads live on. */
  exit(timestampNs: number, pid: number, status: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot < 0 || timestampNs < this.#p.startNs[slot]!) return this.#records.dropEnded(pid); // of one that isn't here any more
    const record = this.#ends.takeThreads(slot, timestampNs), areWhole = this.#records.areExitsWhole;
    const isUndecided = record >= 0 && !areWhole && this.#records.isUndecided(record);
    if (record >= 0 && !isUndecided) {
      return void this.#ends.learn(slot, Learned.ExitWithRecord, timestampNs, status, record);
    }
    const livesOn = !areWhole &&
      (isUndecided || record === LIVES_ON || this.#records.areAll || timestampNs <= this.#p.foundNs[slot]!);
    this.#ends.learn(slot, livesOn ? Learned.LeaderExit : Learned.ExitAlone, timestampNs, status);
  }

  /**
   * After each drain: names the images that are still unnamed, and applies records whose exit event doesn't come.
   * `drainNs` and `previousDrainNs` are the times of the last two drains.
   */
  settle(generation: number, previousDrainNs: number, drainNs: number): void {
    this.#images.nameAll();
    this.#ends.settle(generation, previousDrainNs, drainNs);
  }

  /** Processes whose first thread has ended while others live on, as far as is known. */
  leaderless(): number[] {
    return this.#ends.leaderless();
  }

  /** Takes in a process that was found in /proc, its parent first where that is there. */
  adopt(found: FoundProcess): void {
    const parentSlot = this.#p.slotOf(found.parent);
    if (parentSlot >= 0) this.#images.nameNow(parentSlot);
    const base = parentSlot >= 0 ? this.#p.node[parentSlot]! : found.parent === 0 ? ROOT : this.#unknown;
    const slot = this.#add(found.pid, base, found.startNs);
    this.#p.root[slot] = found.root ?? (parentSlot < 0 ? HOST : this.#p.root[parentSlot]!);
    this.#p.user[slot] = found.user ?? (parentSlot < 0 ? NO_USER : this.#p.user[parentSlot]!);
    this.#p.foundNs[slot] = found.foundNs;
    this.#p.context[slot] = this.#contexts.look(found.pid);
    this.#p.group[slot] = this.#contexts.group;
    if (found.label === undefined) return;
    if (found.program === undefined) return this.#images.inherit(slot, base, found.label);
    const programs = this.#programs, executable = programs.executableOf(found.program);
    const flags = programs.flagsOf(found.program), label = labelBelow(this.#trie, found.pid, base, found.label);
    this.#images.begin(slot, this.#trie.child(base, label, this.#p.user[slot]), label, executable, flags);
  }

  /** /proc doesn't have a process, or its id is another's; what tells its end may be on its way. */
  missing(pid: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot >= 0) this.#ends.learn(slot, Learned.Missing);
  }

  /** A process is missing for good: nobody saw how it ended, or when but for `endNs`. */
  endUnseen(pid: number, endNs = NaN): void {
    const slot = this.#p.slotOf(pid);
    if (slot >= 0) this.#ends.learn(slot, Learned.LongMissing, endNs);
  }

  /** A process was found to run a program: if that isn't the one in the table, its exec was missed. True in that case. */
  foundRunning(pid: number, foundNs: number, seen: number, executable: number, flags: number): boolean {
    const slot = this.#p.slotOf(pid);
    if (slot < 0) return false;
    const base = this.#p.base[slot]!, known = this.#p.executable[slot]!;
    const label = labelBelow(this.#trie, pid, base, seen);
    const isRelabelled = (known < 0 || known === executable) && this.#p.imageNs[slot]! < this.#labelChanges.sinceNs;
    // A name that got no tree of its own is known by its label.
    if (
      this.#images.has(slot) &&
      (label === this.#p.label[slot] || isRelabelled ||
        this.#trie.child(base, label, this.#p.user[slot]) === this.#p.node[slot])
    ) {
      this.#p.executable[slot] = executable;
      return false;
    }
    this.#images.end(slot, NaN, Ending.Exec);
    this.#ends.learn(slot, Learned.Exec);
    this.#p.flags[slot] = this.#p.group[slot] = 0;
    this.#p.imageNs[slot] = this.#p.foundNs[slot] = foundNs;
    this.#images.begin(slot, this.#trie.child(base, label, this.#p.user[slot]), label, executable, flags);
    return true;
  }

  /** A process was found to run in a root. */
  foundInRoot(pid: number, root: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot >= 0) this.#p.root[slot] = root;
  }

  /**
   * A process that never exec'd was found to run a program, or its parent's image (undefined): its parent's exec was missed if that
   * isn't the one in the table.
   */
  foundForked(pid: number, parent: number, label: number | undefined): void {
    const slot = this.#p.slotOf(pid), parentSlot = this.#p.slotOf(parent), changedNs = this.#labelChanges.sinceNs;
    if (slot < 0 || this.#p.flags[slot] !== 0 || this.#p.state[slot] !== State.Lives) return;
    if (this.#p.startNs[slot]! < changedNs) return;
    // One of a parent that keeps its tree has that too.
    const isAsItsParent = parentSlot >= 0 && this.#p.node[slot] === this.#p.node[parentSlot];
    if (isAsItsParent && this.#p.imageNs[parentSlot]! < changedNs) return;
    if (label === undefined) {
      if (parentSlot >= 0 && !isAsItsParent) this.#images.inherit(slot, this.#p.node[parentSlot]!);
      return;
    }
    const known = this.#trie.labelOf(this.#p.node[slot]!);
    if (known === plain(labelForked(this.#trie, this.#p.node[slot]!, label)) || isCollective(known)) return; // whose name got no tree of its own may be any
    this.#images.inherit(slot, parentSlot < 0 ? this.#p.base[slot]! : this.#p.node[parentSlot]!, label);
  }

  /** Gives memory back after a storm. */
  compact(): void {
    this.#p.compact((from, to) => {
      this.#images.move(from, to);
      this.#ends.move(from, to);
    });
  }

  /** The numbers of contexts are about to be given to others. */
  forgetContexts(): void {
    this.#p.context.fill(UNKNOWN_CONTEXT);
    this.#p.group.fill(0);
  }

  /** The numbers of executables are about to be given to others. */
  forgetExecutables(): void {
    this.#p.executable.fill(-1);
  }

  /** Adds the plain ids of the labels of what runs. */
  addUsedLabels(used: Set<number>): void {
    for (let slot = 0; slot < this.#p.used; slot++) if (this.#p.pid[slot] !== 0) used.add(plain(this.#p.label[slot]!));
  }

  #add(pid: number, node: number, startNs: number): number {
    const slot = this.#p.add(pid);
    this.#p.flags[slot] = 0;
    this.#p.state[slot] = State.Lives;
    this.#p.base[slot] = this.#p.node[slot] = node;
    this.#p.root[slot] = HOST;
    this.#p.user[slot] = NO_USER;
    this.#p.context[slot] = UNKNOWN_CONTEXT;
    this.#p.group[slot] = 0;
    this.#p.executable[slot] = -1;
    this.#p.startNs[slot] = this.#p.imageNs[slot] = this.#p.readNs[slot] = startNs;
    this.#p.foundNs[slot] = -1;
    this.#trie.hold(node);
    this.#trees.countProcess(node, 1);
    return slot;
  }
}
