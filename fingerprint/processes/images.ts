/**
 * The images that processes run: when they begin and end, what they are called, and in which tree they count. Works on the
 * slots of the table of processes, which decides what happened.
 *
 * @module
 */
import { type Contexts, UNKNOWN_CONTEXT, UNTOLD } from "../context/mod.ts";
import { HOST, Left, NamedBy, type Programs, UNSEEN } from "../programs/mod.ts";
import { type Ending, labelBelow, labelForked, type TreeTable, type Trie } from "../trees/mod.ts";
import type { Clocks } from "./clocks.ts";
import type { ProcessColumns } from "./columns.ts";
import type { EndRecords } from "./end_records.ts";

/** The process runs an image that is counted. */
export const HAS_IMAGE = 1;
/** It exec'd, and the image's name is not known yet; nothing is counted for it. */
export const UNNAMED = 2;

/** What images are made of. */
export interface ImageParts {
  readonly columns: ProcessColumns;
  readonly trie: Trie;
  readonly trees: TreeTable;
  readonly programs: Programs;
  readonly records: EndRecords;
  readonly clocks: Clocks;
  readonly contexts: Contexts;
  /** Told of every image that begins, with its executable, its tree and its process. */
  readonly onLaunch?: ((executable: number, node: number, pid: number) => void) | undefined;
}

export class Images {
  readonly #p: ProcessColumns;
  readonly #trie: Trie;
  readonly #trees: TreeTable;
  readonly #programs: Programs;
  readonly #records: EndRecords;
  readonly #clocks: Clocks;
  readonly #contexts: Contexts;
  readonly #onLaunch: ImageParts["onLaunch"];
  /** Slots of processes whose image has no name yet. */
  readonly #unnamed = new Set<number>();

  constructor({ columns, trie, trees, programs, records, clocks, contexts, onLaunch }: ImageParts) {
    this.#onLaunch = onLaunch;
    this.#p = columns;
    this.#trie = trie;
    this.#trees = trees;
    this.#programs = programs;
    this.#records = records;
    this.#clocks = clocks;
    this.#contexts = contexts;
  }

