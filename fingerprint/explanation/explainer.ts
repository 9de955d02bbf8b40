/**
 * Why a label is what it is: the rule that gave it, and what is thought of each element of the program's path. The same labeller
 * and detector as in the worker, asked by a person. More than 300 lines: paths, command lines and processes end in one explanation.
 *
 * @module
 */
import { isAbsolute, join } from "@std/path/posix";
import { containerIn, type ContainerInfo, type SystemContainer } from "../containers/mod.ts";
import { placeIn, type ProcessPlace } from "../context/mod.ts";
import { BasePaths, denoFiles, type Files, mergePath, type Origin } from "../base/mod.ts";
import {
  CompiledRules,
  escapeName,
  type Executable,
  Flag,
  type FlagName,
  flagNames,
  Labeller,
  type LabelRule,
  LabelTable,
  NO_RULES,
  type ProgramLabel,
} from "../labels/mod.ts";
import { ProcessStat, type Procfs } from "../proc/mod.ts";
import { type ClaimRoots, type Claims, HOST, type ProcessReader, readProgram, type Roots } from "../programs/mod.ts";
import { type ElementVerdict, judgePath } from "../randomness/mod.ts";
import { labelBelow, labelForked, ROOT, Trie } from "../trees/mod.ts";
import { type Judgement, Verdict, type VerifyRequest } from "../verification/mod.ts";
import { type CommandLine, executed } from "./command_line.ts";

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
  /** Whether there is such a file, and the executable that runs it; undefined where none was looked for. */
  readonly exists?: boolean;
  /** Whether the file is what its base package brought; undefined where it is of none, or wasn't looked at. */
  readonly verification?: Judgement;
  /** What the name can't say about a launch of it, as far as that can be told now. */
  readonly flags: readonly FlagName[];
  /** What is thought of each element of the path; `base` programs are not random whatever it is. */
  readonly elements: readonly ElementVerdict[];
}

export interface Ancestor {
  readonly pid: number;
  readonly program: string;
  readonly label: string;
  readonly rule: ExplainedRule;
}

/** Why the tree of a running process is what it is. */
export interface ProcessExplanation extends Explanation {
  readonly pid: number;
  /** The user by number; undefined where that can't be read. */
  readonly user: number | undefined;
  /** Where it belongs now. */
  readonly place: ProcessPlace;
  /** What its container's runtime calls that; undefined where it is in none, or nobody knows. */
  readonly container?: ContainerInfo | undefined;
  /** By the ancestors that it has now. One that was adopted by another process was launched in another tree. */
  readonly tree: string;
  /** From the first process to the one that was asked about. */
  readonly ancestors: readonly Ancestor[];
}

const MAX_ANCESTORS = 4096;

const UTF8 = new TextDecoder();

/** Folders in which a bare name is looked for, as a shell of the administrator does. */
const PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Who names the programs of a root. */
export interface RootLabels extends Pick<Roots, "of" | "userNamespaceOf" | "layerOf" | "accessTo"> {
  /** By the whole database of the root, as far as its file system answers. */
  labeller(root: number): Promise<Labeller>;
}

export interface ExplainerSources {
  /** Those of package databases, by default the machine's. */
  readonly files?: Files;
  readonly procfs: ProcessReader & Pick<Procfs, "readCgroup" | "readOwner">;
  /** The roots of processes; without them all have the machine's own. */
  readonly roots?: (host: Labeller, rules: CompiledRules) => RootLabels;
  /** Who knows whether paths of processes name the files that run. */
  readonly claims: (roots: ClaimRoots | undefined) => Claims;
  /** The real path of a file that is there, links followed. */
  readonly realPath: (path: string) => string | undefined;
  /** The first line of a file; undefined where it can't be read. Without it no file is taken for a script by its text. */
  readonly firstLine?: (path: string) => string | undefined;
  /** Who compares a file with what its package says; without it nothing is known of that. */
  readonly verify?: (program: PackagedProgram) => Promise<Judgement>;
  /** What a container is called; without it nothing is known of that. */
  readonly nameContainer?: (container: SystemContainer) => Promise<ContainerInfo | undefined>;
}

/** A program of a package of the base system. */
export type PackagedProgram = Pick<VerifyRequest, "path" | "package" | "origin" | "root">;

