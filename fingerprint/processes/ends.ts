/**
 * The ends of processes: what the records tell of them, and what follows from what is learned ({@link TRANSITIONS}).
 *
 * @module
 */
import { RecordField } from "../../netlink/mod.ts";
import type { Programs } from "../programs/mod.ts";
import { Ending, endingOf, type TreeTable, type Trie } from "../trees/mod.ts";
import type { ProcessColumns } from "./columns.ts";
import type { EndRecords } from "./end_records.ts";
import { Learned, State, type Transition, transitionOf, TRANSITIONS } from "./endings.ts";
import type { Images } from "./images.ts";
import { ProcessResources } from "./resources.ts";

/** How far an end may lie from where the process's start and age put it, nanoseconds: clocks are read a few µs apart, and /proc counts in ticks. */
const AGE_TOLERANCE_NS = 5e8;

/** What the records say at the exit of a first thread, where that isn't the number of the record of the process's end. */
export const NO_RECORD = -1;
export const LIVES_ON = -2;

/** What ends are made of. */
export interface EndParts {
  readonly columns: ProcessColumns;
  readonly trie: Trie;
  readonly trees: TreeTable;
  readonly programs: Programs;
  readonly records: EndRecords;
  readonly images: Images;
}

export class Ends {
  /** How often each row of {@link TRANSITIONS} was taken. */
  readonly taken = new Uint32Array(TRANSITIONS.length);
  readonly #p: ProcessColumns;
  readonly #trie: Trie;
  readonly #trees: TreeTable;
  readonly #programs: Programs;
  readonly #records: EndRecords;
  readonly #images: Images;
  readonly #resources: ProcessResources;
  /** Slots of processes whose first thread has ended. */
  readonly #leaderless = new Set<number>();
  /** The drain before the last but one: records that are still there came later. */
  #recordsSinceNs = 0;

  constructor({ columns, trie, trees, programs, records, images }: EndParts) {
    this.#p = columns;
    this.#trie = trie;
    this.#trees = trees;
    this.#programs = programs;
    this.#records = records;
    this.#images = images;
    this.#resources = new ProcessResources(records.queue);
  }

