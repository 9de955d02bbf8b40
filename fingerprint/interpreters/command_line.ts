/**
 * Which executables are interpreters, and which program their command line names: by each interpreter's own rules, which are
 * data (interpreter_table.ts).
 *
 * @module
 */

import type { Command, Effect, Interpreter, Program } from "./grammar.ts";
import { INTERPRETERS } from "./table.ts";

export type { Interpreter, Program } from "./grammar.ts";

/** Arguments that are looked at, and letters of one; what a program behind more of them is, isn't known. */
const MAX_ARGUMENTS = 1024;
const MAX_LETTERS = 256;
/** No longer path reaches the kernel (PATH_MAX of linux/limits.h). */
const MAX_PATH = 4096;

/** A row with its lists made into look-ups. */
interface Rules {
  readonly letters: ReadonlyMap<string, Effect> | undefined;
  readonly words: ReadonlyMap<string, Effect>;
  readonly commands: ReadonlyMap<string, Command>;
  readonly loads: ReadonlySet<string>;
}

let byExecutable: ReadonlyMap<string, Interpreter> | undefined;
const rulesOf = new Map<Interpreter, Rules>();

/** What may follow the name of an interpreter: `3`, `-5.4`, `3.11-dbg`, `2.1.0-beta3`, `3.13t`, `-static`. */
const VERSION = /^(?:-?\d+(?:\.\d+)*(?:[-.]?(?:dbg|beta\d*|rc\d*|[dmtu]{1,2}))?)?(?:-static)?$/;

/** The interpreter that an executable is by its name, whatever its version and place; `undefined` when it is none. */
export function findInterpreter(executablePath: string): Interpreter | undefined {
  byExecutable ??= new Map(INTERPRETERS.flatMap((row) => row.names.map((name) => [name, row] as const)));
  const name = executablePath.slice(executablePath.lastIndexOf("/") + 1, MAX_PATH);
  const exact = byExecutable.get(name);
  if (exact !== undefined) return exact;
  const stem = /^[A-Za-z]{1,16}/.exec(name)?.[0];
  if (stem === undefined || stem.length === name.length) return undefined;
  const row = byExecutable.get(stem);
  return row !== undefined && VERSION.test(name.slice(stem.length)) ? row : undefined;
}

/**
 * What an interpreter was told to run.
 *
 * @param argv The command line, the interpreter's own name first. A script that begins with `#!` comes as the kernel hands it
 *   over: interpreter, one optional argument, which may hold blanks, script, its arguments (execve(2)).
 * @param isCut Whether there are more arguments than these, or the last goes on.
 * @returns `undefined` when it is the interpreter itself: interactive, with the program in an option or on standard input, or
 *   when the command line doesn't say (empty, or written over by the process).
 */
export function findProgram(interpreter: Interpreter, argv: readonly string[], isCut = false): Program | undefined {
  return interpreter.applets ? findApplet(argv, isCut) : parse(interpreter, argv, 1, isCut);
}

const UNKNOWN: Program = { kind: "unknown" };

