/**
 * The worker's loop over the kernel's events, from the proc connector or a ring of BPF: waits for execs, or for the time at which
 * their records are read, drains what else there is five times a second, notices losses and silence.
 *
 * @module
 */
import {
  constants as c,
  type EventHandler,
  type ExecRecord,
  type ExecRing,
  type Libc,
  Reader,
  RecordField,
  SourceUnavailableError,
} from "../../netlink/mod.ts";
import { Resync } from "../processes/mod.ts";
import { UNSEEN } from "../programs/mod.ts";
import { type Changes, Stat } from "../trees/mod.ts";
import { Booster } from "./boost.ts";
import { Engine } from "./engine.ts";
import { Losses } from "./losses.ts";
import { ExecutablePages, giveMemoryBack } from "./memory.ts";
import { OwnChild } from "./own_child.ts";
import type { Log, MainThread, WorkerConfig } from "./protocol.ts";
import { Silence } from "./silence.ts";
import { openSources, type Sources } from "./sources.ts";
import { Tidying } from "./tidying.ts";

/** Time between drains of the sockets that nobody waits on, milliseconds. */
const DRAIN_MS = 200;
/** Work of reading the package database at a stretch: between two looks at the exec socket. */
const SLICE_NS = 5e6;
/** For so long the first program of a root waits until it is known what is base there: names may be a race meanwhile, or not. */
const RACED_PATIENCE_NS = 3e7;
const PATIENCE_NS = 2.5e8;
/** Time between looks at processes whose first thread has ended, and at the clocks. */
const CHECK_NS = 1e9;
/** How long the self-test waits for the events of an own child, and after which time it starts another one. */
const SELF_TEST_NS = 2e9;
const SELF_TEST_AGAIN_NS = 2e8;

export class EventLoop implements EventHandler {
  readonly #libc: Libc;
  readonly #log: Log;
  readonly #sources: Sources;
  readonly #reader: Reader;
  /** Names and counts: takes rules, listeners and questions from outside. */
  readonly engine: Engine;
  readonly #booster: Booster;
  readonly #losses: Losses;
  readonly #child: OwnChild;
  readonly #silence: Silence;
  readonly #tidying: Tidying;
  readonly #executable: ExecutablePages;
  readonly #ring: ExecRing | undefined;
  #resubscribes = 0;
  #nextDrainNs = 0;
  #nextCheckNs = 0;

