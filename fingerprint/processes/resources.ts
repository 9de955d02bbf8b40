/**
 * What a finished process used, from the accounting records of its threads.
 *
 * @module
 */
import { PARTIAL_SUMS, PROCESS_SUMS, RECORD_AMOUNTS, RecordField, type RecordQueue } from "../../netlink/mod.ts";

/** Fields that the kernel does not sum over the threads of a process. */
const NOT_SUMMED: readonly number[] = [
  RecordField.ReadBytes,
  RecordField.WrittenBytes,
  RecordField.MajorFaults,
  RecordField.TailSeconds,
];

/** Those that it does not sum either up to Linux 6.1. */
const PARTLY_SUMMED: readonly number[] = [
  ...NOT_SUMMED,
  RecordField.VoluntarySwitches,
  RecordField.InvoluntarySwitches,
];

/** Giving memory back takes so long at most, seconds and seconds per byte of peak memory; a longer time was spent waiting. */
const TEARDOWN_SECONDS = 1e-4;
const TEARDOWN_SECONDS_PER_BYTE = 4e-11;

export class ProcessResources {
  /** The numbers of the last {@link total}, indexed by {@link RecordField}. */
  readonly sum = new Float64Array(RECORD_AMOUNTS);
  readonly #records: RecordQueue;
  /** Resources of the threads that ended before their process, by its slot. */
  #threads = new Map<number, Float64Array>();

  constructor(records: RecordQueue) {
    this.#records = records;
  }

  /** Takes the record of a thread of a process that lives on. */
  addThread(slot: number, record: number): void {
    let sums = this.#threads.get(slot);
    if (sums === undefined) this.#threads.set(slot, sums = new Float64Array(RECORD_AMOUNTS));
    const { rows } = this.#records, at = rows.at(record), f = rows.values;
    for (let i = 0; i < RECORD_AMOUNTS; i++) {
      if (i === RecordField.MaxResidentBytes) sums[i] = Math.max(sums[i]!, f[at + i]!);
      else sums[i]! += f[at + i]!;
    }
  }

  /** Sums up a process whose last record is `record` and that lived for so long, from the fork event to the exit event. */
  total(slot: number, record: number, lifeSeconds: number): Float64Array {
    const { rows } = this.#records, at = rows.at(record), f = rows.values, { sum } = this;
    for (let i = 0; i < RECORD_AMOUNTS; i++) sum[i] = f[at + i]!;
    const threads = this.#threads.get(slot);
    if (threads !== undefined) {
      const flags = f[at + RecordField.Flags]!, hasSums = (flags & PROCESS_SUMS) !== 0;
      const isPartial = (flags & PARTIAL_SUMS) !== 0, notSummed = isPartial ? PARTLY_SUMMED : NOT_SUMMED;
      if (isPartial) splitByThreads(sum, threads);
      for (let i = 0; i < RECORD_AMOUNTS; i++) {
        if (i === RecordField.MaxResidentBytes) sum[i] = Math.max(sum[i]!, threads[i]!);
        else if (!hasSums || notSummed.includes(i)) sum[i]! += threads[i]!;
      }
    }
    addUnaccounted(sum, lifeSeconds, f[at + RecordField.ProcessSeconds]!);
    return sum;
  }

  forget(slot: number): void {
    this.#threads.delete(slot);
  }

  /** The process has another slot; no process that has resources here has that one. */
  move(from: number, to: number): void {
    const sums = this.#threads.get(from);
    if (sums === undefined) return;
    this.#threads.delete(from);
    this.#threads.set(to, sums);
  }
}

/**
 * Splits the CPU time of a process, whose sum isn't split, by what is known of its threads: those that ended before have their own
 * modes, and the rest is split as it was, as that of the last one.
 */
function splitByThreads(sum: Float64Array, threads: Float64Array): void {
  const total = sum[RecordField.UserSeconds]! + sum[RecordField.SystemSeconds]!;
  if (total === 0) return;
  const system = threads[RecordField.SystemSeconds]!, known = threads[RecordField.UserSeconds]! + system;
  const rest = Math.max(0, total - known) * sum[RecordField.SystemSeconds]! / total;
  sum[RecordField.SystemSeconds] = Math.min(total, system + rest);
  sum[RecordField.UserSeconds] = total - sum[RecordField.SystemSeconds]!;
}

/**
 * Adds to a finished process's CPU time what its record misses: the tails of its tasks, and the time from the record to the
 * exit event, in which the process gives its memory back. `ageSeconds` is the record's own figure of the process's life, 0
 * where unknown.
 */
function addUnaccounted(sum: Float64Array, lifeSeconds: number, ageSeconds: number): void {
  const longest = TEARDOWN_SECONDS + TEARDOWN_SECONDS_PER_BYTE * sum[RecordField.MaxResidentBytes]!;
  const teardown = ageSeconds > 0 ? Math.min(Math.max(0, lifeSeconds - ageSeconds), longest) : 0;
  const missed = sum[RecordField.TailSeconds]! + teardown;
  const user = sum[RecordField.UserSeconds]!, system = sum[RecordField.SystemSeconds]!;
  const systemShare = user + system > 0 ? system / (user + system) : 0;
  sum[RecordField.UserSeconds] = user + missed * (1 - systemShare);
  sum[RecordField.SystemSeconds] = system + missed * systemShare;
}
