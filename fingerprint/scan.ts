/**
 * Looking at /proc: the processes that are there at the start, those whose beginning was missed, and those whose end was.
 *
 * @module
 */
import { constants as c, type Libc } from "../netlink/mod.ts";
import { ProcessStat, TICK_NS } from "./process_stat.ts";
import type { FoundProcess, ProcessTable } from "./processes.ts";
import type { Procfs } from "./procfs.ts";
import { NamedBy, type Programs } from "./programs.ts";

/** The start that /proc gives is rounded down to a tick; a table's start may also lie a tick off. */
const START_TOLERANCE_NS = 2 * TICK_NS;
/** Ancestors followed at most: a parent that is not there ends the chain long before. */
const MAX_ANCESTORS = 4096;

export class Scanner {
  readonly #libc: Libc;
  readonly #procfs: Procfs;
  readonly #programs: Programs;
  readonly #stat = new ProcessStat();
  /** CLOCK_BOOTTIME, in which /proc counts, minus CLOCK_MONOTONIC, nanoseconds. */
  #bootOffsetNs = 0;

  constructor(libc: Libc, procfs: Procfs, programs: Programs) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#programs = programs;
    this.updateClock();
  }

  /** Measures the clocks again: they part while the machine is suspended. */
  updateClock(): void {
    this.#bootOffsetNs = this.#libc.clock(c.CLOCK_BOOTTIME) - this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  /** A time of CLOCK_MONOTONIC in the ticks that /proc counts starts in. */
  ticksOf(monotonicNs: number): number {
    return Math.floor((monotonicNs + this.#bootOffsetNs) / TICK_NS);
  }

  /** Ids of all processes. Throws when /proc can't be read. */
  processIds(): Int32Array {
    return this.#procfs.processIds();
  }

  /** Takes all processes into the table that aren't in it. Throws when /proc can't be read. */
  scan(table: ProcessTable): void {
    for (const pid of this.processIds()) this.adopt(table, pid);
  }

  /** Takes a process into the table, its unknown ancestors before it. Does nothing for one that is there, or has ended. */
  adopt(table: ProcessTable, pid: number): void {
    const chain: { pid: number; parent: number; startNs: number; kernel: boolean; neverExecuted: boolean }[] = [];
    for (let at = pid; at > 0 && !table.has(at) && chain.length < MAX_ANCESTORS;) {
      const stat = this.#stat;
      if (!this.#procfs.readStat(at, stat) || stat.hasEnded) break;
      chain.push({
        pid: at,
        parent: stat.parent,
        startNs: stat.startTicks * TICK_NS - this.#bootOffsetNs,
        kernel: stat.isKernelThread,
        neverExecuted: stat.neverExecuted,
      });
      at = stat.parent;
    }
    for (const found of chain.reverse()) {
      if (table.has(found.pid)) continue;
      const foundNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      table.adopt({ ...found, foundNs, ...this.#look(found.pid, found.kernel, found.neverExecuted) });
    }
  }

  /**
   * Compares a process of the table with /proc: adopts, replaces, or notices an exec that was missed. `foundNs` of what it
   * puts into the table is the time of the look.
   */
  compare(table: ProcessTable, pid: number): void {
    if (!table.has(pid)) return this.adopt(table, pid);
    if (!this.isSame(table, pid)) {
      table.endUnseen(pid);
      return this.adopt(table, pid);
    }
    const foundNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    const program = this.#programs.look(pid);
    if (this.#stat.neverExecuted || !this.#programs.isComplete(program)) return;
    const executable = this.#programs.executableOf(program);
    if (table.foundRunning(pid, foundNs, this.#programs.labelOf(program), executable)) {
      this.#programs.namedBy[NamedBy.Proc]++;
    }
  }

  /** Whether the process of the table still lives: it is in /proc, and began when the table says. */
  isSame(table: ProcessTable, pid: number): boolean {
    if (!this.#procfs.readStat(pid, this.#stat) || this.#stat.hasEnded) return false;
    const startNs = this.#stat.startTicks * TICK_NS - this.#bootOffsetNs;
    return Math.abs((table.startOf(pid) ?? NaN) - startNs) <= START_TOLERANCE_NS;
  }

  #look(pid: number, kernel: boolean, neverExecuted: boolean): Pick<FoundProcess, "program" | "label"> {
    if (kernel) return { program: undefined, label: undefined };
    const programs = this.#programs, program = programs.look(pid);
    if (programs.isComplete(program)) {
      if (!neverExecuted) programs.namedBy[NamedBy.Proc]++;
      return { program: neverExecuted ? undefined : program, label: programs.labelOf(program) };
    }
    return {
      program: neverExecuted ? undefined : program,
      label: programs.nameFromComm(program, programs.readComm(pid)),
    };
  }
}
