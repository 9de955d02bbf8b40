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
/** Characters by which it is told that a script is no launcher. */
const START = 3;
let launcherStarts: ReadonlySet<string> | undefined;
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

/** Who runs something in its own process, of what an interpreter runs: a module or class by its name, a file where nobody puts his own. */
export function findLauncher(program: Program): Interpreter | undefined {
  byLauncher ??= namesOf(LAUNCHERS);
  if (program.kind === "module") return byLauncher.get(program.name);
  if (program.kind !== "script") return undefined;
  const { path } = program, at = path.lastIndexOf("/") + 1, first = path[at] === "." ? at + 1 : at;
  // Most scripts don't begin like any launcher.
  launcherStarts ??= new Set([...byLauncher.keys()].map((name) => name.slice(0, START)));
  if (!launcherStarts.has(path.slice(first, first + START))) return undefined;
  const found = byName(byLauncher, path.slice(at).replace(/\.(?:c?js|rb|py)$/, ""));
  return found !== undefined && isVouched(path) ? found : undefined;
}
