/**
 * Why a label is what it is: the rule that gave it, and what is thought of each element of the program's path. The same labeller
 * and detector as in the worker, asked by a person.
 *
 * @module
 */
import { Libc } from "../../netlink/mod.ts";
import {
  CompiledRules,
  escapeName,
  type FlagName,
  flagNames,
  LabelChanges,
  Labeller,
  type LabelRule,
  LabelTable,
  NO_RULES,
  type ProgramLabel,
} from "../labels/mod.ts";
import { type ClaimRoots, Claims } from "./claims.ts";
import { MachineFiles } from "./machine_files.ts";
import { BasePaths, denoFiles, type Files, type Origin } from "../base/mod.ts";
import { ProcessStat, Procfs } from "../proc/mod.ts";
import { type ProcessReader, programOf } from "./reading.ts";
import type { RootReadings } from "./pending_readings.ts";
import { RootReader } from "./root_readings.ts";
import { HOST, Roots } from "./roots.ts";
import { type ElementVerdict, judgePath } from "../randomness/mod.ts";
import { ROOT, Trie } from "../trees/mod.ts";

/** What gave a label: a rule about programs, or of a process whose program can't be told the reason for that. */
export type ExplainedRule =
  | LabelRule
  /** The executable can't be read: the thread's name stands in. */
  | "comm"
  /** Likewise, because the first thread of the process has ended, and /proc/PID/exe with it. */
  | "leaderless"
  /** A thread of the kernel: it is in no tree. */
  | "kernel";

/** Why the label of a program is what it is. */
export interface Explanation {
  /** The executable's or script's path, or the name that was asked about; not escaped. */
  readonly program: string;
  /** The label, escaped. */
  readonly label: string;
  /** Whether the program is of the base system. */
  readonly base: boolean;
  /** Whether it stands in the trees below `/random`. */
  readonly random: boolean;
  readonly rule: ExplainedRule;
  /** What says whether it is base: a package database, that of the process's root, or the built-in list. */
  readonly origin: Origin;
  /** Whether there is such a file; undefined where none was looked for. */
  readonly exists?: boolean;
  /** What the name can't say about a launch of it, as far as that can be told now. */
  readonly flags: readonly FlagName[];
  /** What is thought of each element of the path; `base` programs are not random whatever it is. */
  readonly elements: readonly ElementVerdict[];
}

/** A process in the line of ancestors. */
export interface Ancestor {
  readonly pid: number;
  readonly program: string;
  readonly label: string;
  readonly rule: ExplainedRule;
}

/** Why the tree of a running process is what it is. */
export interface ProcessExplanation extends Explanation {
  readonly pid: number;
  /** By the ancestors that it has now. One that was adopted by another process was launched in another tree. */
  readonly tree: string;
  /** From the first process to the one that was asked about. */
  readonly ancestors: readonly Ancestor[];
}

/** How long the base system of another root may take to be read, and time between two looks whether it was; milliseconds. */
const READING_MS = 5000;
const LOOK_MS = 2;

/** Ancestors followed at most. */
const MAX_ANCESTORS = 4096;

const UTF8 = new TextDecoder();

/** Folders in which a bare name is looked for, as a shell of the administrator does. */
const PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Who names the programs of a root. */
export interface RootLabels extends Pick<Roots, "of" | "userNamespaceOf"> {
  /** By the whole database of the root, as far as its file system answers. */
  labeller(root: number): Promise<Labeller>;
}

/** What is asked about processes and files, by default the machine. */
export interface ExplainerSources {
  readonly files?: Files;
  readonly procfs?: ProcessReader;
  /** The roots of processes; without them all have the machine's own. */
  readonly roots?: (host: Labeller, rules: CompiledRules) => RootLabels;
  /** Who knows whether paths of processes name the files that run. */
  readonly claims: (roots: ClaimRoots | undefined) => Claims;
  /** The real path of a file that is there, links followed. */
  readonly realPath?: (path: string) => string | undefined;
}

/** Explains programs and processes. Needs no privileges for what a user may read. */
export class Explainer {
  readonly #labeller: Labeller;
  readonly #procfs: ProcessReader;
  readonly #roots: ReturnType<NonNullable<ExplainerSources["roots"]>> | undefined;
  readonly #realPath: (path: string) => string | undefined;
  readonly #claims: Claims;
  readonly #stat = new ProcessStat();
  readonly #rules: CompiledRules;

  /** `rules` are those of the configuration file. */
  constructor(rules = NO_RULES, sources: ExplainerSources = machineSources()) {
    this.#rules = new CompiledRules(rules);
    this.#labeller = new Labeller(BasePaths.load(sources.files ?? denoFiles(), this.#rules), "", this.#rules);
    this.#procfs = sources.procfs ?? new Procfs(new Libc());
    this.#roots = sources.roots?.(this.#labeller, this.#rules);
    this.#realPath = sources.realPath ?? realPathOf;
    this.#claims = sources.claims(this.#roots);
  }

  /** Explains a program by its path, absolute, relative or a bare name; no file is looked at. Never throws. */
  program(path: string): Explanation {
    return this.#explanation(this.#labeller.byPath(path), this.#labeller);
  }

