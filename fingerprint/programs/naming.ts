/**
 * Names of images: looks at a process right after its exec, and names from its accounting record the ones that had gone.
 *
 * A program is a number: an executable together with a label. An executable that is no interpreter has one program, found
 * by the bytes of its path with no string made.
 *
 * @module
 */
import { constants as c, type ExecRecord, RecordField, type RecordQueue } from "../../netlink/mod.ts";
import { InodeTable } from "./executables.ts";
import {
  entersRoots,
  escapeJudged,
  escapeName,
  type Executable,
  type LabelChanges,
  type Labeller,
  type LabelTable,
  withoutMark,
} from "../labels/mod.ts";
import { findInterpreter } from "../interpreters/mod.ts";
import { judgePath } from "../randomness/mod.ts";
import { LabelledExecutables, type RootLabellers } from "./labelled.ts";
import { commOf, decodeComm, isOwnName, type ProcessReader, programOf } from "./reading.ts";
import { NamedBy } from "./numbers.ts";
import { RecordedPrograms } from "./recorded.ts";
import { HOST } from "./roots.ts";

/** The process could not be looked at: it had gone, or that isn't allowed. */
export const UNSEEN = -1;
/** Added to a program: the interpreter is known, what it runs was not there to be read any more. */
const SCRIPT_UNSEEN = 1 << 30;
/** Added to an executable's number: it runs for the first time, and is labelled when that is needed, not in the capture. */
const UNLABELLED = 1 << 29;
/** Added to a program: the root of its process was looked at as well. */
const ROOT_SEEN = 1 << 28;
/** Added to a program: the kernel's record of the exec told it. */
const RECORDED = 1 << 27;
const NUMBER = RECORDED - 1;

/** Launches whose root is looked at after that of a program that has others run under another root. */
const ROOT_CHECKS = 256;

export class Programs {
  /** Images by what named them, indexed by {@link NamedBy}. */
  readonly namedBy: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  readonly #procfs: ProcessReader;
  readonly #labels: LabelTable;
  readonly #roots: RootLabellers | undefined;
  readonly #executables: LabelledExecutables;
  readonly recorded: RecordedPrograms;
  /** Launches that are still to be asked for their root. */
  #rootChecks = 0;
  readonly #inodes = new InodeTable();
  /** Executable → how many others had its inode before. Where that is more than one, they are one file with many names (link(2)). */
  readonly #turns = new Map<number, number>();
  /** The label of what nothing names. */
  readonly unknownLabel: number;

