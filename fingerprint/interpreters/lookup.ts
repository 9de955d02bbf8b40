/**
 * Which programs are interpreters, by the names of their files, and which of what they run launch something themselves.
 *
 * @module
 */
import { isVouched } from "../places/mod.ts";
import type { Interpreter, Program } from "./grammar.ts";
import { LAUNCHERS } from "./launchers.ts";
import { byName } from "./names.ts";
import { MAX_PATH } from "./operands.ts";
import { INTERPRETERS } from "./table.ts";

const PATTERNED = INTERPRETERS.filter((row) => row.pattern !== undefined);
/** Pairs of characters that launchers' names begin with. */
const launcherStarts = new Uint8Array(128 * 128);
let byExecutable: ReadonlyMap<string, Interpreter> | undefined, byLauncher: typeof byExecutable;

function namesOf(rows: readonly Interpreter[]): ReadonlyMap<string, Interpreter> {
  return new Map(rows.flatMap((row) => row.names.map((name) => [name, row] as const)));
}

/** The interpreter that an executable is by its name, whatever its version, build and place; `undefined` when it is none. */
export function findInterpreter(executablePath: string): Interpreter | undefined {
  byExecutable ??= namesOf(INTERPRETERS);
  const name = executablePath.slice(executablePath.lastIndexOf("/") + 1, MAX_PATH);
  const found = byName(byExecutable, name);
  if (found !== undefined) return found;
  for (const row of PATTERNED) if (row.pattern!.test(name)) return row;
  return undefined;
}

/** The place of a pair of characters in {@link launcherStarts}. */
function startOf(text: string, at: number): number {
  return (text.charCodeAt(at) & 127) << 7 | text.charCodeAt(at + 1) & 127;
}

/** Who runs something in its own process, of what an interpreter runs: a module or class by its name, a file where nobody puts his own. */
export function findLauncher(program: Program): Interpreter | undefined {
  if (byLauncher === undefined) {
    byLauncher = namesOf(LAUNCHERS);
    for (const name of byLauncher.keys()) launcherStarts[startOf(name, 0)] = 1;
  }
  if (program.kind === "module") return byLauncher.get(program.name);
  if (program.kind !== "script") return undefined;
  const { path } = program, at = path.lastIndexOf("/") + 1;
  // Most scripts begin like no launcher, and like no wrapped one.
  if (launcherStarts[startOf(path, at)] === 0 && path.charCodeAt(at) !== 0x2e /* . */) return undefined;
  const found = byName(byLauncher, path.slice(at).replace(/\.(?:c?js|rb|py)$/, ""));
  return found !== undefined && isVouched(path) ? found : undefined;
}
