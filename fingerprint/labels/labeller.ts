/**
 * The label of an image: the short name that stands for a program in a tree.
 *
 * One class of more than 300 lines: what an executable, script, module or applet is called follows from the same base system,
 * renames and root. What needs none of these has a file of its own.
 *
 * @module
 */

import { findInterpreter, findProgram, type Interpreter, type Program, unwrapped } from "../interpreters/mod.ts";
import { appletKeepsName, baseName, type BasePaths, isKnownName, own } from "../base/mod.ts";
import { climbs, isShared, isSystem, isVouched } from "../places/mod.ts";
import { judgePath } from "../randomness/mod.ts";
import { Claim } from "./claim.ts";
import { entersRoots } from "./root_entrances.ts";
import { escapeJudged, escapeLabel, escapeName, escapeReserved } from "./escape.ts";
import { Flag } from "./flags.ts";
import { CLAIM_FLAGS, loadFlags, placeFlags } from "./launch_flags.ts";
import { MEMFD, memoryFile } from "./memory_file.ts";
import { fileName, initService, isDescriptor, isSystemd, namesake, resolve, withoutMark } from "./paths.ts";
import { type Executable, type LabelRule, type ProgramLabel, withFlags } from "./program_label.ts";
import { withoutVersion } from "./versions.ts";

/** The label of every program of the base system. */
const BASE = "base";

/** What any user may have made: the root in which a program lies, or mounts over the machine's own. */
export type UsersOwn = "root" | "mounts";

/** Scripts that are remembered; a command line with another path costs its judgement again. */
const MAX_SCRIPTS = 2048;
/** Longer paths are not remembered, so that the memory stays bounded whatever is run. */
const MAX_REMEMBERED_PATH = 256;
/** Scripts of the base system that wait to be taken. */
const MAX_RAN = 1024;

/** Overrides of labels: the text of another one for a program, or undefined. */
export interface Renames {
  rename(program: string, label: string): string | undefined;
  /** Labels that are left out as the root of a tree. */
  readonly roots?: ReadonlySet<string>;
}

/**
 * Whether a program may be left out as the root of a tree: it lies in the machine's own root, where nobody but the administrator can
 * have put it. Any other of that name has a tree.
 */
export type RootRule = (path: string) => boolean;

/** Names programs. One for each root: the base system of a container is its own. */
export class Labeller {
  #base: BasePaths;
  readonly #root: string;
  readonly #scripts = new Map<string, ProgramLabel>();
  /** Family of the interpreter and name → what a module is called. */
  readonly #modules = new Map<string, { name: string; label: string; random: boolean }>();
  /** Programs that aren't what their packages brought. */
  readonly #modified = new Set<string>();
  readonly #inline = new WeakMap<Executable, ProgramLabel>();
  #renames: Renames | undefined;
  #mayBeRoot: RootRule = () => true;
  #users: UsersOwn | undefined;

  /** Scripts of the base system that interpreters were given, and nobody has taken. */
  readonly #ranBase = new Set<string>();

  /**
   * `root` is where the root lies, without a slash at its end: executables and working folders are below it, as the kernel
   * shows them, and the paths that programs are given begin in it. Empty for the machine's own, and for a container's, whose
   * paths the kernel shows as it sees them.
   */
  constructor(base: BasePaths, root = "", renames?: Renames) {
    this.#base = base;
    this.#root = root;
    this.#renames = renames;
  }

  /** What gives programs other labels from now on. */
  set renames(renames: Renames | undefined) {
    this.#renames = renames;
    this.#scripts.clear();
  }

  /** Which programs may be left out as roots of trees, of those that are called so. Without a rule all may. */
  set rootRule(rule: RootRule) {
    this.#mayBeRoot = rule;
    this.#scripts.clear();
  }

  /**
   * What of the root any user may have made: there nothing is of the base system, and what has the name and the place of such a
   * program says where it is, `ls@user-root`.
   */
  get users(): UsersOwn | undefined {
    return this.#users;
  }

  set users(users: UsersOwn | undefined) {
    this.#users = users;
    this.#scripts.clear();
  }

  /** What is base from now on; what is asked anew gets its label by that. */
  get base(): BasePaths {
    return this.#base;
  }

  set base(base: BasePaths) {
    this.#base = base;
    this.#scripts.clear();
  }