  /** Processes whose first thread has ended while others live on, as far as is known. */
  leaderless(): number[] {
    return [...this.#leaderless].map((slot) => this.#p.pid[slot]!);
  }

  /** After a drain: applies records whose exit event doesn't come. */
  settle(generation: number, previousDrainNs: number, drainNs: number): void {
    for (const slot of this.#leaderless) {
      if (!this.endUndecided(slot, generation - 1)) this.applyRecords(slot, Infinity, drainNs);
    }
    this.#records.queue.visitOld(generation - 1, (_index, pid) => {
      const slot = this.#p.slotOf(pid);
      if (slot >= 0) this.applyRecords(slot, generation - 1, drainNs);
      else this.#records.queue.shift(pid);
    });
    this.#recordsSinceNs = previousDrainNs;
  }

  /** The process of a slot has another one. */
  move(from: number, to: number): void {
    this.#resources.move(from, to);
    if (this.#leaderless.delete(from)) this.#leaderless.add(to);
  }

  /**
   * Takes the row of {@link TRANSITIONS} for what is learned of a process. `timestampNs` and `status` are those of the event, or
   * of the record's end; `record` is the record of the process's end, where that is known. True if the process ended.
   */
  learn(slot: number, learned: Learned, timestampNs = NaN, status = -1, record = -1): boolean {
    const row = transitionOf(this.#p.state[slot]!, learned);
    if (row < 0) return false;
    this.taken[row]!++;
    const { to, by }: Transition = TRANSITIONS[row]!;
    if (to !== State.Gone) {
      this.#p.state[slot] = to;
      if (to === State.Lives) {
        this.#takeUndecided(slot);
        this.#leaderless.delete(slot);
      }
      if (learned !== Learned.LeaderExit) return false;
      this.#p.leaderEndNs[slot] = timestampNs;
      this.#p.leaderStatus[slot] = status;
      this.#leaderless.add(slot);
      return false;
    }
    if (by === "leader") this.#remove(slot, this.#p.leaderEndNs[slot]!, this.#p.leaderStatus[slot]!);
    else if (by === "nothing") this.#remove(slot, timestampNs, -1);
    else if (record >= 0) this.#finish(slot, timestampNs, status, record);
    else this.#remove(slot, timestampNs, status);
    return true;
  }

  /**
   * At an exit: takes the records of threads that ended before. Returns the record of the process's end, which stays first in its
   * queue, {@link NO_RECORD}, or, where it is that of a first thread, {@link LIVES_ON}.
   */
  takeThreads(slot: number, timestampNs: number): number {
    const pid = this.#p.pid[slot]!, records = this.#records, { queue } = records;
    for (let record = queue.first(pid); record >= 0; record = queue.first(pid)) {
      if (records.isLast(record)) {
        // The end of all is told, and its record behind that of the first thread.
        if (records.areExitsWhole && this.#hasSumsBehind(record)) {
          this.#takeUndecided(slot);
          continue;
        }
        // Of an earlier process with this id, whose exit event was lost, where another record follows and the age doesn't fit, or,
        // where exits were lost, that of the other fits better.
        const next = queue.next(record);
        if (next < 0) return record;
        const offNs = this.#offNs(slot, record, timestampNs), { mayLackExits } = records;
        const isNextNearer = mayLackExits && records.ageNs(next) !== 0 && this.#offNs(slot, next, timestampNs) < offNs;
        if (offNs < AGE_TOLERANCE_NS && !isNextNearer) return record;
        queue.shift(pid);
        continue;
      }
      const isLeader = records.isLeader(record);
      this.#resources.addThread(slot, record);
      queue.shift(pid);
      if (isLeader && !records.areExitsWhole) return LIVES_ON;
    }
    return NO_RECORD;
  }

  /**
   * Ends a process by the record of its first thread, where its exit was told and nothing says that others live on: no exec from one of
   * them has come by the drain behind that of the record, no sums of all of them, and /proc doesn't have it. A generation of
   * `Infinity`: its id is in use again. True if it ended.
   */
  endUndecided(slot: number, generation: number): boolean {
    const pid = this.#p.pid[slot]!, records = this.#records, { queue } = records, record = queue.first(pid);
    if (record < 0 || this.#p.state[slot] === State.Lives || !records.isUndecided(record)) return false;
    if (generation !== Infinity) {
      // What came in this drain may be younger than events that come in the next.
      const hasSums = this.#hasSumsBehind(record), latest = hasSums ? queue.next(record) : record;
      if (queue.field(latest, RecordField.Generation) > generation) return false;
      if (hasSums) this.#takeUndecided(slot);
      if (hasSums || !this.#programs.hasGone(pid)) return false;
    }
    const endNs = this.#p.leaderEndNs[slot]!, status = this.#p.leaderStatus[slot]!;
    return this.learn(slot, Learned.ExitWithRecord, endNs, status, record);
  }

  /** How far an exit is from where a record's age puts the end, nanoseconds; 0 where the age isn't told. */
  #offNs(slot: number, record: number, exitNs: number): number {
    const ageNs = this.#records.ageNs(record);
    return ageNs === 0 ? 0 : Math.abs(this.#p.startNs[slot]! + ageNs - exitNs);
  }

  /** Whether the record behind an undecided one is that of the last of several threads. */
  #hasSumsBehind(record: number): boolean {
    const records = this.#records, next = records.queue.next(record);
    return records.isUndecided(record) && next >= 0 && records.isLast(next) && !records.isUndecided(next);
  }

  /** The first thread's record turns out to be that: the process lived on. */
  #takeUndecided(slot: number): void {
    const pid = this.#p.pid[slot]!, records = this.#records, record = records.queue.first(pid);
    if (record < 0 || !records.isUndecided(record)) return;
    this.#resources.addThread(slot, record);
    records.queue.shift(pid);
  }

  /**
   * When a process ended by its record. Before Linux 5.19 that doesn't tell its age: then with its first thread, where the record came
   * soon after.
   */
  #endNs(slot: number, record: number): number {
    const ageNs = this.#records.ageNs(record);
    if (ageNs !== 0 || this.#p.state[slot] === State.Lives) return this.#p.startNs[slot]! + ageNs;
    const leaderEndNs = this.#p.leaderEndNs[slot]!,
      receivedNs = this.#records.queue.field(record, RecordField.ReceivedNs);
    return receivedNs - leaderEndNs < AGE_TOLERANCE_NS ? leaderEndNs : receivedNs;
  }

  /**
   * Takes the records of a process up to a generation without its exit event. Ends it where one says that it ended up to
   * `untilNs`; a younger end waits for the events before it. True if it ended.
   */
  applyRecords(slot: number, generation: number, untilNs: number): boolean {
    const pid = this.#p.pid[slot]!, records = this.#records, { queue } = records;
    const isLeaderless = this.#p.state[slot] !== State.Lives;
    const sinceNs = isLeaderless ? this.#p.leaderEndNs[slot]! : this.#recordsSinceNs;
    for (let record = queue.first(pid); record >= 0; record = queue.first(pid)) {
      if (queue.field(record, RecordField.Generation) > generation) return false;
      if (isLeaderless && records.isUndecided(record)) return false; // see endUndecided
      if (!records.isLast(record)) {
        this.#resources.addThread(slot, record);
      } else {
        const endNs = this.#endNs(slot, record);
        const fits = endNs > sinceNs - AGE_TOLERANCE_NS && endNs <= untilNs;
        // Without its exit event a process is taken for ended if it is: it may be a later one of about the same age.
        if (fits && (generation === Infinity || isLeaderless || this.#programs.hasGone(pid))) {
          const status = queue.field(record, RecordField.ExitCode);
          return this.learn(
            slot,
            Learned.RecordAlone,
            isLeaderless ? Math.max(endNs, sinceNs) : endNs,
            status,
            record,
          );
        }
        if (generation === Infinity || isLeaderless && endNs > untilNs) return false;
      }
      queue.shift(pid); // an old one that doesn't fit is that of an earlier process with this id
    }
    return false;
  }

  /** Ends a process whose record is `record`, the first of its queue. */
  #finish(slot: number, timestampNs: number, status: number, record: number): void {
    if (this.#images.isUnnamed(slot)) this.#images.nameByRecord(slot, record);
    else this.#images.confirm(slot, timestampNs, record);
    const sum = this.#resources.total(slot, record, (timestampNs - this.#p.startNs[slot]!) / 1e9);
    this.#trees.account(this.#p.node[slot]!, sum, 0);
    this.#records.queue.shift(this.#p.pid[slot]!);
    this.#remove(slot, timestampNs, status, sum[RecordField.UserSeconds]! + sum[RecordField.SystemSeconds]!);
  }

  /** Removes a process; `status` is -1 and the time NaN where nobody saw its end. */
  #remove(slot: number, timestampNs: number, status: number, cpuSeconds = NaN): void {
    this.#images.end(slot, timestampNs, status < 0 ? Ending.Unknown : endingOf(status), cpuSeconds);
    this.#trees.countProcess(this.#p.node[slot]!, -1);
    this.#trie.release(this.#p.base[slot]!);
    this.#resources.forget(slot);
    this.#leaderless.delete(slot);
    this.#p.remove(slot);
  }
}
