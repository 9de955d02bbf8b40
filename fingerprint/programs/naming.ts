/**
 * Names of images: looks at a process right after its exec, and names from its accounting record the ones that had gone.
 *
 * A program is a number: an executable together with a label. An executable that is no interpreter has one program, found
 * by the bytes of its path with no string made.
 *
 * @module
 */
import { constants as c, type ExecRecord, RecordField, type RecordQueue } from "../../netlink/mod.ts";
import type { Claims } from "./claims.ts";
import { Identities } from "./identities.ts";
import {
  escapeJudged,
  escapeName,
  type LabelChanges,
  type Labeller,
  type LabelTable,
  type ProgramLabel,
} from "../labels/mod.ts";
import { ProcessStat } from "../proc/mod.ts";
import { judgePath } from "../randomness/mod.ts";
import { type BaseProgram, LabelledExecutables, type RootLabellers } from "./labelled.ts";
import { commOf, decodeComm, type ProcessReader } from "./reading.ts";
import { InodeNames } from "./inode_names.ts";
import { LateNames } from "./late_names.ts";
import { NamedBy } from "./numbers.ts";
import { LookedAtPrograms } from "./looked.ts";
import { NUMBER, RECORDED, ROOT_SEEN, SCRIPT_UNSEEN, UNLABELLED, UNSEEN } from "./marks.ts";
import { RecordedPrograms } from "./recorded.ts";
import { HOST } from "./roots.ts";

/** What is left of a process. */
export const Left = {
  /** It lives, and doesn't let itself be looked at. */
  Process: 0,
  /** Its thread's name alone. */
  Name: 1,
  /** Also which file it ran, and that is none that is known. */
  File: 2,
} as const;
export type Left = (typeof Left)[keyof typeof Left];

export class Programs {
  /** Images by what named them, indexed by {@link NamedBy}. */
  readonly namedBy: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  readonly #procfs: ProcessReader;
  readonly #stat = new ProcessStat();
  readonly #labels: LabelTable;
  readonly #roots: RootLabellers | undefined;
  readonly #executables: LabelledExecutables;
  readonly #identities = new Identities();
  readonly late: LateNames;
  readonly #claims: Claims;
  readonly recorded: RecordedPrograms;
  readonly #looked: LookedAtPrograms;
  readonly inodes: InodeNames;
  /** The label of what nothing names. */
  readonly unknownLabel: number;

