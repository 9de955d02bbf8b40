/**
 * Names images by a look at /proc: the file that runs, its path, its root, and, where it is an interpreter, its command line.
 *
 * @module
 */
import {
  Claim,
  contextFlags,
  entersRoots,
  type Executable,
  type ExecutedInterpreter,
  executedInterpreter,
} from "../labels/mod.ts";
import { findInterpreter } from "../interpreters/mod.ts";
import type { FileIdentity } from "../proc/mod.ts";
import type { Claims } from "./claims.ts";
import type { Identities } from "./identities.ts";
import type { LabelledExecutables, RootLabellers } from "./labelled.ts";
import type { LateNames } from "./late_names.ts";
import { NUMBER, ROOT_SEEN, SCRIPT_UNSEEN, UNLABELLED, UNSEEN } from "./marks.ts";
import { type ProcessPaths, type ProcessReader, readProgram } from "./reading.ts";
import { HOST } from "./roots.ts";
import { LaunchSamples } from "./samples.ts";

/** Where files stay where they are: elsewhere a folder above them may be renamed, which changes nothing about them. */
const STAYS = /^\/(?:usr|bin|sbin|lib\w*)\//;

/** Whether a file at this path keeps it. */
export function staysThere(path: string): boolean {
  return STAYS.test(path);
}

/** Launches whose root is looked at after that of a program that has others run under another root. */
const ROOT_CHECKS = 256;

export class LookedAtPrograms {
  readonly #procfs: ProcessReader;
  readonly #executables: LabelledExecutables;
  readonly #identities: Identities;
  readonly #claims: Claims;
  readonly #late: LateNames;
  readonly #roots: RootLabellers | undefined;
  readonly #samples = new LaunchSamples();
  /** Launches that are still to be asked for their root. */
  #rootChecks = 0;

  constructor(
    procfs: ProcessReader,
    executables: LabelledExecutables,
    identities: Identities,
    claims: Claims,
    late: LateNames,
    roots: RootLabellers | undefined,
  ) {
    this.#procfs = procfs;
    this.#executables = executables;
    this.#identities = identities;
    this.#claims = claims;
    this.#late = late;
    this.#roots = roots;
  }