/** Explains programs and processes. Needs no privileges for what a user may read. */
export class Explainer {
  readonly #labeller: Labeller;
  readonly #procfs: ExplainerSources["procfs"];
  readonly #roots: ReturnType<NonNullable<ExplainerSources["roots"]>> | undefined;
  readonly #realPath: ExplainerSources["realPath"];
  readonly #firstLine: NonNullable<ExplainerSources["firstLine"]>;
  readonly #verify: ExplainerSources["verify"];
  readonly #nameContainer: NonNullable<ExplainerSources["nameContainer"]>;
  readonly #claims: Claims;
  readonly #stat = new ProcessStat();
  readonly #rules: CompiledRules;

  /** `rules` are those of the configuration file. */
  constructor(rules = NO_RULES, sources: ExplainerSources) {
    this.#rules = new CompiledRules(rules);
    this.#labeller = new Labeller(BasePaths.load(sources.files ?? denoFiles(), this.#rules), "", this.#rules);
    this.#procfs = sources.procfs;
    this.#roots = sources.roots?.(this.#labeller, this.#rules);
    this.#realPath = sources.realPath;
    this.#firstLine = sources.firstLine ?? (() => undefined);
    this.#verify = sources.verify;
    this.#nameContainer = sources.nameContainer ?? (() => Promise.resolve(undefined));
    this.#claims = sources.claims(this.#roots);
  }