  /** Without `roots` all processes run in the machine's own. */
  constructor(
    procfs: ProcessReader,
    labeller: Labeller,
    labels: LabelTable,
    changes: LabelChanges,
    claims: Claims,
    roots?: RootLabellers,
  ) {
    this.#procfs = procfs;
    this.#claims = claims;
    this.#labels = labels;
    this.#roots = roots;
    this.#executables = new LabelledExecutables(labeller, labels, changes, claims, roots);
    this.inodes = new InodeNames(this.#executables, this.#identities, claims);
    this.late = new LateNames(this.#executables, labels, changes);
    const parts = [this.#executables, this.#identities, claims, this.late] as const;
    this.recorded = new RecordedPrograms(procfs, ...parts, changes, roots);
    this.#looked = new LookedAtPrograms(procfs, ...parts, roots);
    this.unknownLabel = labels.idOf("unknown", false);
  }

  /** Claims that another source contradicted: paths that lead to another file, records of ends that name one. */
  get contradicted(): number {
    return this.inodes.contradicted + this.#claims.contradicted;
  }

  /**
   * Looks at a process: its program, or, where {@link isComplete} denies it, what was seen of it, or {@link UNSEEN}. Its root is
   * looked at where `asksRoot` says so, and otherwise where it may be another than its parent's.
   */
  look(pid: number, asksRoot = false): number {
    return this.#looked.look(pid, asksRoot);
  }

  /** As {@link look}, of a process that was found running: its file may have been replaced since it was executed. */
  lookAtFound(pid: number): number {
    return this.#looked.lookAtFound(pid);
  }

  /** As {@link look}, of a process whose first thread has ended, by one that lives. */
  lookAtThread(pid: number): number {
    return this.#looked.lookAtThread(pid);
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

  /** Whether a process has given back its memory, or is not there at all. One whose first thread alone has ended has neither. */
  hasGone(pid: number): boolean {
    const result = this.#procfs.readExe(pid);
    if (result !== -c.ENOENT && result !== -c.ESRCH) return false;
    return !this.#procfs.readStat(pid, this.#stat) || this.#stat.threads <= 1;
  }

  /** A thread's name; undefined when the process has gone. */
  readComm(pid: number): Uint8Array | undefined {
    return this.#procfs.readComm(pid);
  }

  /** Whether {@link look} saw all it needed for a name. */
  isComplete(program: number): boolean {
    return program >= 0 && (program & SCRIPT_UNSEEN) === 0;
  }

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

  /** Where an executable lies, and why it is called what it is: `program` may be another, where an interpreter runs it. */
  explain(executable: number): { readonly path: string; readonly named: ProgramLabel } {
    return { path: this.#executables.pathOf(executable), named: this.#executables.known(executable) };
  }

  /** What an executable is to the base system, and who names it. */
  baseProgramOf(executable: number): BaseProgram | undefined {
    return this.#executables.baseProgramOf(executable);
  }

  labellerOf(executable: number): Labeller {
    return this.#executables.labellerOf(executable);
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
    const at = records.rows.at(record), f = records.rows.values, comm = commOf(records, record);
    const low = f[at + RecordField.ExeInodeLow]!, high = f[at + RecordField.ExeInodeHigh]!;
    // Before Linux 5.19 records don't say which file it was.
    if (program < 0 && low === 0 && high === 0) return this.nameFromComm(UNSEEN, comm, Left.Name);
    const executable = program >= 0
      ? this.executableOf(program)
      : this.inodes.executableOf(f[at + RecordField.ExeDevice]!, low, high);
    if (executable < 0 || program < 0 && this.inodes.hasAnotherName(executable, comm)) {
      return this.nameFromComm(UNSEEN, comm, Left.File);
    }
    this.#executables.known(executable);
    return this.nameFromComm(this.#executables.programOf(executable), comm);
  }

  /** Names an image by what was seen of it and by its thread's name (`comm`), and by what is left of its process. */
  nameFromComm(program: number, comm: Uint8Array | undefined, left: Left = Left.Process): number {
    const name = comm === undefined ? "" : decodeComm(comm);
    if (program >= 0) {
      this.namedBy[NamedBy.Inode]++;
      const executable = this.executableOf(program);
      return this.#executables.known(executable).interpreter === undefined
        ? this.labelOf(program)
        : this.late.ofInterpreter(executable, name);
    }
    if (name === "") {
      this.namedBy[NamedBy.Unknown]++;
      return this.unknownLabel;
    }
    this.namedBy[NamedBy.Comm]++;
    if (left === Left.Name) return this.late.ofName(name);
    if (left === Left.File) return this.late.unplaced(name);
    if (name.includes("/")) return this.#labels.idOf(escapeName(name), false); // set by the program itself: no file's name
    const judged = judgePath(name);
    return this.#labels.idOf(escapeJudged(name, judged.name), judged.random);
  }

  /** Whether the tables have reached their bound, so that {@link restart} is due. */
  get isFull(): boolean {
    return this.#executables.isFull || this.#identities.isFull || this.recorded.isFull || this.inodes.isFull ||
      this.#labels.isFull;
  }

  /** Forgets all executables and programs; none of their numbers may be in use. `usedLabels` are kept. */
  restart(usedLabels: Set<number>): void {
    this.#executables.clear();
    this.#identities.clear();
    this.#looked.clear();
    this.late.clear();
    this.recorded.clear();
    this.inodes.clear();
    this.#labels.purge(usedLabels.add(this.unknownLabel));
  }
}