  /**
   * Looks at a process: its program, or, where {@link isComplete} denies it, what was seen of it, or {@link UNSEEN}.
   *
   * The root is looked at where `asksRoot` says so, and otherwise where it may be another than the parent's: after the launch
   * of a program that has others run elsewhere, for an executable that hasn't run before, and for an interpreter while other
   * roots are known, since its script can't be named again later. All else is taken to run where its parent did.
   *
   * A file of the system's folders that is known runs under its known path: it has one name only, which was proved once.
   */
  look(pid: number, asksRoot = false): number {
    const file = this.#procfs.readIdentity(pid);
    if (file === undefined) return UNSEEN;
    const identity = this.#identities.of(file);
    if (!asksRoot && this.#rootChecks === 0) {
      const executable = this.#identities.executableOf(identity);
      const known = executable < 0 ? undefined : this.#executables.peek(executable);
      if (known !== undefined && (known.interpreter === undefined || this.#roots?.hasOthers !== true)) {
        return this.#flagged(pid, identity, this.#lookFurther(pid, identity, executable, known));
      }
    }
    return this.#lookAtPath(pid, file, identity, asksRoot, false);
  }

  /** As {@link look}, of a process that was found running: its file may have been replaced since it was executed. */
  lookAtFound(pid: number): number {
    const file = this.#procfs.readIdentity(pid);
    return file === undefined ? UNSEEN : this.#lookAtPath(pid, file, this.#identities.of(file), true, true);
  }

  /** As {@link look}, of a process whose first thread has ended, by one that lives. */
  lookAtThread(pid: number): number {
    const thread = this.#procfs.livingThread(pid);
    return thread === undefined ? UNSEEN : this.look(thread, true);
  }

  #lookAtPath(pid: number, file: FileIdentity, identity: number, asksRoot: boolean, isFound: boolean): number {
    const procfs = this.#procfs, executables = this.#executables, { links } = file;
    const length = procfs.readExe(pid);
    if (length <= 0) return UNSEEN;
    if (!asksRoot && this.#rootChecks === 0) {
      // As it has run before.
      const executable = executables.find(procfs.path, length, HOST, identity, Claim.Confirmed);
      const known = executable < 0 ? undefined : executables.peek(executable);
      if (known !== undefined && (known.interpreter === undefined || this.#roots?.hasOthers !== true)) {
        return this.#flagged(pid, identity, this.#lookFurther(pid, identity, executable, known));
      }
    }
    if (this.#rootChecks > 0) this.#rootChecks--;
    const root = this.#claims.viewOf(this.#roots?.of(pid) ?? HOST, 0, 0, pid, 0), mark = root < 0 ? 0 : ROOT_SEEN;
    // The path may be that of the next program, where the process went on meanwhile: that one will be looked at.
    const again = procfs.readIdentity(pid);
    if (again === undefined || this.#identities.of(again) !== identity) return UNSEEN;
    const { claim, pathLength } = this.#claims.ofProcess(pid, root, procfs.path, length, file, isFound);
    const executable = executables.number(procfs.path, pathLength, Math.max(HOST, root), identity, claim);
    const known = executables.peek(executable);
    if (known !== undefined) {
      return this.#flagged(pid, identity, this.#lookFurther(pid, identity, executable, known)) | mark;
    }
    const text = executables.pathOf(executable);
    if (claim === Claim.Confirmed && root <= HOST && links === 1 && staysThere(text)) {
      this.#identities.confirm(identity, executable);
    }
    if (entersRoots(text.slice(text.lastIndexOf("/") + 1))) this.#rootChecks = ROOT_CHECKS;
    if (findInterpreter(text) === undefined && !this.#identities.isSpecial(identity) && this.#contextFlags(pid) === 0) {
      return executable | UNLABELLED | mark;
    }
    return this.#flagged(pid, identity, this.#lookFurther(pid, identity, executable, executables.known(executable))) |
      mark;
  }

  /** Forgets which launches it has seen. */
  clear(): void {
    this.#samples.clear();
  }

  /** A program with the flags of this launch. */
  #flagged(pid: number, identity: number, program: number): number {
    const identities = this.#identities;
    if (!identities.isSpecial(identity)) return program;
    let uid = 0, euid = 0;
    if (identities.setsUser(identity)) [uid, euid] = this.#procfs.readUsers(pid) ?? [0, 0];
    const flags = identities.flagsOf(identity, uid, euid);
    const marks = program & ~NUMBER;
    return this.#executables.programs.withFlags(program & NUMBER, flags) | marks;
  }

  /** What an executable runs, if it is an interpreter. */
  #lookFurther(pid: number, identity: number, executable: number, known: Executable): number {
    if (known.entersRoots) this.#rootChecks = ROOT_CHECKS;
    const executables = this.#executables;
    if (known.interpreter === undefined) {
      const flags = this.#samples.isDue(executable) ? this.#contextFlags(pid) : 0;
      return executables.programs.withFlags(executables.programOf(executable), flags);
    }
    const labeller = executables.labellerOf(executable), paths = this.#pathsOf(pid, executable);
    const read = readProgram(this.#procfs, labeller, known, pid, paths);
    // It may be the command line of the next program, as of a shell that went on to its only command.
    if (read === undefined || this.#hasGoneOn(pid, identity)) return executables.programOf(executable) | SCRIPT_UNSEEN;
    const { argv, named } = read;
    const interpreter = executedInterpreter(known, argv, named);
    // One that was told nothing is rare, and runs what its input brings.
    const isLookedAt = this.#samples.isDue(executable) || interpreter?.isAlone === true;
    const layer = executables.layerFlags(executable, named);
    const flags = named.flags | layer | (isLookedAt ? this.#contextFlags(pid, interpreter) : 0);
    if (named.rule === "applet" && entersRoots(named.program)) this.#rootChecks = ROOT_CHECKS;
    return this.#late.seen(executable, named, flags);
  }

  /** Whether a process runs another file by now; one that has ended took its last command line along. */
  #hasGoneOn(pid: number, identity: number): boolean {
    const file = this.#procfs.readIdentity(pid);
    return file !== undefined && this.#identities.of(file) !== identity;
  }

  /** The flags of a launch by its environment and, of an interpreter, its standard input, as they are by now. */
  #contextFlags(pid: number, interpreter?: ExecutedInterpreter): number {
    const procfs = this.#procfs, { variables = 0, options = [] } = procfs.readEnvironment(pid) ?? {};
    const [inputMode, inputDetail] = interpreter === undefined ? [0, 0] : procfs.readInput(pid);
    if (variables === 0 && inputMode === 0) return 0;
    const [uid, euid] = variables === 0 ? [0, 0] : procfs.readUsers(pid) ?? [0, 0];
    return contextFlags({ environment: variables, inputMode, inputDetail, uid, euid }, interpreter, () => options);
  }

  #pathsOf(pid: number, executable: number): ProcessPaths {
    const executables = this.#executables, claims = this.#claims;
    return {
      isTrue(path) {
        return claims.isScript(path, { pid, parent: 0, root: executables.rootOf(executable), mountNs: 0, userNs: 0 });
      },
      isExecutable: (path) => claims.leadsToExecutable(path, pid),
    };
  }
}
