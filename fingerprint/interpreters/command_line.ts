/**
 * Which program the command line of an interpreter names: by each interpreter's own rules, which are data (table.ts).
 *
 * @module
 */

import { climbs } from "../places/mod.ts";
import { ELIXIR, findErlangProgram } from "./erlang.ts";
import type { Effect, Interpreter, Loads, Program } from "./grammar.ts";
import { Origin, originOf } from "./loads.ts";
import { findInterpreter, findLauncher } from "./lookup.ts";
import { INLINE, module, operand, script, task, UNKNOWN } from "./operands.ts";
import { abbreviated, type Rules, rulesFor } from "./row_rules.ts";
import { findWindowsProgram } from "./windows.ts";

export { findInterpreter } from "./lookup.ts";
export type { Interpreter, Program } from "./grammar.ts";

/** Arguments that are looked at, and letters of one; what a program behind more of them is, isn't known. */
const MAX_ARGUMENTS = 1024;
const MAX_LETTERS = 256;

/**
 * What an interpreter was told to run.
 *
 * @param argv The command line, the interpreter's own name first. A script that begins with `#!` comes as the kernel hands it
 *   over: interpreter, one optional argument, which may hold blanks, script, its arguments (execve(2)).
 * @param isCut Whether there are more arguments than these, or the last goes on.
 * @returns `undefined` when it is the interpreter itself: without a program (interactive, or with whatever its standard input
 *   has), told to print something of its own (`--version`), or when the command line doesn't say (empty, or written over by the
 *   process).
 */
export function findProgram(interpreter: Interpreter, argv: readonly string[], isCut = false): Program | undefined {
  if (interpreter.applets !== undefined) return findApplet(interpreter.applets, argv, isCut);
  switch (interpreter.custom) {
    case "windows":
      return findWindowsProgram(argv, isCut);
    case "erlang":
      return findErlangProgram(argv, isCut, (first) => new Parser(ELIXIR, argv, isCut).parse(first));
  }
  return new Parser(interpreter, argv, isCut).parse(1);
}

