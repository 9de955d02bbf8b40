/**
 * The worker's loop over the proc connector: waits for execs, drains the other sockets five times a second, notices losses
 * and silence.
 *
 * @module
 */
import {
  constants as c,
  type EventHandler,
  type Libc,
  Reader,
  runIdleChild,
  SourceUnavailableError,
} from "../../netlink/mod.ts";
import { Booster } from "./boost.ts";
import { Engine } from "./engine.ts";
import { giveMemoryBack } from "./memory.ts";
import { UNSEEN } from "../programs/mod.ts";
import type { Log, WorkerConfig } from "./protocol.ts";
import { type Changes, Stat } from "../trees/mod.ts";
import type { Rules } from "../labels/mod.ts";
import { Resync } from "../processes/mod.ts";
import { openSources, type Sources } from "./sources.ts";

/** Time between drains of the sockets that nobody waits on, milliseconds. */
const DRAIN_MS = 200;
/** Work of a resynchronisation, or of reading the package database, at a stretch: between two looks at the exec socket. */
const SLICE_NS = 5e6;
/** Time between looks at processes whose first thread has ended, and at the clocks. */
const CHECK_NS = 1e9;
/** Time between looks at the memory; execs in such a time that still are quiet. */
const TIDY_NS = 5e9;
const QUIET_EXECS = 2000;
/** Garbage of the buffers that is collected at the next look; and forks and execs after which it is collected in any case, when it is quiet. */
const GARBAGE_BYTES = 4 << 20;
const GARBAGE_EVENTS = 20_000;
/** Silence on the exec socket after which an own child shows whether it still works, and time for its events to come. */
const SILENCE_NS = 60e9;
const SELF_TEST_NS = 2e9;
const SELF_TEST_AGAIN_NS = 2e8;

/** Which events of an own child have come. */
const SEEN_FORK = 1;
const SEEN_EXEC = 2;
const SEEN_EXIT = 4;
const SEEN_ALL = SEEN_FORK | SEEN_EXEC | SEEN_EXIT;

export class ConnectorLoop implements EventHandler {
  readonly #libc: Libc;
  readonly #log: Log;
  readonly #sources: Sources;
  readonly #reader: Reader;
  readonly #engine: Engine;
  readonly #booster: Booster;
  readonly #resync: Resync;
  #nextDrainNs = 0;
  #nextCheckNs = 0;
  #lost = 0;
  #resyncWanted = false;
  #execsSeen = 0;
  #lastExecNs = 0;
  #ownChild = 0;
  #ownChildSeen = 0;
  #ownChildNs = 0;
  #buffered = 0;
  #garbageBytes = 0;
  #nextTidyNs = 0;
  #execsAtTidy = 0;
  #eventsAtCollection = 0;