  /** Takes the scripts of the base system that interpreters were given since the last call. */
  takeBaseScripts(take: (path: string) => void): void {
    for (const path of this.#ranBase) take(path);
    this.#ranBase.clear();
  }

  /**
   * A program of the base system isn't what its package brought, or is it again; `path` is as its label has it. Whether that is
   * news: labels that were given before may be others now.
   */
  setModified(path: string, isModified: boolean): boolean {
    if (this.#modified.has(path) === isModified) return false;
    if (isModified) this.#modified.add(path);
    else this.#modified.delete(path);
    this.#scripts.clear();
    return true;
  }

  /**
   * Names an executable.
   *
   * @param path Where the kernel says it lies, without a mark of its own.
   * @param claim What is known of that path. Only where it is confirmed it is one of the base system's; and who is found at no
   *   such path isn't asked for its script.
   */
  executable(path: string, claim: Claim = Claim.Confirmed): Executable {
    return this.#renamed(this.#executable(path, claim), claim === Claim.Confirmed ? path : undefined);
  }

  #executable(path: string, claim: Claim): Executable {
    if (claim === Claim.Detached) return memoryFile(path);
    const inside = this.#inside(path), named = claim === Claim.Confirmed ? this.#file(inside) : this.#unproved(inside);
    // What nobody vouches for may say anything about what it runs.
    const isTrusted = named.base ||
      claim !== Claim.Unconfirmed && isVouched(inside) && (named.flags & Flag.Modified) === 0;
    const interpreter = isTrusted ? findInterpreter(path) : undefined;
    const flags = named.flags | CLAIM_FLAGS[claim];
    const known = { ...named, flags, interpreter, entersRoots: entersRoots(baseName(path)) };
    return named.rule !== "file" || interpreter === undefined || this.#isForeign(inside)
      ? known
      : { ...known, label: interpreter.names[0], rule: "interpreter" };
  }

  /** Names a program by its path alone, whether it is an executable or a script. */
  byPath(path: string): ProgramLabel {
    if (initService(path) !== undefined) return this.#renamed(this.#nameScript(path, true), path);
    return this.shown(path);
  }

  /** Names an executable by what /proc/PID/exe shows of it, a mark of the kernel's included, where nothing else is known of it. */
  shown(path: string): Executable {
    const program = withoutMark(path);
    if (program === path) return this.executable(path);
    return this.executable(program, program.startsWith(MEMFD) ? Claim.Detached : Claim.Deleted);
  }

  /**
   * Names the program of an image: the executable, or what it runs as an interpreter.
   *
   * @param executable The image's executable, by {@link executable}.
   * @param argv The command line. Only its first arguments are looked at; it is not asked where the executable is no interpreter.
   * @param isCut Whether the command line goes on behind `argv`, or its last argument does.
   * @param cwd The process's own working folder; called where a relative script, or a module, is looked for in
   *   it. `undefined` when it can't be told.
   * @param isTrue Whether a script's path leads the process to the file that the machine, or its root's owner, has there; called
   *   where that matters.
   */
  program(
    executable: Executable,
    argv: readonly string[],
    cwd: () => string | undefined,
    isCut = false,
    isTrue: (path: string) => boolean = () => true,
  ): ProgramLabel {
    const { interpreter } = executable;
    if (interpreter === undefined) return executable;
    const program = findProgram(interpreter, argv, isCut);
    if (program === undefined) return executable;
    switch (program.kind) {
      case "unknown":
        return this.#unknown(executable, interpreter);
      case "inline":
        return this.#inlineOf(executable);
      case "applet":
        return this.#applet(executable, program.name);
      case "module":
        return this.#renamed(this.#module(executable, program, cwd), undefined);
      case "executable":
        return this.#loaded(executable, program, argv, cwd, isCut, isTrue);
      case "script":
        return this.#script(executable, program, resolve(program, () => this.#folder(cwd())), isTrue);
    }
  }

  /** An executable or script by its path. */
  #file(path: string): ProgramLabel {
    const kind = this.#base.kind(path), modified = this.#modified.has(path) ? Flag.Modified : 0;
    if (this.#isForeign(path)) return this.#unproved(path);
    if (kind === "base" && modified === 0) {
      return { program: path, label: BASE, base: true, random: false, rule: "base", flags: 0 };
    }
    if (kind === "service" || isSystemd(path)) {
      return {
        program: path,
        label: isSystemd(path) && this.#mayBeRoot(path) ? escapeLabel(baseName(path)) : escapeName(baseName(path)),
        base: false,
        random: false,
        rule: "service",
        flags: modified,
      };
    }
    return this.#unproved(path, modified);
  }

  /** A file by its name, whatever the path is to the base system. It has these flags, and those of its place. */
  #unproved(path: string, further = 0, isForeign = this.#isForeign(path)): ProgramLabel {
    const { name, random } = judgePath(this.#root + path); // a root in a machine-made place is one of the path's elements
    const elsewhere = isForeign ? `${baseName(path)}@user-${this.#users}` : namesake(path);
    const label = elsewhere !== undefined
      ? escapeLabel(elsewhere, true)
      : name === ""
      ? escapeName(path)
      : escapeJudged(fileName(path), isShared(path) ? installed(path, name) : name);
    const flags = further | placeFlags(path) |
      (elsewhere === undefined || isForeign ? 0 : Flag.Namesake);
    return { program: path, label, base: false, random, rule: "file", flags };
  }

  /** Whether a path is that of a program of the base system, in a root where anybody can have put it. */
  #isForeign(path: string): boolean {
    return this.#users !== undefined &&
      (this.#base.kind(path) !== "other" || isSystem(path) && isKnownName(baseName(path)));
  }

  /** A path as it is inside the root. */
  #inside(path: string): string {
    return this.#root !== "" && path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length) : path;
  }