/** The program inside busybox: named by what it was called as (`/bin/sh` is a link to it), or by the first argument. */
function findApplet(options: readonly string[], argv: readonly string[], isCut: boolean): Program | undefined {
  for (let first = 0; first < 2; first++) {
    if (isCut && first >= argv.length - 1) return UNKNOWN;
    const argument = argv[first] ?? "", option = options.find((option) => argument.startsWith(option));
    const path = option === undefined ? argument.replace(/^-/, "") : argument.slice(option.length);
    const name = path.slice(path.lastIndexOf("/") + 1);
    // Applets have short plain names (busybox(1), Currently defined functions); all else is a slip, or made up.
    if (!/^[a-z[][a-z0-9_.[-]{0,24}$/.test(name)) return undefined;
    const interpreter = findInterpreter(name);
    if (interpreter?.applets !== undefined) continue; // busybox, busybox.static: the next argument says
    if (interpreter === undefined) return { kind: "applet", name };
    return new Parser(interpreter, argv, isCut).parse(first + 1);
  }
  return undefined;
}

/** One command line. */
class Parser {
  readonly #interpreter: Interpreter;
  readonly #rules: Rules;
  readonly #argv: readonly string[];
  /** The arguments that are looked at, and whether there are more. */
  readonly #end: number;
  readonly #isOpen: boolean;
  /** The worst of what runs before. */
  #origin: Origin = Origin.System;
  /** The first of a program's files. */
  #part: Program | undefined;
  /** The last library, which is the program if nothing else is. */
  #library: Program | undefined;
  /** Where scripts are looked for, if not in the working folder. */
  #folder = "";
  #searches = false;
  #isIsolated = false;
  #hasOptionFile = false;
  #isFile = false;
  readonly #isCut: boolean;

  constructor(interpreter: Interpreter, argv: readonly string[], isCut: boolean) {
    this.#interpreter = interpreter;
    this.#rules = rulesFor(interpreter);
    this.#argv = argv;
    this.#isCut = isCut;
    this.#end = Math.min(isCut ? argv.length - 1 : argv.length, MAX_ARGUMENTS);
    this.#isOpen = this.#end < argv.length;
  }

  /** What the arguments from `first` on name. */
  parse(first: number): Program | undefined {
    const rules = this.#rules, interpreter = this.#interpreter, argv = this.#argv, end = this.#end;
    let commanded = rules.commands.size === 0;
    for (let i = first; i < end; i++) {
      const argument = argv[i]!;
      const sign = argument.charCodeAt(0);
      if (sign !== 0x2d /* - */ && !(sign === 0x2b /* + */ && interpreter.plus)) {
        const command = commanded ? undefined : rules.commands.get(argument);
        if (!commanded && command === undefined && interpreter.isTool === true) return undefined;
        commanded = true;
        if (command === "own") return undefined;
        if (command === "inline") return INLINE;
        if (command === "task") return this.#taskAfter(i + 1);
        if (command !== undefined) continue;
        // A file of options, which may name the class (java(1), @argfiles); mostly the class stands behind it.
        if (interpreter.operand !== "class" || !argument.startsWith("@")) return this.#operand(i);
        if (i + 1 === end) return UNKNOWN;
        this.#hasOptionFile = true;
        continue;
      }
      if (argument === "-" && interpreter.hyphen !== "end" || argument === "--" && interpreter.hyphens === "stdin") {
        return this.#finish(INLINE);
      }
      if (argument === "-" || argument === "--") return this.#operand(i + 1);
      // A word: `--rcfile x`, `--config=x`; the one argument of a `#!` line may hold both: `--source 21`.
      const stop = argument.search(/[=\s]/), name = stop < 0 ? argument : argument.slice(0, stop);
      const word = rules.words.get(name) ?? (interpreter.abbreviates ? abbreviated(rules.words, name) : undefined);
      if (word !== undefined) {
        if (word === "ends") return undefined;
        if (word === "inline" || word === "stdin") return INLINE;
        if (word === "file") {
          this.#isFile = true;
          continue;
        }
        if (word === "end") return this.#operand(i + 1);
        const isNext = stop < 0;
        const value = isNext ? this.#at(++i) : argument.slice(stop + 1).trim();
        if (value === undefined && i >= end && this.#isOpen) return UNKNOWN;
        if (word === "script") return this.#finish(script(value), i);
        if (word === "module") return this.#module(value, i);
        this.#take(word, name, value);
        continue;
      }
      const colon = rules.hasColons ? argument.indexOf(":") + 1 : 0;
      const attached = colon === 0 ? undefined : rules.words.get(argument.slice(0, colon));
      if (attached !== undefined) {
        this.#take(attached, argument.slice(0, colon), argument.slice(colon));
        continue;
      }
      if (interpreter.unlisted === "stdin") return INLINE;
      if (rules.letters === undefined || argument.startsWith("--")) continue;
      // Letters: `-euxo pipefail`, `-Wignore`, `-mhttp.server`.
      let at = 1;
      letters: for (; at < argument.length && at < MAX_LETTERS; at++) {
        const letter = argument[at]!, effect = rules.letters.get(letter);
        switch (effect) {
          case undefined:
            this.#isIsolated ||= interpreter.isolated?.includes(letter) === true;
            continue;
          case "search":
            this.#searches = true;
            continue;
          case "next":
            i++;
            continue;
          case "end":
            return this.#operand(i + 1);
          case "ends":
            return undefined;
          case "inline":
          case "stdin":
            return INLINE;
        }
        const rest = interpreter.valuesFollow ? "" : argument.slice(at + 1);
        const isNext = rest === "" && effect !== "attached";
        const value = isNext ? this.#at(++i) : rest;
        if (value === undefined && i >= end && this.#isOpen) return UNKNOWN;
        if (effect === "script") return this.#finish(script(value), i);
        if (effect === "module") return this.#module(value, i);
        this.#take(effect, `-${letter}`, value);
        if (!interpreter.valuesFollow) break letters;
      }
      if (at === MAX_LETTERS && at < argument.length) return UNKNOWN;
    }
    return this.#isOpen ? UNKNOWN : this.#finish(undefined);
  }

  /** An argument that is seen whole. */
  #at(index: number): string | undefined {
    return index < this.#end ? this.#argv[index] : undefined;
  }

  /** Takes the value of an option that doesn't end the search. */
  #take(effect: Effect, name: string, value: string | undefined): void {
    if (value === undefined) return;
    if (effect === "part") {
      if (this.#part === undefined) this.#part = script(value);
      else this.#note(originOf("place", value));
      return;
    }
    if (effect === "library") this.#library = module(value);
    if (effect === "folder") this.#folder = under(this.#folder, value);
    const before = this.#rules.before.get(name);
    if (before !== undefined) this.#note(originOf(before, value));
    const key = this.#rules.settings.size === 0 ? -1 : value.indexOf("=");
    if (key > 0 && this.#rules.settings.has(value.slice(0, key).trim())) {
      this.#note(originOf("place", value.slice(key + 1).trim().replace(/^"|"$/g, "")));
    }
  }

  #note(origin: Origin): void {
    if (origin > this.#origin) this.#origin = origin;
  }

  /** The program that the argument at `index` names. */
  #operand(index: number): Program | undefined {
    if (this.#part !== undefined || this.#library !== undefined) return this.#finish(undefined);
    if (index >= this.#end && this.#isOpen) return UNKNOWN;
    const argument = this.#argv[index];
    // Which of the folders in PATH has it, isn't told.
    if (this.#searches && argument !== undefined && !argument.includes("/")) {
      return this.#finish(module(argument), index);
    }
    if (this.#isFile) return this.#finish(script(argument), index);
    // Perhaps a file of options had the class, and this is its argument.
    if (this.#hasOptionFile && argument !== undefined && !CLASS_NAME.test(argument)) return undefined;
    return this.#finish(operand(this.#interpreter, this.#argv, index), index);
  }

  #module(name: string | undefined, at: number): Program | undefined {
    const found = this.#finish(module(name), at);
    return found?.kind === "module" && this.#interpreter.isolated !== undefined && !this.#isIsolated
      ? { ...found, beside: true }
      : found;
  }

  /** The name of the task that a sub-command runs; options may stand before it. */
  #taskAfter(first: number): Program | undefined {
    for (let i = first; i < this.#end; i++) {
      const argument = this.#argv[i]!;
      if (!argument.startsWith("-")) return task(argument);
      const effect = this.#rules.words.get(argument);
      if (effect === "value" || effect === "folder") i++;
    }
    return this.#isOpen ? UNKNOWN : undefined;
  }

  /** A program together with what was said before it; `at` is the argument that names it, where its own stand behind that. */
  #finish(last: Program | undefined, at?: number): Program | undefined {
    let program = this.#part ?? last ?? this.#library;
    if (this.#part !== undefined && last?.kind === "script") this.#note(originOf("place", last.path));
    const origin = this.#origin;
    // Code that belongs to no program is what is run.
    if (program === undefined) return origin >= Origin.Beside ? INLINE : undefined;
    if (program.kind === "script" && this.#folder !== "") {
      program = { ...program, path: under(this.#folder, program.path) };
    }
    const launcher = at === undefined ? undefined : findLauncher(program);
    if (launcher !== undefined) {
      const launched = new Parser(launcher, this.#argv, this.#isCut).parse(at! + 1);
      if (launched !== undefined) program = program.kind === "script" ? launchedBy(launched, program.path) : launched;
    }
    if (origin === Origin.System || program.kind === "inline" || program.kind === "unknown") return program;
    const isNear = program.kind === "script" && !program.path.startsWith("/") && !/^\.\.\//.test(program.path) &&
      !climbs(program.path);
    const loads: Loads = origin === Origin.Shared || origin === Origin.Beside && isNear ? "shared" : "foreign";
    return { ...program, loads } as Program;
  }
}

/** What a script launched, and which. */
function launchedBy(program: Program, launcher: string): Program {
  return program.kind === "script" || program.kind === "module" ? { ...program, launcher } : program;
}

/** A class of Java: its own name begins with a capital letter. */
const CLASS_NAME = /^(?:[\w$]+[./])*[A-Z][\w$]*$/;
/** A path that is looked for in a folder. */
function under(folder: string, path: string): string {
  return folder === "" || path.startsWith("/") ? path : `${folder}/${path}`;
}
