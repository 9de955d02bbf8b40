/**
 * Whether the programs of the base system that run are what their packages brought: notices each that is launched, or has become
 * another file since, asks the main thread, and has those that differ labelled by their own names.
 *
 * The machine's own files are looked at here, a few times a second: one call for each program that was launched meanwhile.
 * Those of other roots are asked about again when they are launched again, as their file system may not answer.
 *
 * @module
 */
import { constants as c, cString, type Libc } from "../../netlink/mod.ts";
import { denoFiles, mergePath } from "../base/mod.ts";
import { Flag, type LabelChanges, type Labeller } from "../labels/mod.ts";
import { FileStatus } from "../proc/mod.ts";
import { type BaseProgram, HOST, type Programs, type Roots } from "../programs/mod.ts";
import { Stat, type TreeTable, type Trie } from "../trees/mod.ts";
import { type Identity, identityOf, isSame, Verdict, type VerifyRequest } from "../verification/mod.ts";
import type { Log } from "./protocol.ts";

/** Those of the machine. */
const FILES = denoFiles();
/** Programs that are known; when there are more, all are asked about again. */
const MAX_PROGRAMS = 8192;
/** Launches of a program that are remembered until it is known to be unchanged; further ones get no flag afterwards. */
const MAX_LAUNCHES = 1024;
/** Numbers of each. */
const LAUNCH_WIDTH = 3;
/** A program of another root is asked about again after so long, nanoseconds. */
const AGAIN_NS = 3e9;

/** A program, by its path in its root. */
class Checked {
  identity: Identity | undefined;
  verdict: Verdict | undefined;
  /** The question that is under way; 0 is none. */
  key = 0;
  askedNs = -Infinity;
  /** How many numbers {@link launches} had then. */
  asked = 0;
  isRecent = false;
  /** Its launches whose file isn't known to be unchanged: of each the node, the number of its tree and the process, one after the other. */
  readonly launches: number[] = [];
  constructor(readonly program: BaseProgram, readonly labeller: Labeller) {}
}

/** What the check works with. */
export interface BaseCheckParts {
  readonly libc: Libc;
  readonly programs: Pick<Programs, "baseProgramOf" | "labellerOf">;
  readonly roots: Pick<Roots, "accessTo">;
  readonly host: Labeller;
  readonly trie: Pick<Trie, "idOf">;
  readonly trees: Pick<TreeTable, "flagLaunched">;
  readonly labelChanges: LabelChanges;
  /** Those of the results are counted here. */
  readonly stats: Float64Array;
  readonly log: Log;
}

export class BaseCheck {
  readonly #parts: BaseCheckParts;
  readonly #status: FileStatus;
  /** By executable; undefined until it runs, null where it isn't of the base system. */
  readonly #byExecutable: (Checked | null | undefined)[] = [];
  readonly #known = new Map<string, Checked>();
  #changesSeen = 0;
  #recent: Checked[] = [];
  readonly #asked = new Map<number, Checked>();
  #lastKey = 0;
  /** Whether the start is over. */
  #isStarted = false;

  constructor(parts: BaseCheckParts) {
    this.#parts = parts;
    this.#status = new FileStatus(parts.libc);
  }

  /** An image of an executable begins in a tree, as that of a process. */
  launched(executable: number, node: number, pid: number): void {
    const { labelChanges } = this.#parts;
    if (labelChanges.count !== this.#changesSeen) {
      this.#changesSeen = labelChanges.count;
      this.#byExecutable.length = 0;
    }
    let checked = this.#byExecutable[executable];
    if (checked === undefined) checked = this.#byExecutable[executable] = this.#lookUp(executable);
    if (checked === null) return;
    this.#note(checked);
    // What is known to differ has the flag from the launch on.
    if (checked.verdict === Verdict.Modified || checked.launches.length >= LAUNCH_WIDTH * MAX_LAUNCHES) return;
    checked.launches.push(node, this.#parts.trie.idOf(node), pid);
  }

  /** An interpreter was given a script of the machine's own base system. */
  #ranScript(path: string): void {
    const key = `${HOST}\0${path}`, known = this.#known.get(key);
    if (known !== undefined) return this.#note(known);
    const { base } = this.#parts.host, lies = FILES.target(path);
    if (lies === undefined) return;
    const file = mergePath(lies), name = base.packageOf(file); // /usr/bin/which may be a link
    if (name === undefined) return;
    const program = { root: HOST, path, file, package: name, origin: base.origin };
    this.#note(this.#add(key, new Checked(program, this.#parts.host)));
  }

  /** The numbers of executables are given anew. */
  restart(): void {
    this.#byExecutable.length = 0;
  }

