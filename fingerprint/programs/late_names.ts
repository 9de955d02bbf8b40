/**
 * What a process that had gone may have run, by what is left of it: which file that was, or its thread's name alone. It gets the
 * name that it would have had in time, or one that says that it isn't known, `sh:?` or `name@?`; never a third.
 *
 * The kernel sets a thread's name to the first 15 bytes of the file name that was executed: of a link or a script, where that was
 * one (begin_new_exec(), fs/exec.c).
 *
 * @module
 */
import { addTo } from "../base/mod.ts";
import { escapeJudged, escapeName, type LabelChanges, type LabelTable, type ProgramLabel } from "../labels/mod.ts";
import { judgePath } from "../randomness/mod.ts";
import type { LabelledExecutables } from "./labelled.ts";
import { isOwnName } from "./reading.ts";

/** Bytes of a thread's name: TASK_COMM_LEN without its zero. */
const COMM_LENGTH = 15;
/** Scripts that are remembered; beyond that they are forgotten, and learned again. */
const MAX_SCRIPTS = 4096;
/** What executes itself by /proc/self/exe is called so: applets of a busybox shell. */
const SELF = "exe";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

interface Script {
  readonly executable: number;
  readonly label: number;
  readonly isBase: boolean;
}

/** The thread's name of what is executed by this path. */
function commOfPath(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return DECODER.decode(ENCODER.encode(name).subarray(0, COMM_LENGTH));
}

export class LateNames {
  readonly #executables: LabelledExecutables;
  readonly #labels: LabelTable;
  readonly #changes: LabelChanges;
  #changesSeen = 0;
  /** Thread's name → executables that links of that name lead to. */
  readonly #links = new Map<string, number[]>();
  /** Thread's name → executables of that file name; filled when it is first asked for. */
  readonly #files = new Map<string, number[]>();
  #indexed = 0;
  /** Thread's name → scripts of that file name. */
  readonly #scripts = new Map<string, Script[]>();
  #scriptsHeld = 0;

  constructor(executables: LabelledExecutables, labels: LabelTable, changes: LabelChanges) {
    this.#executables = executables;
    this.#labels = labels;
    this.#changes = changes;
  }

  /** A link by which an executable that is known may be run. */
  learnLink(link: string, executable: number): void {
    addTo(this.#links, commOfPath(link), executable);
  }

  /** The program of an interpreter that has been seen to run something, which is remembered. */
  seen(executable: number, named: ProgramLabel, flags: number): number {
    const { programs } = this.#executables, before = programs.length;
    const label = this.#labels.idOf(named.label, named.random), program = programs.of(executable, label, flags);
    if (programs.length > before) this.#learnScript(executable, named, label);
    return program;
  }

  /**
   * The label of an interpreter's launch, by its thread's name; what it was told to run isn't left. A script is what was seen under
   * its name before, where that is one; the name alone never makes it one of the base system's.
   */
  ofInterpreter(executable: number, comm: string): number {
    const known = this.#executables.known(executable);
    if (comm === "" || comm === SELF || isOwnName(known, comm) || this.#links.get(comm)?.includes(executable)) {
      return this.#cut(executable, comm);
    }
    const labels = new Set<number>();
    for (const script of this.#scriptsCalled(comm)) {
      if (script.executable === executable && !script.isBase) labels.add(script.label);
    }
    return only(labels) ?? this.unplaced(comm);
  }

  /** The label by a thread's name, where nothing tells which file ran: of the one program that is known by that name. */
  ofName(comm: string): number {
    const labels = new Set<number>(), executables = this.#executables;
    for (const executable of [...this.#links.get(comm) ?? [], ...this.#filesCalled(comm)]) {
      const isInterpreter = executables.known(executable).interpreter !== undefined;
      const program = executables.programOf(executable);
      labels.add(isInterpreter ? this.#cut(executable, comm) : executables.programs.labelOf(program));
    }
    for (const { label } of this.#scriptsCalled(comm)) labels.add(label);
    return only(labels) ?? this.unplaced(comm);
  }

  /** A name of which nobody knows where it lies. */
  unplaced(comm: string): number {
    if (comm.includes("/")) return this.#labels.idOf(escapeName(`${comm}@?`), false); // set by the program itself: no file's name
    const { name, random } = judgePath(comm);
    return this.#labels.idOf(escapeJudged(`${comm}@?`, `${name}@?`), random);
  }

  clear(): void {
    for (const map of [this.#links, this.#files, this.#scripts]) map.clear();
    this.#indexed = this.#scriptsHeld = 0;
  }

  #learnScript(executable: number, { program, rule, base }: ProgramLabel, label: number): void {
    if (rule === "applet" || rule === "module" || rule === "unknown") return;
    if (program === this.#executables.known(executable).program) return; // the interpreter itself
    if (this.#changes.count !== this.#changesSeen || this.#scriptsHeld >= MAX_SCRIPTS) {
      this.#changesSeen = this.#changes.count;
      this.#scripts.clear();
      this.#scriptsHeld = 0;
    }
    addTo(this.#scripts, commOfPath(program), { executable, label, isBase: base });
    this.#scriptsHeld++;
  }

  /** The label of an interpreter whose arguments are unknown but for the name that it was called by. */
  #cut(executable: number, comm: string): number {
    const known = this.#executables.known(executable), labeller = this.#executables.labellerOf(executable);
    const { label, random } = labeller.program(known, [comm, ""], () => undefined, true);
    return this.#labels.idOf(label, random);
  }

  #scriptsCalled(comm: string): readonly Script[] {
    return this.#changes.count === this.#changesSeen ? this.#scripts.get(comm) ?? [] : [];
  }

  #filesCalled(comm: string): readonly number[] {
    const executables = this.#executables;
    for (; this.#indexed < executables.length; this.#indexed++) {
      addTo(this.#files, commOfPath(executables.pathOf(this.#indexed)), this.#indexed);
    }
    return this.#files.get(comm) ?? [];
  }
}

/** The only member of a set; undefined where it has none or several. */
function only(labels: ReadonlySet<number>): number | undefined {
  return labels.size === 1 ? labels.values().next().value : undefined;
}
