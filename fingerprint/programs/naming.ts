/**
 * Names of images: looks at a process right after its exec, and names from its accounting record the ones that had gone.
 *
 * A program is a number: an executable together with a label. An executable that is no interpreter has one program, found
 * by the bytes of its path with no string made.
 *
 * @module
 */
import { constants as c, RecordField, type RecordQueue } from "../../netlink/mod.ts";
import { InodeTable, PathTable } from "./executables.ts";
import {
  entersRoots,
  escapeName,
  type Executable,
  type LabelChanges,
  type Labeller,
  type LabelTable,
} from "../labels/mod.ts";
import { findInterpreter } from "../interpreters/mod.ts";
import { judgePath } from "../randomness/mod.ts";
import { ProgramNumbers } from "./numbers.ts";
import { commOf, decodeComm, isOwnName, type ProcessReader, programOf } from "./reading.ts";
import { HOST, type Roots } from "./roots.ts";

/** The process could not be looked at: it had gone, or that isn't allowed. */
export const UNSEEN = -1;
/** Added to a program: the interpreter is known, what it runs was not there to be read any more. */
const SCRIPT_UNSEEN = 1 << 30;
/** Added to an executable's number: it runs for the first time, and is labelled when that is needed, not in the capture. */
const UNLABELLED = 1 << 29;
/** Added to a program: the root of its process was looked at as well. */
const ROOT_SEEN = 1 << 28;
const NUMBER = ROOT_SEEN - 1;

/** Launches whose root is looked at after that of a program that has others run under another root. */
const ROOT_CHECKS = 256;
/** Before the path of an executable under another root: a character that no path holds, and the root's number, seven bits a byte. */
const ROOT_MARK_BYTES = 3;
const MARKED_PATH_BYTES = 4096 + ROOT_MARK_BYTES;

/** The kernel's mark behind the path of a file that was unlinked. */
const DELETED = " (deleted)";

/** What named an image, in the order of the counters. */
export const NamedBy = { Proc: 0, Inode: 1, Comm: 2, Unknown: 3 } as const;
export type NamedBy = (typeof NamedBy)[keyof typeof NamedBy];

export class Programs {
  /** Images by what named them, indexed by {@link NamedBy}. */
  readonly namedBy: [number, number, number, number] = [0, 0, 0, 0];
  readonly #procfs: ProcessReader;
  readonly #labeller: Labeller;
  readonly #labels: LabelTable;
  readonly #changes: LabelChanges;
  #changesSeen = 0;
  readonly #roots: Pick<Roots, "of" | "labeller" | "hasOthers"> | undefined;
  /** Launches that are still to be asked for their root. */
  #rootChecks = 0;
  readonly #marked = new Uint8Array(MARKED_PATH_BYTES);
  /** Roots of executables under another root than the machine's own, by number. */
  readonly #rootOf = new Map<number, number>();
  readonly #paths = new PathTable();
  readonly #inodes = new InodeTable();
  /** By number; undefined until the executable runs, and again when the labels changed. */
  readonly #executables: (Executable | undefined)[] = [];
  /** Program of an executable that is no interpreter, or of the interpreter itself. */
  readonly #programOf: number[] = [];
  /** Executable → how many others had its inode before. Where that is more than one, they are one file with many names (link(2)). */
  readonly #turns = new Map<number, number>();
  readonly #numbers = new ProgramNumbers();
  /** The label of what nothing names. */
  readonly unknownLabel: number;

  /** Without `roots` all processes run in the machine's own. */
  constructor(
    procfs: ProcessReader,
    labeller: Labeller,
    labels: LabelTable,
    changes: LabelChanges,
    roots?: Pick<Roots, "of" | "labeller" | "hasOthers">,
  ) {
    this.#roots = roots;
    this.#changes = changes;
    this.#procfs = procfs;
    this.#labeller = labeller;
    this.#labels = labels;
    this.unknownLabel = labels.idOf("unknown", false);
  }