  /** What to ask about programs that were launched since the last call. */
  look(nowNs: number): VerifyRequest[] {
    this.#parts.host.takeBaseScripts((path) => this.#ranScript(path));
    const recent = this.#recent, requests: VerifyRequest[] = [];
    this.#recent = [];
    for (const checked of recent) {
      checked.isRecent = false;
      const request = checked.program.root === HOST ? this.#lookHere(checked) : this.#lookElsewhere(checked, nowNs);
      if (request !== undefined) requests.push(request);
    }
    this.#isStarted = true;
    return requests;
  }

  /** Takes an answer. */
  take(key: number, verdict: Verdict): void {
    const checked = this.#asked.get(key);
    if (checked === undefined) return; // asked anew meanwhile
    this.#asked.delete(key);
    checked.key = 0;
    const { labeller, program, verdict: before } = checked, { trie, trees, labelChanges, log } = this.#parts;
    checked.verdict = verdict;
    const { launches } = checked;
    if (verdict !== before) this.#count(verdict);
    if (verdict === Verdict.Modified) {
      for (let i = 0; i < launches.length; i += LAUNCH_WIDTH) {
        const node = launches[i]!;
        if (trie.idOf(node) === launches[i + 1]) trees.flagLaunched(node, launches[i + 2]!, Flag.Modified);
      }
      if (before !== Verdict.Modified) {
        log("warn", "A program of the base system isn't what its package brought", {
          path: program.path,
          package: program.package,
        });
      }
    }
    // What was launched since the question, in another root, is for the next: the file may be another by now.
    if (program.root === HOST || verdict === Verdict.Modified) launches.length = 0;
    else launches.splice(0, checked.asked);
    // Nobody can tell: what differed before isn't trusted by that.
    if (verdict === Verdict.Unverified || !labeller.setModified(program.path, verdict === Verdict.Modified)) return;
    labelChanges.note();
  }

  #note(checked: Checked): void {
    if (checked.isRecent) return;
    checked.isRecent = true;
    this.#recent.push(checked);
  }

  #lookUp(executable: number): Checked | null {
    const { programs } = this.#parts, program = programs.baseProgramOf(executable);
    if (program === undefined) return null;
    const labeller = programs.labellerOf(executable), key = `${program.root}\0${program.path}`;
    const known = this.#known.get(key);
    // A root's number may have been given to another.
    if (known?.labeller === labeller) return known;
    return this.#add(key, new Checked(program, labeller));
  }

  #add(key: string, checked: Checked): Checked {
    if (this.#known.size >= MAX_PROGRAMS) {
      this.#known.clear();
      this.#asked.clear();
      this.#byExecutable.length = 0;
    }
    this.#known.set(key, checked);
    return checked;
  }

  /** A program of the machine's own root. */
  #lookHere(checked: Checked): VerifyRequest | undefined {
    const status = this.#status, path = cString(checked.program.file);
    const flags = c.AT_SYMLINK_NOFOLLOW | c.AT_STATX_DONT_SYNC;
    if (!status.read(c.AT_FDCWD, path, flags) || !status.isRegular) return void (checked.launches.length = 0);
    const identity = identityOf(status);
    if (checked.identity !== undefined && isSame(checked.identity, identity)) {
      if (checked.key === 0) checked.launches.length = 0; // an answer is there
      return undefined;
    }
    checked.identity = identity;
    return this.#ask(checked, { identity });
  }

  #lookElsewhere(checked: Checked, nowNs: number): VerifyRequest | undefined {
    if (checked.key !== 0 || nowNs - checked.askedNs < AGAIN_NS) return void this.#note(checked);
    const root = this.#parts.roots.accessTo(checked.program.root);
    if (root === undefined) return void (checked.launches.length = 0); // it has gone, or any user may have made it
    checked.askedNs = nowNs;
    return this.#ask(checked, { root });
  }

  #ask(checked: Checked, further: Pick<VerifyRequest, "identity" | "root">): VerifyRequest {
    this.#asked.delete(checked.key);
    const key = checked.key = this.#lastKey = (this.#lastKey % 0x7fffffff) + 1;
    this.#asked.set(key, checked);
    checked.asked = checked.launches.length;
    if (further.identity !== undefined && checked.verdict !== Verdict.Modified) checked.verdict = undefined;
    const { file: path, package: name, origin } = checked.program;
    return { key, path, package: name, origin, isEarlier: !this.#isStarted, ...further };
  }

  #count(verdict: Verdict): void {
    const { stats } = this.#parts;
    if (verdict === Verdict.Unchanged) stats[Stat.BaseUnchanged]!++;
    else if (verdict === Verdict.Modified) stats[Stat.BaseModified]!++;
    else stats[Stat.BaseUnverified]!++;
  }
}