  #folder(cwd: string | undefined): string | undefined {
    return cwd === this.#root ? "/" : cwd && this.#inside(cwd);
  }

  /** An interpreter that runs text: remembered, since most shells do. */
  #inlineOf(executable: Executable): ProgramLabel {
    const known = this.#inline.get(executable);
    if (known !== undefined) return known;
    const named = withFlags(executable, Flag.Inline);
    this.#inline.set(executable, named);
    return named;
  }

  #unknown(executable: Executable, interpreter: Interpreter): ProgramLabel {
    const label = `${interpreter.names[0]}:?`, flags = executable.flags | Flag.Unparsed;
    return this.#renamed({ ...executable, label, base: false, rule: "unknown", flags }, undefined);
  }

  /** A program that a loader was told to run. That isn't how the system's own are launched: none is `base`, or a service. */
  #loaded(
    executable: Executable,
    program: Program & { kind: "executable" },
    argv: readonly string[],
    cwd: () => string | undefined,
    isCut: boolean,
    isTrue: (path: string) => boolean,
  ): ProgramLabel {
    const path = resolve(program, () => this.#folder(cwd()));
    const loaded = this.executable(this.#root + path, isTrue(path) ? Claim.Confirmed : Claim.Unconfirmed);
    const isLoader = loaded.interpreter?.operand === "executable";
    if (isLoader || climbs(program.path) && isKnownName(baseName(path))) {
      return this.#unknown(executable, executable.interpreter!);
    }
    const at = program.at +
      (executable.interpreter?.keepsName === true && isOwnName(path, argv[program.at + 1]) ? 1 : 0);
    const named = this.program(loaded, argv.slice(at), cwd, isCut, isTrue);
    const flags = named.flags | executable.flags | loadFlags(program) | Flag.Loader;
    if (!named.base && named.rule !== "service") return { ...named, flags };
    return { ...named, label: escapeName(baseName(named.program)), base: false, rule: "file", flags };
  }

  #script(
    executable: Executable,
    program: Program & { kind: "script" },
    path: string,
    isTrue: (path: string) => boolean,
  ): ProgramLabel {
    // One that loads other code first does what that says, and where `..` leads from a folder that may be a link, its text doesn't
    // tell. An interpreter that a user installed may say it runs one of the system's, and not do so.
    const isVague = climbs(program.path), isOwn = !isShared(executable.program);
    if ((isVague || isOwn && isShared(path)) && isKnownName(initService(path) ?? fileName(path))) {
      return this.#unknown(executable, executable.interpreter!);
    }
    const trusted = (executable.base || isSystem(executable.program)) && program.loads === undefined && !isVague;
    const flags = executable.flags | loadFlags(program);
    const named = this.#remembered(path, trusted);
    if (
      !trusted ||
      !(NEEDS_PROOF.has(named.rule) || this.#isRoot(named.label) || this.#users === "mounts" && isShared(path)) ||
      isTrue(path) && (program.launcher === undefined || isTrue(program.launcher))
    ) {
      if (named.base && this.#ranBase.size < MAX_RAN) this.#ranBase.add(path);
      return withFlags(named, flags);
    }
    return withFlags(this.#remembered(path, false), flags | Flag.Unconfirmed);
  }

  /** A script by its path, which is believed where `trusted`. */
  #remembered(path: string, trusted: boolean): ProgramLabel {
    const key = trusted ? path : `\0${path}`; // no path holds that character
    const known = this.#scripts.get(key);
    if (known !== undefined) return known;
    const named = this.#renamed(this.#nameScript(own(path), trusted), trusted ? path : undefined);
    if (path.length > MAX_REMEMBERED_PATH) return named;
    if (this.#scripts.size >= MAX_SCRIPTS) this.#scripts.clear();
    this.#scripts.set(own(key), named);
    return named;
  }

  #nameScript(path: string, trusted: boolean): ProgramLabel {
    if (isDescriptor(path)) {
      return { program: path, label: "fd", base: false, random: false, rule: "descriptor", flags: Flag.Inline };
    }
    if (this.#users === "mounts" && isShared(path)) return this.#unproved(path, 0, true); // which file it was is gone with the mount
    const service = trusted && this.#users !== "mounts" ? initService(path) : undefined;
    if (service === undefined && trusted) return this.#file(path);
    const judged = judgePath(service ?? this.#root + path), elsewhere = namesake(path);
    return {
      program: path,
      label: elsewhere === undefined
        ? escapeJudged(service ?? fileName(path), isShared(path) ? unwrapped(judged.name) : judged.name)
        : escapeLabel(elsewhere, true),
      base: false,
      random: judged.random ||
        service !== undefined && judgePath(this.#root + path.slice(0, path.lastIndexOf("/"))).random,
      rule: service === undefined ? "file" : "init-script",
      flags: placeFlags(path) | (elsewhere === undefined ? 0 : Flag.Namesake),
    };
  }

  /**
   * A module is known by name only, so it is never base; its place is the interpreter's. One that is called like a program of the
   * system says that it is none: `python3 -m gzip` is `gzip@python`. Which file it is, nobody says; where a folder that everybody
   * may write to is looked through first, that is told.
   */
  #module(executable: Executable, program: Program & { kind: "module" }, cwd: () => string | undefined): ProgramLabel {
    const { name } = program, family = executable.interpreter!.names[0], key = `${family}\0${name}`;
    let known = this.#modules.get(key);
    if (known === undefined) {
      const judged = judgePath(name), { random } = judged;
      known = { name: own(name), label: escapeJudged(name, judged.name), random };
      if (isKnownName(name)) known.label = escapeLabel(`${name}@${family}`);
      if (this.#modules.size >= MAX_SCRIPTS) this.#modules.clear();
      if (name.length <= MAX_REMEMBERED_PATH) this.#modules.set(own(key), known);
    }
    const { label } = known, random = known.random || executable.random;
    const flags = executable.flags | loadFlags(program) |
      (executable.interpreter!.custom === "windows" ? Flag.Loader : 0) |
      (program.beside === true ? placeFlags(`${this.#folder(cwd()) ?? ""}/`) : 0);
    return { program: known.name, label, base: false, random, rule: "module", flags };
  }

  /** An applet is as base as its busybox, unless it serves or crosses rights. */
  #applet(executable: Executable, name: string): ProgramLabel {
    if (executable.base && !appletKeepsName(name)) return executable;
    const random = executable.random;
    const isForeign = this.#isForeign(executable.program);
    return this.#renamed({
      program: own(name),
      label: isForeign ? escapeLabel(`${name}@user-${this.#users}`, true) : escapeName(name),
      base: false,
      random,
      rule: "applet",
      flags: executable.flags,
    }, executable.base ? executable.program : undefined);
  }

  /**
   * With the label that overrides its own, if there is one: a program that is known so well is no random one. Where it is left out
   * as a root, `place` is where it is proved to lie; a program that lies nowhere, or elsewhere, isn't.
   */
  #renamed<Named extends ProgramLabel>(named: Named, place: string | undefined): Named {
    const text = this.#renames?.rename(named.program, named.label);
    const renamed = text === undefined
      ? named
      : { ...named, label: escapeName(text), random: false, rule: "renamed" as const };
    if (!this.#isRoot(renamed.label) || place !== undefined && this.#mayBeRoot(place)) return renamed;
    return { ...renamed, label: escapeReserved(renamed.label) };
  }

  #isRoot(label: string): boolean {
    return this.#renames?.roots?.has(label) === true;
  }
}

/** The name of a program that only root, or whoever installs programs for all, can have put where it is. */
function installed(path: string, name: string): string {
  const plain = unwrapped(name);
  return isSystem(path) ? withoutVersion(plain) : plain;
}

/** Whether the argument behind a program is its own `argv[0]`: its name, or another of the same interpreter. */
function isOwnName(path: string, argument: string | undefined): boolean {
  if (argument === undefined) return false;
  const name = argument.replace(/^-/, "");
  if (baseName(name) === baseName(path)) return true;
  const interpreter = findInterpreter(name);
  return interpreter !== undefined && interpreter === findInterpreter(path);
}

/** What a script is called by its place. */
const NEEDS_PROOF: ReadonlySet<LabelRule> = new Set(["base", "service", "init-script", "renamed"]);