  /** Number of executables known by device and inode. */
  get inodes(): number {
    return this.#inodes.size;
  }

  /**
   * Looks at a process: its program, or, where {@link isComplete} denies it, what was seen of it, or {@link UNSEEN}.
   *
   * The root is looked at where `asksRoot` says so, and otherwise where it may be another than the parent's: after the launch
   * of a program that has others run elsewhere, for an executable that hasn't run before, and for an interpreter while other
   * roots are known, since its script can't be named again later. All else is taken to run where its parent did.
   */
  look(pid: number, asksRoot = false): number {
    this.#followChanges();
    const length = this.#procfs.readExe(pid);
    if (length <= 0) return UNSEEN;
    if (asksRoot || this.#rootChecks > 0) return this.#lookAtRoot(pid, length);
    const executable = this.#executableOf(this.#procfs.path, length);
    const known = this.#executables[executable];
    if (known === undefined || (known.interpreter !== undefined && this.#roots?.hasOthers === true)) {
      return this.#lookAtRoot(pid, length);
    }
    return this.#lookFurther(pid, executable, known);
  }

  #lookAtRoot(pid: number, length: number): number {
    if (this.#rootChecks > 0) this.#rootChecks--;
    const root = this.#roots?.of(pid) ?? HOST, mark = root < 0 ? 0 : ROOT_SEEN;
    const executable = root > 0
      ? this.#executableIn(root, this.#procfs.path, length)
      : this.#executableOf(this.#procfs.path, length);
    const known = this.#executables[executable];
    if (known !== undefined) return this.#lookFurther(pid, executable, known) | mark;
    const path = this.#paths.textOf(executable);
    const file = path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
    if (entersRoots(file.slice(file.lastIndexOf("/") + 1))) this.#rootChecks = ROOT_CHECKS;
    if (findInterpreter(file) === undefined) return executable | UNLABELLED | mark;
    return this.#lookFurther(pid, executable, this.#label(executable)) | mark;
  }

  /** What an executable runs, if it is an interpreter. */
  #lookFurther(pid: number, executable: number, known: Executable): number {
    if (known.entersRoots) this.#rootChecks = ROOT_CHECKS;
    if (known.interpreter === undefined) return this.#programOf[executable]!;
    const labeller = this.#labellerOf(this.#rootOf.get(executable) ?? HOST);
    const named = programOf(this.#procfs, labeller, known, pid);
    if (named === undefined) return this.#programOf[executable]! | SCRIPT_UNSEEN;
    if (named.rule === "applet" && entersRoots(named.program)) this.#rootChecks = ROOT_CHECKS;
    return this.#numbers.of(executable, this.#labels.idOf(named.label, named.random));
  }

  /** Whether a process has given back its memory, or is not there at all. */
  hasGone(pid: number): boolean {
    const result = this.#procfs.readExe(pid);
    return result === -c.ENOENT || result === -c.ESRCH;
  }

  /** A thread's name; undefined when the process has gone. */
  readComm(pid: number): Uint8Array | undefined {
    return this.#procfs.readComm(pid);
  }

  /** Whether {@link look} saw all it needed for a name. */
  isComplete(program: number): boolean {
    return program >= 0 && (program & SCRIPT_UNSEEN) === 0;
  }

  /** The label of a program. */
  labelOf(program: number): number {
    return this.#numbers.labelOf(this.#labelled(program));
  }

  /** The executable of a program, or -1. */
  executableOf(program: number): number {
    return program < 0 ? -1 : this.#numbers.executableOf(this.#labelled(program));
  }

  /** Whether the file of an executable had been deleted when it was seen to run; -1 is none. */
  isDeleted(executable: number): boolean {
    return executable >= 0 && this.#paths.isDeleted(executable);
  }

  /** The root of a program's process; -1 where that wasn't looked at. */
  rootOf(program: number): number {
    if (program < 0 || (program & ROOT_SEEN) === 0) return -1;
    return this.#rootOf.get(this.#numberOf(program)) ?? HOST;
  }

  /** Whether other roots than the machine's own are known. */
  get hasOtherRoots(): boolean {
    return this.#roots?.hasOthers === true;
  }

  /** A program whose root wasn't looked at, in a root that is known from its process's parent. */
  inRoot(program: number, root: number): number {
    if (program < 0 || root === HOST) return program;
    const executable = this.#numberOf(program);
    if (this.#rootOf.has(executable)) return program;
    const path = this.#paths.bytesOf(executable);
    const inside = this.#executableIn(root, path, path.length), known = this.#known(inside);
    // What an interpreter runs was told in the capture. Only before any other root was known that wasn't asked for its own.
    if (known.interpreter !== undefined && this.isComplete(program)) return program;
    return this.#programOf[inside]! | (program & SCRIPT_UNSEEN);
  }

  /** The number of a program's executable, labelled or not. */
  #numberOf(program: number): number {
    return (program & UNLABELLED) !== 0 ? program & NUMBER : this.#numbers.executableOf(program & NUMBER);
  }

  /** The program without its marks. */
  #labelled(program: number): number {
    if ((program & UNLABELLED) === 0) return program & NUMBER;
    const executable = program & NUMBER;
    this.#known(executable);
    return this.#programOf[executable]!;
  }

  /** What is known of an executable that has run. */
  #known(executable: number): Executable {
    this.#followChanges();
    return this.#executables[executable] ?? this.#label(executable);
  }