  /**
   * Subscribes, then looks at what is there already. With a `ring`, which becomes this loop's own, the kernel names images, and no
   * exec wakes this thread; for `--source=bpf` it has all events, and there is no connector. Throws
   * {@link SourceUnavailableError} with cause and remedy.
   */
  constructor(
    libc: Libc,
    config: WorkerConfig,
    wakeFd: number,
    log: Log,
    main: MainThread,
    ring?: ExecRing,
  ) {
    this.#libc = libc;
    this.#log = log;
    this.#ring = ring;
    this.#child = new OwnChild(libc, ring !== undefined);
    this.#silence = new Silence(this.#child);
    this.#tidying = new Tidying(this.isRaced);
    this.#executable = new ExecutablePages(libc);
    try {
      this.#sources = openSources(libc, config.receiveBuffer, config.source !== "bpf", log);
      this.#reader = new Reader(libc, this.#sources.connector, this.#sources.accounting, wakeFd, ring);
      this.engine = new Engine(libc, config, log, main, this.#reader);
      this.engine.rootPatienceNs = this.isRaced ? RACED_PATIENCE_NS : PATIENCE_NS;
      // Where nothing is to be seen in time, there is nothing to run before others for, unless it is asked for.
      this.#booster = new Booster(libc, ring !== undefined && config.boost === "auto" ? "none" : config.boost);
      const resync = new Resync(this.engine.scanner, this.engine.table);
      const sizeFlag = this.#sources.connector === undefined ? "--capture.ring-size" : "--netlink.receive-buffer";
      this.#losses = new Losses(resync, log, () => this.#now(), sizeFlag);
      const hasChild = this.#child.start();
      this.engine.scan();
      if (hasChild) this.#selfTest();
      else log("debug", "Cannot test the source of events: no program that does nothing was found to start");
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

  /** Whether names are a race against the end of processes. */
  get isRaced(): boolean {
    return this.#ring === undefined;
  }

  // The events, as the reader hands them over.

  capture(pid: number, isLate: boolean): number {
    if (isLate) return UNSEEN;
    const program = this.engine.programs.look(pid);
    if (!this.engine.programs.isComplete(program)) this.#booster.missed();
    return program;
  }

  captureRecord(record: ExecRecord, bytes: Uint8Array): number {
    const { programs } = this.engine;
    if (this.#child.recorded(record.tgid)) programs.recorded.learnHost(record);
    if (record.groupAt < record.end) this.engine.meetGroup(record, bytes);
    return programs.read(record, bytes);
  }

  fork(timestampNs: number, parent: number, child: number): void {
    this.#child.forked(child);
    this.engine.intake.fork(timestampNs, parent, child);
  }

  exec(timestampNs: number, pid: number, captured: number, readNs: number, user: number, group: number): void {
    this.#child.execed(pid);
    if (this.#ring === undefined) user = this.#userOf(pid) ?? user;
    this.engine.intake.exec(timestampNs, pid, captured, readNs, user, group);
  }

  /**
   * Who runs a process that execs, undefined for whoever launched it. Of one that has ended its accounting record tells who did so
   * at its end: that is another's program only if no further exec came between.
   */
  #userOf(pid: number): number | undefined {
    const reader = this.#reader, record = reader.records.first(pid);
    if (record < 0) return this.engine.procfs.readOwner(pid);
    const user = reader.records.field(record, RecordField.User);
    return user !== this.engine.intake.userOf(pid) && reader.execsAgain(pid) ? undefined : user;
  }

  exit(timestampNs: number, pid: number, status: number): void {
    this.#child.exited(pid);
    this.engine.intake.exit(timestampNs, pid, status);
  }

  /** Waits for events and handles them, once. Ends early when the main thread wakes this one. */
  turn(): void {
    const reader = this.#reader, losses = this.#losses, { isReadingBase } = this.engine;
    const hasWork = losses.hasWork || isReadingBase;
    if (reader.isBusy && !losses.isResyncing && !isReadingBase) reader.waitBusy(this);
    else reader.wait(hasWork ? 0 : Math.max(0, Math.ceil((this.#nextDrainNs - reader.nowNs) / 1e6)), this);
    const now = reader.nowNs;
    if (now >= this.#nextDrainNs || reader.wantsDrain) this.#drain(now);
    if (isReadingBase) this.engine.readBase(now + SLICE_NS);
    losses.step(now, reader.drainNs);
  }

  /** What changed since the last report, with everything read and applied that happened up to now. */
  collect(report: number, scraped: number): Changes {
    this.#drain(this.#now());
    const { stats } = this.engine, { counts, dropped } = this.#reader;
    stats[Stat.Forks] = counts.forks;
    stats[Stat.Execs] = counts.execs;
    stats[Stat.Exits] = counts.exits;
    stats[Stat.OtherEvents] = counts.otherEvents;
    stats[Stat.ThreadEvents] = counts.threadEvents;
    stats[Stat.Records] = counts.records;
    stats[Stat.Malformed] = counts.malformed;
    stats[Stat.LostExecs] = dropped.execs;
    stats[Stat.LostLifecycle] = dropped.lifecycle;
    stats[Stat.LostRecords] = dropped.records;
    stats[Stat.LostRing] = dropped.ring;
    stats[Stat.Resyncs] = this.#losses.resyncs;
    stats[Stat.Resubscribes] = this.#resubscribes;
    stats[Stat.ConnectorUp] = this.#sources.connector === undefined ? 0 : 1;
    stats[Stat.BpfUp] = this.#ring === undefined || this.#isRingSilent ? 0 : 1;
    stats[Stat.TaskstatsUp] = this.#sources.accounting === undefined ? 0 : 1;
    stats[Stat.ProcfsUp] = 1;
    stats[Stat.Boost] = this.#booster.number;
    return this.engine.collect(report, scraped);
  }

  /** Takes the subscriptions back. */
  close(): void {
    this.engine?.close();
    this.#reader?.[Symbol.dispose]();
    this.#ring?.close();
    this.#sources?.connector?.close();
    this.#sources?.accounting?.close();
  }

  #now(): number {
    return this.#libc.clock(c.CLOCK_MONOTONIC);
  }

  #drain(nowNs: number): void {
    const reader = this.#reader, { table, scanner } = this.engine;
    reader.drain(this);
    table.settle(reader.generation, reader.previousDrainNs, reader.drainNs);
    if (reader.backlog === 0) this.engine.bound();
    this.#nextDrainNs = nowNs + DRAIN_MS * 1e6;
    this.#booster.guard(nowNs, reader.counts.execs);
    this.engine.checkBase(nowNs);
    this.#losses.check(reader.lostEvents);
    if (this.#silence.check(nowNs, reader.counts.execs)) this.#endSilence();
    this.#tidy(nowNs);
    if (nowNs < this.#nextCheckNs) return;
    this.#nextCheckNs = nowNs + CHECK_NS;
    this.engine.updateClocks();
    for (const pid of table.leaderless()) if (!scanner.isSame(pid)) table.missing(pid);
  }

  /** Whether all events come from the ring, and none do. */
  get #isRingSilent(): boolean {
    return this.#sources.connector === undefined && this.#silence.isSilent;
  }

  #endSilence(): void {
    const { connector } = this.#sources;
    if (connector === undefined) {
      // The rights to attach its programs again were given up at the start.
      this.#log("warn", "BPF has gone silent; comparing with /proc; start the exporter again");
    } else {
      this.#log("warn", "The proc connector has gone silent; subscribing again");
      this.#resubscribes++;
      connector.subscribe();
    }
    this.#losses.want();
  }

  #tidy(nowNs: number): void {
    const { bufferedBytes, counts } = this.#reader;
    const due = this.#tidying.check(nowNs, bufferedBytes, counts.execs, counts.forks);
    if (this.#tidying.isQuiet) this.engine.table.compact();
    if (due === "nothing") return;
    if (due === "garbage") giveMemoryBack(this.#libc);
    else this.#libc.call.malloc_trim(0);
    this.#executable.release(); // after what else takes some
  }

  /** Ready only when an own child's fork, exec and exit have come: some kernels acknowledge and stay silent. */
  #selfTest(): void {
    const end = this.#now() + SELF_TEST_NS;
    for (let again = this.#now() + SELF_TEST_AGAIN_NS, now = 0; now < end && !this.#child.isHeard;) {
      this.#reader.wait(1, this);
      now = this.#now();
      this.#drain(now);
      if (now < again || this.#child.isHeard) continue;
      // Where the buffers are small its events may have been dropped among others: another may have more luck.
      this.#child.start();
      again = now + SELF_TEST_AGAIN_NS;
    }
    if (this.#child.isHeard) return;
    if (this.#child.isUnrecorded || this.#sources.connector === undefined) {
      throw new SourceUnavailableError(
        "bpf",
        "silent",
        "Cannot use BPF: its programs were attached, but the records of a process started here did not come; " +
          "run in the host's pid namespace",
      );
    }
    throw new SourceUnavailableError(
      "connector",
      "silent",
      "Cannot use the proc connector: the kernel acknowledged the subscription, but the events of a process started here did not come; " +
        "run in the host's pid and network namespaces, or use --source=poll",
    );
  }
}
