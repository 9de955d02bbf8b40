/**
 * The table of processes: from forks, execs and exits to images, and from images to the numbers of their trees.
 *
 * For every tree, always: launches = endings + running. A process runs at most one image. One that forked and never exec'd
 * runs its parent's program without being a launch of it; it counts as a process of the tree, and its resources are the
 * tree's.
 *
 * @module
 */
import { IntTable, LAST, LEADER, PROCESS_SUMS, RecordField, type RecordQueue } from "../netlink/mod.ts";
import { OVERFLOW_ID, plain } from "./labels.ts";
import { isSameStart } from "./process_stat.ts";
import { NamedBy, type Programs, UNSEEN } from "./programs.ts";
import { HOST } from "./roots.ts";
import { Ending, endingOf, type TreeTable } from "./tree_table.ts";
import { ROOT, type Trie } from "./tree.ts";

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
const INITIAL_CAPACITY = 256;

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
  readonly #slots = new IntTable();
  #free: number[] = [];
  #used = 0;
  #pid = new Int32Array(INITIAL_CAPACITY);
  #flags = new Uint8Array(INITIAL_CAPACITY);
  /** Tree that the process had when it was forked: what it execs is launched from there. */
  #base = new Int32Array(INITIAL_CAPACITY);
  /** Tree that it runs now. */
  #node = new Int32Array(INITIAL_CAPACITY);
  /** Label of its image. */
  #label = new Int32Array(INITIAL_CAPACITY);
  /** Number of its root: its parent's, until one of its own was seen. */
  #root = new Uint8Array(INITIAL_CAPACITY);
  /** Executable of its image, or -1. */
  #executable = new Int32Array(INITIAL_CAPACITY);
  /** What was seen of an image without a name yet. */
  #seen = new Int32Array(INITIAL_CAPACITY);
  #startNs = new Float64Array(INITIAL_CAPACITY);
  #imageNs = new Float64Array(INITIAL_CAPACITY);
  /** When its executable was read. */
  #readNs = new Float64Array(INITIAL_CAPACITY);
  #foundNs = new Float64Array(INITIAL_CAPACITY);
  /** Of a process whose first thread ended: when, and with which status. */
  #leaderEndNs = new Float64Array(INITIAL_CAPACITY);
  #leaderStatus = new Int32Array(INITIAL_CAPACITY);
  /** Resources of the threads that ended before their process, by slot. */
  readonly #threads = new Map<number, Float64Array>();
  readonly #unnamed = new Set<number>();
  readonly #leaderless = new Set<number>();
  readonly #sum = new Float64Array(RecordField.Amounts);
  /** The drain before the last but one: records that are still there came later. */
  #recordsSinceNs = 0;

  constructor(trie: Trie, trees: TreeTable, programs: Programs, records: RecordQueue, find: (pid: number) => void) {
    this.#trie = trie;
    this.#trees = trees;
    this.#programs = programs;
    this.#records = records;
    this.#find = find;
    this.#unknown = trie.child(ROOT, programs.unknownLabel);
    trie.hold(this.#unknown);
  }

  /** Processes in the table. */
  get size(): number {
    return this.#slots.size;
  }

  has(pid: number): boolean {
    return this.#slots.get(pid) >= 0;
  }

  /** Start of a process, nanoseconds of CLOCK_MONOTONIC; undefined when it isn't in the table. */
  startOf(pid: number): number | undefined {
    const slot = this.#slots.get(pid);
    return slot < 0 ? undefined : this.#startNs[slot];
  }

  /** Tree of a process, or -1. */
  nodeOf(pid: number): number {
    const slot = this.#slots.get(pid);
    return slot < 0 ? -1 : this.#node[slot]!;
  }

  /** Executable of a process's image, or -1. */
  executableOf(pid: number): number {
    const slot = this.#slots.get(pid);
    return slot < 0 ? -1 : this.#executable[slot]!;
  }

  /** Whether a process runs an image that is counted. */
  hasImage(pid: number): boolean {
    const slot = this.#slots.get(pid);
    return slot >= 0 && (this.#flags[slot]! & HAS_IMAGE) !== 0;
  }

  /** Ids of all processes in the table. */
  processIds(): Int32Array {
    return this.#pid.slice(0, this.#used).filter((pid) => pid !== 0);
  }

  /** A process was forked: it runs its parent's program until it execs. */
  fork(timestampNs: number, parent: number, child: number): void {
    let parentSlot = this.#slots.get(parent);
    if (parentSlot < 0) {
      this.#find(parent); // which can take in the child too, where the parent's id has been given to a descendant
      parentSlot = this.#slots.get(parent);
      if (parentSlot >= 0 && this.#startNs[parentSlot]! > timestampNs) parentSlot = -1; // the id is in use again
    }
    const old = this.#slots.get(child);
    if (old >= 0) {
      if (this.#foundNs[old]! >= 0 && isSameStart(this.#startNs[old]!, timestampNs)) {
        this.#startNs[old] = timestampNs; // found before its fork was read: /proc knows the start to a tick only
        return;
      }
      if (timestampNs < this.#startNs[old]!) return; // of an earlier process with this id
      this.#endReplaced(old, timestampNs);
    }
    if (parentSlot >= 0 && (this.#flags[parentSlot]! & UNNAMED) !== 0) this.#nameNow(parentSlot);
    const slot = this.#add(child, parentSlot < 0 ? this.#unknown : this.#node[parentSlot]!, timestampNs);
    this.#root[slot] = parentSlot < 0 ? HOST : this.#root[parentSlot]!;
  }

  /** A process exec'd; `program` is what was seen of it then, by `readNs`. */
  exec(timestampNs: number, pid: number, program: number, readNs = timestampNs): void {
    let slot = this.#slots.get(pid);
    if (slot < 0) {
      this.#find(pid); // its fork was lost
      slot = this.#slots.get(pid);
      if (slot < 0) slot = this.#add(pid, this.#unknown, timestampNs);
    }
    if (timestampNs < this.#startNs[slot]!) return; // of an earlier process with this id
    this.#leaderless.delete(slot); // an exec from another thread: the process goes on as this one
    if (timestampNs <= this.#foundNs[slot]!) {
      this.#flags[slot]! &= ~(LEADER_GONE | FOUND_GONE);
      this.#imageNs[slot] = timestampNs;
      return;
    }
    program = this.#inOwnRoot(slot, program);
    this.#endImage(slot, timestampNs, Ending.Exec);
    this.#flags[slot] = 0;
    this.#imageNs[slot] = timestampNs;
    this.#readNs[slot] = readNs;
    if (this.#programs.isComplete(program)) {
      this.#programs.namedBy[NamedBy.Proc]++;
      this.#launch(slot, this.#programs.labelOf(program), this.#programs.executableOf(program));
    } else {
      this.#flags[slot] = UNNAMED;
      this.#seen[slot] = program;
      this.#executable[slot] = -1;
      this.#unnamed.add(slot);
    }
  }

  /** A process's first thread exited. The process ends with it unless other threads live on. */
  exit(timestampNs: number, pid: number, status: number): void {
    const slot = this.#slots.get(pid);
    if (slot < 0 || timestampNs < this.#startNs[slot]!) { // of one that isn't in the table, or not any more
      this.#dropRecords(pid);
      return;
    }
    const record = this.#takeThreads(slot, timestampNs);
    if (record >= 0) {
      this.#finish(slot, timestampNs, status, record);
    } else if (record === LIVES_ON || this.hasAllRecords || timestampNs <= this.#foundNs[slot]!) {
      this.#flags[slot]! |= LEADER_GONE;
      this.#leaderEndNs[slot] = timestampNs;
      this.#leaderStatus[slot] = status;
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
      const slot = this.#slots.get(pid);
      if (slot >= 0) this.#applyRecords(slot, generation - 1, drainNs);
      else this.#records.shift(pid);
    });
    this.#recordsSinceNs = previousDrainNs;
  }

  /** Processes whose first thread has ended while others live on, as far as is known. */
  leaderless(): number[] {
    return [...this.#leaderless].map((slot) => this.#pid[slot]!);
  }

  /**
   * A process whose first thread had ended is found gone altogether. The second time, after a drain, its record was lost, so
   * the end of its first thread is taken for its own.
   */
  endLeaderless(pid: number): void {
    const slot = this.#slots.get(pid);
    if (slot < 0 || !this.#leaderless.has(slot)) return;
    if ((this.#flags[slot]! & FOUND_GONE) === 0) this.#flags[slot]! |= FOUND_GONE; // its record may wait in the socket
    else this.#remove(slot, this.#leaderEndNs[slot]!, this.#leaderStatus[slot]!);
  }

  /** Takes in a process that was found in /proc, its parent first where that is there. */
  adopt(found: FoundProcess): void {
    const parentSlot = this.#slots.get(found.parent);
    if (parentSlot >= 0 && (this.#flags[parentSlot]! & UNNAMED) !== 0) this.#nameNow(parentSlot);
    const base = parentSlot >= 0 ? this.#node[parentSlot]! : found.parent === 0 ? ROOT : this.#unknown;
    const slot = this.#add(found.pid, base, found.startNs);
    this.#root[slot] = found.root ?? (parentSlot < 0 ? HOST : this.#root[parentSlot]!);
    this.#foundNs[slot] = found.foundNs;
    if (found.label === undefined) return;
    if (found.program === undefined) return this.#inherit(slot, base, found.label);
    const executable = this.#programs.executableOf(found.program);
    this.#beginImage(slot, this.#trie.child(base, found.label), found.label, executable);
  }

  /** A process was found to be gone, or to be another than the one in the table: nobody saw how it ended, or when but for `endNs`. */
  endUnseen(pid: number, endNs = NaN): void {
    const slot = this.#slots.get(pid);
    if (slot >= 0) this.#remove(slot, endNs, -1);
  }

  /** A process was found to run a program: if that isn't the one in the table, its exec was missed. True in that case. */
  foundRunning(pid: number, foundNs: number, label: number, executable: number): boolean {
    const slot = this.#slots.get(pid);
    if (slot < 0) return false;
    const hasImage = (this.#flags[slot]! & HAS_IMAGE) !== 0, base = this.#base[slot]!;
    const isRelabelled = executable === this.#executable[slot] && this.#imageNs[slot]! < this.relabelledNs;
    // A name that got no tree of its own is known by its label.
    if (
      hasImage && (label === this.#label[slot] || isRelabelled || this.#trie.child(base, label) === this.#node[slot])
    ) {
      this.#executable[slot] = executable;
      return false;
    }
    this.#endImage(slot, NaN, Ending.Exec);
    this.#leaderless.delete(slot);
    this.#flags[slot] = 0;
    this.#imageNs[slot] = this.#foundNs[slot] = foundNs;
    this.#beginImage(slot, this.#trie.child(base, label), label, executable);
    return true;
  }

  /** A process was found to run in a root. */
  foundInRoot(pid: number, root: number): void {
    const slot = this.#slots.get(pid);
    if (slot >= 0) this.#root[slot] = root;
  }

  /** A process in a root, or -1 where nobody is. */
  findInRoot(root: number): number {
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.#root[slot] === root && this.#pid[slot] !== 0) return this.#pid[slot]!;
    }
    return -1;
  }

  /** A process that never exec'd was found to run a program: its parent's exec was missed if that isn't the one in the table. */
  foundForked(pid: number, parent: number, label: number): void {
    const slot = this.#slots.get(pid), parentSlot = this.#slots.get(parent);
    if (slot < 0 || this.#flags[slot] !== 0 || this.#startNs[slot]! < this.relabelledNs) return;
    const known = this.#trie.labelOf(this.#node[slot]!);
    if (known === plain(label) || known === OVERFLOW_ID) return; // whose name got no tree of its own may be any
    this.#inherit(slot, parentSlot < 0 ? this.#base[slot]! : this.#node[parentSlot]!, label);
  }

  /** The numbers of executables are about to be given to others. */
  forgetExecutables(): void {
    this.#executable.fill(-1);
  }

  /** Adds the plain ids of the labels of what runs. */
  addUsedLabels(used: Set<number>): void {
    for (let slot = 0; slot < this.#used; slot++) if (this.#pid[slot] !== 0) used.add(plain(this.#label[slot]!));
  }

  #add(pid: number, node: number, startNs: number): number {
    const slot = this.#free.pop() ?? this.#allocate();
    this.#pid[slot] = pid;
    this.#flags[slot] = 0;
    this.#base[slot] = this.#node[slot] = node;
    this.#root[slot] = HOST;
    this.#executable[slot] = -1;
    this.#startNs[slot] = this.#imageNs[slot] = this.#readNs[slot] = startNs;
    this.#foundNs[slot] = -1;
    this.#slots.set(pid, slot);
    this.#trie.hold(node);
    this.#trees.countProcess(node, 1);
    return slot;
  }

  /** Gives a process that never exec'd the tree that its parent had at the fork: the parent's, or another program's below it. */
  #inherit(slot: number, parentNode: number, label: number): void {
    const node = this.#trie.child(parentNode, label);
    this.#setNode(slot, node);
    this.#trie.hold(node);
    this.#trie.release(this.#base[slot]!);
    this.#base[slot] = node;
  }

  #setNode(slot: number, node: number): void {
    if (this.#node[slot] === node) return;
    this.#trees.countProcess(this.#node[slot]!, -1);
    this.#trees.countProcess(node, 1);
    this.#node[slot] = node;
  }

  #beginImage(slot: number, node: number, label: number, executable: number): void {
    this.#setNode(slot, node);
    this.#label[slot] = label;
    this.#executable[slot] = executable;
    this.#flags[slot]! |= HAS_IMAGE;
    this.#trees.begin(node, this.#pid[slot]!, (this.#imageNs[slot]! + this.unixOffsetNs) / 1e9);
  }

  #launch(slot: number, label: number, executable: number): void {
    this.#beginImage(slot, this.#trie.launch(this.#base[slot]!, label), label, executable);
  }

  /** `cpuSeconds` is the whole process's, where it ends too and that is known. */
  #endImage(slot: number, timestampNs: number, ending: number, cpuSeconds = NaN): void {
    if ((this.#flags[slot]! & UNNAMED) !== 0) {
      this.#name(slot, this.#programs.nameFromComm(this.#seen[slot]!, undefined));
    }
    if ((this.#flags[slot]! & HAS_IMAGE) === 0) return;
    const seconds = (timestampNs - this.#imageNs[slot]!) / 1e9;
    const unixSeconds = (timestampNs + this.unixOffsetNs) / 1e9;
    this.#trees.end(this.#node[slot]!, ending, this.#pid[slot]!, seconds, unixSeconds, cpuSeconds);
    this.#flags[slot]! &= ~HAS_IMAGE;
  }

  /** A program as it is called in the root of its process, which is the parent's where it wasn't looked at. */
  #inOwnRoot(slot: number, program: number): number {
    const seen = this.#programs.rootOf(program);
    if (seen >= 0) this.#root[slot] = seen;
    else if (this.#root[slot] !== HOST) return this.#programs.inRoot(program, this.#root[slot]!);
    return program;
  }

  /** Gives an image its name. */
  #name(slot: number, label: number, executable = -1): void {
    this.#flags[slot]! &= ~UNNAMED;
    this.#unnamed.delete(slot);
    this.#launch(slot, label, executable);
  }

  /** Names an image whose process has not been seen to end: by its record if it has ended meanwhile, or by a second look. */
  #nameNow(slot: number): void {
    const pid = this.#pid[slot]!, programs = this.#programs;
    let record = this.#lastRecord(pid);
    if (record >= 0) return this.#name(slot, programs.nameFromRecord(this.#seen[slot]!, this.#records, record));
    const program = this.#inOwnRoot(slot, programs.look(pid, programs.hasOtherRoots));
    if (programs.isComplete(program)) {
      programs.namedBy[NamedBy.Proc]++;
      return this.#name(slot, programs.labelOf(program), programs.executableOf(program));
    }
    const seen = program < 0 ? this.#seen[slot]! : program, comm = programs.readComm(pid);
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
    while (record >= 0 && (f.fields[record * RecordField.Width + RecordField.Flags]! & LAST) === 0) {
      record = f.next(record);
    }
    return record;
  }

  /**
   * At the exit of a process's first thread: takes the records of threads that ended before. Returns the record of the
   * process's end, which stays first in its queue, {@link LIVES_ON} or {@link NO_RECORD}.
   */
  #takeThreads(slot: number, timestampNs: number): number {
    const pid = this.#pid[slot]!, f = this.#records;
    for (let record = f.first(pid); record >= 0; record = f.first(pid)) {
      const flags = f.fields[record * RecordField.Width + RecordField.Flags]!;
      if ((flags & LAST) === 0) {
        this.#addThread(slot, record);
        f.shift(pid);
        if ((flags & LEADER) !== 0) return LIVES_ON;
      } else {
        // Of an earlier process with this id, whose exit event was lost, where its age doesn't fit and another record follows.
        const ageNs = f.fields[record * RecordField.Width + RecordField.ProcessSeconds]! * 1e9;
        const fits = ageNs === 0 || Math.abs(this.#startNs[slot]! + ageNs - timestampNs) < AGE_TOLERANCE_NS;
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
    const pid = this.#pid[slot]!, f = this.#records, isLeaderless = (this.#flags[slot]! & LEADER_GONE) !== 0;
    const sinceNs = isLeaderless ? this.#leaderEndNs[slot]! : this.#recordsSinceNs;
    for (let record = f.first(pid); record >= 0; record = f.first(pid)) {
      const at = record * RecordField.Width;
      if (f.fields[at + RecordField.Generation]! > generation) return false;
      if ((f.fields[at + RecordField.Flags]! & LAST) === 0) {
        this.#addThread(slot, record);
      } else {
        const endNs = this.#startNs[slot]! + f.fields[at + RecordField.ProcessSeconds]! * 1e9;
        const fits = endNs > sinceNs - AGE_TOLERANCE_NS && endNs <= untilNs;
        // Without its exit event a process is taken for ended if it is: it may be a later one of about the same age.
        if (fits && (generation === Infinity || isLeaderless || this.#programs.hasGone(pid))) {
          const status = f.fields[at + RecordField.ExitCode]!;
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
    const isLeaderless = (this.#flags[slot]! & LEADER_GONE) !== 0;
    this.#remove(slot, isLeaderless ? this.#leaderEndNs[slot]! : NaN, isLeaderless ? this.#leaderStatus[slot]! : -1);
  }

  #addThread(slot: number, record: number): void {
    let sums = this.#threads.get(slot);
    if (sums === undefined) this.#threads.set(slot, sums = new Float64Array(RecordField.Amounts));
    const at = record * RecordField.Width, f = this.#records.fields;
    for (let i = 0; i < RecordField.Amounts; i++) {
      if (i === RecordField.MaxResidentBytes) sums[i] = Math.max(sums[i]!, f[at + i]!);
      else sums[i]! += f[at + i]!;
    }
  }

  /** What is read after a process's exit is another's that has its id already, where the record says so. */
  #isMisnamed(slot: number, exitNs: number, record: number): boolean {
    return this.#readNs[slot]! > exitNs &&
      this.#programs.isContradicted(this.#executable[slot]!, this.#records, record);
  }

  #rename(slot: number, record: number): void {
    this.#trees.revoke(this.#node[slot]!, this.#pid[slot]!);
    this.#programs.namedBy[NamedBy.Proc]--;
    this.#flags[slot]! &= ~HAS_IMAGE;
    this.#name(slot, this.#programs.nameFromRecord(UNSEEN, this.#records, record));
  }

  /** Ends a process whose record is `record`, the first of its queue. */
  #finish(slot: number, timestampNs: number, status: number, record: number): void {
    const at = record * RecordField.Width, f = this.#records.fields;
    if ((this.#flags[slot]! & UNNAMED) !== 0) {
      this.#name(slot, this.#programs.nameFromRecord(this.#seen[slot]!, this.#records, record));
    } else if (this.#executable[slot]! >= 0) {
      if (this.#isMisnamed(slot, timestampNs, record)) this.#rename(slot, record);
      else this.#programs.learn(this.#executable[slot]!, this.#records, record);
    }
    const sum = this.#sum, threads = this.#threads.get(slot);
    for (let i = 0; i < RecordField.Amounts; i++) sum[i] = f[at + i]!;
    if (threads !== undefined) {
      const hasSums = (f[at + RecordField.Flags]! & PROCESS_SUMS) !== 0;
      for (let i = 0; i < RecordField.Amounts; i++) {
        if (i === RecordField.MaxResidentBytes) sum[i] = Math.max(sum[i]!, threads[i]!);
        else if (!hasSums || NOT_SUMMED.includes(i)) sum[i]! += threads[i]!;
      }
    }
    addUnaccounted(sum, (timestampNs - this.#startNs[slot]!) / 1e9, f[at + RecordField.ProcessSeconds]!);
    this.#trees.account(this.#node[slot]!, sum, 0);
    this.#records.shift(this.#pid[slot]!);
    this.#remove(slot, timestampNs, status, sum[RecordField.UserSeconds]! + sum[RecordField.SystemSeconds]!);
  }

  /** Removes a process; `status` is -1 and the time NaN where nobody saw its end. */
  #remove(slot: number, timestampNs: number, status: number, cpuSeconds = NaN): void {
    this.#endImage(slot, timestampNs, status < 0 ? Ending.Unknown : endingOf(status), cpuSeconds);
    this.#trees.countProcess(this.#node[slot]!, -1);
    this.#trie.release(this.#base[slot]!);
    this.#slots.delete(this.#pid[slot]!);
    this.#pid[slot] = 0;
    this.#threads.delete(slot);
    this.#leaderless.delete(slot);
    this.#free.push(slot);
  }

  /** Drops the records of a process that isn't in the table, up to that of its first thread. */
  #dropRecords(pid: number): void {
    for (let record = this.#records.first(pid); record >= 0; record = this.#records.first(pid)) {
      const flags = this.#records.fields[record * RecordField.Width + RecordField.Flags]!;
      this.#records.shift(pid);
      if ((flags & (LAST | LEADER)) !== 0) return;
    }
  }

  #allocate(): number {
    if (this.#used === this.#pid.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const capacity = this.#pid.length * 2;
    const ints = (from: Int32Array<ArrayBuffer>) => {
      const to = new Int32Array(capacity);
      to.set(from);
      return to;
    };
    const floats = (from: Float64Array<ArrayBuffer>) => {
      const to = new Float64Array(capacity);
      to.set(from);
      return to;
    };
    const bytes = (from: Uint8Array<ArrayBuffer>) => {
      const to = new Uint8Array(capacity);
      to.set(from);
      return to;
    };
    this.#flags = bytes(this.#flags);
    this.#root = bytes(this.#root);
    [this.#pid, this.#base, this.#node, this.#label, this.#executable, this.#seen, this.#leaderStatus] = [
      this.#pid,
      this.#base,
      this.#node,
      this.#label,
      this.#executable,
      this.#seen,
      this.#leaderStatus,
    ].map(ints) as SevenInts;
    [this.#startNs, this.#imageNs, this.#readNs, this.#foundNs, this.#leaderEndNs] = [
      this.#startNs,
      this.#imageNs,
      this.#readNs,
      this.#foundNs,
      this.#leaderEndNs,
    ].map(floats) as FiveFloats;
  }
}

/** Giving memory back takes so long at most, seconds and seconds per byte of peak memory; a longer time was spent waiting. */
const TEARDOWN_SECONDS = 1e-4;
const TEARDOWN_SECONDS_PER_BYTE = 4e-11;

/**
 * Adds to a finished process's CPU time what its record misses: the tails of its tasks, and the time from the record to the
 * exit event, in which the process gives its memory back. `lifeSeconds` is from the fork event to the exit event,
 * `ageSeconds` the record's own figure, 0 where unknown.
 */
function addUnaccounted(sum: Float64Array, lifeSeconds: number, ageSeconds: number): void {
  const longest = TEARDOWN_SECONDS + TEARDOWN_SECONDS_PER_BYTE * sum[RecordField.MaxResidentBytes]!;
  const teardown = ageSeconds > 0 ? Math.min(Math.max(0, lifeSeconds - ageSeconds), longest) : 0;
  const missed = sum[RecordField.TailSeconds]! + teardown;
  const user = sum[RecordField.UserSeconds]!, system = sum[RecordField.SystemSeconds]!;
  const systemShare = user + system > 0 ? system / (user + system) : 0;
  sum[RecordField.UserSeconds] = user + missed * (1 - systemShare);
  sum[RecordField.SystemSeconds] = system + missed * systemShare;
}

type Ints = Int32Array<ArrayBuffer>;
type SevenInts = [Ints, Ints, Ints, Ints, Ints, Ints, Ints];
type Floats = Float64Array<ArrayBuffer>;
type FiveFloats = [Floats, Floats, Floats, Floats, Floats];

/** Fields that the kernel does not sum over the threads of a process. */
const NOT_SUMMED: readonly number[] = [
  RecordField.ReadBytes,
  RecordField.WrittenBytes,
  RecordField.MajorFaults,
  RecordField.TailSeconds,
];
