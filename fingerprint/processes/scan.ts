/**
 * Looking at /proc: the processes that are there at the start, those whose beginning was missed, and those whose end was.
 *
 * @module
 */
import { constants as c, type Libc } from "../../netlink/mod.ts";
import { isSameStart, ProcessStat, type Procfs, TICK_NS } from "../proc/mod.ts";
import type { FoundProcess, ProcessTable } from "./table.ts";
import { NamedBy, type ProcessReader, type Programs } from "../programs/mod.ts";

/** Ancestors followed at most: a parent that is not there ends the chain long before. */
const MAX_ANCESTORS = 4096;
/** Readings of the two clocks at each measurement. */
const CLOCK_READINGS = 3;

/** What /proc/PID/stat says about a process that isn't in the table. */
type Found = Omit<FoundProcess, "program" | "label"> & { readonly kernel: boolean; readonly neverExecuted: boolean };

export class Scanner {
  readonly #libc: Pick<Libc, "clock">;
  readonly #procfs: ProcessReader & Pick<Procfs, "processIds">;
  readonly #programs: Programs;
  readonly #stat = new ProcessStat();
  /** CLOCK_BOOTTIME, in which /proc counts, minus CLOCK_MONOTONIC, nanoseconds. */
  #bootOffsetNs = NaN;
  /** Its values before the machine was suspended, and the boot time up to which each held. */
  readonly #earlierOffsets: { readonly untilNs: number; readonly offsetNs: number }[] = [];

  constructor(libc: Pick<Libc, "clock">, procfs: ProcessReader & Pick<Procfs, "processIds">, programs: Programs) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#programs = programs;
    this.updateClock();
  }

  /** Measures the clocks again: they part while the machine is suspended. */
  updateClock(): void {
    let offsetNs = -Infinity, nowNs = 0;
    for (let i = 0; i < CLOCK_READINGS; i++) {
      const bootNs = this.#libc.clock(c.CLOCK_BOOTTIME);
      nowNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      offsetNs = Math.max(offsetNs, bootNs - nowNs); // a pause between the two readings makes it seem smaller
    }
    if (offsetNs - this.#bootOffsetNs > TICK_NS) {
      this.#earlierOffsets.push({ untilNs: nowNs + this.#bootOffsetNs, offsetNs: this.#bootOffsetNs });
    }
    this.#bootOffsetNs = offsetNs;
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
    const chain: Found[] = [];
    for (let at = pid; at > 0 && !table.has(at) && chain.length < MAX_ANCESTORS;) {
      // Before the first reading: an event that is older is part of what is read, one that is younger will be applied.
      const stat = this.#stat, foundNs = this.#libc.clock(c.CLOCK_MONOTONIC);
      if (!this.#procfs.readStat(at, stat) || stat.hasEnded) break;
      chain.push({
        pid: at,
        parent: stat.parent,
        startNs: this.#monotonic(stat.startTicks),
        foundNs,
        kernel: stat.isKernelThread,
        neverExecuted: stat.neverExecuted,
      });
      at = stat.parent;
    }
    for (const found of chain.reverse()) {
      if (table.has(found.pid)) continue;
      table.adopt({ ...found, ...this.#look(found.pid, found.kernel, found.neverExecuted) });
    }
  }

  /**
   * Compares a process with /proc: adopts one that the table doesn't have, notices an exec that was missed. False, and nothing
   * is done, where the table's process isn't there any more: its exit event may be on its way.
   */
  compare(table: ProcessTable, pid: number): boolean {
    if (!table.has(pid)) {
      this.adopt(table, pid);
      return true;
    }
    const foundNs = this.#libc.clock(c.CLOCK_MONOTONIC);
    if (!this.isSame(table, pid)) return false;
    const programs = this.#programs, program = programs.look(pid, true), root = programs.rootOf(program);
    if (root >= 0) table.foundInRoot(pid, root);
    const executable = programs.executableOf(program), { neverExecuted, parent } = this.#stat;
    if (!programs.isComplete(program)) {
      if (neverExecuted || table.hasImage(pid)) return true;
      table.foundRunning(pid, foundNs, programs.nameFromComm(program, programs.readComm(pid)), executable);
    } else if (neverExecuted) {
      table.foundForked(pid, parent, programs.labelOf(program));
    } else if (table.foundRunning(pid, foundNs, programs.labelOf(program), executable)) {
      programs.namedBy[NamedBy.Proc]++;
    }
    return true;
  }

  /** Whether the process of the table still lives: it is in /proc, and began when the table says. */
  isSame(table: ProcessTable, pid: number): boolean {
    if (!this.#procfs.readStat(pid, this.#stat) || this.#stat.hasEnded) return false;
    return isSameStart(table.startOf(pid) ?? NaN, this.#monotonic(this.#stat.startTicks));
  }

  /** A start by /proc as a time of CLOCK_MONOTONIC, nanoseconds. */
  #monotonic(startTicks: number): number {
    const bootNs = startTicks * TICK_NS;
    for (const { untilNs, offsetNs } of this.#earlierOffsets) if (bootNs <= untilNs) return bootNs - offsetNs;
    return bootNs - this.#bootOffsetNs;
  }

  #look(pid: number, kernel: boolean, neverExecuted: boolean): Pick<FoundProcess, "program" | "label" | "root"> {
    if (kernel) return { program: undefined, label: undefined };
    const programs = this.#programs, program = programs.look(pid, true), seen = programs.rootOf(program);
    const root = seen < 0 ? undefined : seen;
    if (programs.isComplete(program)) {
      if (!neverExecuted) programs.namedBy[NamedBy.Proc]++;
      return { program: neverExecuted ? undefined : program, label: programs.labelOf(program), root };
    }
    return {
      root,
      program: neverExecuted ? undefined : program,
      label: programs.nameFromComm(program, programs.readComm(pid)),
    };
  }
}
