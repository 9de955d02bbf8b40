/**
 * Executables that have no file in a mounted file system (memfd_create(2)).
 *
 * @module
 */
import { judgePath } from "../randomness/mod.ts";
import { escapeLabel } from "./escape.ts";
import { Flag } from "./flags.ts";
import type { Executable } from "./program_label.ts";

/** Before the name that it was given, in what the kernel shows. */
export const MEMFD = "/memfd:";

/** What is said of one. The name that it was given is anything. */
export function memoryFile(program: string): Executable {
  const name = program.slice(program.startsWith(MEMFD) ? MEMFD.length : 1), judged = judgePath(`/${name}`);
  return {
    program,
    label: escapeLabel(MEMFD.slice(1) + (name.includes("/") ? name : judged.name)),
    base: false,
    random: judged.random,
    rule: "memfd",
    flags: Flag.Memfd,
    interpreter: undefined,
    entersRoots: false,
  };
}
