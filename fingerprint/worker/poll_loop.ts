/**
 * The worker's loop without the connector: looks at /proc at intervals and feeds the same table. What lives shorter than an
 * interval is not seen, how a process ended is not known, and run times are as exact as the interval.
 *
 * @module
 */
import { constants as c, type Libc, SystemCallError, Waiter } from "../../netlink/mod.ts";
import { Engine } from "./engine.ts";
import type { Log, MainThread, WorkerConfig } from "./protocol.ts";
import { type Changes, Stat } from "../trees/mod.ts";

/** The longest wait at a stretch: whoever looks whether this thread comes round takes one of 4 s for stuck. */
const LONGEST_WAIT_MS = 1000;

/** For so long the first program of a root waits until it is known what is base there. */
const PATIENCE_NS = 2.5e8;

export class PollLoop {
  readonly #libc: Libc;
  /** Names and counts: takes rules, listeners and questions from outside. */
  readonly engine: Engine;
  readonly #waiter: Waiter;
  readonly #intervalNs: number;
  readonly #log: Log;
  #nextPollNs = 0;

  /** Throws when /proc can't be read. */
  constructor(libc: Libc, config: WorkerConfig, wakeFd: number, log: Log, main: MainThread) {
    this.#libc = libc;
    this.#log = log;
    this.engine = new Engine(libc, config, log, main);
    this.engine.rootPatienceNs = PATIENCE_NS;
    this.#waiter = new Waiter(libc, -1, wakeFd);
    this.#intervalNs = config.pollIntervalMs * 1e6;
    this.engine.scan();
    this.#poll();
  }

  /** Names aren't: what has gone before a poll isn't seen at all. */
  readonly isRaced = false;

  /** Waits until the next poll is due or the main thread wakes this one, at most {@link LONGEST_WAIT_MS}. */
  turn(): void {
    const leftMs = Math.ceil((this.#nextPollNs - this.#now()) / 1e6);
    this.#waiter.wait(Math.min(LONGEST_WAIT_MS, Math.max(0, leftMs)));
    if (this.#now() >= this.#nextPollNs) this.#poll();
    this.engine.checkBase(this.#now());
    while (this.engine.isReadingBase) this.engine.readBase(Infinity); // nobody waits for this thread between polls
    this.#waiter.takeWake();
  }

  collect(report: number, scraped: number): Changes {
    return this.engine.collect(report, scraped);
  }

  close(): void {
    this.engine.close();
  }

  #now(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  /** Undefined where /proc can't be listed for now: for want of a descriptor, say. The first time it can't be is an error. */
  #processIds(): Int32Array | undefined {
    const { scanner, stats } = this.engine;
    try {
      const ids = scanner.processIds();
      stats[Stat.ProcfsUp] = 1;
      return ids;
    } catch (error) {
      if (!(error instanceof SystemCallError) || stats[Stat.Polls] === 0) throw error;
      if (stats[Stat.ProcfsUp] === 1) this.#log("warn", `${error.message}; nothing new is seen until it can be read`);
      stats[Stat.ProcfsUp] = 0;
      return undefined;
    }
  }

  #poll(): void {
    const { table, scanner, stats } = this.engine, now = this.#now();
    this.engine.updateClocks();
    this.#nextPollNs = now + this.#intervalNs;
    const ids = this.#processIds();
    if (ids === undefined) return;
    for (const pid of table.processIds()) if (!scanner.isSame(pid)) table.endUnseen(pid, now);
    for (const pid of ids) scanner.compare(pid);
    this.engine.bound();
    stats[Stat.Polls]!++;
  }
}