  /** Subscribes, then looks at what is there already. Throws {@link SourceUnavailableError} with cause and remedy. */
  constructor(libc: Libc, config: WorkerConfig, wakeFd: number, log: Log) {
    this.#libc = libc;
    this.#log = log;
    this.#sources = openSources(libc, config.receiveBuffer, log);
    try {
      this.#reader = new Reader(libc, this.#sources.connector, this.#sources.accounting, wakeFd);
      this.#engine = new Engine(libc, config, this.#reader.records);
      this.#engine.table.fetchRecords = () => this.#reader.receiveRecords();
      this.#booster = new Booster(libc, config.boost);
      this.#resync = new Resync(this.#engine.scanner, this.#engine.table);
      this.#startOwnChild();
      this.#engine.scanner.scan(this.#engine.table);
      this.#selfTest();
      const boost = this.#booster.apply();
      log("debug", "Scheduling of the worker thread", { boost });
      if (config.boost !== "auto" && config.boost !== boost) {
        log("warn", `Cannot schedule the worker thread as --scheduler.boost=${config.boost} asks; give CAP_SYS_NICE`, {
          boost,
        });
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Number of base programs and where they are known from; for the log. */
  get base(): { origin: string; size: number } {
    return this.#engine.base;
  }

  // The events, as the reader hands them over.

  capture(pid: number, isLate: boolean): number {
    if (isLate) return UNSEEN;
    const program = this.#engine.programs.look(pid);
    if (!this.#engine.programs.isComplete(program)) this.#booster.missed();
    return program;
  }

  fork(timestampNs: number, parent: number, child: number): void {
    if (child === this.#ownChild) this.#ownChildSeen |= SEEN_FORK;
    this.#engine.table.fork(timestampNs, parent, child);
  }

  exec(timestampNs: number, pid: number, captured: number, readNs: number): void {
    if (pid === this.#ownChild) this.#ownChildSeen |= SEEN_EXEC;
    this.#engine.table.exec(timestampNs, pid, captured, readNs);
  }

  exit(timestampNs: number, pid: number, status: number): void {
    if (pid === this.#ownChild) this.#ownChildSeen |= SEEN_EXIT;
    this.#engine.table.hasAllRecords = this.#reader.hasAllRecords;
    this.#engine.table.exit(timestampNs, pid, status);
  }

  /** Waits for events and handles them, once. Ends early when the main thread wakes this one. */
  turn(): void {
    const reader = this.#reader, resync = this.#resync;
    const { isReadingBase } = this.#engine;
    const hasWork = resync.isRunning && !resync.waits || isReadingBase;
    if (reader.isBusy && !resync.isRunning && !isReadingBase) reader.waitBusy(this);
    else reader.wait(hasWork ? 0 : Math.max(0, Math.ceil((this.#nextDrainNs - reader.nowNs) / 1e6)), this);
    const now = reader.nowNs;
    if (now >= this.#nextDrainNs) this.#drain(now);
    if (isReadingBase) this.#engine.readBase(now + SLICE_NS);
    if (!resync.isRunning) return;
    const end = this.#now() + SLICE_NS;
    resync.step(now, reader.drainNs, () => this.#now() > end);
  }

  /** What changed since the last report, with everything read and applied that happened up to now. */
  collect(report: number, scraped: number): Changes {
    this.#drain(this.#now());
    const { stats } = this.#engine, { counts } = this.#reader, drops = this.#reader.drops();
    stats[Stat.Forks] = counts.forks;
    stats[Stat.Execs] = counts.execs;
    stats[Stat.Exits] = counts.exits;
    stats[Stat.OtherEvents] = counts.otherEvents;
    stats[Stat.ThreadEvents] = counts.threadEvents;
    stats[Stat.Records] = counts.records;
    stats[Stat.Malformed] = counts.malformed;
    stats[Stat.LostExecs] = drops.execs;
    stats[Stat.LostLifecycle] = drops.lifecycle;
    stats[Stat.LostRecords] = drops.records;
    stats[Stat.ConnectorUp] = 1;
    stats[Stat.TaskstatsUp] = this.#sources.accounting === undefined ? 0 : 1;
    stats[Stat.ProcfsUp] = 1;
    stats[Stat.Boost] = this.#booster.number;
    return this.#engine.collect(report, scraped);
  }

  /** Takes an operator's other rules. */
  configure(rules: Rules): void {
    this.#engine.configure(rules);
  }

  /** Keeps launches and endings one by one, or doesn't. */
  listen(isOn: boolean): void {
    this.#engine.listen(isOn);
  }

  /** Takes the subscriptions back. */
  close(): void {
    this.#sources.connector.close();
    this.#sources.accounting?.close();
  }

  #now(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  #drain(nowNs: number): void {
    const reader = this.#reader, { table } = this.#engine;
    reader.drain(this);
    table.settle(reader.generation, reader.previousDrainNs, reader.drainNs);
    if (reader.backlog === 0) this.#engine.bound();
    this.#nextDrainNs = nowNs + DRAIN_MS * 1e6;
    this.#booster.guard(nowNs, reader.counts.execs);
    this.#engine.checkBase(nowNs);
    this.#noticeLoss();
    this.#noticeSilence(nowNs);
    this.#noticeGarbage(nowNs);
    if (nowNs < this.#nextCheckNs) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    this.#engine.updateClocks();
    for (const pid of table.leaderless()) {
      if (!this.#engine.scanner.isSame(table, pid)) table.endLeaderless(pid);
    }
  }

  /** Lost events of processes leave the table wrong until /proc has been compared with it. */
  #noticeLoss(): void {
    const drops = this.#reader.drops(), lost = drops.execs + drops.lifecycle;
    if (lost !== this.#lost) {
      this.#log(
        "warn",
        "The kernel dropped events, because they came faster than they were read; a larger --netlink.receive-buffer holds more",
        {
          lost: lost - this.#lost,
        },
      );
      this.#lost = lost;
      this.#resyncWanted = true;
    }
    if (this.#resyncWanted && !this.#resync.isRunning) this.#startResync();
  }

  #startResync(): void {
    this.#resyncWanted = false;
    this.#engine.stats[Stat.Resyncs]!++;
    this.#resync.start();
  }

  /** Subscribes again where an own child's exec isn't heard of. */
  #noticeSilence(nowNs: number): void {
    const { execs } = this.#reader.counts;
    if (execs !== this.#execsSeen) {
      this.#execsSeen = execs;
      this.#lastExecNs = nowNs;
      this.#ownChildNs = 0;
    } else if (this.#ownChildNs > 0 && nowNs - this.#ownChildNs > SELF_TEST_NS) {
      this.#log("warn", "The proc connector has gone silent; subscribing again");
      this.#engine.stats[Stat.Resubscribes]!++;
      this.#sources.connector.subscribe();
      this.#resyncWanted = true;
      this.#lastExecNs = nowNs;
      this.#ownChildNs = 0;
    } else if (this.#ownChildNs === 0 && nowNs - this.#lastExecNs > SILENCE_NS) {
      this.#startOwnChild();
    }
  }

  /** What a storm leaves is collected when it is over: that takes a while, in which no exec is captured. */
  #noticeGarbage(nowNs: number): void {
    const buffered = this.#reader.bufferedBytes, { execs, forks } = this.#reader.counts, events = execs + forks;
    this.#garbageBytes += Math.max(0, this.#buffered - buffered);
    this.#buffered = buffered;
    if (nowNs < this.#nextTidyNs) return;
    const isQuiet = execs - this.#execsAtTidy < QUIET_EXECS;
    this.#execsAtTidy = execs;
    this.#nextTidyNs = nowNs + TIDY_NS;
    if (isQuiet) this.#engine.table.compact();
    if (this.#garbageBytes > GARBAGE_BYTES || (isQuiet && events - this.#eventsAtCollection > GARBAGE_EVENTS)) {
      this.#garbageBytes = 0;
      this.#eventsAtCollection = events;
      giveMemoryBack(this.#libc);
    } else if (isQuiet) {
      this.#libc.call.malloc_trim(0);
    }
  }

  #startOwnChild(): void {
    this.#ownChildSeen = 0;
    this.#ownChild = runIdleChild(this.#libc);
    this.#ownChildNs = this.#ownChild > 0 ? this.#now() : 0;
  }

  /** Ready only when an own child's fork, exec and exit have come: some kernels acknowledge and stay silent. */
  #selfTest(): void {
    if (this.#ownChild === 0) {
      this.#log("debug", "Cannot test the proc connector: no program that does nothing was found to start");
      return;
    }
    const end = this.#now() + SELF_TEST_NS;
    for (let again = this.#now() + SELF_TEST_AGAIN_NS, now = 0; now < end && this.#ownChildSeen !== SEEN_ALL;) {
      this.#reader.wait(1, this);
      now = this.#now();
      this.#drain(now);
      if (now < again || this.#ownChildSeen === SEEN_ALL) continue;
      // Where the buffers are small its events may have been dropped among others: another may have more luck.
      this.#startOwnChild();
      again = now + SELF_TEST_AGAIN_NS;
    }
    if (this.#ownChildSeen === SEEN_ALL) return;
    throw new SourceUnavailableError(
      "connector",
      "silent",
      "Cannot use the proc connector: the kernel acknowledged the subscription, but the events of a process started here did not come; " +
        "run in the host's pid and network namespaces, or use --source=poll",
    );
  }
}
