/**
 * The table of processes: from forks, execs and exits to images, and from images to the numbers of their trees.
 *
 * For every tree, always: launches = endings + running. A process runs at most one image. One that forked and never exec'd
 * runs its parent's program without being a launch of it; it counts as a process of the tree, and its resources are the
 * tree's.
 *
 * @module
 */
import { LAST, LEADER, RecordField, type RecordQueue } from "../../netlink/mod.ts";
import { OVERFLOW_ID, plain } from "../labels/mod.ts";
import { ProcessColumns } from "./columns.ts";
import { ProcessResources } from "./resources.ts";
import { isSameStart } from "../proc/mod.ts";
import { HOST, NamedBy, type Programs, UNSEEN } from "../programs/mod.ts";
import { Ending, endingOf, ROOT, type TreeTable, type Trie } from "../trees/mod.ts";

/** The process runs an image that is counted. */
const HAS_IMAGE = 1;
/** It exec'd, and the image's name is not known yet; nothing is counted for it. */
const UNNAMED = 2;
/** Its first thread has ended; others may live on. */
const LEADER_GONE = 4;
/** It was found gone after its first thread had ended; its record may be on its way. */
const FOUND_GONE = 8;

/** What the records say at the exit of a first thread, where that isn't the number of the record of the process's end. */
const NO_RECORD = -1;
const LIVES_ON = -2;

/** How far an end may lie from where the process's start and age put it, nanoseconds: clocks are read a few µs apart, and /proc counts in ticks. */
const AGE_TOLERANCE_NS = 5e8;

/** What the table is told of a process that it didn't see begin. */
export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly startNs: number;
  /** When it was looked at. Events older than that are part of what was found. */
  readonly foundNs: number;
  /** Its program by `Programs.look`; undefined for kernel threads and processes that never exec'd themselves. */
  readonly program: number | undefined;
  /** Its program's label also where it never exec'd; undefined for kernel threads. */
  readonly label: number | undefined;
  /** The number of its root, where that was looked at. */
  readonly root?: number | undefined;
}

export class ProcessTable {
  /** Add to a monotonic time for Unix time, nanoseconds. */
  unixOffsetNs = 0;
  /**
   * When labels changed last, CLOCK_MONOTONIC in nanoseconds. What began before keeps the name it was counted under: another
   * name of the same executable is no exec that was missed.
   */
  relabelledNs = -Infinity;
  /** Whether every process that ended has its accounting record in {@link records}, as far as is known. */
  hasAllRecords = false;
  /** Reads further accounting records into the queue, where the source has any. */
  fetchRecords: () => void = () => {};
  readonly #trie: Trie;
  readonly #trees: TreeTable;
  readonly #programs: Programs;
  readonly #records: RecordQueue;
  /** Called for the parent of a new process when it isn't known. */
  readonly #find: (pid: number) => void;
  /** Tree of processes whose ancestry nobody knows. */
  readonly #unknown: number;
  readonly #p = new ProcessColumns();
  readonly #resources: ProcessResources;
  readonly #unnamed = new Set<number>();
  readonly #leaderless = new Set<number>();
  /** The drain before the last but one: records that are still there came later. */
  #recordsSinceNs = 0;