  /**
   * Names an image whose process had gone, by the process's accounting record number `record`, or without one (-1). What
   * was seen of it is `program`. Returns the label.
   */
  nameFromRecord(program: number, records: RecordQueue, record: number): number {
    if (record < 0) return this.nameFromComm(program, undefined);
    const at = records.rows.at(record), f = records.rows.values;
    const executable = program >= 0 ? this.executableOf(program) : this.#inodes.find(
      f[at + RecordField.ExeDevice]!,
      f[at + RecordField.ExeInodeLow]!,
      f[at + RecordField.ExeInodeHigh]!,
    );
    const comm = commOf(records, record);
    if (executable < 0 || program < 0 && this.#hasAnotherName(executable, comm)) return this.nameFromComm(UNSEEN, comm);
    this.#known(executable);
    return this.nameFromComm(this.#programOf[executable]!, comm);
  }

  /** Whether the process ran a file by another of its names: the last that ran under one is what the inode tells. */
  #hasAnotherName(executable: number, comm: Uint8Array): boolean {
    if ((this.#turns.get(executable) ?? 0) < 2) return false;
    const known = this.#known(executable), name = decodeComm(comm);
    return !known.base && name !== "" && !isOwnName(known, name);
  }

  /**
   * Names an image by what was seen of it and by its thread's name (`comm`): the kernel sets it to the first 15 bytes of
   * the executable's file name, and of a script's file name where the script was exec'd itself.
   */
  nameFromComm(program: number, comm: Uint8Array | undefined): number {
    const name = comm === undefined ? "" : decodeComm(comm);
    const executable = program < 0 ? undefined : this.#known(this.executableOf(program));
    if (
      executable !== undefined && (executable.interpreter === undefined || name === "" || isOwnName(executable, name))
    ) {
      this.namedBy[NamedBy.Inode]++;
      return this.labelOf(program);
    }
    if (name === "") {
      this.namedBy[NamedBy.Unknown]++;
      return this.unknownLabel;
    }
    this.namedBy[NamedBy.Comm]++;
    if (name.includes("/")) return this.#labels.idOf(escapeName(name), false); // set by the program itself: no file's name
    const judged = judgePath(name);
    return this.#labels.idOf(escapeName(judged.name), judged.random);
  }

  /** Whether a process's record says that it ran another executable than the one that was seen. */
  isContradicted(executable: number, records: RecordQueue, record: number): boolean {
    const at = records.rows.at(record), f = records.rows.values;
    const known = this.#inodes.find(
      f[at + RecordField.ExeDevice]!,
      f[at + RecordField.ExeInodeLow]!,
      f[at + RecordField.ExeInodeHigh]!,
    );
    if (known >= 0) return known !== executable;
    const seen = this.#known(executable);
    return seen.interpreter === undefined && !isOwnName(seen, decodeComm(commOf(records, record)));
  }

  /**
   * Learns where an executable lies from the accounting record of a process that ran it. A place that is known for another
   * executable is learned anew only where the process had the name of this one: if an exec was lost, it ran another.
   */
  learn(executable: number, records: RecordQueue, record: number): void {
    const at = records.rows.at(record), f = records.rows.values;
    const device = f[at + RecordField.ExeDevice]!;
    const inodeLow = f[at + RecordField.ExeInodeLow]!, inodeHigh = f[at + RecordField.ExeInodeHigh]!;
    const known = this.#inodes.find(device, inodeLow, inodeHigh);
    if (known === executable) return;
    if (known >= 0 && !isOwnName(this.#known(executable), decodeComm(commOf(records, record)))) return;
    if (this.#known(executable).deleted) return; // its inode is given to another
    if (known >= 0) this.#turns.set(executable, (this.#turns.get(known) ?? 0) + 1);
    this.learnInode(device, inodeLow, inodeHigh, executable);
  }

  learnInode(device: number, inodeLow: number, inodeHigh: number, executable: number): void {
    this.#inodes.learn(device, inodeLow, inodeHigh, executable);
  }

  /** The number of an executable by its path, for those that are known before they run. */
  know(path: Uint8Array): number {
    return this.#executableOf(path, path.length);
  }

  /**
   * Where what the labeller says has changed, executables get their labels anew, each when it runs next. Those that were
   * captured keep what they were called.
   */
  #followChanges(): void {
    if (this.#changes.count === this.#changesSeen) return;
    this.#changesSeen = this.#changes.count;
    this.#executables.fill(undefined);
  }

  /** Whether the tables have reached their bound, so that {@link restart} is due. */
  get isFull(): boolean {
    return this.#paths.isFull || this.#inodes.isFull || this.#numbers.isFull || this.#labels.isFull;
  }

  /** Forgets all executables and programs; none of their numbers may be in use. `usedLabels` are kept. */
  restart(usedLabels: Set<number>): void {
    this.#paths.clear();
    this.#rootOf.clear();
    this.#inodes.clear();
    this.#executables.length = this.#programOf.length = 0;
    this.#numbers.clear();
    this.#turns.clear();
    this.#labels.purge(usedLabels.add(this.unknownLabel));
  }

  #executableOf(bytes: Uint8Array, length: number): number {
    const found = this.#paths.find(bytes, length);
    return found >= 0 ? found : this.#paths.add(bytes, length);
  }

  /** The number of an executable by its path under another root. */
  #executableIn(root: number, path: Uint8Array, length: number): number {
    const marked = this.#marked;
    marked[1] = root & 0x7f;
    marked[2] = root >> 7;
    for (let i = 0; i < length; i++) marked[ROOT_MARK_BYTES + i] = path[i]!;
    const executable = this.#executableOf(marked, length + ROOT_MARK_BYTES);
    this.#rootOf.set(executable, root);
    return executable;
  }

  #labellerOf(root: number): Labeller {
    return root === HOST ? this.#labeller : this.#roots?.labeller(root) ?? this.#labeller;
  }

  /** An executable runs for the first time. */
  #label(number: number): Executable {
    const root = this.#rootOf.get(number) ?? HOST, text = this.#paths.textOf(number);
    const executable = this.#labellerOf(root).executable(root === HOST ? text : text.slice(ROOT_MARK_BYTES));
    this.#executables[number] = executable;
    this.#programOf[number] = this.#numbers.of(number, this.#labels.idOf(executable.label, executable.random));
    return executable;
  }
}
