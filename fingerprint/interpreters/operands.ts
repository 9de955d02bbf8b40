/**
 * What an argument names that is the program: a file, a module, or text.
 *
 * @module
 */

import type { Interpreter, Program } from "./grammar.ts";

/** No longer path reaches the kernel (PATH_MAX of linux/limits.h). */
export const MAX_PATH = 4096;

export const INLINE: Program = { kind: "inline" };
export const UNKNOWN: Program = { kind: "unknown" };

/** What an application of Electron or NW.js is called inside its folder. */
const APPLICATION = /^(?:resources|(?:default_)?app|package)(?:\.asar|\.nw)?(?:\.unpacked)?$/;
/** A class of Java in a package. */
const CLASS = /^(?:[a-z_]\w*\.)+[A-Z]\w*$/;

/** The first operand, number `at` of the command line. */
export function operand(interpreter: Interpreter, argv: readonly string[], at: number): Program | undefined {
  const argument = argv[at];
  if (argument === undefined || argument === "") return undefined;
  switch (interpreter.operand ?? "script") {
    case "none":
      return undefined;
    case "text":
      return INLINE;
    case "executable":
      return argument.length > MAX_PATH ? undefined : { kind: "executable", path: argument, at };
    case "application":
      return script(argument.length > MAX_PATH ? undefined : application(argument));
    case "program":
      return argument.includes("/") ? script(argument) : module(argument);
    case "jar": {
      const next = argv[at + 1];
      return next !== undefined && CLASS.test(next) ? module(next) : script(argument);
    }
    case "assembly":
      return /\.(?:dll|exe)$/i.test(argument) ? script(argument) : undefined;
    case "class":
      return /^\.{0,2}\/|\.java$/.test(argument) ? script(argument) : module(argument.replaceAll("/", "."));
    case "specifier": {
      if (/^(?:data|blob):/.test(argument)) return INLINE; // the address is the program's text
      const name = specifierName(argument);
      return name === undefined ? script(argument.replace(/^file:\/\//, "")) : module(name);
    }
    case "script":
      // guile(1), The meta switch: the options stand in the script's second line.
      return script(argument === "\\" ? argv[at + 1] : argument);
  }
}

/** The folder of an application, or its file, which says more. */
function application(path: string): string {
  const elements = path.split("/");
  while (elements.length > 2 && (elements.at(-1) === "" || APPLICATION.test(elements.at(-1)!))) elements.pop();
  return elements.join("/");
}

/** A script's path; standard input by one of its names has none. */
export function script(path: string | undefined): Program | undefined {
  if (path === undefined || path === "" || path.length > MAX_PATH) return undefined;
  if (path === "-" || path === "/dev/stdin" || path === "/dev/fd/0" || path === "/proc/self/fd/0") return INLINE;
  return { kind: "script", path };
}

/** A module's name; of Java's `module/class` the class. */
export function module(name: string | undefined): Program | undefined {
  const short = name?.slice(name.indexOf("/") + 1);
  return short === undefined || short === "" || short.length > MAX_PATH ? undefined : { kind: "module", name: short };
}

/** A task, or what was asked for by the address of a package. */
export function task(name: string): Program | undefined {
  return module(specifierName(name) ?? name);
}

/** The short name of `npm:@scope/name@1.2/bin` or `https://host/path/name.ts?query`; `undefined` for a file. */
function specifierName(text: string): string | undefined {
  if (text.length > MAX_PATH) return undefined;
  const packaged = /^(?:npm|jsr):\/?(?:@[^/@]+\/)?([^/@]+)/.exec(text);
  if (packaged !== null) return packaged[1];
  const address = /^https?:[^?#]*/.exec(text)?.[0].replace(/\/+$/, "");
  return address?.slice(Math.max(address.lastIndexOf("/"), address.indexOf(":")) + 1) || undefined;
}