  has(slot: number): boolean {
    return (this.#p.flags[slot]! & HAS_IMAGE) !== 0;
  }

  isUnnamed(slot: number): boolean {
    return (this.#p.flags[slot]! & UNNAMED) !== 0;
  }

  /** A process has exec'd: its image begins, with a name if one was seen. */
  exec(slot: number, timestampNs: number, program: number, readNs: number): void {
    const programs = this.#programs;
    program = this.#inOwnRoot(slot, program);
    this.#p.flags[slot] = 0;
    this.#p.imageNs[slot] = timestampNs;
    this.#p.readNs[slot] = readNs;
    if (programs.isComplete(program)) {
      programs.countNamed(program);
      this.#launch(slot, programs.labelOf(program), programs.executableOf(program), programs.flagsOf(program));
    } else {
      this.#p.flags[slot] = UNNAMED;
      this.#p.seen[slot] = program;
      this.#p.executable[slot] = -1;
      this.#unnamed.add(slot);
    }
  }

  /** A process was found running an image below a tree. */
  begin(slot: number, node: number, label: number, executable: number, flags: number): void {
    this.setNode(slot, node);
    this.#p.label[slot] = label;
    this.#p.executable[slot] = executable;
    this.#p.launchFlags[slot] = flags;
    this.#p.flags[slot]! |= HAS_IMAGE;
    const context = this.#p.context[slot] = this.#contextOf(slot, node);
    this.#contexts.count(context);
    const unixSeconds = this.#clocks.unixSeconds(this.#p.imageNs[slot]!);
    this.#trees.begin(node, this.#p.pid[slot]!, unixSeconds, flags, context, this.#p.user[slot]);
    this.#tellWhere(slot);
    if (executable >= 0) this.#onLaunch?.(executable, node, this.#p.pid[slot]!);
  }

  /** A process execs in the control group of an id, 0 for one that isn't told: mostly its parent's, of which all is known. */
  enter(slot: number, group: number): void {
    const p = this.#p;
    if (group === p.group[slot] && (group === 0 || p.context[slot] !== UNKNOWN_CONTEXT)) return;
    const context = group === 0 ? UNTOLD : this.#contexts.inGroup(group, p.pid[slot]!);
    p.group[slot] = context === UNTOLD ? 0 : group;
    if (context !== UNTOLD) p.context[slot] = context;
  }

  /**
   * The context of a process whose image begins in a tree. That of its control group, where the kernel told at the exec which one
   * that is. Else its parent's, unless a look at some of the tree's launches tells that
   * they move: then each is looked at, and of one that had gone nobody knows.
   */
  #contextOf(slot: number, node: number): number {
    const inherited = this.#p.context[slot]!, { contexts } = this.#trees;
    if (this.#p.group[slot] !== 0) return inherited;
    if (inherited !== UNKNOWN_CONTEXT && !this.#trees.wantsContext(node)) return inherited;
    const seen = this.#contexts.look(this.#p.pid[slot]!);
    if (seen === UNKNOWN_CONTEXT) return contexts.moves(node) ? UNKNOWN_CONTEXT : inherited;
    if (inherited !== UNKNOWN_CONTEXT) contexts.looked(node, seen !== inherited);
    return seen;
  }

  /** An image ends, if there is one. `cpuSeconds` is the whole process's, where it ends too and that is known. */
  end(slot: number, timestampNs: number, ending: Ending, cpuSeconds = NaN): void {
    if (this.isUnnamed(slot)) this.#name(slot, this.#programs.nameFromComm(this.#p.seen[slot]!, undefined));
    if (!this.has(slot)) return;
    const seconds = (timestampNs - this.#p.imageNs[slot]!) / 1e9, unixSeconds = this.#clocks.unixSeconds(timestampNs);
    const context = this.#p.context[slot], user = this.#p.user[slot];
    this.#trees.end(this.#p.node[slot]!, ending, this.#p.pid[slot]!, seconds, unixSeconds, cpuSeconds, context, user);
    this.#tellWhere(slot);
    this.#p.flags[slot]! &= ~HAS_IMAGE;
  }

  /** Says where the image of the last event would stand, if there had been room for its tree. */
  #tellWhere(slot: number): void {
    if (!this.#trie.isOther(this.#p.node[slot]!)) return;
    this.#trees.tellWhere(() => this.#trie.pathBelow(this.#p.base[slot]!, this.#p.label[slot]!));
  }

  /** Moves a process to a tree. */
  setNode(slot: number, node: number): void {
    if (this.#p.node[slot] === node) return;
    this.#trees.countProcess(this.#p.node[slot]!, -1);
    this.#trees.countProcess(node, 1);
    this.#p.node[slot] = node;
  }

  /** Gives a process that never exec'd the tree that its parent had at the fork: the parent's, or that of another program below it. */
  inherit(slot: number, parentNode: number, label?: number): void {
    const node = label === undefined
      ? parentNode
      : this.#trie.child(parentNode, labelForked(this.#trie, parentNode, label), this.#p.user[slot]);
    this.setNode(slot, node);
    this.#trie.hold(node);
    this.#trie.release(this.#p.base[slot]!);
    this.#p.base[slot] = node;
  }

  /** Names the images that have no name yet. */
  nameAll(): void {
    for (const slot of this.#unnamed) this.nameNow(slot);
  }

  /** Names an image whose process has not been seen to end: by its record if it has ended meanwhile, or by a second look. */
  nameNow(slot: number): void {
    if (!this.isUnnamed(slot)) return;
    const pid = this.#p.pid[slot]!, programs = this.#programs, records = this.#records;
    let record = records.lastOf(pid);
    if (record >= 0) return this.nameByRecord(slot, record);
    let program = programs.look(pid, programs.hasOtherRoots);
    if (program === UNSEEN) program = programs.lookAtThread(pid);
    program = this.#inOwnRoot(slot, program);
    if (programs.isComplete(program)) {
      programs.namedBy[NamedBy.Proc]++;
      return this.#name(slot, programs.labelOf(program), programs.executableOf(program), programs.flagsOf(program));
    }
    if (program >= 0) this.#p.seen[slot] = program;
    const comm = programs.readComm(pid);
    if (comm === undefined) { // it has gone since the records were read, so that its own waits
      record = records.fetchLastOf(pid);
      if (record >= 0) return this.nameByRecord(slot, record);
    }
    this.#name(
      slot,
      programs.nameFromComm(this.#p.seen[slot]!, comm, programs.hasGone(pid) ? Left.Name : Left.Process),
    );
  }

  /** Names an image by the record of its process's end. */
  nameByRecord(slot: number, record: number): void {
    this.#name(slot, this.#programs.nameFromRecord(this.#p.seen[slot]!, this.#records.queue, record));
  }

  /**
   * At the end of a process that was seen to run an executable, by its record: learns where the executable lies. What was read
   * after the exit is another's that has the id already, where the record says so: then the image gets another name.
   */
  confirm(slot: number, exitNs: number, record: number): void {
    const executable = this.#p.executable[slot]!, programs = this.#programs, { queue } = this.#records;
    if (executable < 0) return;
    const isMisnamed = this.#p.readNs[slot]! > exitNs && programs.inodes.isContradicted(executable, queue, record);
    if (!isMisnamed) return programs.inodes.learn(executable, queue, record);
    const context = this.#p.context[slot]!, user = this.#p.user[slot]!;
    this.#contexts.count(context, -1);
    this.#trees.revoke(this.#p.node[slot]!, this.#p.pid[slot]!, this.#p.launchFlags[slot]!, context, user);
    programs.namedBy[NamedBy.Proc]--;
    this.#p.flags[slot]! &= ~HAS_IMAGE;
    this.#name(slot, programs.nameFromRecord(UNSEEN, queue, record));
  }

  /** The process of a slot has another one. */
  move(from: number, to: number): void {
    if (this.#unnamed.delete(from)) this.#unnamed.add(to);
  }

  #launch(slot: number, seen: number, executable: number, flags: number): void {
    const base = this.#p.base[slot]!, label = labelBelow(this.#trie, this.#p.pid[slot]!, base, seen);
    this.begin(slot, this.#trie.launch(base, label, this.#p.user[slot]), label, executable, flags);
  }

  #name(slot: number, label: number, executable = -1, flags = 0): void {
    this.#p.flags[slot]! &= ~UNNAMED;
    this.#unnamed.delete(slot);
    this.#launch(slot, label, executable, flags);
  }

  /** A program as it is called in the root of its process, which is the parent's where it wasn't looked at. */
  #inOwnRoot(slot: number, program: number): number {
    const seen = this.#programs.rootOf(program);
    if (seen >= 0) this.#p.root[slot] = seen;
    else if (this.#p.root[slot] !== HOST) return this.#programs.inRoot(program, this.#p.root[slot]!);
    return program;
  }
}
