/**
 * What runs a tree now, for who asks: its processes, and why their program is called what it is.
 *
 * @module
 */
import { judgePath } from "../randomness/mod.ts";
import { flagNames } from "../labels/mod.ts";
import { NOWHERE, placeIn, type ProcessPlace } from "../context/mod.ts";
import type { Procfs } from "../proc/mod.ts";
import type { Clocks, ProcessTable, Scanner } from "../processes/mod.ts";
import type { Explanation } from "../explanation/mod.ts";
import type { Programs } from "../programs/mod.ts";
import type { Trie } from "../trees/mod.ts";

/** Processes of an answer at most. */
const MOST_PROCESSES = 50;

/** A process that runs a tree. Its command line isn't among what is told of it. */
export interface TreeProcess extends ProcessPlace {
  readonly pid: number;
  /** The user by number; undefined where that isn't known. */
  readonly user: number | undefined;
  /** Unix time in seconds when it began to run the program, or was forked. */
  readonly sinceSeconds: number;
  /** Its executable, as the kernel has it: of a script its interpreter's. */
  readonly executable: string | undefined;
  /** Flags of its launch. */
  readonly flags: number;
}

/** What runs a tree. */
export interface RunningTree {
  /** How many processes run it. */
  readonly count: number;
  /** Those that began last, these first. */
  readonly processes: readonly TreeProcess[];
  /** Why the executable of the first of them is called what it is. */
  readonly explanation: Explanation | undefined;
}

/** What is asked. */
export interface RunningSources {
  readonly trie: Trie;
  readonly table: ProcessTable;
  readonly programs: Programs;
  readonly scanner: Scanner;
  readonly procfs: Pick<Procfs, "readCgroup" | "readExecutable">;
  readonly clocks: Clocks;
}

/** What runs the tree of this number. */
export function runningIn(
  { trie, table, programs, scanner, procfs, clocks }: RunningSources,
  tree: number,
): RunningTree {
  const { count, found } = table.runningIn((node) => trie.idOf(node) === tree, MOST_PROCESSES);
  const processes = found.map(({ pid, user, imageNs, executable, launchFlags }): TreeProcess => ({
    pid,
    user,
    // Another process may have the id by now, and its end not be applied yet.
    ...scanner.isSame(pid) ? placeIn(procfs.readCgroup(pid)) : NOWHERE,
    sinceSeconds: clocks.unixSeconds(imageNs),
    executable: executable < 0 ? procfs.readExecutable(pid) : programs.explain(executable).path,
    flags: launchFlags,
  }));
  const executable = found.find(({ executable }) => executable >= 0)?.executable ?? -1;
  return { count, processes, explanation: executable < 0 ? undefined : explained(programs, executable) };
}

function explained(programs: Programs, executable: number): Explanation {
  const { path, named: { label, base, random, rule, flags } } = programs.explain(executable);
  const { origin } = programs.labellerOf(executable).base;
  const { elements } = judgePath(path);
  return { program: path, label, base, random, rule, origin, flags: flagNames(flags), elements };
}
