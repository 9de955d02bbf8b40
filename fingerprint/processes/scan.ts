/**
 * Looking at /proc: the processes that are there at the start, those whose beginning was missed, and those whose end was.
 *
 * @module
 */
import { isSameStart, ProcessStat, type Procfs } from "../proc/mod.ts";
import type { Clocks } from "./clocks.ts";
import type { FoundProcess } from "./found.ts";
import type { ProcessTable } from "./table.ts";
import { NamedBy, type ProcessReader, type Programs } from "../programs/mod.ts";

/** Ancestors followed at most: a parent that is not there ends the chain long before. */
const MAX_ANCESTORS = 4096;

/** What /proc/PID/stat says about a process that isn't in the table. */
type Found = Omit<FoundProcess, "program" | "label"> & { readonly stat: FoundStat };

/** What matters of the process's own state. */
type FoundStat = Pick<ProcessStat, "isKernelThread" | "neverExecuted" | "isLeaderless">;

/** What is read of /proc. */
export type ScannedProcfs = ProcessReader & Pick<Procfs, "processIds" | "readOwner">;

export class Scanner {
  readonly #clocks: Clocks;
  readonly #procfs: ScannedProcfs;
  readonly #programs: Programs;
  readonly #table: ProcessTable;
  readonly #stat = new ProcessStat();

  constructor(
    clocks: Clocks,
    procfs: ScannedProcfs,
    programs: Programs,
    table: ProcessTable,
  ) {
    this.#clocks = clocks;
    this.#procfs = procfs;
    this.#programs = programs;
    this.#table = table;
  }

  /** Ids of all processes. Throws when /proc can't be read. */
  processIds(): Int32Array {
    return this.#procfs.processIds();
  }

  /** Takes all processes into the table that aren't in it. Throws when /proc can't be read. */
  scan(): void {
    for (const pid of this.processIds()) this.adopt(pid);
  }

  /** Takes a process into the table, its unknown ancestors before it. Does nothing for one that is there, or has ended. */
  adopt(pid: number): void {
    const chain: Found[] = [], table = this.#table;
    for (let at = pid; at > 0 && !table.has(at) && chain.length < MAX_ANCESTORS;) {
      // Before the first reading: an event that is older is part of what is read, one that is younger will be applied.
      const stat = this.#stat, foundNs = this.#clocks.nowNs;
      if (!this.#procfs.readStat(at, stat) || stat.hasEnded) break;
      chain.push({
        pid: at,
        parent: stat.parent,
        user: this.#procfs.readOwner(at),
        startNs: this.#clocks.startNs(stat.startTicks),
        foundNs,
        stat: {
          isKernelThread: stat.isKernelThread,
          neverExecuted: stat.neverExecuted,
          isLeaderless: stat.isLeaderless,
        },
      });
      at = stat.parent;
    }
    for (const found of chain.reverse()) {
      if (table.has(found.pid)) continue;
      table.adopt({ ...found, ...this.#look(found.pid, found.parent, found.stat) });
    }
  }

  /**
   * Compares a process with /proc: adopts one that the table doesn't have, notices an exec that was missed. False, and nothing
   * is done, where the table's process isn't there any more: its exit event may be on its way.
   */
  compare(pid: number): boolean {
    const table = this.#table;
    if (!table.has(pid)) {
      this.adopt(pid);
      return true;
    }
    const foundNs = this.#clocks.nowNs;
    if (!this.isSame(pid)) return false;
    if (this.#procfs.isUnreadable) return true;
    const programs = this.#programs, program = this.#program(pid, this.#stat), root = programs.rootOf(program);
    if (root >= 0) table.foundInRoot(pid, root);
    const executable = programs.executableOf(program), { neverExecuted, parent } = this.#stat;
    if (!programs.isComplete(program)) {
      if (neverExecuted || table.hasImage(pid)) return true;
      const label = programs.nameFromComm(program, programs.readComm(pid));
      table.foundRunning(pid, foundNs, label, executable, programs.flagsOf(program));
    } else if (neverExecuted) {
      const label = this.#forkedLabel(pid, parent, program);
      // Which has the tree of its parent: that is compared first. One that is no older is none, and its id in use again.
      if (label === undefined && table.startOf(parent)! < table.startOf(pid)!) this.compare(parent);
      table.foundForked(pid, parent, label);
    } else if (
      table.foundRunning(pid, foundNs, programs.labelOf(program), executable, programs.flagsOf(program))
    ) {
      programs.namedBy[NamedBy.Proc]++;
    }
    return true;
  }

  /** Whether the process of the table still lives: it is in /proc, and began when the table says; or nothing can be read of it. */
  isSame(pid: number): boolean {
    if (!this.#procfs.readStat(pid, this.#stat)) return this.#procfs.isUnreadable; // what can't be told hasn't ended
    if (this.#stat.hasEnded) return false;
    return isSameStart(this.#table.startOf(pid) ?? NaN, this.#clocks.startNs(this.#stat.startTicks));
  }

  /** What a process was found to run; a thread of it tells that too, where its first has ended. */
  #program(pid: number, { isLeaderless }: FoundStat): number {
    return this.#programs.lookAtFound(isLeaderless ? this.#procfs.livingThread(pid) ?? pid : pid);
  }

  #look(pid: number, parent: number, stat: FoundStat): Pick<FoundProcess, "program" | "label" | "root"> {
    if (stat.isKernelThread) return { program: undefined, label: undefined };
    const { neverExecuted } = stat, programs = this.#programs, program = this.#program(pid, stat);
    const seen = programs.rootOf(program);
    const root = seen < 0 ? undefined : seen;
    if (neverExecuted) return { program: undefined, label: this.#forkedLabel(pid, parent, program), root };
    if (programs.isComplete(program)) {
      programs.namedBy[NamedBy.Proc]++;
      return { program, label: programs.labelOf(program), root };
    }
    return { root, program, label: programs.nameFromComm(program, programs.readComm(pid)) };
  }

  /**
   * The label of a process that never exec'd; undefined where it runs its parent's image, whatever its own command line says: workers
   * of servers write titles over theirs.
   */
  #forkedLabel(pid: number, parent: number, program: number): number | undefined {
    const programs = this.#programs;
    if (this.#procfs.sharesImage(pid, parent)) return undefined;
    return programs.isComplete(program)
      ? programs.labelOf(program)
      : programs.nameFromComm(program, programs.readComm(pid));
  }
}