  constructor(trie: Trie, trees: TreeTable, programs: Programs, records: RecordQueue, find: (pid: number) => void) {
    this.#trie = trie;
    this.#trees = trees;
    this.#programs = programs;
    this.#records = records;
    this.#resources = new ProcessResources(records);
    this.#find = find;
    this.#unknown = trie.child(ROOT, programs.unknownLabel);
    trie.hold(this.#unknown);
  }

  /** Processes in the table. */
  get size(): number {
    return this.#p.size;
  }

  has(pid: number): boolean {
    return this.#p.slotOf(pid) >= 0;
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
    return slot >= 0 && (this.#p.flags[slot]! & HAS_IMAGE) !== 0;
  }

  /** Ids of all processes in the table. */
  processIds(): Int32Array {
    return this.#p.pid.slice(0, this.#p.used).filter((pid) => pid !== 0);
  }

  /** A process was forked: it runs its parent's program until it execs. */
  fork(timestampNs: number, parent: number, child: number): void {
    let parentSlot = this.#p.slotOf(parent);
    if (parentSlot < 0) {
      this.#find(parent); // which can take in the child too, where the parent's id has been given to a descendant
      parentSlot = this.#p.slotOf(parent);
      if (parentSlot >= 0 && this.#p.startNs[parentSlot]! > timestampNs) parentSlot = -1; // the id is in use again
    }
    const old = this.#p.slotOf(child);
    if (old >= 0) {
      if (this.#p.foundNs[old]! >= 0 && isSameStart(this.#p.startNs[old]!, timestampNs)) {
        this.#p.startNs[old] = timestampNs; // found before its fork was read: /proc knows the start to a tick only
        return;
      }
      if (timestampNs < this.#p.startNs[old]!) return; // of an earlier process with this id
      this.#endReplaced(old, timestampNs);
    }
    if (parentSlot >= 0 && (this.#p.flags[parentSlot]! & UNNAMED) !== 0) this.#nameNow(parentSlot);
    this.#dropEarlier(child, timestampNs);
    const slot = this.#add(child, parentSlot < 0 ? this.#unknown : this.#p.node[parentSlot]!, timestampNs);
    this.#p.root[slot] = parentSlot < 0 ? HOST : this.#p.root[parentSlot]!;
  }

  /** A process exec'd; `program` is what was seen of it then, by `readNs`. */
  exec(timestampNs: number, pid: number, program: number, readNs = timestampNs): void {
    let slot = this.#p.slotOf(pid);
    if (slot < 0) {
      this.#find(pid); // its fork was lost
      slot = this.#p.slotOf(pid);
      if (slot < 0) slot = this.#add(pid, this.#unknown, timestampNs);
    }
    if (timestampNs < this.#p.startNs[slot]!) return; // of an earlier process with this id
    this.#leaderless.delete(slot); // an exec from another thread: the process goes on as this one
    if (timestampNs <= this.#p.foundNs[slot]!) {
      this.#p.flags[slot]! &= ~(LEADER_GONE | FOUND_GONE);
      this.#p.imageNs[slot] = timestampNs;
      return;
    }
    program = this.#inOwnRoot(slot, program);
    this.#endImage(slot, timestampNs, Ending.Exec);
    this.#p.flags[slot] = 0;
    this.#p.imageNs[slot] = timestampNs;
    this.#p.readNs[slot] = readNs;
    if (this.#programs.isComplete(program)) {
      this.#programs.namedBy[NamedBy.Proc]++;
      this.#launch(slot, this.#programs.labelOf(program), this.#programs.executableOf(program));
    } else {
      this.#p.flags[slot] = UNNAMED;
      this.#p.seen[slot] = program;
      this.#p.executable[slot] = -1;
      this.#unnamed.add(slot);
    }
  }

  /** A process's first thread exited. The process ends with it unless other threads live on. */
  exit(timestampNs: number, pid: number, status: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot < 0 || timestampNs < this.#p.startNs[slot]!) { // of one that isn't in the table, or not any more
      this.#dropRecords(pid);
      return;
    }
    const record = this.#takeThreads(slot, timestampNs);
    if (record >= 0) {
      this.#finish(slot, timestampNs, status, record);
    } else if (record === LIVES_ON || this.hasAllRecords || timestampNs <= this.#p.foundNs[slot]!) {
      this.#p.flags[slot]! |= LEADER_GONE;
      this.#p.leaderEndNs[slot] = timestampNs;
      this.#p.leaderStatus[slot] = status;
      this.#leaderless.add(slot);
    } else {
      this.#remove(slot, timestampNs, status);
    }
  }

  /**
   * After each drain: names the images that are still unnamed, and applies records whose exit event doesn't come.
   * `drainNs` and `previousDrainNs` are the times of the last two drains.
   */
  settle(generation: number, previousDrainNs: number, drainNs: number): void {
    for (const slot of this.#unnamed) this.#nameNow(slot);
    for (const slot of this.#leaderless) this.#applyRecords(slot, Infinity, drainNs);
    this.#records.visitOld(generation - 1, (_index, pid) => {
      const slot = this.#p.slotOf(pid);
      if (slot >= 0) this.#applyRecords(slot, generation - 1, drainNs);
      else this.#records.shift(pid);
    });
    this.#recordsSinceNs = previousDrainNs;
  }

  /** Processes whose first thread has ended while others live on, as far as is known. */
  leaderless(): number[] {
    return [...this.#leaderless].map((slot) => this.#p.pid[slot]!);
  }

  /**
   * A process whose first thread had ended is found gone altogether. The second time, after a drain, its record was lost, so
   * the end of its first thread is taken for its own.
   */
  endLeaderless(pid: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot < 0 || !this.#leaderless.has(slot)) return;
    if ((this.#p.flags[slot]! & FOUND_GONE) === 0) this.#p.flags[slot]! |= FOUND_GONE; // its record may wait in the socket
    else this.#remove(slot, this.#p.leaderEndNs[slot]!, this.#p.leaderStatus[slot]!);
  }

  /** Takes in a process that was found in /proc, its parent first where that is there. */
  adopt(found: FoundProcess): void {
    const parentSlot = this.#p.slotOf(found.parent);
    if (parentSlot >= 0 && (this.#p.flags[parentSlot]! & UNNAMED) !== 0) this.#nameNow(parentSlot);
    const base = parentSlot >= 0 ? this.#p.node[parentSlot]! : found.parent === 0 ? ROOT : this.#unknown;
    const slot = this.#add(found.pid, base, found.startNs);
    this.#p.root[slot] = found.root ?? (parentSlot < 0 ? HOST : this.#p.root[parentSlot]!);
    this.#p.foundNs[slot] = found.foundNs;
    if (found.label === undefined) return;
    if (found.program === undefined) return this.#inherit(slot, base, found.label);
    const executable = this.#programs.executableOf(found.program);
    this.#beginImage(slot, this.#trie.child(base, found.label), found.label, executable);
  }

  /** A process was found to be gone, or to be another than the one in the table: nobody saw how it ended, or when but for `endNs`. */
  endUnseen(pid: number, endNs = NaN): void {
    const slot = this.#p.slotOf(pid);
    if (slot >= 0) this.#remove(slot, endNs, -1);
  }

  /** A process was found to run a program: if that isn't the one in the table, its exec was missed. True in that case. */
  foundRunning(pid: number, foundNs: number, label: number, executable: number): boolean {
    const slot = this.#p.slotOf(pid);
    if (slot < 0) return false;
    const hasImage = (this.#p.flags[slot]! & HAS_IMAGE) !== 0, base = this.#p.base[slot]!;
    const known = this.#p.executable[slot]!;
    const isRelabelled = (known < 0 || known === executable) && this.#p.imageNs[slot]! < this.relabelledNs;
    // A name that got no tree of its own is known by its label.
    if (
      hasImage &&
      (label === this.#p.label[slot] || isRelabelled || this.#trie.child(base, label) === this.#p.node[slot])
    ) {
      this.#p.executable[slot] = executable;
      return false;
    }
    this.#endImage(slot, NaN, Ending.Exec);
    this.#leaderless.delete(slot);
    this.#p.flags[slot] = 0;
    this.#p.imageNs[slot] = this.#p.foundNs[slot] = foundNs;
    this.#beginImage(slot, this.#trie.child(base, label), label, executable);
    return true;
  }

  /** A process was found to run in a root. */
  foundInRoot(pid: number, root: number): void {
    const slot = this.#p.slotOf(pid);
    if (slot >= 0) this.#p.root[slot] = root;
  }

  /** A process in a root, or -1 where nobody is. */
  findInRoot(root: number): number {
    for (let slot = 0; slot < this.#p.used; slot++) {
      if (this.#p.root[slot] === root && this.#p.pid[slot] !== 0) return this.#p.pid[slot]!;
    }
    return -1;
  }

  /** A process that never exec'd was found to run a program: its parent's exec was missed if that isn't the one in the table. */
  foundForked(pid: number, parent: number, label: number): void {
    const slot = this.#p.slotOf(pid), parentSlot = this.#p.slotOf(parent);
    if (slot < 0 || this.#p.flags[slot] !== 0 || this.#p.startNs[slot]! < this.relabelledNs) return;
    // One of a parent that keeps its tree has that too.
    const isAsItsParent = parentSlot >= 0 && this.#p.node[slot] === this.#p.node[parentSlot];
    if (isAsItsParent && this.#p.imageNs[parentSlot]! < this.relabelledNs) return;
    const known = this.#trie.labelOf(this.#p.node[slot]!);
    if (known === plain(label) || known === OVERFLOW_ID) return; // whose name got no tree of its own may be any
    this.#inherit(slot, parentSlot < 0 ? this.#p.base[slot]! : this.#p.node[parentSlot]!, label);
  }

  /** Gives memory back after a storm. */
  compact(): void {
    this.#p.compact((from, to) => {
      this.#resources.move(from, to);
      for (const slots of [this.#unnamed, this.#leaderless]) if (slots.delete(from)) slots.add(to);
    });
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
    this.#p.base[slot] = this.#p.node[slot] = node;
    this.#p.root[slot] = HOST;
    this.#p.executable[slot] = -1;
    this.#p.startNs[slot] = this.#p.imageNs[slot] = this.#p.readNs[slot] = startNs;
    this.#p.foundNs[slot] = -1;
    this.#trie.hold(node);
    this.#trees.countProcess(node, 1);
    return slot;
  }

  /** Gives a process that never exec'd the tree that its parent had at the fork: the parent's, or another program's below it. */
  #inherit(slot: number, parentNode: number, label: number): void {
    const node = this.#trie.child(parentNode, label);
    this.#setNode(slot, node);
    this.#trie.hold(node);
    this.#trie.release(this.#p.base[slot]!);
    this.#p.base[slot] = node;
  }

  #setNode(slot: number, node: number): void {
    if (this.#p.node[slot] === node) return;
    this.#trees.countProcess(this.#p.node[slot]!, -1);
    this.#trees.countProcess(node, 1);
    this.#p.node[slot] = node;
  }

  #beginImage(slot: number, node: number, label: number, executable: number): void {
    this.#setNode(slot, node);
    this.#p.label[slot] = label;
    this.#p.executable[slot] = executable;
    this.#p.flags[slot]! |= HAS_IMAGE;
    this.#trees.begin(node, this.#p.pid[slot]!, (this.#p.imageNs[slot]! + this.unixOffsetNs) / 1e9);
    if (this.#programs.isDeleted(executable)) this.#trees.countDeleted(node, 1);
  }

  #launch(slot: number, label: number, executable: number): void {
    this.#beginImage(slot, this.#trie.launch(this.#p.base[slot]!, label), label, executable);
  }

  /** `cpuSeconds` is the whole process's, where it ends too and that is known. */
  #endImage(slot: number, timestampNs: number, ending: number, cpuSeconds = NaN): void {
    if ((this.#p.flags[slot]! & UNNAMED) !== 0) {
      this.#name(slot, this.#programs.nameFromComm(this.#p.seen[slot]!, undefined));
    }
    if ((this.#p.flags[slot]! & HAS_IMAGE) === 0) return;
    const seconds = (timestampNs - this.#p.imageNs[slot]!) / 1e9;
    const unixSeconds = (timestampNs + this.unixOffsetNs) / 1e9;
    this.#trees.end(this.#p.node[slot]!, ending, this.#p.pid[slot]!, seconds, unixSeconds, cpuSeconds);
    this.#p.flags[slot]! &= ~HAS_IMAGE;
  }

  /** A program as it is called in the root of its process, which is the parent's where it wasn't looked at. */
  #inOwnRoot(slot: number, program: number): number {
    const seen = this.#programs.rootOf(program);
    if (seen >= 0) this.#p.root[slot] = seen;
    else if (this.#p.root[slot] !== HOST) return this.#programs.inRoot(program, this.#p.root[slot]!);
    return program;
  }

  /** Gives an image its name. */
  #name(slot: number, label: number, executable = -1): void {
    this.#p.flags[slot]! &= ~UNNAMED;
    this.#unnamed.delete(slot);
    this.#launch(slot, label, executable);
  }

  /** Names an image whose process has not been seen to end: by its record if it has ended meanwhile, or by a second look. */
  #nameNow(slot: number): void {
    const pid = this.#p.pid[slot]!, programs = this.#programs;
    let record = this.#lastRecord(pid);
    if (record >= 0) return this.#name(slot, programs.nameFromRecord(this.#p.seen[slot]!, this.#records, record));
    const program = this.#inOwnRoot(slot, programs.look(pid, programs.hasOtherRoots));
    if (programs.isComplete(program)) {
      programs.namedBy[NamedBy.Proc]++;
      return this.#name(slot, programs.labelOf(program), programs.executableOf(program));
    }
    const seen = program < 0 ? this.#p.seen[slot]! : program, comm = programs.readComm(pid);
    if (comm === undefined) {
      this.fetchRecords(); // it has gone since the records were read, so that its own waits
      record = this.#lastRecord(pid);
      if (record >= 0) return this.#name(slot, programs.nameFromRecord(seen, this.#records, record));
    }
    this.#name(slot, programs.nameFromComm(seen, comm));
  }

  /** The record of a process's end, or -1. */
  #lastRecord(pid: number): number {
    const f = this.#records;
    let record = f.first(pid);
    while (record >= 0 && (f.field(record, RecordField.Flags) & LAST) === 0) {
      record = f.next(record);
    }
    return record;
  }

  /**
   * At the exit of a process's first thread: takes the records of threads that ended before. Returns the record of the
   * process's end, which stays first in its queue, {@link LIVES_ON} or {@link NO_RECORD}.
   */
  #takeThreads(slot: number, timestampNs: number): number {
    const pid = this.#p.pid[slot]!, f = this.#records;
    for (let record = f.first(pid); record >= 0; record = f.first(pid)) {
      const flags = f.field(record, RecordField.Flags);
      if ((flags & LAST) === 0) {
        this.#resources.addThread(slot, record);
        f.shift(pid);
        if ((flags & LEADER) !== 0) return LIVES_ON;
      } else {
        // Of an earlier process with this id, whose exit event was lost, where its age doesn't fit and another record follows.
        const ageNs = f.field(record, RecordField.ProcessSeconds) * 1e9;
        const fits = ageNs === 0 || Math.abs(this.#p.startNs[slot]! + ageNs - timestampNs) < AGE_TOLERANCE_NS;
        if (fits || f.next(record) < 0) return record;
        f.shift(pid);
      }
    }
    return NO_RECORD;
  }

  /**
   * Takes the records of a process up to a generation without its exit event. Ends it where one says that it ended up to
   * `untilNs`; a younger end waits for the events before it. True if it ended.
   */
  #applyRecords(slot: number, generation: number, untilNs: number): boolean {
    const pid = this.#p.pid[slot]!, f = this.#records, isLeaderless = (this.#p.flags[slot]! & LEADER_GONE) !== 0;
    const sinceNs = isLeaderless ? this.#p.leaderEndNs[slot]! : this.#recordsSinceNs;
    for (let record = f.first(pid); record >= 0; record = f.first(pid)) {
      if (f.field(record, RecordField.Generation) > generation) return false;
      if ((f.field(record, RecordField.Flags) & LAST) === 0) {
        this.#resources.addThread(slot, record);
      } else {
        const endNs = this.#p.startNs[slot]! + f.field(record, RecordField.ProcessSeconds) * 1e9;
        const fits = endNs > sinceNs - AGE_TOLERANCE_NS && endNs <= untilNs;
        // Without its exit event a process is taken for ended if it is: it may be a later one of about the same age.
        if (fits && (generation === Infinity || isLeaderless || this.#programs.hasGone(pid))) {
          const status = f.field(record, RecordField.ExitCode);
          this.#finish(slot, isLeaderless ? Math.max(endNs, sinceNs) : endNs, status, record);
          return true;
        }
        if (generation === Infinity || isLeaderless && endNs > untilNs) return false;
      }
      f.shift(pid); // an old one that doesn't fit is that of an earlier process with this id
    }
    return false;
  }

  /** The id of a process is in use again: its end is known from its record only, or was lost. */
  #endReplaced(slot: number, timestampNs: number): void {
    if (this.#applyRecords(slot, Infinity, timestampNs)) return;
    const isLeaderless = (this.#p.flags[slot]! & LEADER_GONE) !== 0;
    this.#remove(
      slot,
      isLeaderless ? this.#p.leaderEndNs[slot]! : NaN,
      isLeaderless ? this.#p.leaderStatus[slot]! : -1,
    );
  }

  /** What is read after a process's exit is another's that has its id already, where the record says so. */
  #isMisnamed(slot: number, exitNs: number, record: number): boolean {
    return this.#p.readNs[slot]! > exitNs &&
      this.#programs.isContradicted(this.#p.executable[slot]!, this.#records, record);
  }

  #rename(slot: number, record: number): void {
    this.#trees.revoke(this.#p.node[slot]!, this.#p.pid[slot]!);
    if (this.#programs.isDeleted(this.#p.executable[slot]!)) this.#trees.countDeleted(this.#p.node[slot]!, -1);
    this.#programs.namedBy[NamedBy.Proc]--;
    this.#p.flags[slot]! &= ~HAS_IMAGE;
    this.#name(slot, this.#programs.nameFromRecord(UNSEEN, this.#records, record));
  }

  /** Ends a process whose record is `record`, the first of its queue. */
  #finish(slot: number, timestampNs: number, status: number, record: number): void {
    if ((this.#p.flags[slot]! & UNNAMED) !== 0) {
      this.#name(slot, this.#programs.nameFromRecord(this.#p.seen[slot]!, this.#records, record));
    } else if (this.#p.executable[slot]! >= 0) {
      if (this.#isMisnamed(slot, timestampNs, record)) this.#rename(slot, record);
      else this.#programs.learn(this.#p.executable[slot]!, this.#records, record);
    }
    const sum = this.#resources.total(slot, record, (timestampNs - this.#p.startNs[slot]!) / 1e9);
    this.#trees.account(this.#p.node[slot]!, sum, 0);
    this.#records.shift(this.#p.pid[slot]!);
    this.#remove(slot, timestampNs, status, sum[RecordField.UserSeconds]! + sum[RecordField.SystemSeconds]!);
  }

  /** Removes a process; `status` is -1 and the time NaN where nobody saw its end. */
  #remove(slot: number, timestampNs: number, status: number, cpuSeconds = NaN): void {
    this.#endImage(slot, timestampNs, status < 0 ? Ending.Unknown : endingOf(status), cpuSeconds);
    this.#trees.countProcess(this.#p.node[slot]!, -1);
    this.#trie.release(this.#p.base[slot]!);
    this.#resources.forget(slot);
    this.#leaderless.delete(slot);
    this.#p.remove(slot);
  }

  /** Drops the records that had come before a process began: they are of an earlier one with its id, of which events were lost. */
  #dropEarlier(pid: number, startNs: number): void {
    const f = this.#records;
    for (let record = f.first(pid); record >= 0; record = f.first(pid)) {
      if (f.field(record, RecordField.ReceivedNs) > startNs) return;
      f.shift(pid);
    }
  }

  /** Drops the records of a process that isn't in the table, up to that of its first thread. */
  #dropRecords(pid: number): void {
    for (let record = this.#records.first(pid); record >= 0; record = this.#records.first(pid)) {
      const flags = this.#records.field(record, RecordField.Flags);
      this.#records.shift(pid);
      if ((flags & (LAST | LEADER)) !== 0) return;
    }
  }
}