/** The program inside busybox: named by what it was called as (`/bin/sh` is a link to it), or by the first argument. */
function findApplet(argv: readonly string[], isCut: boolean): Program | undefined {
  for (let first = 0; first < 2; first++) {
    if (isCut && first >= argv.length - 1) return UNKNOWN;
    const path = argv[first]?.replace(/^-/, "") ?? "";
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (/^(?:busybox|toybox)/.test(name)) continue; // busybox, busybox.static: the next argument says
    // Applets have short plain names (busybox(1), Currently defined functions); all else is a slip, or made up.
    if (!/^[a-z[][a-z0-9_.[-]{0,24}$/.test(name)) return undefined;
    const interpreter = findInterpreter(name);
    if (interpreter === undefined || interpreter.applets) return { kind: "applet", name };
    return parse(interpreter, argv, first + 1, isCut);
  }
  return undefined;
}

function parse(interpreter: Interpreter, argv: readonly string[], first: number, isCut: boolean): Program | undefined {
  const rules = rulesFor(interpreter);
  const end = Math.min(isCut ? argv.length - 1 : argv.length, MAX_ARGUMENTS), isOpen = end < argv.length;
  /** What an argument names; one beyond the end isn't known. */
  const named = (index: number, meaning: (argument: string | undefined) => Program | undefined) =>
    index >= end && isOpen ? UNKNOWN : meaning(argv[index]);
  const asOperand = (argument: string | undefined) => operand(interpreter, argument);
  let commanded = rules.commands.size === 0, loads = false;
  const finish = (program: Program | undefined): Program | undefined =>
    loads && program?.kind === "script" ? { ...program, loads } : program;
  for (let i = first; i < end; i++) {
    const argument = argv[i]!;
    const sign = argument.charCodeAt(0);
    if (sign !== 0x2d /* - */ && !(sign === 0x2b /* + */ && interpreter.plus)) {
      const command = commanded ? undefined : rules.commands.get(argument);
      commanded = true;
      if (command === "own") return undefined;
      if (command === "task") return taskAfter(rules, argv, i + 1, end);
      if (command !== undefined) continue;
      // A file of options, which may name the class (java(1), @argfiles); mostly the class stands behind it.
      if (interpreter.operand !== "class" || !argument.startsWith("@")) return finish(asOperand(argument));
      if (i + 1 === end) return UNKNOWN;
      continue;
    }
    if (argument === "-" && interpreter.hyphen !== "end") return undefined;
    if (argument === "--" && interpreter.hyphens === "stdin") return undefined;
    if (argument === "-" || argument === "--") return finish(named(i + 1, asOperand));
    // A word: `--rcfile x`, `--config=x`; the one argument of a `#!` line may hold both: `--source 21`.
    const stop = argument.search(/[=\s]/), name = stop < 0 ? argument : argument.slice(0, stop);
    const word = rules.words.get(name);
    if (word !== undefined) {
      if (word === "inline" || word === "stdin") return undefined;
      const value = (meaning: (argument: string | undefined) => Program | undefined) =>
        stop < 0 ? named(++i, meaning) : meaning(argument.slice(stop + 1).trim());
      if (word === "script") return finish(value(script));
      if (word === "module") return value(module);
      if (rules.loads.has(name)) value((text) => (loads ||= isForeign(text), undefined));
      else if (stop < 0) i++;
      continue;
    }
    if (interpreter.unlisted === "stdin") return undefined;
    if (rules.letters === undefined || argument.startsWith("--")) continue;
    // Letters: `-euxo pipefail`, `-Wignore`, `-mhttp.server`.
    let at = 1;
    letters: for (; at < argument.length && at < MAX_LETTERS; at++) {
      const letter = argument[at]!, effect = rules.letters.get(letter);
      if (effect === undefined) continue;
      switch (effect) {
        case "next":
          i++;
          continue;
        case "end":
          return finish(named(i + 1, asOperand));
        case "inline":
        case "stdin":
          return undefined;
      }
      const rest = argument.slice(at + 1), isLoad = rules.loads.has(`-${letter}`);
      const value = (meaning: (argument: string | undefined) => Program | undefined) =>
        rest === "" && effect !== "attached" ? named(++i, meaning) : meaning(rest);
      if (effect === "script") return finish(value(script));
      if (effect === "module") return value(module);
      value((text) => (loads ||= isLoad && isForeign(text), undefined));
      break letters;
    }
    if (at === MAX_LETTERS && at < argument.length) return UNKNOWN;
  }
  return isOpen ? UNKNOWN : undefined;
}

/** Whether code, or a folder of code, is another than the system's own. */
function isForeign(place: string | undefined): boolean {
  return place !== undefined && !/^\/(?:usr\/(?!local\/)|etc\/|lib)(?!.*\/\.\.(?:\/|$))/.test(place);
}

/** The name of the task that a sub-command runs; options may stand before it. */
function taskAfter(rules: Rules, argv: readonly string[], first: number, end: number): Program | undefined {
  for (let i = first; i < end; i++) {
    const argument = argv[i]!;
    if (!argument.startsWith("-")) return module(specifierName(argument) ?? argument);
    if (rules.words.get(argument) === "value") i++;
  }
  return end < argv.length ? UNKNOWN : undefined;
}

function operand(interpreter: Interpreter, argument: string | undefined): Program | undefined {
  if (argument === undefined || argument === "") return undefined;
  switch (interpreter.operand ?? "script") {
    case "none":
      return undefined;
    case "assembly":
      return /\.(?:dll|exe)$/i.test(argument) ? script(argument) : undefined;
    case "class":
      return /^\.{0,2}\/|\.java$/.test(argument) ? script(argument) : module(argument.replaceAll("/", "."));
    case "specifier": {
      if (/^(?:data|blob):/.test(argument)) return undefined; // the address is the program's text
      const name = specifierName(argument);
      return name === undefined ? script(argument.replace(/^file:\/\//, "")) : module(name);
    }
    case "script":
      return script(argument);
  }
}

/** A script's path; standard input by one of its names is none. */
function script(path: string | undefined): Program | undefined {
  if (path === undefined || path === "" || path === "-" || path.length > MAX_PATH) return undefined;
  if (path === "/dev/stdin" || path === "/dev/fd/0" || path === "/proc/self/fd/0") return undefined;
  return { kind: "script", path };
}

/** A module's name; of Java's `module/class` the class. */
function module(name: string | undefined): Program | undefined {
  const short = name?.slice(name.indexOf("/") + 1);
  return short === undefined || short === "" || short.length > MAX_PATH ? undefined : { kind: "module", name: short };
}

/** The short name of `npm:@scope/name@1.2/bin` or `https://host/path/name.ts?query`; `undefined` for a file. */
function specifierName(text: string): string | undefined {
  if (text.length > MAX_PATH) return undefined;
  const packaged = /^(?:npm|jsr):\/?(?:@[^/@]+\/)?([^/@]+)/.exec(text);
  if (packaged !== null) return packaged[1];
  const address = /^https?:[^?#]*/.exec(text)?.[0].replace(/\/+$/, "");
  return address?.slice(Math.max(address.lastIndexOf("/"), address.indexOf(":")) + 1) || undefined;
}

function rulesFor(interpreter: Interpreter): Rules {
  let rules = rulesOf.get(interpreter);
  if (rules === undefined) {
    rules = {
      letters: interpreter.letters && invert<Effect>(interpreter.letters, ""),
      words: invert<Effect>(interpreter.words ?? {}, " "),
      commands: invert<Command>(interpreter.commands ?? {}, " "),
      loads: new Set(interpreter.loads?.split(" ")),
    };
    rulesOf.set(interpreter, rules);
  }
  return rules;
}

/** `{ value: "WX" }` → `W` → value, `X` → value. */
function invert<T extends string>(lists: { readonly [meaning in T]?: string }, separator: string): Map<string, T> {
  const map = new Map<string, T>();
  for (const meaning of Object.keys(lists) as T[]) {
    for (const name of lists[meaning]!.split(separator)) map.set(name, meaning);
  }
  return map;
}
