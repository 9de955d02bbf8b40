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
  Labeller,
  type LabelRule,
  LabelTable,
  NO_RULES,
  type ProgramLabel,
} from "../labels/mod.ts";
import { BasePaths, denoFiles, type Files } from "../base/mod.ts";
import { ProcessStat, Procfs } from "../proc/mod.ts";
import { type ProcessReader, splitArguments } from "./naming.ts";
import { type ElementVerdict, judgePath } from "../randomness/mod.ts";
import { ROOT, Trie } from "../trees/mod.ts";

/** What gave a label: a rule about programs, or of a process whose program can't be told the reason for that. */
export type ExplainedRule =
  | LabelRule
  /** The executable can't be read: the thread's name stands in. */
  | "comm"
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

/** Ancestors followed at most. */
const MAX_ANCESTORS = 4096;

const UTF8 = new TextDecoder();

/** Explains programs and processes. Needs no privileges for what a user may read. */
export class Explainer {
  readonly #labeller: Labeller;
  readonly #procfs: ProcessReader;
  readonly #stat = new ProcessStat();

  readonly #rules: CompiledRules;

  /** `rules` are an operator's own. */
  constructor(rules = NO_RULES, files: Files = denoFiles(), procfs: ProcessReader = new Procfs(new Libc())) {
    this.#rules = new CompiledRules(rules);
    this.#labeller = new Labeller(BasePaths.load(files, this.#rules), "", this.#rules);
    this.#procfs = procfs;
  }

  /** Where the knowledge of the base system comes from: a package database or the built-in list. */
  get baseOrigin(): string {
    return this.#labeller.base.origin;
  }

  /** Explains a program by its path, absolute, relative or a bare name; no file is looked at. Never throws. */
  program(path: string): Explanation {
    return explanation(this.#labeller.byPath(path));
  }

  /** Explains a running process; undefined when there is none with this id. */
  process(pid: number): ProcessExplanation | undefined {
    const line = this.#ancestors(pid);
    if (line.length === 0) return undefined;
    const labels = new LabelTable(), trie = new Trie(labels, MAX_ANCESTORS);
    trie.configure(this.#rules);
    let node = ROOT;
    for (const { label, random, rule } of line) {
      if (rule !== "kernel") node = trie.child(node, labels.idOf(label, random));
    }
    const own = line.at(-1)!;
    return {
      ...own,
      tree: trie.pathOf(node),
      ancestors: line.map(({ pid, program, label, rule }) => ({ pid, program, label, rule })),
    };
  }

  /** The process and those that it descends from, the first one first; empty when it isn't there. */
  #ancestors(pid: number): (Explanation & { pid: number })[] {
    const line: (Explanation & { pid: number })[] = [];
    for (let at = pid; at > 0 && line.length < MAX_ANCESTORS; at = this.#stat.parent) {
      if (!this.#procfs.readStat(at, this.#stat)) break;
      line.push({ pid: at, ...this.#look(at) });
    }
    return line.reverse();
  }

  /** What a process runs. */
  #look(pid: number): Explanation {
    const procfs = this.#procfs;
    const length = this.#stat.isKernelThread ? 0 : procfs.readExe(pid);
    if (length <= 0) {
      const comm = UTF8.decode(procfs.readComm(pid) ?? new Uint8Array(0));
      const rule = this.#stat.isKernelThread ? "kernel" : "comm";
      return { program: comm, label: escapeName(comm), base: false, random: false, rule, elements: [] };
    }
    const executable = this.#labeller.executable(UTF8.decode(procfs.path.subarray(0, length)));
    if (executable.interpreter === undefined) return explanation(executable);
    const read = procfs.readCmdline(pid);
    const argv = read > 0 ? splitArguments(procfs.cmdline, read) : [];
    return explanation(this.#labeller.program(executable, argv, () => procfs.readCwd(pid)));
  }
}

function explanation({ program, label, base, random, rule }: ProgramLabel): Explanation {
  return { program, label, base, random, rule, elements: judgePath(program).elements };
}