  /** Without `roots` all processes run in the machine's own. */
  constructor(
    procfs: ProcessReader,
    labeller: Labeller,
    labels: LabelTable,
    changes: LabelChanges,
    roots?: RootLabellers,
  ) {
    this.#procfs = procfs;
    this.#labels = labels;
    this.#roots = roots;
    this.#executables = new LabelledExecutables(labeller, labels, changes, roots);
    this.recorded = new RecordedPrograms(procfs, this.#executables, labels, changes, roots);
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
    const length = this.#procfs.readExe(pid);
    if (length <= 0) return UNSEEN;
    if (asksRoot || this.#rootChecks > 0) return this.#lookAtRoot(pid, length);
    const executable = this.#executables.number(this.#procfs.path, length), known = this.#executables.peek(executable);
    if (known === undefined || (known.interpreter !== undefined && this.#roots?.hasOthers === true)) {
      return this.#lookAtRoot(pid, length);
    }
    return this.#lookFurther(pid, executable, known);
  }

  /** As {@link look}, by what the kernel recorded of the exec; `bytes` are those of the record's view. */
  read(record: ExecRecord, bytes: Uint8Array): number {
    const { recorded } = this;
    if (!recorded.read(record, bytes)) return UNSEEN;
    return recorded.program | RECORDED | (recorded.root < 0 ? 0 : ROOT_SEEN);
  }

  /** Counts an image that {@link look} or {@link read} named. */
  countNamed(program: number): void {
    this.namedBy[(program & RECORDED) === 0 ? NamedBy.Proc : NamedBy.Bpf]++;
  }

  #lookAtRoot(pid: number, length: number): number {
    if (this.#rootChecks > 0) this.#rootChecks--;
    const executables = this.#executables;
    const root = this.#roots?.of(pid) ?? HOST, mark = root < 0 ? 0 : ROOT_SEEN;
    const executable = executables.numberIn(Math.max(HOST, root), this.#procfs.path, length);
    const known = executables.peek(executable);
    if (known !== undefined) return this.#lookFurther(pid, executable, known) | mark;
    const file = withoutMark(executables.pathOf(executable));
    if (entersRoots(file.slice(file.lastIndexOf("/") + 1))) this.#rootChecks = ROOT_CHECKS;
    if (findInterpreter(file) === undefined) return executable | UNLABELLED | mark;
    return this.#lookFurther(pid, executable, executables.known(executable)) | mark;
  }

  /** What an executable runs, if it is an interpreter. */
  #lookFurther(pid: number, executable: number, known: Executable): number {
    if (known.entersRoots) this.#rootChecks = ROOT_CHECKS;
    const executables = this.#executables;
    if (known.interpreter === undefined) return executables.programOf(executable);
    const named = programOf(this.#procfs, executables.labellerOf(executable), known, pid);
    if (named === undefined) return executables.programOf(executable) | SCRIPT_UNSEEN;
    if (named.rule === "applet" && entersRoots(named.program)) this.#rootChecks = ROOT_CHECKS;
    return executables.programs.of(executable, this.#labels.idOf(named.label, named.random), named.flags);
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
    return this.#executables.programs.labelOf(this.#labelled(program));
  }

  /** The executable of a program, or -1. */
  executableOf(program: number): number {
    return program < 0 ? -1 : this.#executables.programs.executableOf(this.#labelled(program));
  }

  /** The flags of a launch of a program; none where it wasn't seen. */
  flagsOf(program: number): number {
    if (program < 0) return 0;
    return this.#executables.programs.flagsOf(this.#labelled(program));
  }

  /** The root of a program's process; -1 where that wasn't looked at. */
  rootOf(program: number): number {
    if (program < 0 || (program & ROOT_SEEN) === 0) return -1;
    return this.#executables.rootOf(this.#numberOf(program));
  }

  /** Whether other roots than the machine's own are known. */
  get hasOtherRoots(): boolean {
    return this.#roots?.hasOthers === true;
  }

  /** A program whose root wasn't looked at, in a root that is known from its process's parent. */
  inRoot(program: number, root: number): number {
    if (program < 0 || root === HOST) return program;
    const executables = this.#executables, executable = this.#numberOf(program);
    if (executables.rootOf(executable) !== HOST) return program;
    const inside = executables.movedTo(root, executable), known = executables.known(inside);
    // What an interpreter runs was told in the capture. Only before any other root was known that wasn't asked for its own.
    if (known.interpreter !== undefined && this.isComplete(program)) return program;
    return executables.programOf(inside) | (program & (SCRIPT_UNSEEN | RECORDED));
  }

  /** The number of a program's executable, labelled or not. */
  #numberOf(program: number): number {
    return (program & UNLABELLED) !== 0 ? program & NUMBER : this.#executables.programs.executableOf(program & NUMBER);
  }

  /** The program without its marks. */
  #labelled(program: number): number {
    if ((program & UNLABELLED) === 0) return program & NUMBER;
    const executable = program & NUMBER;
    this.#executables.known(executable);
    return this.#executables.programOf(executable);
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
    this.#executables.known(executable);
    return this.nameFromComm(this.#executables.programOf(executable), comm);
  }

  /** Whether the process ran a file by another of its names: the last that ran under one is what the inode tells. */
  #hasAnotherName(executable: number, comm: Uint8Array): boolean {
    if ((this.#turns.get(executable) ?? 0) < 2) return false;
    const known = this.#executables.known(executable), name = decodeComm(comm);
    return !known.base && name !== "" && !isOwnName(known, name);
  }

  /**
   * Names an image by what was seen of it and by its thread's name (`comm`): the kernel sets it to the first 15 bytes of
   * the executable's file name, and of a script's file name where the script was exec'd itself.
   */
  nameFromComm(program: number, comm: Uint8Array | undefined): number {
    const name = comm === undefined ? "" : decodeComm(comm);
    const executable = program < 0 ? undefined : this.#executables.known(this.executableOf(program));
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
    return this.#labels.idOf(escapeJudged(name, judged.name), judged.random);
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
    const seen = this.#executables.known(executable);
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
    if (known >= 0 && !isOwnName(this.#executables.known(executable), decodeComm(commOf(records, record)))) return;
    if (this.#executables.known(executable).deleted) return; // its inode is given to another
    if (known >= 0) this.#turns.set(executable, (this.#turns.get(known) ?? 0) + 1);
    this.learnInode(device, inodeLow, inodeHigh, executable);
  }

  learnInode(device: number, inodeLow: number, inodeHigh: number, executable: number): void {
    this.#inodes.learn(device, inodeLow, inodeHigh, executable);
  }

  /** The number of an executable by its path, for those that are known before they run. */
  know(path: Uint8Array): number {
    return this.#executables.number(path, path.length);
  }

  /** Whether the tables have reached their bound, so that {@link restart} is due. */
  get isFull(): boolean {
    return this.#executables.isFull || this.recorded.isFull || this.#inodes.isFull || this.#labels.isFull;
  }

  /** Forgets all executables and programs; none of their numbers may be in use. `usedLabels` are kept. */
  restart(usedLabels: Set<number>): void {
    this.#executables.clear();
    this.recorded.clear();
    this.#inodes.clear();
    this.#turns.clear();
    this.#labels.purge(usedLabels.add(this.unknownLabel));
  }
}
