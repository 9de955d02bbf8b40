/**
 * What Wine runs. It puts the command line of Windows where its own was, so that the program stands first; as it was launched, the
 * names of Wine's own loaders stand before (wine(1)).
 *
 * @module
 */
import type { Program } from "./grammar.ts";
import { module, UNKNOWN } from "./operands.ts";

/** Wine's loaders, as they are given. */
const LOADER = /^wine[\w-]{0,32}$/;

/** The name of the program: `x.exe` of `C:\Games\x.exe`. */
export function findWindowsProgram(argv: readonly string[], isCut: boolean): Program | undefined {
  for (let i = 0; i < argv.length; i++) {
    if (isCut && i === argv.length - 1) return UNKNOWN;
    const argument = argv[i]!,
      name = argument.slice(Math.max(argument.lastIndexOf("/"), argument.lastIndexOf("\\")) + 1);
    if (argument.startsWith("-")) return undefined;
    if (!LOADER.test(name)) return module(name);
  }
  return undefined;
}