  /**
   * Explains what would run: a bare name is looked for in the usual folders, and a link there leads to its file, as the kernel
   * has it. What isn't there is explained by its name. Never throws.
   */
  command(name: string): Explanation {
    if (name.startsWith("/memfd:")) return this.program(name);
    if (name.includes("/")) return { ...this.program(name), exists: this.#realPath(name) !== undefined };
    for (const folder of PATH) {
      const path = this.#realPath(`${folder}/${name}`);
      if (path !== undefined) return { ...this.program(path), exists: true };
    }
    return { ...this.program(name), exists: false };
  }

  /** Explains a running process; undefined when there is none with this id. */
  async process(pid: number): Promise<ProcessExplanation | undefined> {
    const line = await this.#ancestors(pid);
    if (line.length === 0) return undefined;
    const labels = new LabelTable(), trie = new Trie(labels, MAX_ANCESTORS);
    trie.configure(this.#rules);
    let node = ROOT;
    for (const { label, random, rule } of line) {
      if (rule !== "kernel") node = trie.child(node, labels.idOf(label, random));
    }
    return {
      ...line.at(-1)!,
      tree: trie.pathOf(node),
      ancestors: line.map(({ pid, program, label, rule }) => ({ pid, program, label, rule })),
    };
  }

  /** The process and those that it descends from, the first one first; empty when it isn't there. */
  async #ancestors(pid: number): Promise<(Explanation & { pid: number })[]> {
    const line: (Explanation & { pid: number })[] = [];
    for (let at = pid, parent = 0; at > 0 && line.length < MAX_ANCESTORS; at = parent) {
      if (!this.#procfs.readStat(at, this.#stat)) break;
      parent = this.#stat.parent;
      line.push({ pid: at, ...await this.#look(at) });
    }
    return line.reverse();
  }

  /** What a process runs, as the worker names it. */
  async #look(pid: number): Promise<Explanation> {
    const procfs = this.#procfs, { isKernelThread, isLeaderless } = this.#stat;
    const task = isLeaderless ? procfs.livingThread(pid) ?? pid : pid;
    const file = isKernelThread ? undefined : procfs.readIdentity(task), length = file ? procfs.readExe(task) : 0;
    if (file === undefined || length <= 0) {
      const comm = UTF8.decode(procfs.readComm(pid) ?? new Uint8Array(0));
      const rule = isKernelThread ? "kernel" : isLeaderless ? "leaderless" : "comm";
      const { origin } = this.#labeller.base, label = escapeName(comm);
      return { program: comm, label, base: false, random: false, rule, origin, flags: [], elements: [] };
    }
    const root = this.#roots?.of(pid) ?? HOST, labeller = await this.#labellerOf(root);
    const { claim, pathLength } = this.#claims.ofProcess(task, root, procfs.path, length, file, true);
    const executable = labeller.executable(UTF8.decode(procfs.path.subarray(0, pathLength)), claim);
    const isTrue = (path: string) => this.#claims.isScript(path, { pid: task, parent: 0, root, mountNs: 0, userNs: 0 });
    return this.#explanation(programOf(procfs, labeller, executable, task, isTrue) ?? executable, labeller);
  }

  /** Who names the programs of a root. */
  async #labellerOf(root: number): Promise<Labeller> {
    return this.#roots === undefined || root < 0 ? this.#labeller : await this.#roots.labeller(root);
  }

  #explanation(named: ProgramLabel, { base: { origin } }: Labeller): Explanation {
    const { program, label, base, random, rule } = named, flags = flagNames(named.flags);
    return { program, label, base, random, rule, origin, flags, elements: judgePath(program).elements };
  }
}

/** The machine's own processes, roots and files. */
function machineSources(): ExplainerSources {
  const libc = new Libc(), procfs = new Procfs(libc);
  return {
    procfs,
    claims: (roots) => new Claims(new MachineFiles(libc, procfs), procfs, roots),
    roots: (host, rules) => {
      // Whoever is asked about is there to be asked again.
      const asked = new Map<number, number>();
      const population = { pidIn: (root: number) => asked.get(root) ?? -1, rootsInUse: () => new Set(asked.keys()) };
      const reader = new RootReader(libc, procfs);
      let answered = 0;
      const readings: RootReadings = {
        ask: (request, answer) => void reader.read(request, answer).then(() => answered++),
        get answered(): number {
          return answered;
        },
        wait: () => {},
      };
      const roots = new Roots(libc, procfs, host, new LabelChanges(libc), population, readings, rules);
      return {
        of(pid: number): number {
          const root = roots.of(pid);
          asked.set(root, pid);
          return root;
        },
        async labeller(root: number): Promise<Labeller> {
          for (const end = performance.now() + READING_MS; roots.isPending && performance.now() < end;) {
            await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
            roots.step(Infinity);
          }
          return roots.labeller(root);
        },
        userNamespaceOf: (root: number) => roots.userNamespaceOf(root),
      };
    },
  };
}

function realPathOf(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // missing, or in a folder that is closed to this user
  }
}