  /** Explains a program by its path, absolute, relative or a bare name; no file is looked at. Never throws. */
  program(path: string): Explanation {
    return explanationOf(this.#labeller.byPath(path), this.#labeller);
  }

  /**
   * Explains what would run: a bare name is looked for in the usual folders, and a link there leads to its file, as the kernel
   * has it. What isn't there is explained by its name. Never throws.
   */
  async command(name: string): Promise<Explanation> {
    if (name.startsWith("/memfd:")) return this.program(name);
    const found = this.#find(name);
    if (found === undefined) return { ...this.program(name), exists: false };
    return await this.#file(name.includes("/") ? name : found.exe);
  }

  /** Explains what a command would be, executed here in a working folder. Nothing is run. Never throws. */
  async commandLine(argv: readonly string[], folder: string): Promise<Explanation> {
    const seen = executed(argv, { find: (command) => this.#find(command, folder), firstLine: this.#firstLine }, folder);
    const { named, verification } = await this.#named(this.#labeller, HOST, () => this.#run(seen));
    return { ...explanationOf(named, this.#labeller, verification), exists: this.#isHere(seen, named) };
  }

  /** Explains a command line as some machine had it: by what it says, and this machine's base system. Never throws. */
  seen(commandLine: CommandLine): Explanation {
    const { program } = this.#run(commandLine);
    return { ...explanationOf(program, this.#labeller), exists: this.#isHere(commandLine, program) };
  }

  /** What a command line runs, as the worker names it. */
  #run({ exe, argv, cwd }: CommandLine): Named {
    const executable = this.#labeller.shown(exe);
    return { executable, program: this.#labeller.program(executable, argv, () => cwd) };
  }

  /** Whether the files of a command line are on this machine. */
  #isHere({ exe }: CommandLine, { program, rule }: ProgramLabel): boolean {
    if (this.#realPath(exe) === undefined) return false;
    return rule === "module" || rule === "applet" || !program.startsWith("/") || this.#realPath(program) !== undefined;
  }

  /** The file that a command names, and that with links followed; a bare name is looked for in the usual folders. */
  #find(name: string, folder = ""): { path: string; exe: string } | undefined {
    const paths = name.includes("/") ? [name] : PATH.map((folder) => `${folder}/${name}`);
    for (const path of paths) {
      const exe = this.#realPath(isAbsolute(path) ? path : join(folder, path));
      if (exe !== undefined) return { path, exe };
    }
    return undefined;
  }

  /** Explains a running process; undefined when there is none with this id. */
  async process(pid: number): Promise<ProcessExplanation | undefined> {
    const line = await this.#ancestors(pid);
    if (line.length === 0) return undefined;
    const labels = new LabelTable(), trie = new Trie(labels, MAX_ANCESTORS);
    trie.configure(this.#rules);
    let node = ROOT;
    for (const { pid, label, random, rule, neverExecuted } of line) {
      if (rule === "kernel") continue;
      const id = labels.idOf(label, random);
      node = trie.child(node, neverExecuted ? labelForked(trie, node, id) : labelBelow(trie, pid, node, id));
    }
    const place = placeIn(this.#procfs.readCgroup(pid)), container = containerIn(place);
    return {
      ...line.at(-1)!,
      user: this.#procfs.readOwner(pid),
      place,
      container: container && await this.#nameContainer(container),
      tree: trie.pathOf(node),
      ancestors: line.map(({ pid, program, label, rule }) => ({ pid, program, label, rule })),
    };
  }

  /** The process and those that it descends from, the first one first; empty when it isn't there. */
  async #ancestors(pid: number): Promise<(Explanation & { pid: number; neverExecuted: boolean })[]> {
    const line: (Explanation & { pid: number; neverExecuted: boolean })[] = [], forked: number[] = [];
    for (let at = pid, parent = 0; at > 0 && line.length + forked.length < MAX_ANCESTORS; at = parent) {
      if (!this.#procfs.readStat(at, this.#stat)) break;
      const { neverExecuted } = this.#stat;
      parent = this.#stat.parent;
      if (neverExecuted && this.#procfs.sharesImage(at, parent)) {
        forked.push(at);
        continue;
      }
      // What it forked that runs its image still is called as it is, whatever its own command line says.
      const looked = { neverExecuted, ...await this.#look(at) };
      for (const pid of forked.splice(0)) line.push({ pid, ...looked, neverExecuted: true });
      line.push({ pid: at, ...looked });
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
    const root = this.#claims.viewOf(this.#roots?.of(pid) ?? HOST, 0, 0, pid, 0),
      labeller = await this.#labellerOf(root);
    const { claim, pathLength } = this.#claims.ofProcess(task, root, procfs.path, length, file, true);
    const path = UTF8.decode(procfs.path.subarray(0, pathLength));
    const paths = {
      isTrue: (path: string) => this.#claims.isScript(path, { pid: task, parent: 0, root, mountNs: 0, userNs: 0 }),
      isExecutable: (path: string) => this.#claims.leadsToExecutable(path, task),
    };
    const { named, verification } = await this.#named(labeller, root, () => {
      const executable = labeller.executable(path, claim);
      if (executable.interpreter === undefined) return { executable, program: executable };
      return { executable, program: readProgram(procfs, labeller, executable, task, paths)?.named ?? executable };
    });
    return explanationOf(named, labeller, verification);
  }

  /** A program by its label, and whether its file is what its package brought; `name` is asked again when that is known. */
  async #named(
    labeller: Labeller,
    root: number,
    name: () => Named,
  ): Promise<{ named: ProgramLabel; verification: Judgement | undefined }> {
    // A file that was changed has another name afterwards, and what it says about its script doesn't count.
    const before = name(), own = await this.#compare(before.executable, labeller, root);
    const script = before.program === before.executable ? own : await this.#compare(before.program, labeller, root);
    const { executable, program } = name();
    const isUpper = this.#claims.isUpper(root, program.program) || this.#claims.isUpper(root, executable.program);
    const flags = program.flags | (isUpper ? Flag.Upper : 0);
    return { named: { ...program, flags }, verification: program === executable ? own : script };
  }

  /** Who names the programs of a root. */
  async #labellerOf(root: number): Promise<Labeller> {
    return this.#roots === undefined || root < 0 ? this.#labeller : await this.#roots.labeller(root);
  }

  /** A file of the machine's own that is there. */
  async #file(path: string): Promise<Explanation> {
    const verification = await this.#compare(this.#labeller.byPath(path), this.#labeller, HOST);
    return { ...explanationOf(this.#labeller.byPath(path), this.#labeller, verification), exists: true };
  }

  /** Whether a program of the base system is what its package brought; the labeller knows it from then on. */
  async #compare({ program, flags }: ProgramLabel, labeller: Labeller, root: number): Promise<Judgement | undefined> {
    const path = root === HOST ? this.#realPath(program) ?? program : program, { base } = labeller;
    const name = (flags & Flag.Unconfirmed) === 0 && base.kind(path) !== "other" ? base.packageOf(path) : undefined;
    const access = root === HOST ? undefined : this.#roots?.accessTo(root);
    if (this.#verify === undefined || name === undefined || root !== HOST && access === undefined) return undefined;
    const asked = { path: mergePath(path), package: name, origin: base.origin };
    const judgement = await this.#verify(access === undefined ? asked : { ...asked, root: access });
    labeller.setModified(program, judgement.verdict === Verdict.Modified);
    return judgement;
  }
}

/** A program, and the executable that runs it. */
interface Named {
  readonly executable: Executable;
  readonly program: ProgramLabel;
}

function explanationOf(named: ProgramLabel, { base: { origin } }: Labeller, verification?: Judgement): Explanation {
  const { program, label, base, random, rule } = named, flags = flagNames(named.flags);
  const { elements } = judgePath(program);
  const explained = { program, label, base, random, rule, origin, flags, elements };
  return verification === undefined ? explained : { ...explained, verification };
}
